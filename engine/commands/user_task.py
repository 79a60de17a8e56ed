"""What a person does with a user task: take it, give it back, hand it on, plan it, complete it.

Who may is asked outside (`tasks.human`); here stands only what the task's own state allows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import rows
from engine.commands import follow_up
from engine.model import Event, InstanceState, Values
from engine.rows import UserTaskRow
from engine.store import turns as sql
from engine.turn import Change, Engine, Held, Skipped, stamp, take_turn
from engine.work import checked
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say

PLANNED = ("assignee", "assigned_at", "candidate_groups", "candidate_users", "due_at", "follow_up_at", "priority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A task that was completed, and what the instance came to if that ended it."""

    key: int
    instance_key: int
    ended: InstanceState | None


def complete(
    engine: Engine,
    unit: Unit,
    key: int,
    *,
    variables: Values | None = None,
    actor: Actor,
    admit: Callable[[UserTaskRow], None] | None = None,
    answer_callers: bool = False,
) -> Completed:
    """Complete an open task with the values that the person gave.

    `admit` is asked about the task as this turn reads it, and raises for who may not: one reading less than asking
    before, and nothing can change in between. With `answer_callers` a transaction that ends a called process lets its
    caller go on too, in the same commit. Raises NotFound for an unknown task; Conflict, saying who did what when,
    for one that is over.
    """

    given = checked(variables)

    def change(held: Held[UserTaskRow]) -> Change:
        task = held.work
        if admit is not None:
            admit(task)
        _open(task)
        run = held.run()
        run.complete(task.token, given)
        event = Event(
            kind="USER_TASK_COMPLETED",
            element=task.element,
            token=task.token,
            data={"key": task.key, "variables": given},
        )
        return Change(outcome=run.outcome(), events=(event,), done=task.key)

    turned = take_turn(engine, unit, rows.USER_TASK, key, change, actor)
    if answer_callers and not unit.autocommit:
        follow_up.answer_callers(engine, unit, turned)
    follow_up.settle(engine, unit, turned)
    return Completed(key=key, instance_key=turned.instance_key, ended=turned.outcome.ended if turned.outcome else None)


def claim(engine: Engine, unit: Unit, key: int, *, actor: Actor, assignee: str | None = None) -> None:
    """Take a task that nobody has. Nothing happens where it is the claimer's already.

    Raises Conflict, naming who has had it since when, if it is another's.
    """
    who = assignee or actor.id

    def plan(task: UserTaskRow, now: datetime) -> dict[str, Any]:
        if task.assignee is not None and task.assignee != who:
            raise Conflict(
                say(
                    "Task {key} ({name}) is already with {assignee}, since {at}. Ask them, or take another one.",
                    key=task.key,
                    name=task.name,
                    assignee=task.assignee,
                    at=stamp(task.assigned_at),
                )
            )
        return {"assignee": who, "assigned_at": now}

    _note(engine, unit, key, "USER_TASK_CLAIMED", plan, actor)


def unclaim(engine: Engine, unit: Unit, key: int, *, actor: Actor) -> None:
    """Give a task back to its candidates. Raises Conflict if nobody has it."""

    def plan(task: UserTaskRow, now: datetime) -> dict[str, Any]:
        if task.assignee is None:
            raise Conflict(
                say("Task {key} ({name}) is with nobody; there is nothing to give back.", key=task.key, name=task.name)
            )
        return {"assignee": None, "assigned_at": None}

    _note(engine, unit, key, "USER_TASK_UNCLAIMED", plan, actor)


def assign(engine: Engine, unit: Unit, key: int, assignee: str, *, actor: Actor, allow_override: bool = True) -> None:
    """Hand a task to someone. Without `allow_override` as `claim`: only a task that nobody has."""
    if not assignee:
        raise Invalid(say("Name the person who gets task {key}.", key=key))
    if not allow_override:
        claim(engine, unit, key, actor=actor, assignee=assignee)
        return
    _note(engine, unit, key, "USER_TASK_ASSIGNED", lambda _, now: {"assignee": assignee, "assigned_at": now}, actor)


def update(
    engine: Engine,
    unit: Unit,
    key: int,
    *,
    actor: Actor,
    candidate_groups: Sequence[str] | None = None,
    candidate_users: Sequence[str] | None = None,
    due_at: datetime | str | None = None,
    follow_up_at: datetime | str | None = None,
    priority: int | None = None,
) -> None:
    """Plan a task anew. None leaves a thing as it is; an empty text takes an instant away.

    Raises Invalid for a priority outside 0 to 100.
    """
    if priority is not None and not 0 <= priority <= 100:
        raise Invalid(say("The priority {priority} is outside 0 to 100.", priority=priority))
    wanted = {
        "candidate_groups": None if candidate_groups is None else list(candidate_groups),
        "candidate_users": None if candidate_users is None else list(candidate_users),
        "due_at": due_at,
        "follow_up_at": follow_up_at,
        "priority": priority,
    }
    set_to = {name: None if value == "" else value for name, value in wanted.items() if value is not None}
    _note(engine, unit, key, "USER_TASK_UPDATED", lambda _, __: set_to, actor)


def _note(
    engine: Engine,
    unit: Unit,
    key: int,
    kind: str,
    plan: Callable[[UserTaskRow, datetime], dict[str, Any]],
    actor: Actor,
) -> None:
    def change(held: Held[UserTaskRow]) -> Change:
        task = held.work
        _open(task)
        held.awake()
        before = {name: getattr(task, name) for name in PLANNED}
        after = before | plan(task, held.now)
        changed = [name for name in PLANNED if name != "assigned_at" and before[name] != after[name]]
        if not changed:
            raise Skipped
        told = {
            "key": task.key,
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
        }
        event = Event(kind=kind, element=task.element, token=task.token, data=told)
        return Change(statement=sql.NOTE_USER_TASK, events=(event,), done=task.key, noted=after)

    try:
        take_turn(engine, unit, rows.USER_TASK, key, change, actor)
    except Skipped:
        return


def _open(task: UserTaskRow) -> None:
    if task.state == "COMPLETED":
        raise Conflict(
            say(
                "Task {key} ({name}) was completed by {who} at {at}. Reload your inbox.",
                key=task.key,
                name=task.name,
                who=task.ended_by,
                at=stamp(task.ended_at),
            )
        )
    if task.state != "CREATED":
        raise Conflict(
            say(
                "Task {key} ({name}) fell away at {at}: its process has moved on. Reload your inbox.",
                key=task.key,
                name=task.name,
                at=stamp(task.ended_at),
            )
        )
