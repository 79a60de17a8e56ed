"""Which fields a person fills in to try a decision out, read from the model."""

from collections.abc import Callable

import pytest

import feel
from feel.dmn import Asked, DmnError
from processes import catalog

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Asks = Callable[[str], tuple[Asked, ...]]


def model(inner: str) -> bytes:
    return f'<definitions xmlns="{NAMESPACE}" namespace="n" name="Pay" id="pay">{inner}</definitions>'.encode()


def literal(source: str, before: str = "") -> bytes:
    logic = f"<literalExpression><text>{source}</text></literalExpression>"
    return model(f'<decision id="d" name="D">{before}{logic}</decision>')


def test_the_shipped_notice_period_asks_for_what_its_whole_graph_reads() -> None:
    content = (catalog.home() / "offboarding" / "notice.dmn").read_bytes()
    found = {".".join(field.path): field for field in feel.dmn.asked(content, "notice-period")}
    assert list(found) == ["leavingType", "employee.inProbation", "leavingOn", "filedAt", "employee.contractEndsOn"]
    assert (found["leavingType"].label, found["leavingType"].type) == ("离职类型", "string")
    assert found["leavingType"].examples == ("38", "39", "40", "41")
    assert (found["employee.inProbation"].label, found["employee.inProbation"].type) == ("是否试用期", "boolean")
    assert found["leavingOn"].type == found["employee.contractEndsOn"].type == "date"


def test_what_required_decisions_answer_is_not_asked() -> None:
    graph = model(
        '<decision id="base" name="Base"><variable name="basePay"/>'
        "<literalExpression><text>grade * 1000</text></literalExpression></decision>"
        '<decision id="pay" name="Pay"><informationRequirement><requiredDecision href="#base"/>'
        "</informationRequirement><literalExpression><text>basePay + bonus</text></literalExpression></decision>"
    )
    assert [field.path for field in feel.dmn.asked(graph, "pay")] == [("bonus",), ("grade",)]
    assert [field.path for field in feel.dmn.asked(graph, "Base")] == [("grade",)]


def test_values_that_the_model_lists_are_choices() -> None:
    table = model(
        '<itemDefinition name="Level"><typeRef>string</typeRef><allowedValues><text>"junior", "senior"</text>'
        '</allowedValues></itemDefinition><inputData id="i" name="Level of the person"><variable name="level" '
        'typeRef="Level"/></inputData><decision id="d" name="D"><informationRequirement><requiredInput href="#i"/>'
        "</informationRequirement><decisionTable><input label='Reason'><inputExpression typeRef='string'>"
        '<text>reason</text></inputExpression><inputValues><text>"own", "mutual"</text></inputValues></input>'
        "<output/><rule><inputEntry><text>-</text></inputEntry><outputEntry><text>level</text></outputEntry></rule>"
        "</decisionTable></decision>"
    )
    reason, level = feel.dmn.asked(table, "d")
    assert (reason.label, reason.choices) == ("Reason", ("own", "mutual"))
    assert (level.path, level.label, level.choices) == (("level",), "Level of the person", ("junior", "senior"))


def test_a_declared_structure_is_asked_entry_by_entry() -> None:
    content = model(
        '<itemDefinition name="Person"><itemComponent name="age"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="joined"><typeRef>date</typeRef></itemComponent></itemDefinition>'
        '<inputData id="i" name="person"><variable name="person" typeRef="Person"/></inputData>'
        '<decision id="d" name="D"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
        "<literalExpression><text>person.age</text></literalExpression></decision>"
    )
    assert [(field.path, field.type) for field in feel.dmn.asked(content, "d")] == [
        (("person", "age"), "number"),
        (("person", "joined"), "date"),
    ]


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("for x in items return x * rate", ["items", "rate"]),
        ("leavingOn.year + 1", ["leavingOn"]),
        ("{a: 1, b: a + c}.b", ["c"]),
        ("sum(amounts)", ["amounts"]),
        ("if broken (", []),
    ],
)
def test_names_that_the_expression_binds_itself_are_not_asked(source: str, paths: list[str]) -> None:
    assert [".".join(field.path) for field in feel.dmn.asked(literal(source), "d")] == paths


def test_a_model_without_that_decision_says_so() -> None:
    with pytest.raises(DmnError, match="no decision 'e'"):
        feel.dmn.asked(literal("1"), "e")


def test_a_problem_names_the_cell_that_it_is_in() -> None:
    table = model(
        "<decision id='d' name='D'><decisionTable><input id='in'><inputExpression id='expr'><text>a b (</text>"
        "</inputExpression></input><output id='out'/><rule id='r'><inputEntry id='cell'><text>[1..</text></inputEntry>"
        "<outputEntry id='answer'><text>1 +</text></outputEntry></rule></decisionTable></decision>"
    )
    loaded = feel.dmn.load(table)
    assert [(problem.element, problem.cell) for problem in loaded.problems] == [
        ("d", "expr"),
        ("d", "cell"),
        ("d", "answer"),
    ]
