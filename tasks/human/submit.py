"""A form comes in: may they, is it valid, then the engine's turn, all in one transaction."""

from collections.abc import Mapping
from typing import Any

from engine.commands import user_task
from engine.rows import UserTaskRow
from forms import load
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden
from kernel.text import Text, listed, say
from tasks.handlers.endings import UNKNOWN, endings
from tasks.house import House
from tasks.human import access, delegation, drafts, effects, find, inbox, progress, subject
from tasks.human.forms import Files, check
from tasks.human.views import Submitted


def submit(house: House, unit: Unit, actor: Actor, key: int, data: Mapping[str, Any], files: Files) -> Submitted:
    """Complete a task with a form's values.

    Raises NotFound for a task that is not the actor's to see, Forbidden for another's, Conflict for one that is over,
    FormRejected with sentences by component. Whatever is raised, nothing is kept.
    """
    found = find.task(house.engine, unit, actor, key)
    _may(house, unit, actor, found, key)
    of = subject.of(unit, found.instance.root_key)
    values: dict[str, Any] = {}
    form_key, form_id = unit.one("select form_key, form_id from user_task where key = %s", (key,))
    if form_key is not None:
        deployed = house.engine.definitions.get(unit, form_key)
        form = load.load(deployed.content, deployed.resource_name)
        values = check(house, unit, form, data, files, context=found.visible, actor=actor, subject=of)
    effects.apply(house, unit, actor, form_id or "", values, found.visible)
    user_task.complete(house.engine, unit, key, variables=values, actor=actor)
    drafts.over(unit, key)
    delegation.over(house, unit, found, actor)
    return Submitted(
        sentence=say("{name} is done.", name=Text(found.task.name)),
        case_number=of,
        instance_key=found.instance.root_key,
        next_task=inbox.next_task(unit, actor, found.instance.root_key),
    )


def _may(house: House, unit: Unit, actor: Actor, found: find.Task, key: int) -> None:
    task = found.task
    if task.state == "COMPLETED":
        raise Conflict(
            say(
                "{name} was already completed by {who} at {at}. Nothing of this was saved.",
                name=Text(task.name),
                who=task.ended_by,
                at=f"{task.ended_at:%Y-%m-%d %H:%M}Z",
            )
        )
    if task.state != "CREATED":
        ended = endings(unit, house.engine.definitions, [found.instance.root_key]).get(key, UNKNOWN)
        raise Conflict(
            say("{name} is over: {why}. Nothing of this was saved.", name=Text(task.name), why=ended.sentence)
        )
    if not access.may_complete(actor, task):
        raise Forbidden(
            say(
                "{name} is with {who}. Only they can complete it.",
                name=Text(task.name),
                who=task.assignee or _offered(task),
            )
        )


def _offered(task: UserTaskRow) -> Text:
    """Who could take a task that nobody has."""
    names = [progress.group_name(group) for group in task.candidate_groups]
    names += [Text(login) for login in task.candidate_users]
    return listed(names) if names else say("nobody")
