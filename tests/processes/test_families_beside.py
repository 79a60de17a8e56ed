"""A family may call the processes of the families beside it, in their latest version: lint knows them, stories have
them.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from processes import catalog, lint, references, scenarios

Model = Callable[..., bytes]

CALL = (
    '<bpmn:startEvent id="s"/><bpmn:callActivity id="c" name="调用"><bpmn:extensionElements>'
    '<zeebe:calledElement processId="{called}"{binding}/></bpmn:extensionElements></bpmn:callActivity>'
    '<bpmn:endEvent id="e"/>'
)
TASK = (
    '<bpmn:startEvent id="s"/><bpmn:userTask id="t" name="办理"><bpmn:extensionElements><zeebe:userTask/>'
    '<zeebe:assignmentDefinition candidateGroups="hr"/></bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="e"/>'
)
STORY = {
    "process": "outer",
    "organisation": {"people": {"hr1": {"name": "人事", "groups": ["hr"]}}},
    "given": {"at": "2026-11-02T09:00+08:00"},
    "stories": [
        {
            "name": "it goes on into the other family",
            "steps": [
                {"start": "hr1", "variables": {}, "expect": {"open": ["t"]}},
                {"complete": "t", "as": "hr1", "expect": {"ended": True}},
            ],
        }
    ],
}


@pytest.fixture
def home(tmp_path: Path, bpmn: Model) -> Path:
    """The family `outer` calls `middle`, which calls `inner`; `other` is called by nobody."""

    def family(name: str, body: str, flows: str = "f: s > c\ng: c > e") -> None:
        (folder := tmp_path / "processes" / name).mkdir(parents=True)
        (folder / f"{name}.bpmn").write_bytes(bpmn(body, flows, process=name, name=name))

    family("outer", CALL.format(called="middle", binding=""))
    family("middle", CALL.format(called="inner", binding=""))
    family("inner", TASK, "f: s > t\ng: t > e")
    family("other", TASK, "f: s > t\ng: t > e")
    return tmp_path / "processes"


def test_what_is_called_comes_first_and_nothing_else_comes(home: Path) -> None:
    assert [folder.name for folder in references.called(home / "outer")] == ["inner", "middle"]
    assert references.called(home / "other") == []


def test_lint_knows_the_processes_beside_a_family_by_its_folder_and_by_its_file(home: Path) -> None:
    assert lint.lint([home / "outer"]) == []
    assert lint.lint([home / "outer" / "outer.bpmn"]) == []


def test_what_is_bound_by_deployment_is_not_looked_for_beside(home: Path, bpmn: Model) -> None:
    bound = CALL.format(called="middle", binding=' bindingType="deployment"')
    (home / "outer" / "outer.bpmn").write_bytes(bpmn(bound, "f: s > c\ng: c > e", process="outer", name="outer"))
    assert [(problem.element, problem.rule, problem.error) for problem in lint.lint([home / "outer"])] == [
        ("c", "call-missing", True)
    ]


def test_a_folder_that_is_no_family_has_none_beside_it(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "outer.bpmn").write_bytes((home / "outer" / "outer.bpmn").read_bytes())
    assert [problem.rule for problem in lint.lint([elsewhere])] == ["call-missing"]
    assert catalog.kin(elsewhere) == []


def test_stories_go_on_into_the_families_beside(home: Path, server: str) -> None:
    (home / "outer" / "scenarios.yaml").write_text(yaml.safe_dump(STORY, allow_unicode=True), encoding="utf-8")
    report = scenarios.run([home / "outer"], server)
    assert report.passed, report.lines()
    assert set(report.coverage) == {"outer"}
