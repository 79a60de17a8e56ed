"""Where Camunda 8 says more than the standard, or is milder: facts of its tests and of its guide to FEEL."""

from typing import Any

import pytest

import feel


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("`days left` + 1", 4),
        ("{foo   bar: 2}.`foo   bar`", 2),
        ("5 in ? < 10", True),
        ("5 in (? < 10)", True),
        ('"a" in contains(?, "b")', False),
        ("[1, 2, 3][item in ? > 2]", [3]),
        ('decimal(5.5, 0, "UP")', 6),
        ('decimal(-1.5, 0, "ceiling")', -1),
        ('decimal(2.5, 0, "UNNECESSARY")', None),
        ('decimal(2.0, 0, "UNNECESSARY")', 2),
        ('decimal(2.5, 0, "SIDEWAYS")', None),
        ('@"P1D" instance of day-time-duration', True),
        ('@"P1Y" instance of year-month-duration', True),
        ('time("13:30") = time("13:30:00")', True),
        ('@"1970-01-01T00:00Z" = @"1970-01-01T00:00:00z"', True),
        ('date and time("2026-11-30T24:00") = @"2026-12-01T00:00:00"', True),
        ('date and time("2026-11-30T24:01")', None),
        ("for item in 2 return item", None),
        ("some item in 2 satisfies item > 1", None),
        ("nobody[even(item)]", None),
        ('[1, 2]["neither"]', []),
        ("is defined(nothing)", False),
        ("{f: function(a, b) a + b, r: f(b: 1)}.r", None),
        ('{f: function(a, b) if a = null then "none" else a, r: f(b: 1)}.r', "none"),
        ("{f: function(a) a, r: f(c: 1)}.r", None),
        ("before(point: 11, range: [5..10])", False),
        ("before(range: [5..10], point: 11)", True),
        ("after(point: 11, range: [5..10])", True),
    ],
)
def test_an_expression_has_its_value(expression: str, value: Any) -> None:
    assert feel.evaluate(expression, {"days left": 3, "nothing": None}) == value


@pytest.mark.parametrize("space", [" ", "\u1680", "\u180e", "\u3000", "\ufeff", "\u2003"])
def test_every_white_space_parts_words(space: str) -> None:
    assert feel.evaluate(f"for{space}x in [1] return{space}x") == [1]
    assert feel.evaluate(f"{{x{space}: 1}}.x") == 1


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("true", True, True),
        ("true", False, False),
        ("true", None, False),
        ("true, false", None, False),
        ("true", 5, None),
        ("met", 5, True),
        ("?", True, True),
        ("?", 5, None),
        ("abs(?)", 5, None),
        ("? > 3 and ? < 9", 5, True),
        ('"a" in ?', ["a", "b"], True),
        ("not(? in [1..5])", 7, True),
    ],
)
def test_a_cell_holds(cell: str, value: Any, holds: bool | None) -> None:
    assert feel.evaluate_unary(cell, value, {"met": True}) is holds


@pytest.mark.parametrize("expression", ["true and 2", '"x" or false', "some x in [false, 2] satisfies x and true"])
def test_joining_what_is_no_boolean_leaves_a_warning(expression: str) -> None:
    assert [warning.code for warning in feel.examine(expression).warnings] == ["INVALID_TYPE"]
