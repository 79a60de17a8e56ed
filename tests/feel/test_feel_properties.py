"""Laws that hold for every expression and value."""

import decimal
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import feel
from feel.builtins import BUILT_INS, invoke
from feel.fastpath import MISSED, fast_path
from feel.run import Run

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)
VOCABULARY = """1 2.5 -3 a b a.b null true ( ) [ ] { } , : .. . + - * / ** = != < <= > >= and or not( in between
instance of number if then else for i return some satisfies function( count( sum( date( @"P1D" ? `b` item "x" """
WORDS = st.sampled_from(VOCABULARY.split())
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("ab", max_size=2), st.floats(0, 3))
CONTEXTS = st.fixed_dictionaries(
    {}, optional={"a": PLAIN, "b": PLAIN, "c": st.fixed_dictionaries({}, optional={"d": PLAIN})}
)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> str:
    """Expressions of the kind that gateways carry."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(["a", "b", "c.d", "1", "3", '"a"', "true", "null", "(a + 1)", "(b * 2 - 1)"]))
    left, right = draw(conditions(depth - 1)), draw(conditions(depth - 1))
    shape = draw(
        st.sampled_from(
            ["({0} = {1})", "({0} != {1})", "({0} < {1})", "({0} >= {1})", "({0} and {1})", "({0} or {1})"]
            + ["(if {0} then {1} else {0})", "({0} between 0 and 2)", "({0} in (1, 2))", '({0} in ("a", "b"))']
            + ["({0} = null)", "({0} + {1})"]
        )
    )
    return shape.format(left, right)


@settings(max_examples=400, deadline=None)
@given(conditions(), CONTEXTS)
def test_the_fast_path_agrees_with_the_closures(source: str, context: dict[str, Any]) -> None:
    expression = feel.compile(source)
    fast = fast_path(expression.node)
    if fast is None:
        return
    try:
        quick = fast(context)
    except KeyError:
        return
    slow = expression.run((context, None, Run()))
    assert quick is MISSED or (type(quick), quick) == (type(slow), slow)


@settings(max_examples=500, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join), CONTEXTS)
def test_any_row_of_words_is_an_expression_or_a_syntax_error(source: str, context: dict[str, Any]) -> None:
    for compile_ in (feel.compile, feel.compile_unary):
        try:
            expression = compile_(source)
        except feel.FeelSyntaxError:
            continue
        first, second = expression.evaluate(context), expression.evaluate(context)
        assert feel.to_json(first) == feel.to_json(second)
        assert expression.names.isdisjoint({"count", "sum", "date"})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_syntax_error(source: str) -> None:
    with suppress(feel.FeelSyntaxError):
        feel.evaluate(source)


OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"])
FEEL_VALUES = st.one_of(
    VALUES,
    st.sampled_from(
        [
            feel.evaluate(source)
            for source in (
                '@"2026-11-30"',
                '@"-0004-02-29"',
                '@"10:00:00@Asia/Shanghai"',
                '@"2026-11-30T10:00:00"',
                '@"999999999-12-31T10:00:00Z"',
                '@"P1Y"',
                '@"-PT0.000000001S"',
                "[1..3]",
                '(< @"P1D")',
                "[null..5)",
                "function(a, b) a",
                "function() 1",
                "sum",
                "1e6000",
                "-1e-6000",
                "[[1], [2, [3]]]",
                '{key: "a", value: null}',
                '["(a+)+$", "\\p{Is", "[", "$1", "x"]',
            )
        ]
    ),
)


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(sorted(BUILT_INS)), st.lists(FEEL_VALUES, max_size=4))
def test_no_built_in_breaks_on_any_arguments(name: str, arguments: list[Any]) -> None:
    run = Run()
    with suppress(feel.FeelError):
        feel.to_json(invoke(name, run, arguments, 0))


@settings(max_examples=400, deadline=None)
@given(OPERATORS, FEEL_VALUES, FEEL_VALUES)
def test_no_operator_breaks_on_any_operands(operator: str, left: Any, right: Any) -> None:
    feel.to_json(feel.evaluate(f"a {operator} b", {"a": left, "b": right}))


@given(VALUES)
def test_every_value_becomes_json(value: Any) -> None:
    json.dumps(feel.to_json(feel.evaluate("x", {"x": value})), allow_nan=False)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e6000"), max_value=Decimal("1e6000")))
def test_every_number_becomes_json(number: Decimal) -> None:
    json.dumps(feel.to_json(number), allow_nan=False)


@given(VALUES)
def test_a_value_is_equal_to_itself(value: Any) -> None:
    assert feel.evaluate("x = x", {"x": value}) is True


@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_whole_numbers_add_and_multiply_like_decimals(a: int, b: int) -> None:
    context = {"a": a, "b": b}
    assert feel.evaluate("a + b - b = a", context) is True
    product = feel.evaluate("a * b", context)
    assert abs(Decimal(product) - Decimal(a) * Decimal(b)) <= abs(Decimal(a * b)) * Decimal("1e-27")


TRUTH = st.sampled_from([True, False, None])


@given(st.lists(TRUTH, min_size=2, max_size=5))
def test_and_and_or_are_those_of_kleene(values: list[bool | None]) -> None:
    """False is least, null between, true greatest: `and` is the least of the operands, `or` the greatest."""
    context = {f"v{index}": value for index, value in enumerate(values)}
    rank = {False: 0, None: 1, True: 2}
    assert feel.evaluate(" and ".join(context), context) is min(values, key=lambda value: rank[value])
    assert feel.evaluate(" or ".join(context), context) is max(values, key=lambda value: rank[value])


@given(TRUTH, TRUTH)
def test_the_laws_of_de_morgan_hold(a: bool | None, b: bool | None) -> None:
    context = {"a": a, "b": b}
    assert feel.evaluate("not(a and b)", context) is feel.evaluate("not(a) or not(b)", context)
    assert feel.evaluate("not(a or b)", context) is feel.evaluate("not(a) and not(b)", context)


NUMBERS = st.decimals(min_value=Decimal("-1e20"), max_value=Decimal("1e20"), places=8) | st.integers(-(10**40), 10**40)


@given(NUMBERS, NUMBERS, st.sampled_from("+-*/"))
def test_arithmetic_is_that_of_decimals_of_34_digits(a: Any, b: Any, operator: str) -> None:
    context = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, traps=[])
    left, right = Decimal(a), Decimal(b)
    operations = {"+": context.add, "-": context.subtract, "*": context.multiply, "/": context.divide}
    expected = operations[operator](left, right)
    found = feel.evaluate(f"a {operator} b", {"a": a, "b": b})
    assert found == expected if expected.is_finite() else found is None


@given(NUMBERS, NUMBERS)
def test_numbers_are_ordered_by_their_value(a: Any, b: Any) -> None:
    context = {"a": a, "b": b}
    assert feel.evaluate("[a < b, a <= b, a = b, a >= b, a > b]", context) == [
        a < b, a <= b, a == b, a >= b, a > b
    ]  # fmt: skip


@given(st.decimals(min_value=Decimal("-1e20"), max_value=Decimal("1e20"), places=12))
def test_a_number_reads_as_it_is_shown(number: Decimal) -> None:
    assert feel.evaluate("number(string(x)) = x", {"x": number}) is True


DAYS = st.dates()
INSTANTS = st.datetimes(timezones=st.sampled_from([None, UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")]))
SPANS = st.timedeltas(min_value=timedelta(days=-(10**5)), max_value=timedelta(days=10**5))


@given(DAYS | INSTANTS | st.times() | SPANS)
def test_a_time_reads_as_it_is_shown(value: Any) -> None:
    shown = feel.evaluate("string(x)", {"x": value})
    assert feel.evaluate(f'@"{shown}" = x', {"x": value}) is True


@given(DAYS, st.integers(-3000, 3000))
def test_days_are_added_as_the_calendar_has_them(day: date, count: int) -> None:
    assume(1 <= day.toordinal() + count <= date.max.toordinal())
    found = feel.evaluate('x + duration("P1D") * n', {"x": day, "n": count})
    assert found.python() == day + timedelta(days=count)


@given(st.integers(0, 10**10), SPANS)
def test_a_span_leads_there_and_back(seconds: int, span: timedelta) -> None:
    context = {"x": datetime.fromtimestamp(seconds, UTC), "d": span}
    assert feel.evaluate("x + d - d = x", context) is True
    assert feel.evaluate("(x + d) - x = d", context) is True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(JSON)
def test_json_comes_back_as_it_was(value: Any) -> None:
    assert feel.to_json(feel.evaluate("from json(to json(x))", {"x": value})) == value


@given(st.text(max_size=20))
def test_a_string_reads_as_it_is_quoted(text: str) -> None:
    literal = feel.evaluate("string([x])", {"x": text})[1:-1]
    assert feel.evaluate(literal) == text


@given(st.lists(st.integers() | st.text(max_size=3)))
def test_distinct_values_are_those_of_a_list_once(items: list[Any]) -> None:
    assert feel.evaluate("distinct values(x)", {"x": items}) == list(dict.fromkeys(items))


@given(st.lists(st.integers()), st.integers(1, 5))
def test_parts_make_the_whole(items: list[int], size: int) -> None:
    assert feel.evaluate("flatten(partition(x, n))", {"x": items, "n": size}) == items
