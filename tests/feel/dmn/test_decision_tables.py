"""Decision tables: hit policies, aggregators, defaults, what they record."""

from typing import Any

import pytest

import feel
from feel.dmn import DmnError, Model

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def cell(kind: str, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{kind}><text>{escaped}</text></{kind}>"


def model(
    policy: str, rules: list[tuple[str, str]], *, aggregation: str = "", output: str = "", column: str = ""
) -> Model:
    """A table of one input, `level`, and one output."""
    rows = "".join(
        f'<rule id="r{index}">{cell("inputEntry", test)}{cell("outputEntry", result)}</rule>'
        for index, (test, result) in enumerate(rules, 1)
    )
    aggregator = f'aggregation="{aggregation}"' if aggregation else ""
    return feel.dmn.load(
        f"""<definitions xmlns="{NAMESPACE}" namespace="n" name="Notice" id="notice">
        <decision id="days" name="Days of notice"><decisionTable hitPolicy="{policy}" {aggregator}>
        <input id="i1" label="Level"><inputExpression><text>level</text></inputExpression>{column}</input>
        <output id="o1" name="days">{output}</output>{rows}</decisionTable></decision></definitions>""".encode()
    )


OVERLAPPING = [("< 5", "3"), ("< 8", "30"), ("-", "7")]
LISTED = "<outputValues><text>30, 7, 3</text></outputValues>"


@pytest.mark.parametrize(
    ("policy", "aggregation", "level", "value"),
    [
        ("UNIQUE", "", 9, 7),
        ("UNIQUE", "", 3, None),
        ("FIRST", "", 3, 3),
        ("ANY", "", 3, None),
        ("PRIORITY", "", 3, 30),
        ("OUTPUT ORDER", "", 3, [30, 7, 3]),
        ("RULE ORDER", "", 3, [3, 30, 7]),
        ("COLLECT", "", 6, [30, 7]),
        ("COLLECT", "SUM", 3, 40),
        ("COLLECT", "MIN", 3, 3),
        ("COLLECT", "MAX", 3, 30),
        ("COLLECT", "COUNT", 3, 3),
    ],
)
def test_a_hit_policy_chooses_among_the_rules_that_fire(policy: str, aggregation: str, level: int, value: Any) -> None:
    table = model(policy, OVERLAPPING, aggregation=aggregation, output=LISTED)
    assert table.decide("days", {"level": level}).value == value


def test_a_broken_hit_policy_names_decision_and_rules() -> None:
    decided = model("UNIQUE", OVERLAPPING).decide("days", {"level": 3})
    assert decided.value is None
    assert decided.failure == "In decision 'Days of notice': The hit policy is unique. Rules 1, 2, 3 fire together."
    assert decided.warnings[-1].code == "HIT_POLICY_VIOLATED"


def test_any_accepts_rules_that_agree() -> None:
    decided = model("ANY", [("< 5", "30"), ("< 8", "30")]).decide("days", {"level": 3})
    assert (decided.value, decided.failure) == (30, None)


def test_without_a_hit_the_default_holds() -> None:
    default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    assert model("UNIQUE", [("1", "5")], output=default).decide("days", {"level": 2}).value == 0
    assert model("UNIQUE", [("1", "5")]).decide("days", {"level": 2}).value is None
    assert model("COLLECT", [("1", "5")], aggregation="COUNT").decide("days", {"level": 2}).value == 0


def test_a_value_that_the_column_does_not_list_gives_no_answer() -> None:
    table = model("FIRST", [("-", "5")], column="<inputValues><text>1, 2, 3</text></inputValues>")
    assert table.decide("days", {"level": 2}).value == 5
    decided = table.decide("days", {"level": 4})
    assert (decided.value, decided.warnings[0].code) == (None, "VALUE_NOT_ALLOWED")


def test_the_trace_tells_inputs_and_the_rule_that_fired() -> None:
    decided = model("FIRST", OVERLAPPING).decide("Days of notice", {"level": 6})
    assert decided.trace_json() == [
        {
            "decisionDefinitionId": "days",
            "decisionDefinitionName": "Days of notice",
            "decisionDefinitionType": "DECISION_TABLE",
            "output": 30,
            "evaluatedInputs": [{"inputId": "i1", "inputName": "Level", "inputValue": 6}],
            "matchedRules": [
                {
                    "ruleId": "r2",
                    "ruleIndex": 2,
                    "evaluatedOutputs": [{"outputId": "o1", "outputName": "days", "outputValue": 30}],
                }
            ],
        }
    ]


def test_a_warning_names_decision_rule_and_cell() -> None:
    decided = model("FIRST", [('"a" < 5', "1"), ("-", "nobody + 1")]).decide("days", {"level": 6})
    assert [f"In {warning.place}: {warning.sentence}" for warning in decided.warnings] == [
        "In decision 'Days of notice', rule 1, input 'Level': string and number do not compare by '<'.",
        "In decision 'Days of notice', rule 2, output 'days': There is no variable 'nobody'.",
        "In decision 'Days of notice', rule 2, output 'days': There is no Null + number.",
    ]


def test_a_cell_that_is_not_feel_is_a_problem_of_the_model() -> None:
    table = model("FIRST", [("< ", "1"), ("-", "2 +")])
    assert [(problem.element, problem.place, problem.position) for problem in table.problems] == [
        ("days", "decision 'Days of notice', rule 1, input 'Level'", 1),
        ("days", "decision 'Days of notice', rule 2, output 'days'", 3),
    ]
    assert table.decide("days", {"level": 1}).value is None


def test_an_expensive_cell_stops_with_the_decisions_name() -> None:
    table = model("FIRST", [("-", "for i in 1..10000000 return i")])
    with pytest.raises(feel.FeelLimitExceeded, match="Decision 'Days of notice'"):
        table.decide("days", {"level": 1})


def test_an_unknown_decision_is_refused_with_those_that_exist() -> None:
    with pytest.raises(DmnError, match=r"no decision 'weeks'\. It has 'days'\."):
        model("FIRST", OVERLAPPING).decide("weeks", {})


def test_the_clock_that_is_handed_in_is_asked(clock: Any) -> None:
    table = model("FIRST", [("-", "string(today())")])
    assert table.decide("days", {"level": 1}, clock=clock).value == "2026-11-02"
