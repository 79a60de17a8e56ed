"""Called processes (BPMN 2.0.2, 10.3.6): each is an instance of its own with its caller's key."""

from typing import Any

from engine import rows, turn
from engine.commands.errand import ENGINE, Errand, drop
from engine.definitions import Loaded
from engine.model import Event, Reference
from engine.rows import InstanceRow
from engine.spiff import runtime
from engine.store import leases as lease_sql
from engine.store import turns as sql
from engine.store import upkeep as upkeep_sql
from engine.turn import LIVE, Change, Engine, Held, Host, Skipped, Turned, take_turn
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from kernel.text import say

DEEPEST = 50
MOST_AT_ONCE = 2000  # instances that may run under one that was started by itself
NOT_CALLED = "CALLED_ELEMENT_ERROR"
STANDING = {"SUSPENDED": "INSTANCE_SUSPENDED", "ACTIVE": "INSTANCE_RESUMED"}  # how the history tells each state
_RUNNING = "select count(*) from (select from instance where root_key = %s and ended_at is null limit %s) running"


def start_called(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """Start the process that an element calls. What prevents it becomes an incident at that element."""
    row = unit.one(sql.READ_INSTANCE, (errand.target,))
    if row is None or errand.token is None:
        return drop(unit, errand)
    caller = InstanceRow._make(row)
    if caller.state not in LIVE:
        return drop(unit, errand)
    try:
        loaded = _called(engine, unit, caller, errand)
        now = engine.clock.now()
        host = Host(engine, unit, loaded.deployment_key, now)
        outcome = runtime.start(loaded.model, host=host, variables=errand.payload["variables"])
        turned = turn.begin(engine, unit, sql.CALLED, loaded, outcome, ENGINE, now, _kinship(caller, errand))
    except Refusal as refusal:  # also a first turn that cannot be kept
        return stop_caller(engine, unit, errand, str(refusal))
    return [turned] if turned is not None else drop(unit, errand)


def _kinship(caller: InstanceRow, errand: Errand) -> dict[str, Any]:
    return {
        "parent": caller.key,
        "parent_token": errand.token,
        "root": caller.root_key,
        "depth": caller.depth + 1,
        "errand": errand.key,
        "errand_lease": errand.lease,
    }


def _called(engine: Engine, unit: Unit, caller: InstanceRow, errand: Errand) -> Loaded:
    if caller.depth >= DEEPEST:
        raise Conflict(
            say(
                "Calls are nested more than {depth} deep. Does {process} call itself without end?",
                depth=DEEPEST,
                process=caller.process_id,
            )
        )
    if unit.one(_RUNNING, (caller.root_key, MOST_AT_ONCE))[0] >= MOST_AT_ONCE:
        raise Conflict(
            say(
                "{most} instances run under instance {root} already. Does {process} call itself without end? End "
                "some of them, or start the rest by a message.",
                most=MOST_AT_ONCE,
                root=caller.root_key,
                process=caller.process_id,
            )
        )
    payload = errand.payload
    reference = Reference(id=payload["process"], binding=payload["binding"], version_tag=payload["version_tag"])
    deployment = engine.definitions.get(unit, caller.definition_key).deployment_key
    return engine.definitions.bound(unit, "process", reference, deployment)


def stop_caller(engine: Engine, unit: Unit, errand: Errand, reason: str) -> list[Turned]:
    """The call cannot begin or end as it should: an incident at the calling element."""

    def change(held: Held[None]) -> Change:
        run = held.run(suspended=True)
        run.fail(errand.token or 0, NOT_CALLED, reason)
        return Change(outcome=run.outcome(), errand=errand.key, errand_lease=errand.lease)

    return _turn(engine, unit, errand, change)


def answer_caller(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """A called process has ended: its caller goes on with its variables."""

    def change(held: Held[None]) -> Change:
        run, token = held.run(suspended=True), errand.token or 0
        event = Event(kind="CALL_RETURNED", element=run.element(token), token=token)
        run.call_ended(token, errand.payload["variables"])
        return Change(outcome=run.outcome(), events=(event,), errand=errand.key, errand_lease=errand.lease)

    try:
        return _turn(engine, unit, errand, change)
    except Invalid as refused:  # what the caller goes on to cannot be kept
        return stop_caller(engine, unit, errand, str(refused))


def throw_to_caller(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """An error or escalation that the called process did not catch is thrown at the calling element.

    A caller that does not catch it either hands it on to its own caller; the incident stays where it was thrown.
    """
    thrown = errand.payload
    outer: list[InstanceRow] = []

    def change(held: Held[None]) -> Change:
        run, token = held.run(suspended=True), errand.token or 0
        if not run.catches(token, thrown["kind"], thrown["code"]):
            outer.append(held.instance)
            raise Skipped
        event = Event(kind="CALL_THREW", element=run.element(token), token=token, data=thrown)
        if thrown["kind"] == "error":
            run.throw_error(token, thrown["code"], thrown["message"], thrown["variables"])
        else:
            run.throw_escalation(token, thrown["code"], thrown["variables"])
        return Change(outcome=run.outcome(), events=(event,), errand=errand.key, errand_lease=errand.lease)

    turned = _turn(engine, unit, errand, change, keep=True)
    if outer and outer[-1].parent_key is not None:
        above = outer[-1]
        unit.run(lease_sql.RAISE_FOLLOW_UP, (above.parent_key, above.parent_token, errand.key, errand.lease))
        return [Turned(instance_key=above.key, outcome=None, owed=[errand.key], holder=errand.lease)]
    return turned or drop(unit, errand)


def cancel_called(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """The calling element fell away, and with it the instance that it called."""

    def change(held: Held[None]) -> Change:
        run = held.run(suspended=True)
        run.cancel()
        event = Event(kind="INSTANCE_CANCELED", data={"by": held.instance.parent_key})
        return Change(outcome=run.outcome(), events=(event,), errand=errand.key, errand_lease=errand.lease)

    return _turn(engine, unit, errand, change)


def follow_caller(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
    """A called instance stands still, or goes on, as its caller does by now."""

    def change(held: Held[None]) -> Change:
        row = held.instance
        caller = held.unit.one(upkeep_sql.STATE, (row.parent_key,))
        wanted = caller[0] if caller else ""
        if wanted not in LIVE or row.state in (wanted, "COMPLETED", "TERMINATED"):
            raise Skipped
        noted = {"state": wanted, "parent": row.parent_key}
        event = Event(kind=STANDING[wanted], data={"by": row.parent_key})
        return Change(
            statement=upkeep_sql.SUSPEND,
            events=(event,),
            noted=noted,
            errand=errand.key,
            errand_lease=errand.lease,
        )

    turned = _turn(engine, unit, errand, change)
    engine.ring(unit)
    return turned


def _turn(engine: Engine, unit: Unit, errand: Errand, change: turn.Changes[None], keep: bool = False) -> list[Turned]:
    """The turn that settles an errand. Where the instance has moved on there is nothing to settle."""
    try:
        return [take_turn(engine, unit, rows.INSTANCE, errand.target, change, ENGINE)]
    except (Conflict, NotFound, Skipped):
        return [] if keep else drop(unit, errand)
