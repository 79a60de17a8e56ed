"""Finds a case or a task for an actor; what the actor may not see is not found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import rows
from engine.rows import InstanceRow, UserTaskRow
from engine.turn import Engine, Held
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from tasks.human import access

# An instance, or what is left of one whose time of retention is over: HR's own record outlives its process.
ROOTS = """(select key, root_key, definition_key, process_id, process_version, state, started_at, started_by, ended_at
    from instance
  union all
  select r.key, r.root_key, d.key, r.process_id, r.process_version, r.state, r.started_at, '', r.ended_at
    from removed_instance r
    left join definition d on d.kind = 'process' and d.id = r.process_id and d.version = r.process_version)"""
_CASE = f"""
select i.key, coalesce(c.number, i.key::text), i.definition_key, i.process_id, i.process_version, i.state, i.started_at,
       i.started_by, i.ended_at
  from {ROOTS} i left join offboarding_case c on c.instance_key = i.key
 where i.root_key = i.key and (c.number = %(number)s or i.key = %(key)s)
"""


@dataclass(frozen=True, slots=True)
class CaseRoot:
    """The instance that carries a case. `number` is the case's, or the instance's key where it has none.

    `definition_key` is None where the instance has left, and its version after it.
    """

    key: int
    number: str
    definition_key: int | None
    process_id: str
    version: int
    state: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None

    @property
    def ended(self) -> str | None:
        return None if self.ended_at is None else self.state


def case(unit: Unit, actor: Actor, number: str) -> CaseRoot:
    """The case with this number. Raises NotFound, also for who takes no part in it."""
    key = int(number) if number.isdecimal() and len(number) < 19 else -1
    row = unit.one(_CASE, {"number": number, "key": key})
    if row is None or not access.may_see_case(unit, actor, row[0]):
        raise NotFound(say("There is no case {number}, or it is not yours to see.", number=number))
    return CaseRoot(*row)


@dataclass(frozen=True, slots=True)
class Task:
    """A user task beside its instance, as they stand."""

    instance: InstanceRow
    task: UserTaskRow
    visible: dict[str, Any]


def task(engine: Engine, unit: Unit, actor: Actor, key: int) -> Task:
    """The task, with the variables that it sees. Raises NotFound, also for whom it does not concern."""
    row = unit.one(rows.USER_TASK.statement, (key,))
    if row is not None:
        instance, found = rows.USER_TASK.split(row)
        took_part = found.ended_by == actor.id
        if access.may_see(actor, found, took_part) or access.has_given(unit, actor, key):
            return Task(instance, found, _variables(engine, unit, instance, found))
    raise NotFound(say("There is no task {key}, or it is not yours to see. Go back to the inbox.", key=key))


def _variables(engine: Engine, unit: Unit, instance: InstanceRow, found: UserTaskRow) -> dict[str, Any]:
    """What an open task sees; of one that is over, what the process holds and what was entered."""
    if found.state == "CREATED":
        return Held(engine, unit, engine.clock.now(), instance, found).run(suspended=True).variables(found.token)
    stored = unit.all("select name, value from variable where instance_key = %s and scope = 0", (instance.key,))
    entered = unit.one(
        "select data::jsonb -> 'variables' from journal where instance_key = %s and token = %s"
        " and kind = 'USER_TASK_COMPLETED'",
        (instance.key, found.token),
    )
    return {**dict(stored), **((entered and entered[0]) or {})}
