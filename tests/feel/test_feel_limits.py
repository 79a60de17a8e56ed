"""Hostile expressions: none reaches Python, none runs or grows without end."""

import pytest

import feel

LETTERS = "abcdefghijklmnopqrstuvw"
DOUBLING = "{a0: [1, 1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40))


@pytest.mark.parametrize(
    "expression",
    [
        "for i in 1..1000000000 return i",
        "sum(for i in 1..100000 return sum(for j in 1..100000 return j))",
        "some i in 1..1000000000 satisfies i < 0",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(g) g(g), r: f(f)}.r",
        'string length(string join(for i in 1..90000 return "' + "x" * 50 + '"))',
        '{a: "' + "x" * 1000 + '", b: ' + "+".join("a" * 40) + ", c: " + "+".join("b" * 40) + "}.c",
        'replace("' + "a" * 10000 + '", "a", "' + "b" * 10000 + '")',
        "{l: for i in 1..30000 return i, r: for i in l return list contains(l, -1)}.r",
        "count(distinct values(for i in 1..100000 return [i]))",
        "for i in 1..100000 return for j in 1..100000 return 1",
        DOUBLING + ", r: a39 = [a38, a38]}.r",
        DOUBLING + ", r: string(a39)}.r",
        DOUBLING + ", r: to json(a39)}.r",
        DOUBLING + ", r: flatten(a39)}.r",
        DOUBLING + ", r: a39.x}.r",
        'matches("' + "a" * 20000 + '", "(a{1,1000}){1,100}b")',
        'from json("' + "[" * 30000 + '")',
        'for d in @"0001-01-01"..@"9999-12-31" return d',
    ],
)
def test_what_costs_too_much_is_stopped(expression: str) -> None:
    with pytest.raises(feel.FeelLimitExceeded):
        feel.evaluate(expression)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[1..[1..[1.." * 40 + "1",
        "1 in (" * 90 + "1",
        "-" * 5000 + "1",
        "1" + "+1" * 8000,
        "a" + ".b" * 8000,
        "{a:" * 3000,
        "if true then " * 3000 + "1",
        "x" * 70_000,
    ],
)
def test_a_monstrous_source_is_not_an_expression(source: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile(source)


@pytest.mark.parametrize(
    "expression",
    [
        "s.__class__",
        "d.__class__.__mro__",
        '__import__("os").system("id")',
        "d.keys",
        "feel",
        "`__builtins__`",
        's.format("{0.__class__}")',
        "o.secret",
        "o",
        "string(o)",
        "[o][1]",
        'get value({a: o}, "a")',
        'matches("a", "(((a{1000}){1000}){1000}){1000}")',
        "9 ** 999999999",
        'string(duration("P1D") * 1e300)',
    ],
)
def test_nothing_leads_to_python(expression: str) -> None:
    class Outside:
        secret = "reached"

        def __str__(self) -> str:
            return self.secret

    context = {"s": "abc", "xs": [1, 2], "d": {"a": 1}, "o": Outside()}
    assert feel.evaluate(expression, context) in (None, "null")


def test_a_budget_can_be_given() -> None:
    expression = feel.compile("count(for i in 1..1000 return i)")
    assert expression.evaluate() == 1000
    with pytest.raises(feel.FeelLimitExceeded, match="more than 500 steps"):
        expression.evaluate(limits=feel.Limits(steps=500))
    with pytest.raises(feel.FeelLimitExceeded, match="more than 10 items"):
        expression.evaluate(limits=feel.Limits(items=10))


def test_to_json_is_bounded_too() -> None:
    value = feel.evaluate(DOUBLING + "}.a39")
    with pytest.raises(feel.FeelLimitExceeded):
        feel.to_json(value, 100_000)
