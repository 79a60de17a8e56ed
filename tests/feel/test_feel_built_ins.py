"""Built-in functions, by table."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

import feel
from feel.builtins import BUILT_INS

CAMUNDA = """get or else, assert, get value, context put, context merge, date and time, duplicate values, string join
is empty, partition, random number, extract, trim, uuid, to base64, from base64, is blank, last day of month
from json, to json, fromAi, put, put all, and, or""".replace("\n", ", ").split(", ")

CASES: list[tuple[str, Any]] = [
    ('date(2026, 11, 30) = date("2026-11-30")', True),
    ('string(date and time(date("2026-11-30"), time("09:30:00@Asia/Shanghai")))', "2026-11-30T09:30:00@Asia/Shanghai"),
    ('string(date and time(@"2026-11-30T01:30:00Z", "Asia/Shanghai"))', "2026-11-30T09:30:00@Asia/Shanghai"),
    ("string(time(9, 5, 1.25))", "09:05:01.25"),
    ('string(duration("P1DT2H"))', "P1DT2H"),
    ('string(years and months duration(@"2020-02-29", @"2026-11-21"))', "P6Y8M"),
    ('number("1,234.50", ",", ".")', Decimal("1234.50")),
    ('number("abc")', None),
    ('string({a: [1, "x"], b: @"P1D"})', '{a: [1, "x"], b: @"P1D"}'),
    ('substring("交接清单", 3)', "清单"),
    ('substring("abc", -2, 1)', "b"),
    ('string length("交接")', 2),
    ('upper case("ab") + lower case("CD")', "ABcd"),
    ('substring before("lin@example.cn", "@")', "lin"),
    ('substring after("lin@example.cn", "@")', "example.cn"),
    ('contains("handover", "over") and starts with("handover", "hand") and ends with("handover", "over")', True),
    ('matches("OFF-2026-0001", "^OFF-[0-9]{4}-[0-9]+$")', True),
    ('matches("ABC", "b", "i")', True),
    ('matches("a", "[")', None),
    ('replace("abcd", "(b)(c)", "$2$1")', "acbd"),
    ('replace("a.b", ".", "-", "q")', "a-b"),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('extract("a1 b22", "[0-9]+")', ["1", "22"]),
    ('string join(["a", null, "b"], ", ")', "a, b"),
    ('string join(["a", "b"], ", ", "[", "]")', "[a, b]"),
    ('trim("  a ") + to base64("交接")', "a5Lqk5o6l"),
    ('from base64("5Lqk5o6l")', "交接"),
    ('is blank(" ") and is empty([])', True),
    ("string length(uuid())", 36),
    ('from json("{\\"a\\": [1, 2.5]}").a', [1, Decimal("2.5")]),
    ('to json({a: 1.50, b: @"2026-11-30", c: null})', '{"a":1.5,"b":"2026-11-30","c":null}'),
    ("decimal(1/3, 2)", Decimal("0.33")),
    ("decimal(2.5, 0)", 2),
    ("[floor(-1.5), ceiling(-1.5), floor(1.56, 1)]", [-2, -1, Decimal("1.5")]),
    ("[round up(5.5, 0), round down(-5.5, 0), round half up(5.5, 0), round half down(5.5, 0)]", [6, -5, 6, 5]),
    ("[abs(-3), modulo(-12, 5), modulo(10.1, 4.5), sqrt(16)]", [3, 3, Decimal("1.1"), 4]),
    ("[odd(5), even(-2), odd(1.5)]", [True, True, False]),
    ("[exp(0), log(1)]", [1, 0]),
    ("[min([3, 1, 2]), max(3, 1, 2), sum([1, 2.5]), product(2, 3), mean(1, 2, 3)]", [1, 3, Decimal("3.5"), 6, 2]),
    ("[median(8, 2, 5, 3, 4), median([1, 2])]", [4, Decimal("1.5")]),
    ("[mode(6, 3, 9, 6, 6), stddev(2, 4, 6)]", [[6], 2]),
    ("[all([true, null]), any([false, null]), all([]), any([])]", [None, None, True, False]),
    ("count([1, null, 3])", 3),
    ("[sublist([1, 2, 3], 2), sublist([1, 2, 3], -2, 1)]", [[2, 3], [2]]),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1], [2, 3])", [1, 2, 3]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("remove([1, 2, 3], -1)", [1, 2]),
    ("list replace([1, 2, 3], 2, 9)", [1, 9, 3]),
    ("list replace([1, 5, 3], function(item, new) item > 4, 0)", [1, 0, 3]),
    ("[reverse([1, 2]), flatten([[1, [2]], 3])]", [[2, 1], [1, 2, 3]]),
    ("[index of([1, 2, 1], 1), list contains([1, null], null)]", [[1, 3], True]),
    ('distinct values([1, 2, 1, "1", {a: 1}, {a: 1}])', [1, 2, "1", {"a": 1}]),
    ("duplicate values([1, 2, 3, 2, 1])", [1, 2]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ("partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
    ("get value({a: 1}, [])", None),
    ("[union(lists: [[1, 2], [2]]), concatenate(lists: [[1], [2]])]", [[1, 2], [1, 2]]),
    (r'is blank("\t\n\r\f")', True),
    ('get value({a: {b: 7}}, ["a", "b"])', 7),
    ("get entries({a: 1})[1].key", "a"),
    ('context put({}, ["a", "b"], 1)', {"a": {"b": 1}}),
    ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": 1, "b": 2}),
    ('context([{key: "a", value: 1}])', {"a": 1}),
    ("get or else(null, 5)", 5),
    ('fromAi(3, "a number")', 3),
    ("is(1, 1.0)", True),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', False),
    ('[day of year(@"2026-12-31"), week of year(@"2027-01-01")]', [365, 53]),
    ('[day of week(@"2026-11-21"), month of year(@"2026-11-21")]', ["Saturday", "November"]),
    ('string(last day of month(@"2028-02-03"))', "2028-02-29"),
    ("[before(1, 10), after([5..10], 1), meets([1..5], [5..10]), met by([5..10], [1..5])]", [True] * 4),
    ("[overlaps([1..5], [3..8]), overlaps before([1..5], [4..10]), overlaps after([4..10], [1..5])]", [True] * 3),
    ("[finishes(10, [1..10]), finished by([1..10], 10), includes([1..10], 5), during(5, [1..10])]", [True] * 4),
    ("[starts(1, [1..10]), started by([1..10], 1), coincides([1..5], [1..5])]", [True] * 3),
    ('5 in range("[1..10)")', True),
    ('range("[1..x]")', None),
]


@pytest.mark.parametrize(("expression", "value"), CASES)
def test_a_built_in_answers(expression: str, value: Any) -> None:
    assert feel.evaluate(expression) == value


@pytest.mark.parametrize("name", CAMUNDA)
def test_camundas_extensions_are_there(name: str) -> None:
    assert name in BUILT_INS


def test_arguments_can_be_named() -> None:
    assert feel.evaluate('substring(start position: 2, string: "abc")') == "bc"
    assert feel.evaluate('contains(string: "abc", match: "b")') is True
    assert feel.evaluate('contains(string: "abc", nothing: "b")') is None


def test_a_single_value_stands_for_a_list_and_a_list_of_one_for_its_item() -> None:
    assert feel.evaluate("count(5)") == 1
    assert feel.evaluate('upper case(["a"])') == "A"
    assert feel.evaluate('upper case(["a", "b"])') is None


def test_now_is_the_clocks_and_the_same_all_through_an_evaluation(clock: Any) -> None:
    assert feel.evaluate("string(now())", clock=clock) == "2026-11-02T01:00:00Z"
    assert feel.evaluate("string(today())", clock=clock) == "2026-11-02"
    assert feel.evaluate("now() = now()") is True


def test_today_is_the_date_in_the_zone_of_the_clock() -> None:
    from zoneinfo import ZoneInfo

    class Shanghai:
        def now(self) -> datetime:
            return datetime(2026, 11, 1, 17, 0, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))

    assert feel.evaluate("string(today())", clock=Shanghai()) == "2026-11-02"
    assert feel.evaluate("string(now())", clock=Shanghai()) == "2026-11-02T01:00:00@Asia/Shanghai"
