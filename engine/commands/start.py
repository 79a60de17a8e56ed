"""Start a process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import ForeignKeyViolation

from engine import turn
from engine.commands import follow_up
from engine.definitions import Loaded
from engine.model import Outcome, Values
from engine.spiff import runtime
from engine.store import definitions as definition_sql
from engine.store import turns as sql
from engine.turn import TRIES, Engine, Host, Turned, stamp
from engine.work import checked
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, Unavailable
from kernel.text import Text, say

LATEST = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A new instance. `ended` if it came to its end without waiting for anything."""

    instance_key: int
    definition_key: int
    process_id: str
    version: int
    ended: str | None = None


def start(
    engine: Engine,
    unit: Unit,
    *,
    actor: Actor,
    process_id: str | None = None,
    definition_key: int | None = None,
    variables: Values | None = None,
    version: int = LATEST,
    start_element: str | None = None,
    payload: Values | None = None,
    business_id: str | None = None,
    tags: Sequence[str] = (),
) -> Started:
    """Start an instance of a process, by its definition's key, or by its id in its latest or a given version.

    `start_element` is a start event's id where it is not the plain one, `payload` what its message or signal brings.
    `business_id` is the number that people know the case by. Raises NotFound for an unknown process or start event and
    Conflict for a process that has no plain start event or a version that was withdrawn.
    """
    if (process_id is None) == (definition_key is None):
        raise Invalid(say("Name the process to start either by its id or by the key of its definition."))
    latest = definition_key is None and version == LATEST
    more: dict[str, Any] = {"named": True, "latest": latest, "business_id": business_id, "tags": list(tags)}
    given, brought = checked(variables), None if payload is None else checked(payload)
    for _ in range(TRIES):
        loaded = _find(engine, unit, process_id, definition_key, version)
        now = engine.clock.now()
        host = Host(engine, unit, loaded.deployment_key, now)
        outcome = runtime.start(loaded.model, host=host, variables=given, start_element=start_element, payload=brought)
        turned = _begin(engine, unit, loaded, outcome, actor, now, more)
        if turned is not None:
            follow_up.settle(engine, unit, turned)
            return started(turned.instance_key, loaded, outcome)
        engine.definitions.forget_latest(loaded.id)
        engine.definitions.forget(loaded.key)
        if not latest:
            _refuse_withdrawn(unit, loaded)
    raise Unavailable(_meanwhile(process_id))


def _begin(
    engine: Engine, unit: Unit, loaded: Loaded, outcome: Outcome, actor: Actor, now: datetime, more: dict[str, Any]
) -> Turned | None:
    """None where the version was withdrawn, deleted or followed by another in this moment."""
    try:
        return turn.begin(engine, unit, sql.START, loaded, outcome, actor, now, more)
    except ForeignKeyViolation:
        if unit.autocommit:
            return None
        raise Unavailable(_meanwhile(loaded.id)) from None


def _refuse_withdrawn(unit: Unit, loaded: Loaded) -> None:
    row = unit.one(definition_sql.WITHDRAWN, (loaded.key,))
    if row is not None and row[0] is not None:
        raise Conflict(
            say(
                "Version {version} of {id} was withdrawn by {who} at {at}: it starts nothing new. Start the latest, or "
                "restore it first.",
                version=loaded.version,
                id=loaded.id,
                who=row[1],
                at=stamp(row[0]),
            )
        )


def _meanwhile(process_id: str | None) -> Text:
    return say("Process {id} is being deployed just now. Try again in a moment.", id=process_id)


def started(instance_key: int, loaded: Loaded, outcome: Outcome) -> Started:
    """What is told of a new instance."""
    return Started(
        instance_key=instance_key,
        definition_key=loaded.key,
        process_id=loaded.id,
        version=loaded.version,
        ended=outcome.ended,
    )


def _find(engine: Engine, unit: Unit, process_id: str | None, definition_key: int | None, version: int) -> Loaded:
    if process_id is None:
        return engine.definitions.process(unit, definition_key or 0)
    if version == LATEST:
        return engine.definitions.latest(unit, process_id)
    return engine.definitions.version(unit, process_id, version)
