"""How long finished instances are kept, what must not leave before, and how they leave.

An instance leaves with all that it called, in one transaction: first a row of `removed_instance` that keeps the end of
its journal, then whatever others keep by it (`ports.Removal`), then its rows. Without a time of retention it is kept.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import audit
from engine.store import retention as sql
from engine.store.leases import limited
from engine.turn import Engine, stamp
from engine.work import text
from kernel.actor import Actor, system
from kernel.db import Database, Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

MOST_TOLD = 1000
KEEPER = system("retention")
LONGEST = 36_500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many days the finished instances of a process are kept."""

    process_id: str
    days: int
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """What must not leave, whatever its age. Lifted, it stays as a record."""

    key: int
    root_key: int
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_why: str | None


def kept(unit: Unit) -> list[Kept]:
    """The processes that have a time of retention."""
    return [Kept(*row) for row in unit.all(sql.KEPT)]


def set_days(engine: Engine, unit: Unit, process_id: str, days: int, *, actor: Actor) -> None:
    """Keep finished instances of a process for so many days from their end, then let them leave.

    Raises Invalid for less than a day, and for less than the law asks for, naming the article.
    """
    if not 1 <= days <= LONGEST:
        raise Invalid(say("Keep for 1 to {most} days, not {days}.", most=LONGEST, days=days))
    floor = engine.retention_floor(process_id) if engine.retention_floor else None
    if floor is not None and days < floor.days:
        raise Invalid(
            say(
                "{days} days are less than the law asks for {process}: {why} Keep at least {least} days.",
                days=days,
                process=process_id,
                why=floor.why,
                least=floor.days,
            )
        )
    if unit.autocommit:
        with engine.database.transaction() as inside:
            set_days(engine, inside, process_id, days, actor=actor)
        return
    unit.run(sql.SET_DAYS, (process_id, days, actor.id, engine.clock.now()))
    _note(engine, unit, actor, "UPDATE", "RETENTION", process_id=process_id, days=days)


def forget(engine: Engine, unit: Unit, process_id: str, *, actor: Actor) -> None:
    """Keep the finished instances of a process without end again. Raises NotFound where they have no time."""
    if unit.autocommit:
        with engine.database.transaction() as inside:
            forget(engine, inside, process_id, actor=actor)
        return
    row = unit.one(sql.FORGET, (process_id,))
    if row is None:
        raise NotFound(say("Process {process} has no time of retention: its cases are kept.", process=process_id))
    _note(engine, unit, actor, "DELETE", "RETENTION", process_id=process_id, days=row[0])


def holds(unit: Unit, *, lifted: bool = False, limit: int = 100, offset: int = 0) -> list[Hold]:
    """The holds that are open, the latest first; with those that were lifted if asked."""
    return [Hold(*row) for row in unit.all(sql.HOLDS, {"all": lifted, "limit": limit, "offset": offset})]


def place(engine: Engine, unit: Unit, instance_key: int, reason: str, *, actor: Actor) -> int:
    """Hold the tree that an instance belongs to: nothing of it leaves until the hold is lifted. Gives the hold's key.

    Raises Invalid without a reason, NotFound for an unknown key, Conflict where a hold is open already.
    """
    if not reason:
        raise Invalid(say("Say why: it is written into the record."))
    if unit.autocommit:
        with engine.database.transaction() as inside:
            return place(engine, inside, instance_key, reason, actor=actor)
    row = unit.one(sql.ROOT_OF, (instance_key,))
    if row is None:
        raise NotFound(say("There is no process instance {key}. Check the key.", key=instance_key))
    key, root = engine.keys.next(), row[0]
    if not unit.run(sql.PLACE, (key, root, reason, actor.id, engine.clock.now())):
        raise Conflict(_held(unit, root))
    _note(engine, unit, actor, "CREATE", "LEGAL_HOLD", root, reason=reason)
    return key


def lift(engine: Engine, unit: Unit, root_key: int, reason: str, *, actor: Actor) -> None:
    """Lift the open hold on an instance. Raises Invalid without a reason, NotFound where there is no hold."""
    if not reason:
        raise Invalid(say("Say why: it is written into the record."))
    if unit.autocommit:
        with engine.database.transaction() as inside:
            lift(engine, inside, root_key, reason, actor=actor)
        return
    if unit.one(sql.LIFT, (actor.id, engine.clock.now(), reason, root_key)) is None:
        raise NotFound(say("Instance {key} is under no hold.", key=root_key))
    _note(engine, unit, actor, "DELETE", "LEGAL_HOLD", root_key, reason=reason)


