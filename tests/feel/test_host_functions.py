"""Functions that an application gives to its expressions."""

from datetime import date, timedelta
from typing import Any

import pytest

import feel

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="n">
<decision id="due" name="due"><decisionTable><input><inputExpression><text>grace</text></inputExpression></input>
<output name="due"/><rule><inputEntry><text>&lt; double(3)</text></inputEntry>
<outputEntry><text>days after(filed, grace)</text></outputEntry></rule></decisionTable></decision></definitions>"""


@pytest.fixture
def functions() -> feel.Functions:
    given = feel.Functions()

    @given.add("days after(day: date, count: number): date", "The day so many days later.")
    def days_after(day: date, count: int) -> date:
        if count > 1000:
            raise ValueError("That is too far away.")
        return day + timedelta(days=int(count))

    @given.add("double(value: number): number", "Twice the number.")
    def double(value: Any) -> Any:
        return value * 2

    @given.add("double(value: string): string", "The text twice.")
    def double_text(value: str) -> str:
        return value + value

    @given.add("liar(): number")
    def liar() -> str:
        return "not a number"

    @given.add("spread(of: list, [by: number]): list", steps=100)
    def spread(of: list[Any], by: int = 1) -> list[Any]:
        return [item for item in of for _ in range(int(by))]

    return given


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('string(days after(@"2026-11-30", 3))', "2026-12-03"),
        ('string(days after(count: 1, day: @"2026-11-30"))', "2026-12-01"),
        ("double(2)", 4),
        ('double("ab")', "abab"),
        ("spread([1, 2], 2)", [1, 1, 2, 2]),
        ("spread([1, 2])", [1, 2]),
        ("[1, 2][double(item) > 2]", [2]),
        ("for i in 1..2 return double(i)", [2, 4]),
        ("{double: function(x) 0, r: double(1)}.r", 0),
        ("{f: double, r: f(5)}.r", 10),
        ("is defined(double)", True),
    ],
)
def test_a_function_is_called_like_one_of_feels_own(functions: feel.Functions, expression: str, value: Any) -> None:
    assert feel.evaluate(expression, functions=functions) == value


def test_a_name_of_several_words_is_known_to_the_parser(functions: feel.Functions) -> None:
    compiled = feel.compile("days after(filed, 3) > limit", functions=functions)
    assert compiled.names == {"filed", "limit"}
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile("days after(filed, 3)")


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ('days after(@"2026-11-30", 5000)', "'days after' has no result: That is too far away."),
        ("days after(1, 2)", "'days after' cannot be called with (number, number)."),
        ('days after(@"12026-11-30", 2)', "'days after' has no result: year 12026 is out of range"),
        ("liar()", "'liar' has no result: The result is no number."),
    ],
)
def test_what_does_not_fit_is_null_with_a_sentence(functions: feel.Functions, expression: str, sentence: str) -> None:
    result = feel.examine(expression, functions=functions)
    assert (result.value, [warning.sentence for warning in result.warnings]) == (None, [sentence])
    assert result.warnings[0].position == expression.index("(")


def test_a_call_costs_what_was_declared(functions: feel.Functions) -> None:
    source = "for i in 1..100 return spread([1])"
    assert feel.evaluate(source, functions=functions, limits=feel.Limits(steps=20_000)) == [[1]] * 100
    with pytest.raises(feel.FeelLimitExceeded):
        feel.evaluate(source, functions=functions, limits=feel.Limits(steps=5_000))


def test_decisions_call_them_too(functions: feel.Functions) -> None:
    model = feel.dmn.load(TABLE, functions=functions)
    assert model.problems == []
    assert str(model.decide("due", {"grace": 5, "filed": date(2026, 11, 30)}).value) == "2026-12-05"
    assert feel.dmn.load(TABLE).problems != []


def test_an_editor_can_show_them(functions: feel.Functions) -> None:
    described = {function.name: function for function in functions.described()}
    assert list(described) == ["days after", "double", "liar", "spread"]
    assert described["double"].signatures == ("double(value: number): number", "double(value: string): string")
    assert described["double"].description == "Twice the number. The text twice."
    assert described["days after"].to_json() == {
        "name": "days after",
        "type": "function",
        "params": [{"name": "day"}, {"name": "count"}],
        "info": "The day so many days later.\n\ndays after(day: date, count: number): date",
    }
    assert {"substring", "now", "context put"} <= {function.name for function in feel.built_in_functions()}


@pytest.mark.parametrize("signature", ["nothing", "f(a)", "f(a: thing)", "f(a: number): thing", "count(list: list)"])
def test_a_signature_that_says_too_little_is_refused(functions: feel.Functions, signature: str) -> None:
    with pytest.raises(ValueError, match=r"signature|parameter|kind|of its own"):
        functions.add(signature)


def test_a_mistake_of_the_application_comes_through(functions: feel.Functions) -> None:
    @functions.add("broken(): number")
    def broken() -> None:
        raise KeyError("a fault of ours")

    with pytest.raises(KeyError):
        feel.evaluate("broken()", functions=functions)
