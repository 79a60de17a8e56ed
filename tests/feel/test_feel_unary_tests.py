"""Cells of decision tables."""

from typing import Any

import pytest

import feel


@pytest.mark.parametrize(
    ("tests", "value", "holds"),
    [
        ("-", None, True),
        ('"rnd"', "rnd", True),
        ('"rnd", "sales"', "admin", False),
        ('not("rnd", "sales")', "admin", True),
        ("< 5", 3, True),
        ("< 5, > 10", 7, False),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("[1..5)", 4.5, True),
        ("]1..5]", 1, False),
        ("[low..high]", 3, True),
        ("not([1..5])", 7, True),
        ("? > 3 and ? < 5", 4, True),
        ('starts with(?, "OFF-")', "OFF-2026-0001", True),
        ("low", 2, True),
        ("[1, 2, 3]", 2, True),
        ("null", None, True),
        ("not(null)", "x", True),
        ("true", True, True),
        ("false", True, False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ('> date("2026-01-01")', feel.Date(2026, 5, 1), True),
        ("< 5", "a", None),
        ('"5"', 5, None),
    ],
)
def test_a_value_passes_or_not(tests: str, value: Any, holds: bool | None) -> None:
    assert feel.compile_unary(tests).evaluate_unary(value, {"low": 2, "high": 4}) is holds


def test_the_value_is_adopted_like_any_other() -> None:
    from datetime import date

    assert feel.evaluate_unary('> @"2026-01-01"', date(2026, 5, 1)) is True
    assert feel.evaluate_unary("0.3", 0.1 + 0.2) is False
    assert feel.evaluate_unary("0.3", 0.3) is True


@pytest.mark.parametrize("tests", ["", "< ", "1,", "not(1", "[1..", "- 5 -"])
def test_what_is_no_test_is_refused(tests: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile_unary(tests)
