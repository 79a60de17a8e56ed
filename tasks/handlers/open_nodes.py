"""What people owe a case and have not done, with the reminders that went out: for the record (F9, F21, F24, F54).

Three kinds: what is open, what ended undone (a clock, a closing, a withdrawal, an administrator), and steps of the
product that stopped. What was settled another way is no failing and is left out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from engine.definitions import Definitions
from hr.offboarding.record import OpenNode, Reminder
from hr.people import org
from kernel.db import Unit
from kernel.text import say
from tasks.handlers.endings import UNKNOWN, Ending, endings
from tasks.stages import STAGES, stage_of

LANGUAGE = "zh-CN"  # a record for a Chinese dispute
GROUPS = {
    "hr": "人事",
    "hr-head": "人事负责人",
    "it": "信息技术",
    "administration": "行政",
    "finance": "财务",
    "seal": "印章管理人",
}
SYSTEM = "系统"
STOPPED = say("stopped by a fault; waits for an administrator")

_TASKS = """
select t.key, t.element, t.name, t.definition_key, t.assignee, t.candidate_groups, t.created_at, t.due_at, t.ended_at
  from instance i join user_task t on t.instance_key = i.key
 where i.root_key = %s and t.state in ('CREATED', 'CANCELED') order by t.created_at, t.key
"""
_STOPPED = """
select n.element, n.definition_key, n.created_at from instance i join incident n on n.instance_key = i.key
 where i.root_key = %s and n.state = 'ACTIVE' order by n.created_at, n.key
"""
_REMINDERS = """
select recipient, coalesce(sent_at, queued_at), channel, state = 'sent' from delivery
 where case_number = %s and queued_at >= %s and queued_at <= %s and recipient = any(%s) order by id
"""


def open_nodes(
    unit: Unit,
    definitions: Definitions,
    case_number: str,
    root_key: int,
    now: datetime,
    *,
    due_only: bool = False,
) -> list[OpenNode]:
    """Everything undone, the oldest first. With `due_only` an open task that is not due yet is left out: the transfer
    of files, say, is due fifteen days after the last day.
    """
    ended = endings(unit, definitions, [root_key])
    found = [
        _node(unit, case_number, definitions, row, ended, now)
        for row in unit.all(_TASKS, (root_key,))
        if _counts(row, ended, now, due_only)
    ]
    return found + [_stopped(unit, definitions, row) for row in unit.all(_STOPPED, (root_key,))]


def _counts(row: Any, ended: dict[int, Ending], now: datetime, due_only: bool) -> bool:
    key, due_at, ended_at = row[0], row[7], row[8]
    if ended_at is not None:
        return ended.get(key, UNKNOWN).undone
    return not (due_only and due_at is not None and due_at > now)


def _node(
    unit: Unit, case_number: str, definitions: Definitions, row: Any, ended: dict[int, Ending], now: datetime
) -> OpenNode:
    key, element, name, definition_key, assignee, groups, opened_at, due_at, ended_at = row
    asked = [assignee] if assignee else [person.login for group in groups for person in org.members(unit, group)]
    named = org.names(unit, asked)
    until = ended_at or now
    return OpenNode(
        element=element,
        name=name or element,
        stage=_stage(unit, definitions, definition_key, element),
        responsible=named.get(assignee, assignee) if assignee else _groups(groups),
        opened_at=opened_at.astimezone(UTC),
        due_at=due_at and due_at.astimezone(UTC),
        state="undone" if ended_at else "open",
        ended_at=ended_at and ended_at.astimezone(UTC),
        why=ended.get(key, UNKNOWN).sentence.within(LANGUAGE) if ended_at else "",
        reminders=tuple(
            Reminder(at=at.astimezone(UTC), channel=channel, to=named.get(who, who), delivered=delivered)
            for who, at, channel, delivered in unit.all(_REMINDERS, (case_number, opened_at, until, [*asked, *groups]))
        ),
    )


def _stopped(unit: Unit, definitions: Definitions, row: Any) -> OpenNode:
    element, definition_key, at = row
    found = definitions.get(unit, definition_key).model.elements.get(element)
    return OpenNode(
        element=element,
        name=(found.name if found else "") or element,
        stage=_stage(unit, definitions, definition_key, element),
        responsible=SYSTEM,
        opened_at=at.astimezone(UTC),
        state="stopped",
        why=STOPPED.within(LANGUAGE),
    )


def _stage(unit: Unit, definitions: Definitions, definition_key: int, element: str) -> str:
    return STAGES[stage_of(definitions.get(unit, definition_key).model.elements.get(element))].within(LANGUAGE)


def _groups(groups: Sequence[str]) -> str:
    return "、".join(GROUPS.get(group, group) for group in groups)
