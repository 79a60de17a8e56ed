"""What an expression reads, and how it asks its context."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import feel


class Asked(Mapping[str, Any]):
    """A context that answers `in` and `[]` and fails on anything else."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values_by_name = values

    def __getitem__(self, name: str) -> Any:
        return self.values_by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values_by_name

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the context was walked through")

    def __len__(self) -> int:
        raise AssertionError("the context was measured")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("1 + 2", set()),
        ("employee.level > minimum", {"employee", "minimum"}),
        ("for i in items return i.price * factor", {"items", "factor"}),
        ("some x in xs, y in x satisfies x = y and z", {"xs", "z"}),
        ("{a: b, c: a}.c", {"b"}),
        ("function(a) a + outer", {"outer"}),
        ("upper case(name)", {"name"}),
        ("items[price > limit]", {"items"}),
        ("is defined(a)", {"a"}),
        ("x in (y, > z)", {"x", "y", "z"}),
        ("f(g: h)", {"f", "h"}),
        ("`full name` + days", {"full name", "days"}),
    ],
)
def test_the_names_of_an_expression_are_those_it_takes_from_outside(source: str, names: set[str]) -> None:
    assert feel.compile(source).names == names


def test_names_inside_a_filter_are_listed_apart() -> None:
    expression = feel.compile("items[price > limit and item.kind = kind]")
    assert expression.names == {"items"}
    assert expression.filter_names == {"price", "limit", "kind"}


def test_unary_tests_do_not_count_their_input() -> None:
    assert feel.compile_unary("? > minimum").names == {"minimum"}


@pytest.mark.parametrize("source", ["a + b", "{x: a}.x + b", "[a][item = 1][1] + b", "if a = 1 then a + b else 0"])
def test_a_context_is_only_asked_for_names(source: str) -> None:
    context = Asked({"a": 1, "b": 2})
    expression = feel.compile(source)
    assert [expression.evaluate(context), expression.evaluate(context)] == [3, 3]
    assert expression.examine(context).value == 3


def test_a_variable_goes_before_a_built_in_of_its_name() -> None:
    assert feel.evaluate("count", {"count": 3}) == 3
    assert feel.evaluate("{count: function(x) 7, r: count([1])}.r") == 7


def test_names_of_several_words_can_be_declared() -> None:
    expression = feel.compile("Applicant Age >= 18", ["Applicant Age"])
    assert expression.evaluate({"Applicant Age": 20}) is True
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile("Applicant Age >= 18")


def test_a_name_learnt_inside_a_loop_is_not_known_outside() -> None:
    assert feel.evaluate("count(for my item in [1, 2] return my item)") == 2
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile("(for my item in [1, 2] return my item) = my item")
