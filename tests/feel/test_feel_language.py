"""The language: literals, operators and their precedence, null, lists, contexts, functions."""

from decimal import Decimal
from typing import Any

import pytest

import feel

CONTEXT = {
    "employee": {"login": "lin", "position": "Engineer", "level": 7, "manager": None},
    "items": [{"title": "Laptop", "price": 9000}, {"title": "Badge", "price": 20}, {"title": "Phone", "price": 4000}],
    "rate": 0.1,
    "leavingOn": "2026-12-01",
    "days left": 12,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("10 - 3 - 2", 5),
        ("1 < 2 and 2 < 3 or false", True),
        ("true or false and false", True),
        ("not(true) or true", True),
        ("2 * 3 instance of number", True),
        ("1 + 1 between 1 and 3", True),
        ("3 in [1..5] and 6 in (< 3, > 5)", True),
        ("5 in [1..5[", False),
        ("5 in ]4..5]", True),
        ('"b" in ("a", "b")', True),
        ("0.1 + 0.2 = 0.3", True),
        ("1/3*3", Decimal("0.9999999999999999999999999999999999")),
        ("1e3", 1000),
        (".5 + .5", 1),
        ('"a" + "b"', "ab"),
        (r'"tab\t quote\" \u4ea4\u63a5"', 'tab\t quote" 交接'),
        ("if 1 > 2 then 3 else if true then 4 else 5", 4),
        ("// a remark\n 1 /* another */ + 1", 2),
        ("employee.level >= 7", True),
        ("rate * 3", Decimal("0.3")),
        ("days left + 1", 13),
        ("`days left` + 1", 13),
        ("items[price > 100].title", ["Laptop", "Phone"]),
        ("items[1].title", "Laptop"),
        ("items[-1].title", "Phone"),
        ("items[item.price < 100][1].title", "Badge"),
        ("for i in items return i.price", [9000, 20, 4000]),
        ("for i in 3..1, j in [1..2] return i * j", [3, 6, 2, 4, 1, 2]),
        ("for i in 1..4 return if i = 1 then 1 else partial[-1] * i", [1, 2, 6, 24]),
        ("some i in items satisfies i.price > 5000", True),
        ("every i in items satisfies i.price > 5000", False),
        ("{a: 1, b: a + 1, c: {d: b + 1}}.c.d", 3),
        ('{"first name": "Lin"}.first name', "Lin"),
        ("{double: function(x: number) x * 2, r: double(21)}.r", 42),
        ("{minus: function(a, b) a - b, r: minus(b: 1, a: 3)}.r", 2),
        ("[1, 2, 3] = [1, 2, 3]", True),
        ("{a: 1} = {a: 1.0}", True),
        ('date(leavingOn) + duration("P30D")', feel.Date(2026, 12, 31)),
        ('date("2026-01-31") + @"P1M"', feel.Date(2026, 2, 28)),
        ('@"2026-11-21T09:00:00+08:00" = @"2026-11-21T01:00:00Z"', True),
        ('@"2026-11-30" - @"2026-11-01"', feel.DayTimeDuration(29 * 86_400_000_000_000)),
        ('@"2026-11-21".weekday', 6),
        ("is defined(employee.manager)", False),
        ("is defined(employee.deputy)", False),
        ("is defined(value: nobody)", False),
        ("[1..3] instance of range<number>", True),
        ("and([true, false])", False),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    assert feel.evaluate(expression, CONTEXT) == value


@pytest.mark.parametrize(
    "expression",
    [
        "nobody",
        "employee.deputy.login",
        '1 + "a"',
        '1 < "a"',
        "1 / 0",
        "null + 1",
        "true and null",
        "false or null",
        "items[9]",
        '"a" = 1',
        "[1, 2, 3][true and null].x[1]",
        "nobody()",
        'date("2026-02-30")',
        "{a: 1, a: 2}",
    ],
)
def test_what_cannot_be_computed_is_null(expression: str) -> None:
    assert feel.evaluate(expression, CONTEXT) in (None, [])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("false and null", False),
        ("true or null", True),
        ("null = null", True),
        ("null != 1", True),
        ("1 = null", False),
        ("if null then 1 else 2", 2),
        ("null[1]", None),
        ("null[item > 1]", None),
    ],
)
def test_null_takes_part_in_logic(expression: str, value: Any) -> None:
    assert feel.evaluate(expression, CONTEXT) == value


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("1 +", 3),
        ("(1", 2),
        ('"open', 0),
        ("if a then b", 11),
        ("a b", 2),
        ("1 § 2", 2),
        ("for i in", 8),
        ("", 0),
        ("then", 0),
        ("@5", 1),
    ],
)
def test_a_mistake_is_named_with_its_place(source: str, position: int) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(source)
    assert caught.value.position == position
    assert caught.value.message


def test_an_assertion_that_fails_is_an_error_with_its_cause() -> None:
    assert feel.evaluate('assert(1, 1 > 0, "never")') == 1
    with pytest.raises(feel.FeelAssertionFailed, match="the last day is missing"):
        feel.evaluate('assert(leavingOn, leavingOn != null, "the last day is missing")', {"leavingOn": None})


def test_a_compiled_expression_is_taken_from_the_cache() -> None:
    assert feel.compile("1 + 1") is feel.compile("1 + 1")
    assert feel.compile("a b", ["a b"]) is not feel.compile("a b", ["a b", "c d"])


def test_keys_with_keywords_in_them_do_not_change_what_an_expression_means() -> None:
    assert feel.evaluate("a and b", {"a": True, "b": False, "a and b": 7}) is False
    assert feel.evaluate("a-b", {"a": 5, "b": 3, "a-b": 7}) == 2
    assert feel.evaluate("`a-b`", {"a": 5, "b": 3, "a-b": 7}) == 7
