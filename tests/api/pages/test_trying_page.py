"""The page on which a designer tries a draft: what it is told, and that it speaks Chinese."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.model import Resource
from kernel.actor import system
from processes.studio import projects
from tasks.house import House

ROOT = Path(__file__).parents[3]
FAMILY = ROOT / "processes" / "offboarding"
SCRIPTS = sorted((ROOT / "web" / "src" / "studio" / "trial").glob("*.js"))
GIVEN = re.compile(r'<script type="application/json" id="trial">(.*?)</script>', re.S)
SAID = re.compile(r"""\bsay\((?:[^'"()]*\?\s*)?'((?:[^'\\]|\\.)*)'(?:\s*:\s*'((?:[^'\\]|\\.)*)')?""")
LISTED = re.compile(r"\['(?:PT?\d+[HD]|answers|fails|throws)', '([^']+)'\]")
ENTRY = re.compile(r"^  (?:'((?:[^'\\]|\\.)*)'|(\w+)):", re.M)

STORY = b"process: offboarding\ngiven: {at: 2026-11-02T09:00:00+08:00}\n"


def make(house: House, *names: str, **contents: bytes) -> int:
    found = [Resource(name, (FAMILY / name).read_bytes()) for name in names]
    found += [Resource(name.replace("_", "."), content) for name, content in contents.items()]
    with house.database.transaction() as unit:
        return projects.create(house.engine, unit, "交接", found, actor=system("test"))


def given(client: httpx.Client, project: int, query: str = "") -> dict[str, Any]:
    page = client.get(f"/studio/{project}/try{query}")
    assert page.status_code == 200
    found = GIVEN.search(page.text)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.fixture
def designer(sign_in: Callable[[str], httpx.Client]) -> httpx.Client:
    return sign_in("designer")


def test_it_knows_the_processes_and_the_scenarios_of_the_project(designer: httpx.Client, house: House) -> None:
    project = make(house, "offboarding.bpmn", "notice.dmn", "scenarios.yaml")
    told = given(designer, project, "?process=offboarding&story=x")
    assert told["processes"] == [{"id": "offboarding", "name": "离职交接", "file": "offboarding.bpmn"}]
    assert {"name": "按期离职：从申请到结案", "process": "offboarding"} in told["stories"]
    assert (told["process"], told["story"], told["sandboxesUrl"]) == (
        "offboarding",
        "x",
        f"/studio/{project}/sandboxes",
    )
    assert told["groups"]["hr-head"] == "人力资源负责人"


def test_files_that_cannot_be_read_leave_the_page_as_it_is(designer: httpx.Client, house: House) -> None:
    project = make(house, broken_bpmn=b"<definitions>", scenarios_yaml=b"stories: [}")
    told = given(designer, project)
    assert (told["processes"], told["stories"]) == ([], [])


def test_words_of_a_project_never_end_its_script(designer: httpx.Client, house: House) -> None:
    evil = STORY + b'stories:\n  - {name: "</script><b>", steps: [{look: true}]}\n'
    told = given(designer, make(house, "offboarding.bpmn", scenarios_yaml=evil))
    assert told["stories"] == [{"name": "</script><b>", "process": "offboarding"}]


def test_a_project_that_is_not_there_is_not_found(designer: httpx.Client) -> None:
    assert designer.get("/studio/1/try").status_code == 404


def test_every_sentence_of_the_page_is_there_in_chinese() -> None:
    said: set[str] = set()
    for script in SCRIPTS:
        text = script.read_text("utf-8")
        said |= {part for found in SAID.finditer(text) for part in found.groups() if part}
        said |= set(LISTED.findall(text))
    words = (ROOT / "web" / "src" / "studio" / "trial" / "words.js").read_text("utf-8").partition("const WORDS = {")[2]
    known = {quoted or plain for quoted, plain in ENTRY.findall(words)}
    assert sorted(said - known) == []
    assert sorted(known - said) == []
