"""Hostile expressions: none reaches Python, none runs or grows without end."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import feel
from tests.feel.hostile import ANSWERED, DOUBLED, EXPRESSIONS, slowness

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def taken() -> dict[str, dict[str, Any]]:
    """What every hostile expression took, each alone in a process of its own."""
    command = [sys.executable, "-m", "tests.feel.hostile"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def slow() -> float:
    return max(slowness() for _ in range(3))


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_hostile_expression_ends_soon_and_small(name: str, taken: dict[str, dict[str, Any]], slow: float) -> None:
    """Bounds on memory, and on time of the processor: twice what the limit says, on a slow machine as much more."""
    came = taken[name]["outcome"]
    assert came.startswith(("FeelLimitExceeded", "FeelSyntaxError")) or name in ANSWERED, came
    assert not came.startswith(("broke", "died")), came
    assert taken[name]["cpu_s"] <= 0.3 * slow
    assert taken[name]["mib"] <= 64


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
    value = feel.evaluate(DOUBLED + "}.a39")
    with pytest.raises(feel.FeelLimitExceeded):
        feel.to_json(value, 100_000)
