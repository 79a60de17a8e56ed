"""Batch operations: the same act on many, item by item.

An item is done in one transaction with what is done to its instance, in the name of whoever made the batch. So
whatever crashes, each is done once; several workers may share a batch; and one that is refused keeps the sentence.
"""

import dataclasses
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from psycopg.errors import DeadlockDetected, SerializationFailure

from engine import audit
from engine.queries.search import Criterion, criteria
from engine.store import batches as sql
from engine.store.leases import limited
from engine.turn import Engine, stamp
from engine.upkeep.acts import KINDS, Kind, kind_of
from engine.work import text
from kernel.actor import Actor
from kernel.actor import Kind as ActorKind
from kernel.db import Database, Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal, Unavailable
from kernel.text import say

__all__ = ["KINDS", "cancel", "create", "resume", "run_some", "suspend"]

OPEN = ("CREATED", "ACTIVE")
SPREAD = 10  # items that are looked at for each that is done: several workers seldom meet at one

log = logging.getLogger(__name__)


class _Item(NamedTuple):
    batch_key: int
    kind: str
    payload: Mapping[str, Any]
    reason: str
    created_by: str
    actor_kind: str
    ip: str | None
    key: int


def create(
    engine: Engine,
    unit: Unit,
    kind: str,
    conditions: Sequence[Criterion] = (),
    payload: Mapping[str, Any] | None = None,
    *,
    actor: Actor,
    reason: str = "",
    keys: Sequence[int] | None = None,
    told: Mapping[str, Any] | None = None,
) -> int:
    """Make a batch of what meets the conditions now, or of these keys. Gives its key; the workers begin at once.

    Conditions are on instances, for UPDATE_JOB on jobs; keys are of instances, for UPDATE_JOB of jobs, for
    RESOLVE_INCIDENT of incidents. What the act makes no sense for is not chosen by conditions, and fails by its key.
    `told` is the filter as the asker wrote it, to be shown. Raises Invalid for a payload that makes no sense.
    """
    if unit.autocommit:
        with engine.database.transaction() as inside:
            return create(engine, inside, kind, conditions, payload, actor=actor, reason=reason, keys=keys, told=told)
    found, given = kind_of(kind), dict(payload or {})
    _make(found, given, reason)
    shown = dict(told) if told is not None else _shown(conditions, keys)
    key, now = engine.keys.next(), engine.clock.now()
    unit.run(sql.ADD, (key, kind, text(given), text(shown), reason, now, actor.id, actor.kind, actor.ip))
    chosen, values = _chosen(found, conditions) if keys is None else (found.named, [list(keys)])
    total = unit.run(sql.ADD_ITEMS.replace(":chosen", chosen), [key, *values])
    unit.run(sql.COUNTED, {"key": key, "total": total, "now": now})
    _note(engine, unit, actor, "CREATE", key, kind=kind, total=total, reason=reason)
    engine.ring(unit)
    return key


def _make(kind: Kind, payload: Mapping[str, Any], reason: str) -> Any:
    try:
        return kind.make(payload, reason)
    except (TypeError, ValueError) as error:
        raise Invalid(say("The plan of the batch cannot be read: {reason}", reason=str(error))) from error


def _chosen(kind: Kind, conditions: Sequence[Criterion]) -> tuple[str, list[Any]]:
    noun = kind.noun
    where, values = criteria(noun, conditions)
    if kind.only:
        where = f"{where} and {kind.only}" if where else f" where {kind.only}"
    fields = ", ".join(
        f"{noun.fields[name]} as {name}" for name in ("key", "instance_key", "root_key") if name in noun.fields
    )
    return f"with found as (select {fields} from {noun.source}{where}) {kind.chosen}", values


def _shown(conditions: Sequence[Criterion], keys: Sequence[int] | None) -> dict[str, Any]:
    if keys is not None:
        return {"keys": [str(key) for key in keys]}
    return {"conditions": [dataclasses.asdict(one) for one in conditions]}


