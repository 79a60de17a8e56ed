"""Camunda's own list of FEEL's functions, as its editor reads it: each is here, and answers as its examples say."""

import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import feel
from deploy.pages import tools
from feel.builtins import BUILT_INS

WEB = Path(__file__).resolve().parents[2] / "web"
READ = "import('@camunda/feel-builtins').then(list => console.log(JSON.stringify(list.camundaBuiltins)))"
CODE = re.compile(r'<code class="language-feel">(.*?)</code>', re.DOTALL)
EXAMPLE = re.compile(r"(?P<expression>.+?)\n\s*// (?P<result>[^\n]+)", re.DOTALL)
NOT_TO_BE_COMPARED = {
    "now": "the present",
    "today": "the present",
    "random number": "chance",
    "uuid": "chance",
    "round up": "the kit wants null without a scale (1141-feel-round-up-function)",
    "stddev": "shown to fewer digits than we have",
    "log": "shown to fewer digits than we have",
    "exp": "shown to fewer digits than we have",
    "fromAi": "the variable is not given",
    "is defined": "the result is told in prose",
    "assert": "the result is told in prose",
    "date and time": "one result hangs on the zone of the reader's machine",
    "abs": "the result of a duration is shown as a string",
}


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    _, node = tools()
    done = subprocess.run([str(node), "-e", READ], cwd=WEB, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_function_of_the_list_is_built_in(listed: list[dict[str, Any]]) -> None:
    names = {function["name"] for function in listed}
    assert len(names) >= 100
    assert names - set(BUILT_INS) - {"is defined"} == set()
    assert feel.evaluate("is defined(x)", {"x": 1}) is True


def examples(function: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for code in CODE.findall(function["info"]):
        for part in re.split(r"\n\s*\n", html.unescape(code).strip()):
            if found := EXAMPLE.fullmatch(part):
                yield found["expression"], found["result"]


def test_the_examples_of_the_list_hold(listed: list[dict[str, Any]]) -> None:
    held, differ = 0, []
    for function in listed:
        if function["name"] in NOT_TO_BE_COMPARED:
            continue
        for expression, result in examples(function):
            expected = feel.evaluate(result.replace("))", ")") if result.count(")") > result.count("(") else result)
            found = feel.evaluate(expression)
            held += found == expected
            if found != expected:
                differ.append((expression, feel.to_json(found), result))
    assert differ == []
    assert held > 150
