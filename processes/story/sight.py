"""What a story can see of a case: open tasks, the way it took, variables, messages, incidents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kernel.db import Unit
from kernel.text import Text, say
from processes.story.script import Step

_NEWEST = """
select coalesce(max(key), 0) from instance where process_id = %s and parent_key is null
"""
_TASKS = """
select t.key, t.element, t.name, t.assignee, t.candidate_groups
  from user_task t join instance i on i.key = t.instance_key
 where i.root_key = %s and t.state = 'CREATED'
 order by t.key
"""
_PASSED = """
select distinct j.element from journal j join instance i on i.key = j.instance_key
 where i.root_key = %s and j.element <> ''
"""
_VARIABLES = """
select name, value from variable where instance_key = %s and scope = 0
"""
_INCIDENTS = """
select n.key, n.element, n.kind, n.message from incident n join instance i on i.key = n.instance_key
 where i.root_key = %s and n.state = 'ACTIVE'
 order by n.key
"""
_STATE = "select state from instance where key = %s"
_SENT = """
select d.recipient, d.channel, d.template, d.subject, d.body from delivery d join instance i on i.key = d.instance_key
 where i.root_key = %s and d.state = 'sent'
 order by d.id
"""


class Failed(AssertionError):
    """A step that did not come out as told: which, what was expected, what was found."""

    def __init__(self, step: Step, expected: Text, found: Text) -> None:
        self.step, self.expected, self.found = step, expected, found
        self.sentence = say(
            "{step}: expected {expected}; found {found}", step=step.sentence, expected=expected, found=found
        )
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Task:
    """An open task."""

    key: int
    element: str
    name: str
    assignee: str | None
    groups: list[str]


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open incident."""

    key: int
    element: str
    kind: str
    message: str


def newest_instance(unit: Unit, process_id: str) -> int:
    """The key of the instance of a process that was started last, 0 if there is none."""
    found: int = unit.one(_NEWEST, (process_id,))[0]
    return found


def open_tasks(unit: Unit, instance: int, element: str | None = None) -> list[Task]:
    """The open tasks of a case and of what it called, the oldest first."""
    return [task for task in (Task(*row) for row in unit.all(_TASKS, (instance,))) if element in (None, task.element)]


def told(tasks: Iterable[Task]) -> Text:
    """Open tasks in a sentence."""
    found = ", ".join(f"{task.element} ({task.assignee or '/'.join(task.groups)})" for task in tasks)
    return Text("{tasks}", {"tasks": found}) if found else say("no open task")


def passed(unit: Unit, instance: int) -> set[str]:
    """The elements that the case came to."""
    return {row[0] for row in unit.all(_PASSED, (instance,))}


def variables(unit: Unit, instance: int) -> dict[str, Any]:
    """The variables of the case itself."""
    return dict(unit.all(_VARIABLES, (instance,)))


def incidents(unit: Unit, instance: int) -> list[Stuck]:
    """The open incidents of a case and of what it called."""
    return [Stuck(*row) for row in unit.all(_INCIDENTS, (instance,))]


def state(unit: Unit, instance: int) -> str:
    """ACTIVE, COMPLETED or TERMINATED; NONE where there is no such instance."""
    row = unit.one(_STATE, (instance,))
    return row[0] if row else "NONE"


def sent(unit: Unit, instance: int) -> list[dict[str, str]]:
    """The messages that went out, in order."""
    names = ("to", "channel", "template", "subject", "body")
    return [dict(zip(names, row, strict=True)) for row in unit.all(_SENT, (instance,))]
