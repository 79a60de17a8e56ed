"""What is open in an instance past its due time, with the reminders that went out: for the open record (F9, F21)."""

from datetime import UTC, datetime
from typing import Any

from engine.definitions import Definitions
from hr.offboarding.record import OpenNode, Reminder
from hr.people import org
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions
from kernel.db import Unit
from tasks.stages import STAGES, stage_of

LANGUAGE = "zh-CN"  # a record for a Chinese dispute
GROUPS = {
    "hr": "人事",
    "hr-head": "人事负责人",
    "it": "信息技术",
    "administration": "行政",
    "finance": "财务",
}

# A task that is not due yet is not a failing: the transfer of files is due fifteen days after the last day.
_OPEN = """
select element, name, definition_key, assignee, candidate_groups, created_at, due_at from user_task
 where instance_key = %s and state = 'CREATED' and (due_at is null or due_at <= %s) order by created_at, key
"""
_REMINDERS = """
select recipient, coalesce(sent_at, queued_at), channel, state = 'sent' from delivery
 where case_number = %s and queued_at >= %s and recipient = any(%s) order by id
"""


def open_nodes(
    unit: Unit, case_number: str, instance_key: int, now: datetime, calendar: WorkCalendar
) -> list[OpenNode]:
    """The user tasks that are due and open, the oldest first."""
    definitions = Definitions(functions(calendar))
    return [_node(unit, case_number, definitions, row) for row in unit.all(_OPEN, (instance_key, now))]


def _node(unit: Unit, case_number: str, definitions: Definitions, row: tuple[Any, ...]) -> OpenNode:
    element, name, definition_key, assignee, groups, opened_at, due_at = row
    stage = stage_of(definitions.get(unit, definition_key).model.elements.get(element))
    asked = [assignee] if assignee else [person.login for group in groups for person in org.members(unit, group)]
    named = org.names(unit, asked)
    return OpenNode(
        element=element,
        name=name or element,
        stage=STAGES[stage].within(LANGUAGE),
        responsible=named.get(assignee, assignee)
        if assignee
        else "、".join(GROUPS.get(group, group) for group in groups),
        opened_at=opened_at.astimezone(UTC),
        due_at=due_at and due_at.astimezone(UTC),
        reminders=tuple(
            Reminder(at=at.astimezone(UTC), channel=channel, to=named.get(who, who), delivered=delivered)
            for who, at, channel, delivered in unit.all(_REMINDERS, (case_number, opened_at, [*asked, *groups]))
        ),
    )
