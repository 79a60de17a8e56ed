"""Models: required decisions, knowledge, services, types, imports, boxed expressions."""

import pytest

import feel
from feel.dmn import DmnError, Model

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def load(body: str, *imported: str) -> Model:
    return feel.dmn.load(wrapped(body), [wrapped(other, "other") for other in imported])


def wrapped(body: str, namespace: str = "main") -> bytes:
    return f'<definitions xmlns="{NAMESPACE}" namespace="{namespace}" name="{namespace}">{body}</definitions>'.encode()


def literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def decision(name: str, logic: str, *requires: str, type_: str = "") -> str:
    typed = f'typeRef="{type_}"' if type_ else ""
    required = "".join(
        f'<informationRequirement><requiredInput href="{href}"/></informationRequirement>' for href in requires
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}" {typed}/>{required}{logic}</decision>'


def test_required_decisions_are_made_first_and_once() -> None:
    model = load(
        decision("notice", literal("if probation then 3 else 30"))
        + decision("double", literal("notice * 2"), "#notice")
        + decision("total", literal("notice + double"), "#notice", "#double")
    )
    decided = model.decide("total", {"probation": False})
    assert decided.value == 90
    assert [evaluated.name for evaluated in decided.trace] == ["notice", "double", "total"]


def test_input_data_without_a_variable_is_a_label_for_what_expressions_read_themselves() -> None:
    model = load(
        '<inputData id="i" name="离职类型"/>' + decision("days", literal('if leavingType = "37" then 30 else 3'), "#i")
    )
    decided = model.decide("days", {"leavingType": "37"})
    assert (decided.value, decided.warnings) == (30, ())


def test_input_data_that_is_missing_is_told() -> None:
    model = load(
        '<inputData id="i" name="level"><variable name="level"/></inputData>' + decision("a", literal("level"), "#i")
    )
    assert [str(warning) for warning in model.decide("a", {}).warnings] == [
        "NO_VARIABLE_FOUND at 1: The input 'level' is not given."
    ]


def test_a_decision_that_requires_itself_is_null() -> None:
    model = load(decision("a", literal("b"), "#b") + decision("b", literal("a"), "#a"))
    decided = model.decide("a", {})
    assert decided.value is None
    assert "requires itself" in decided.warnings[0].sentence


def test_a_result_that_does_not_conform_to_its_type_is_null_with_a_warning() -> None:
    model = load(decision("days", literal('"thirty"'), type_="number"))
    decided = model.decide("days", {})
    assert (decided.value, decided.warnings[0].code) == (None, "INVALID_TYPE")


def test_an_item_definition_restricts_its_values() -> None:
    model = load(
        """<itemDefinition name="tFamily"><typeRef>string</typeRef>
        <allowedValues><text>"rnd", "sales"</text></allowedValues></itemDefinition>
        <inputData id="family" name="family"><variable name="family" typeRef="tFamily"/></inputData>"""
        + decision("same", literal("family"), "#family")
    )
    assert model.decide("same", {"family": "rnd"}).value == "rnd"
    assert model.decide("same", {"family": "cook"}).value is None


def test_a_collection_of_components_is_checked_item_by_item() -> None:
    model = load(
        """<itemDefinition name="tItems" isCollection="true">
        <itemComponent name="title"><typeRef>string</typeRef></itemComponent>
        <itemComponent name="price"><typeRef>number</typeRef></itemComponent></itemDefinition>
        <inputData id="items" name="items"><variable name="items" typeRef="tItems"/></inputData>"""
        + decision("sum", literal("sum(items.price)"), "#items")
    )
    assert model.decide("sum", {"items": [{"title": "a", "price": 2}, {"title": "b", "price": 0.5}]}).value == 2.5
    assert model.decide("sum", {"items": [{"title": "a", "price": "2"}]}).value is None


