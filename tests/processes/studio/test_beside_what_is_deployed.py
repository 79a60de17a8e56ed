"""How drafts stand to what is deployed, and projects made of it; what new files begin with."""

from pathlib import Path

import pytest

from engine.commands import deploy
from engine.model import Resource
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from processes import catalog, lint, publish, scenarios
from processes.catalog import Source
from processes.story import script
from processes.studio import deployed, drafts, projects, rules, starter
from processes.studio.deployed import Standing
from tests.processes.conftest import Model
from tests.processes.studio.conftest import LIN

FAMILY = catalog.home() / "offboarding"
CALLED = [catalog.home() / name for name in ("agreement", "training")]


def on_disk(*families: Path) -> dict[str, bytes]:
    return {source.resource.name: source.resource.content for source in catalog.gather(families)}


def test_a_project_of_a_deployed_process_has_all_that_it_names(engine: Engine, unit: Unit) -> None:
    for family in (*CALLED, FAMILY):
        publish.publish(engine, unit, [family], LIN)
    found = {file.name: file.content for file in deployed.taken(engine, unit, "offboarding")}
    assert found.items() >= on_disk(FAMILY).items()
    assert {"agreement.bpmn", "training.bpmn"} <= found.keys()
    assert found.keys() <= on_disk(*CALLED, FAMILY).keys()
    with pytest.raises(NotFound, match="no-such"):
        deployed.taken(engine, unit, "no-such")


def test_called_processes_come_along(engine: Engine, unit: Unit, bpmn: Model) -> None:
    calls = '<bpmn:startEvent id="s"/><bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="inner"/></bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="e"/>'  # noqa: E501  # a model
    ends = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
    outer = bpmn(calls, "f1: s > c\nf2: c > e", process="outer")
    inner = bpmn(ends, "f1: s > e", process="inner")
    deploy.deploy(engine, unit, [Resource("folder/outer.bpmn", outer), Resource("inner.bpmn", inner)], LIN)
    assert {file.name: file.content for file in deployed.taken(engine, unit, "outer")} == {
        "outer.bpmn": outer,
        "inner.bpmn": inner,
    }


def test_a_file_is_as_deployed_changed_new_or_left_behind(engine: Engine, unit: Unit, bpmn: Model) -> None:
    ends = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
    first, mine, theirs = (bpmn(ends, f"f: s > e: {name}") for name in ("一", "二", "三"))
    deploy.deploy(engine, unit, [Resource("p.bpmn", first)], LIN)
    key = projects.create(
        engine, unit, "p", [Resource("p.bpmn", first)], actor=LIN, bases={"p.bpmn": rules.digest(first)}
    )
    stories = Resource("scenarios.yaml", b"process: p\n")
    drafts.save(engine, unit, key, stories.name, stories.content, expected=None, actor=LIN)
    drafts.save(engine, unit, key, "n.form", b'{"id": "n"}', expected=None, actor=LIN)
    drafts.save(engine, unit, key, "broken.bpmn", b"no xml", expected=None, actor=LIN)
    assert deployed.standings(unit, key) == {
        "p.bpmn": Standing(state="same", version=1),
        "broken.bpmn": Standing(state="new"),
        "n.form": Standing(state="new"),
        "scenarios.yaml": Standing(state="new"),
    }
    drafts.save(engine, unit, key, "p.bpmn", mine, expected=rules.digest(first), actor=LIN)
    assert deployed.standings(unit, key)["p.bpmn"] == Standing(state="changed", version=1)
    deploy.deploy(engine, unit, [Resource("p.bpmn", theirs)], LIN)
    assert deployed.standings(unit, key)["p.bpmn"] == Standing(state="behind", version=2)
    found = deployed.current(unit, drafts.read(unit, key, "p.bpmn"))
    assert found == Resource("p.bpmn", theirs)
    drafts.published(unit, key, {"p.bpmn": rules.digest(theirs), "scenarios.yaml": rules.digest(stories.content)})
    assert deployed.standings(unit, key)["p.bpmn"] == Standing(state="changed", version=2)
    assert deployed.standings(unit, key)["scenarios.yaml"] == Standing(state="same")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", ["Exit interview", "离职面谈", 'A & "B" <c>', "", "2027"])
@pytest.mark.parametrize("kind", ["bpmn", "dmn", "form", "scenarios"])
def test_new_files_are_accepted_as_they_stand(kind: str, name: str, language: str) -> None:
    file = starter.new(kind, name, "process", language)
    assert rules.kind_of(file.name) == kind
    rules.checked_name(file.name)
    if kind == "scenarios":
        assert [story.process for story in script.read_bytes(file.content, Path(file.name))] == ["process"]
        return
    problems = lint.check([Source(catalog.home() / file.name, file)])
    assert [(p.rule, str(p.sentence)) for p in problems if p.error or kind == "bpmn"] == []


def test_what_a_new_project_begins_with_can_be_played(server: str, tmp_path: Path) -> None:
    process = starter.starter("Exit interview", "zh-CN")
    for file in (process, starter.new("scenarios", "", "exit-interview", "zh-CN")):
        (tmp_path / file.name).write_bytes(file.content)
    report = scenarios.run([tmp_path], server, None)
    assert report.passed, list(report.lines())


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid, match="sketch"):
        starter.new("sketch", "a", "process", "en")
