"""What a user task tells of itself: who, when, which form."""

from datetime import UTC, datetime

import pytest

from engine.model import Reference, UserTask
from tests.engine.spiff.drawing import ENDS, extend, process, tag


def task(*extensions: str) -> str:
    return process(
        ENDS + f'<userTask id="a" name="确认离职">{extend("<zeebe:userTask/>", *extensions)}</userTask>', "s a e"
    )


def opened(play, *extensions: str, **variables: object) -> UserTask:
    work = play(task(*extensions), **variables).find("a")
    assert isinstance(work, UserTask)
    return work


def test_everything_as_literals(play):
    work = opened(
        play,
        tag("formDefinition", formId="manager-confirm", bindingType="deployment"),
        tag("assignmentDefinition", assignee="wang", candidateGroups="hr, hr-head", candidateUsers="li"),
        tag("taskSchedule", dueDate="2026-11-05T18:00:00+08:00", followUpDate="2026-11-04T09:00[Asia/Shanghai]"),
        tag("priorityDefinition", priority="80"),
        tag("taskHeaders", tag("header", key="stage", value="apply")),
    )
    assert work == UserTask(
        token=work.token,
        element="a",
        name="确认离职",
        form=Reference(id="manager-confirm", binding="deployment"),
        assignee="wang",
        candidate_groups=("hr", "hr-head"),
        candidate_users=("li",),
        due_at=datetime(2026, 11, 5, 10, tzinfo=UTC),
        follow_up_at=datetime(2026, 11, 4, 1, tzinfo=UTC),
        priority=80,
        headers={"stage": "apply"},
    )


def test_everything_as_expressions(play):
    work = opened(
        play,
        tag("formDefinition", externalReference="=link"),
        tag("assignmentDefinition", assignee="=manager.login", candidateGroups="=groups"),
        tag("taskSchedule", dueDate='=now() + duration("P3D")', followUpDate="=null"),
        tag("priorityDefinition", priority="=10 + 5"),
        link="https://example.org/f",
        manager={"login": "zhao"},
        groups=["it", "finance"],
    )
    assert (work.external_form, work.assignee, work.candidate_groups, work.priority) == (
        "https://example.org/f",
        "zhao",
        ("it", "finance"),
        15,
    )
    assert work.due_at == datetime(2026, 11, 5, 1, tzinfo=UTC)
    assert work.follow_up_at is None


def test_nothing_said(play):
    work = opened(play)
    assert (work.form, work.assignee, work.candidate_groups, work.due_at, work.priority) == (None, None, (), None, 50)


@pytest.mark.parametrize(
    "extension",
    [
        tag("assignmentDefinition", assignee="=nobody"),
        tag("assignmentDefinition", candidateGroups="=[1]"),
        tag("taskSchedule", dueDate="=n"),
        tag("taskSchedule", dueDate='="2026-11-05T18:00:00"'),
        tag("priorityDefinition", priority="=101"),
        tag("formDefinition", formId="=nothing"),
    ],
)
def test_what_makes_no_sense_is_an_incident(play, extension):
    story = play(task(extension), n=7)
    assert story.incidents["a"].kind == "EXTRACT_VALUE_ERROR"