def test_knowledge_is_called_by_invocation_with_parameters_of_any_name() -> None:
    model = load(
        f"""<businessKnowledgeModel id="k" name="prorated"><variable name="prorated"/><encapsulatedLogic>
        <formalParameter name="days left" typeRef="number"/><formalParameter name="pay" typeRef="number"/>
        {literal("pay / 30 * days left")}</encapsulatedLogic></businessKnowledgeModel>
        <decision id="due" name="due"><variable name="due"/>
        <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
        <invocation>{literal("prorated")}
        <binding><parameter name="pay"/>{literal("salary")}</binding>
        <binding><parameter name="days left"/>{literal("10")}</binding></invocation></decision>"""
    )
    assert model.decide("due", {"salary": 9000}).value == 3000
    assert model.invoke("prorated", [3, 3000]).value == 300
    assert model.parameters("prorated") == ("days left", "pay")


def test_a_service_makes_its_decisions_anew_for_every_call() -> None:
    model = load(
        """<inputData id="x" name="x"><variable name="x" typeRef="number"/></inputData>
        <decisionService id="s" name="squared"><variable name="squared"/><outputDecision href="#square"/>
        <inputData href="#x"/></decisionService>"""
        + decision("square", literal("x * x"), "#x")
        + f"""<decision id="both" name="both"><variable name="both"/>
        <knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
        {literal("[squared(2), squared(3)]")}</decision>"""
    )
    assert model.decide("both", {}).value == [4, 9]
    assert model.invoke("squared", [5]).value == 25


def test_boxed_expressions_nest() -> None:
    model = load(
        decision(
            "plan",
            f"""<context>
            <contextEntry><variable name="rows"/><relation><column name="who"/><column name="days"/>
            <row>{literal('"lin"')}{literal("3")}</row><row>{literal('"wang"')}{literal("30")}</row>
            </relation></contextEntry>
            <contextEntry><variable name="long"/><filter><in>{literal("rows")}</in><match>{literal("days > 5")}</match>
            </filter></contextEntry>
            <contextEntry><variable name="doubled"/><for iteratorVariable="r"><in>{literal("rows")}</in>
            <return>{literal("r.days * 2")}</return></for></contextEntry>
            <contextEntry><variable name="enough"/><every iteratorVariable="r"><in>{literal("rows")}</in>
            <satisfies>{literal("r.days > 1")}</satisfies></every></contextEntry>
            <contextEntry><variable name="much"/><some iteratorVariable="r"><in>{literal("rows")}</in>
            <satisfies>{literal("r.days > 100")}</satisfies></some></contextEntry>
            <contextEntry><variable name="choice"/><conditional><if>{literal("enough")}</if>
            <then>{literal('"all"')}</then><else>{literal('"some"')}</else></conditional></contextEntry>
            <contextEntry><variable name="add"/><functionDefinition><formalParameter name="a"/>
            <formalParameter name="b"/>{literal("a + b")}</functionDefinition></contextEntry>
            <contextEntry><list>{literal("long.who")}{literal("doubled")}{literal("choice")}{literal("much")}
            {literal("add(1, 2)")}</list></contextEntry></context>""",
        )
    )
    assert model.decide("plan", {}).value == [["wang"], [6, 60], "all", False, 3]


def test_an_imported_model_is_used_under_the_name_of_the_import() -> None:
    importing = """<import namespace="other" name="law" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>"""
    model = load(
        importing + decision("days", literal("law.notice + 1"), "other#notice"), decision("notice", literal("30"))
    )
    assert model.decide("days", {}).value == 31
    assert load(importing + decision("days", literal("1"))).problems[0].message == "The file of other is not at hand."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not xml", "is not XML"),
        (b"<html/>", "no DMN"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no DMN"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + wrapped(decision("a", literal("&x;"))), "DOCTYPE"),
        (wrapped(decision("a", literal("1")) + decision("a", literal("2"))), "Two elements"),
    ],
)
def test_what_is_no_decision_model_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DmnError, match=reason):
        feel.dmn.load(content)


def test_decisions_are_listed() -> None:
    model = load(decision("a", literal("1")) + decision("b", "<list/>"))
    assert [(d.id, d.kind) for d in model.decisions] == [("a", "LITERAL_EXPRESSION"), ("b", "LIST")]