def remove(engine: Engine, unit: Unit, instance_key: int, *, actor: Actor, why: str = "") -> None:
    """Remove a finished instance with all that it called, before its time.

    Raises NotFound for an unknown key, Conflict for one that runs, was called by another, is under a hold, or has to be
    kept by law.
    """
    if unit.autocommit:
        with engine.database.transaction() as inside:
            remove(engine, inside, instance_key, actor=actor, why=why)
        return
    row = unit.one(sql.LOCK_ROOT, (instance_key,))
    if row is None:
        raise NotFound(say("There is no process instance {key}. Check the key.", key=instance_key))
    parent, process_id, ended_at, root = row
    if parent is not None:
        raise Conflict(
            say(
                "Instance {key} was called by instance {parent}. Delete {root}, which began it all.",
                key=instance_key,
                parent=parent,
                root=root,
            )
        )
    if ended_at is None:
        raise Conflict(say("Instance {key} is not over. Cancel it first, or wait for its end.", key=instance_key))
    count = _remove(engine, unit, instance_key, actor, why)
    told = {"reason": why, "instances": count} | ({"batch": actor.batch} if actor.batch else {})
    _note(engine, unit, actor, "DELETE", "PROCESS_INSTANCE", instance_key, process_id=process_id, **told)


def _refuse_early(engine: Engine, unit: Unit, root: int) -> None:
    """A tree is kept as long as the law wants any part of it kept, whatever process that ran as."""
    for process_id, ended_at in unit.all(sql.RAN_AS, {"root": root}):
        floor = engine.retention_floor(process_id) if engine.retention_floor else None
        until = ended_at + timedelta(days=floor.days) if floor else ended_at
        if floor is not None and engine.clock.now() < until:
            raise Conflict(
                say(
                    "Instance {key} of {process} is kept until {until}: {why}",
                    key=root,
                    process=process_id,
                    until=f"{until:%Y-%m-%d}",
                    why=floor.why,
                )
            )


def _remove(engine: Engine, unit: Unit, root: int, actor: Actor, why: str) -> int:
    """Take a tree away whose root is locked. Tells how many instances it had."""
    tree = unit.all(sql.LOCK_TREE, (root,))
    running = next((key for key, ended_at in tree if ended_at is None), None)
    if running is not None:
        raise Conflict(say("Instance {key}, which {root} called, is not over.", key=running, root=root))
    if unit.one(sql.OPEN_HOLD, (root,)) is not None:
        raise Conflict(_held(unit, root))
    _refuse_early(engine, unit, root)
    keys = [key for key, _ in tree]
    unit.run(sql.REMEMBER, (engine.clock.now(), actor.id, why, keys))
    if engine.removal is not None:
        engine.removal(unit, keys)
    for statement in sql.REMOVE:
        unit.run(statement, (keys,))
    return len(keys)


def _held(unit: Unit, root: int) -> Any:
    who, at, reason = unit.one(sql.OPEN_HOLD, (root,)) or ("", None, "")
    return say(
        "Instance {key} is under a legal hold, placed by {who} at {at}: {reason} Lift the hold first.",
        key=root,
        who=who,
        at=stamp(at),
        reason=reason,
    )


def clean_some(
    engine: Engine, database: Database, limit: int = 20, *, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Let up to `limit` instances leave whose time is over, each with its tree in a transaction of its own.

    For a worker's loop; several may run at once. What is under a hold, or has something running, is passed over.
    """
    done, once = 0, database.once()
    times = kept(once)
    floors = _floors(engine, once) if times else {}
    for one in times:
        for key in _due(engine, once, one, limit - done, floors):
            if stopped():
                return done
            done += _let_go(engine, database, key, one)
    return done


def due(engine: Engine, unit: Unit) -> dict[str, int]:
    """By process with a time: how many instances are about to leave, counted up to MOST_TOLD; held ones are not."""
    times = kept(unit)
    floors = _floors(engine, unit) if times else {}
    return {one.process_id: len(_due(engine, unit, one, MOST_TOLD, floors)) for one in times}


def _due(engine: Engine, unit: Unit, one: Kept, limit: int, floors: dict[str, datetime]) -> list[int]:
    if limit < 1:
        return []
    before = engine.clock.now() - timedelta(days=one.days)
    wanted = {
        "process_id": one.process_id,
        "before": min(before, floors.get(one.process_id, before)),
        "floors": text({process_id: floor.isoformat() for process_id, floor in floors.items()}),
    }
    return [key for (key,) in unit.all(limited(sql.DUE, limit), wanted)]


def _floors(engine: Engine, unit: Unit) -> dict[str, datetime]:
    """By process: the law keeps what ended after this instant."""
    if engine.retention_floor is None:
        return {}
    now = engine.clock.now()
    found = {process_id: engine.retention_floor(process_id) for (process_id,) in unit.all(sql.PROCESSES)}
    return {process_id: now - timedelta(days=floor.days) for process_id, floor in found.items() if floor}


def _let_go(engine: Engine, database: Database, key: int, one: Kept) -> bool:
    """False where another worker has it, or a hold came first."""
    why = str(say("Its time of retention, {days} days, is over.", days=one.days))
    try:
        with database.transaction() as unit:
            if unit.one(sql.LOCK_FREE, (key,)) is None:
                return False
            _remove(engine, unit, key, KEEPER, why)
    except Conflict as held:
        log.info("%s", held)
        return False
    return True


def _note(
    engine: Engine, unit: Unit, actor: Actor, operation: str, entity: str, key: int | None = None, **told: Any
) -> None:
    audit.note(unit, engine, actor, entity=entity, operation=operation, entity_key=key, **told)