def suspend(engine: Engine, unit: Unit, batch_key: int, *, actor: Actor) -> None:
    """Keep what is left for later; what a worker has in hand it finishes. Raises Conflict for one that is not open."""
    _change(engine, unit, batch_key, actor, "SUSPEND", OPEN, "SUSPENDED")


def resume(engine: Engine, unit: Unit, batch_key: int, *, actor: Actor) -> None:
    """Go on with what is left. Raises Conflict for one that is not suspended."""
    _change(engine, unit, batch_key, actor, "RESUME", ("SUSPENDED",), "ACTIVE")
    engine.ring(unit)


def cancel(engine: Engine, unit: Unit, batch_key: int, *, actor: Actor) -> None:
    """Drop what is left; what is done stays done. Raises Conflict for one that is over."""
    _change(engine, unit, batch_key, actor, "CANCEL", (*OPEN, "SUSPENDED"), "CANCELED")


def _change(
    engine: Engine, unit: Unit, key: int, actor: Actor, operation: str, states: Sequence[str], state: str
) -> None:
    if unit.autocommit:
        with engine.database.transaction() as inside:
            _change(engine, inside, key, actor, operation, states, state)
        return
    row = unit.one(sql.LOCK, (key,))
    if row is None:
        raise NotFound(say("There is no batch operation {key}. Check the key.", key=key))
    before, started_at, _, ended_at = row
    if before not in states:
        raise Conflict(
            say(
                "Batch {key} is {state}{at}; nothing changes.", key=key, state=before, at=f" {stamp(ended_at)}".rstrip()
            )
        )
    now = engine.clock.now()
    if state == "ACTIVE" and started_at is None:
        state = "CREATED"
    unit.run(sql.SET_STATE, (state, now if state == "CANCELED" else None, key))
    if state == "CANCELED":
        unit.run(sql.CANCEL_ITEMS, (now, key))
    _note(engine, unit, actor, operation, key)


def run_some(
    engine: Engine, database: Database, limit: int = 20, *, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Do up to `limit` items of open batches, the oldest batch first. Tells how many there were; ends what is done.

    For a worker's loop; several may run at once. What a turn owes other instances is left to the workers.
    """
    once, done = database.once(), 0
    if not once.one(sql.ANY)[0]:
        return 0
    once.run(sql.BEGIN, (engine.clock.now(),))
    found = once.all(limited(sql.LOOK, limit * SPREAD))
    for batch_key, item_key in random.sample(found, min(limit, len(found))):
        if stopped():
            break
        try:
            with database.transaction() as unit:
                row = unit.one(sql.TAKE, (batch_key, item_key))
                if row is not None:
                    _do(engine, unit, _Item._make(row))
            done += row is not None
        except (DeadlockDetected, SerializationFailure, Unavailable) as fault:
            log.info("an item of a batch is tried again: %s", fault)
            done += 1
    once.run(sql.FINISH, (engine.clock.now(),))
    return done


def _do(engine: Engine, unit: Unit, item: _Item) -> None:
    """The act and its result in one. A refusal takes back the act, and stands as the result."""
    actor = Actor(id=item.created_by, kind=cast(ActorKind, item.actor_kind), ip=item.ip, batch=item.batch_key)
    state, message = "COMPLETED", None
    unit.run("savepoint act")
    try:
        _make(kind_of(item.kind), item.payload, item.reason)(engine, unit, item.key, actor)
    except Unavailable:
        raise
    except Refusal as refusal:
        state, message = _failed(unit, str(refusal))
    except (DeadlockDetected, SerializationFailure):
        raise
    except Exception as error:  # the boundary: one item that cannot be done never stops the others of its batch
        log.exception("an item of batch %s failed: %s", item.batch_key, item.key)
        state, message = _failed(unit, f"{type(error).__name__}: {error}")
    unit.run(sql.DONE, (state, message, engine.clock.now(), item.batch_key, item.key))


def _failed(unit: Unit, why: str) -> tuple[str, str]:
    unit.run("rollback to savepoint act")
    return "FAILED", why


def _note(engine: Engine, unit: Unit, actor: Actor, operation: str, key: int, **told: Any) -> None:
    audit.note(unit, engine, actor, entity="BATCH", operation=operation, entity_key=key, **told)
