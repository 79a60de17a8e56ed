"""Bring messages and signals to those who wait for them, one turn each.

A message reaches a process once (one of its instances, or a new one), however often its delivery is begun: the row in
`correlation` is written by the very turn that receives it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation

from engine import rows, turn
from engine.commands.errand import ENGINE, Errand, drop
from engine.model import Event
from engine.rows import SubscriptionRow
from engine.spiff import runtime
from engine.store import messages as message_sql
from engine.store import turns as sql
from engine.turn import Change, Engine, Held, Host, Turned, take_turn
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound

CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message as it is delivered."""

    key: int
    name: str
    correlation_key: str
    variables: dict[str, Any]
    published_by: str
    expires_at: datetime


def deliver_message(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """Bring a message to everyone who waits for it now, and start the processes that it starts."""
    message = _read(unit, errand.payload["message"])
    if message is None:
        return drop(unit, errand)
    turns = []
    at_stake = {"name": message.name, "correlation_key": message.correlation_key, "message": message.key}
    for _ in range(CANDIDATES):  # a subscription that closes meanwhile gives way to the next of its process
        waiting = unit.all(message_sql.WAITING, at_stake)
        turns += [turned for key, _ in waiting if (turned := _receive(engine, unit, message, key))]
        if not waiting:
            break
    for process_id, element, definition_key in unit.all(message_sql.STARTING, at_stake):
        turned = _start(engine, unit, message, process_id, element, definition_key)
        turns += [turned] if turned else []
    drop(unit, errand)
    return turns


def look_for_messages(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """An instance waits for messages: perhaps they are there already."""
    turns = []
    at_stake = {"instance": errand.target, "now": engine.clock.now()}
    for _ in range(CANDIDATES):
        found = unit.one(message_sql.BUFFERED, at_stake)
        if found is None:
            break
        message = _read(unit, found[0])
        turned = message and _receive(engine, unit, message, found[1])
        turns += [turned] if turned else []
    drop(unit, errand)
    return turns


def start_held_back(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """An instance that a message started is over: the next message of the same key may start another."""
    found = unit.one(message_sql.HELD_BACK, errand.payload | {"now": engine.clock.now()})
    if found is None:
        return drop(unit, errand)
    return deliver_message(
        engine,
        unit,
        Errand(
            key=errand.key,
            kind=errand.kind,
            instance_key=None,
            token=None,
            payload={"message": found[0]},
            lease=errand.lease,
        ),
    )


def spread_signal(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """Owe a signal to each of its listeners."""
    (keys,) = unit.one(message_sql.SPREAD_SIGNAL, {"key": errand.key, "lease": errand.lease})
    return [Turned(instance_key=0, outcome=None, owed=keys, holder=errand.lease)]


def trigger(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """A listener hears a signal."""

    def change(held: Held[SubscriptionRow]) -> Change:
        waits, run = held.work, held.run()
        run.trigger(waits.token, waits.event, errand.payload["variables"])
        event = Event(
            kind="SIGNAL_RECEIVED",
            element=waits.element,
            token=waits.token,
            data={"name": waits.name, "variables": errand.payload["variables"]},
        )
        return Change(outcome=run.outcome(), events=(event,), errand=errand.key, errand_lease=errand.lease)

    listener = errand.payload["subscription"]
    try:
        return [take_turn(engine, unit, rows.SUBSCRIPTION, listener, change, ENGINE)]
    except (Conflict, NotFound):
        return drop(unit, errand)
    except Invalid as refused:
        return [_stop(engine, unit, listener, str(refused)), *drop(unit, errand)]


def start_by_signal(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """A signal starts a process."""
    payload, now = errand.payload, engine.clock.now()
    loaded = engine.definitions.process(unit, payload["definition"])
    host = Host(engine, unit, loaded.deployment_key, now)
    outcome = runtime.start(
        loaded.model, host=host, variables={}, start_element=payload["element"], payload=payload["variables"]
    )
    more = {"errand": errand.key, "errand_lease": errand.lease}
    turned = turn.begin(engine, unit, sql.OWING, loaded, outcome, ENGINE, now, more)
    return [turned] if turned is not None else []


def _read(unit: Unit, key: int) -> Published | None:
    row = unit.one(message_sql.READ, (key,))
    if row is None:
        return None
    key, name, correlation_key, variables, published_by, expires_at = row
    return Published(
        key=key,
        name=name,
        correlation_key=correlation_key,
        variables=variables,
        published_by=published_by,
        expires_at=expires_at,
    )


def _receive(engine: Engine, unit: Unit, message: Published, subscription: int) -> Turned | None:
    def change(held: Held[SubscriptionRow]) -> Change:
        waits, run = held.work, held.run()
        run.trigger(waits.token, waits.event, message.variables)
        event = Event(
            kind="MESSAGE_RECEIVED",
            element=waits.element,
            token=waits.token,
            data={
                "name": message.name,
                "message": message.key,
                "from": message.published_by,
                "variables": message.variables,
            },
        )
        return Change(outcome=run.outcome(), events=(event,), message=message.key)

    try:
        return take_turn(engine, unit, rows.SUBSCRIPTION, subscription, change, ENGINE)
    except (Conflict, NotFound, UniqueViolation):  # closed meanwhile, or its process has the message already
        return None
    except Invalid as refused:
        return _stop(engine, unit, subscription, str(refused))


def _stop(engine: Engine, unit: Unit, subscription: int, reason: str) -> Turned:
    """What is heard leads to something that cannot be kept: an incident at the element that heard it."""

    def change(held: Held[SubscriptionRow]) -> Change:
        run = held.run()
        run.fail(held.work.token, "MESSAGE_ERROR", reason)
        return Change(outcome=run.outcome())

    return take_turn(engine, unit, rows.SUBSCRIPTION, subscription, change, ENGINE)


def _start(
    engine: Engine, unit: Unit, message: Published, process_id: str, element: str, definition_key: int
) -> Turned | None:
    loaded, now = engine.definitions.process(unit, definition_key), engine.clock.now()
    host = Host(engine, unit, loaded.deployment_key, now)
    outcome = runtime.start(loaded.model, host=host, variables={}, start_element=element, payload=message.variables)
    more = {"message": message.key, "correlation_key": message.correlation_key or None}
    try:
        return turn.begin(engine, unit, sql.START, loaded, outcome, ENGINE, now, more)
    except UniqueViolation:  # another delivery of it, or of one with the same key, came first
        return None
