"""Files are found, checked together and published together; what has not changed makes no new version."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model import ModelRefused
from engine.turn import Engine
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import NotFound
from processes import catalog, lint, publish

Model = Callable[..., bytes]

FORM = json.dumps({"type": "default", "id": "ask", "components": []}).encode()
TASK = (
    '<bpmn:startEvent id="s"/><bpmn:userTask id="t" name="询问"><bpmn:extensionElements><zeebe:userTask/>'
    '<zeebe:formDefinition formId="ask"/><zeebe:assignmentDefinition candidateGroups="{groups}"/>'
    '</bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="e"/>'
)
FLOWS = "f1: s > t\nf2: t > e"


def family(tmp_path: Path, bpmn: Model, groups: str = "hr") -> Path:
    """`processes/ask` with its form in `forms/ask`."""
    folder, forms = tmp_path / "processes" / "ask", tmp_path / "forms" / "ask"
    folder.mkdir(parents=True)
    forms.mkdir(parents=True)
    (folder / "ask.bpmn").write_bytes(bpmn(TASK.format(groups=groups), FLOWS, process="ask", name="询问"))
    (forms / "ask.form").write_bytes(FORM)
    return folder


def rules(*paths: Path) -> list[tuple[str, str, bool]]:
    return [(problem.element, problem.rule, problem.error) for problem in lint.lint(paths)]


def test_a_family_brings_its_forms(tmp_path: Path, bpmn: Model) -> None:
    folder = family(tmp_path, bpmn)
    assert [source.path.name for source in catalog.gather([folder, folder / "ask.bpmn"])] == ["ask.bpmn", "ask.form"]
    assert rules(folder) == []


def test_the_shipped_families_are_clean_by_their_folder_their_own_and_their_file() -> None:
    home = catalog.home()
    for path in (home, home / "offboarding", home / "offboarding" / "offboarding.bpmn"):
        assert lint.lint([path]) == []


def test_a_path_without_models_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        catalog.gather([tmp_path])
    with pytest.raises(NotFound):
        catalog.gather([tmp_path / "nothing.bpmn"])


def test_a_form_that_is_not_there_is_an_error(tmp_path: Path, bpmn: Model) -> None:
    folder = family(tmp_path, bpmn)
    (tmp_path / "forms/ask/ask.form").write_bytes(FORM.replace(b'"ask"', b'"asks"'))
    assert rules(folder) == [("t", "form-missing", True), ("asks", "form-unused", False)]
    shown = lint.line(lint.lint([folder])[0])
    assert shown.startswith(f"{folder / 'ask.bpmn'}:t: form-missing: ")


def test_a_single_file_may_use_what_lies_beside_it(tmp_path: Path, bpmn: Model) -> None:
    folder = family(tmp_path, bpmn)
    assert rules(folder / "ask.bpmn") == []
    alone = tmp_path / "elsewhere" / "ask.bpmn"
    alone.parent.mkdir()
    alone.write_bytes((folder / "ask.bpmn").read_bytes())
    assert [rule for _, rule, _ in rules(alone)] == ["form-missing"]
    (alone.parent / "ask.form").write_bytes(FORM)
    assert rules(alone) == []


def test_the_same_id_twice_is_an_error(tmp_path: Path, bpmn: Model) -> None:
    folder = family(tmp_path, bpmn)
    (folder / "again.form").write_bytes(FORM)
    assert ("ask", "form-twice", True) in rules(folder)


@pytest.mark.parametrize(("groups", "told"), [("hr", 0), ("hr, pirates", 1), ('=["it", "pirates"]', 1), ("=who", 0)])
def test_groups_that_nobody_is_in_are_told(tmp_path: Path, bpmn: Model, groups: str, told: int) -> None:
    found = rules(family(tmp_path, bpmn, groups.replace('"', "&quot;")))
    assert found == [("t", "group-unknown", False)] * told


def test_unknown_job_types_decisions_and_processes_are_told(tmp_path: Path, bpmn: Model) -> None:
    body = (
        '<bpmn:startEvent id="s"/>'
        '<bpmn:serviceTask id="j" name="j"><bpmn:extensionElements><zeebe:taskDefinition type="teleport"/>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
        '<bpmn:businessRuleTask id="d" name="d"><bpmn:extensionElements>'
        '<zeebe:calledDecision decisionId="nowhere" resultVariable="r"/></bpmn:extensionElements>'
        "</bpmn:businessRuleTask>"
        '<bpmn:callActivity id="c" name="c"><bpmn:extensionElements><zeebe:calledElement processId="gone"/>'
        '</bpmn:extensionElements></bpmn:callActivity><bpmn:endEvent id="e"/>'
    )
    file = tmp_path / "x.bpmn"
    file.write_bytes(bpmn(body, "a: s > j\nb: j > d\nc1: d > c\nf: c > e", process="x", name="x"))
    assert set(rules(file)) == {
        ("d", "decision-missing", True),
        ("c", "call-missing", False),
        ("j", "job-type-unknown", False),
    }


def test_faulty_files_of_every_kind_are_told_and_nothing_raises(tmp_path: Path) -> None:
    for name, content in {
        "a.bpmn": b"<x",
        "b.dmn": b"<x",
        "c.form": b"{",
        "d.bpmn": b"<definitions/>",
        "e.dmn": b"<definitions/>",
    }.items():
        (tmp_path / name).write_bytes(content)
    found = lint.lint([tmp_path])
    assert {Path(problem.file).name for problem in found if problem.error} >= {"a.bpmn", "b.dmn", "c.form", "d.bpmn"}


@pytest.mark.requirement("F25")
def test_publishing_deploys_once_and_then_only_what_changed(
    tmp_path: Path, bpmn: Model, database: Database, clock: ManualClock
) -> None:
    folder = family(tmp_path, bpmn)
    engine, actor = Engine(database, clock), system("test")
    with database.transaction() as unit:
        first = publish.publish(engine, unit, [folder], actor)
    with database.transaction() as unit:
        again = publish.publish(engine, unit, [folder], actor)
    (folder / "ask.bpmn").write_bytes(bpmn(TASK.format(groups="hr"), FLOWS, process="ask", name="再问"))
    with database.transaction() as unit:
        changed = publish.publish(engine, unit, [folder / "ask.bpmn"], actor)
    assert (first.changed, again.changed, changed.changed) == (True, False, True)
    assert [(d.id, d.version) for d in changed.deployment.definitions] == [("ask", 2)]


def test_an_error_keeps_everything_back(tmp_path: Path, bpmn: Model, database: Database, clock: ManualClock) -> None:
    folder = family(tmp_path, bpmn)
    (tmp_path / "forms/ask/ask.form").unlink()
    with pytest.raises(ModelRefused) as refused, database.transaction() as unit:
        publish.publish(Engine(database, clock), unit, [folder], system("test"))
    assert [problem.rule for problem in refused.value.problems] == ["form-missing"]
    with database.transaction() as unit:
        assert publish.deployed(Engine(database, clock), unit).processes == frozenset()


def test_the_shipped_families_are_without_fault() -> None:
    for family_name in catalog.families():
        problems = lint.errors(lint.lint([catalog.home() / family_name]))
        assert [lint.line(problem) for problem in problems] == []


def test_what_is_bound_by_deployment_is_published_with_it(
    tmp_path: Path, bpmn: Model, database: Database, clock: ManualClock
) -> None:
    """Apart, new cases would look for the form in a deployment that does not have it."""
    folder = family(tmp_path, bpmn)
    file = folder / "ask.bpmn"
    file.write_bytes(file.read_bytes().replace(b'formId="ask"', b'formId="ask" bindingType="deployment"'))
    engine, actor = Engine(database, clock), system("test")
    with database.transaction() as unit:
        publish.publish(engine, unit, [folder], actor)
    with pytest.raises(ModelRefused, match="t binds ask by deployment.*Deploy both together") as refused:
        publish.publish(engine, database.once(), [file], actor)
    assert [problem.rule for problem in refused.value.problems] == ["deployment-incomplete"]
    assert rules(file) == [], "beside its form it is whole"
    with database.transaction() as unit:
        assert not publish.publish(engine, unit, [folder], actor).changed
