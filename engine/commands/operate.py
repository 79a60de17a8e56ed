"""What operators do with an instance: cancel it, retry what stopped, set variables."""

from typing import Any

from engine import rows
from engine.commands import follow_up
from engine.model import Event, Values
from engine.rows import IncidentRow
from engine.store import turns as sql
from engine.turn import LIVE, Change, Engine, Held, ended, stamp, take_turn
from engine.work import checked
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say


def cancel(engine: Engine, unit: Unit, instance_key: int, *, actor: Actor, reason: str = "") -> None:
    """End an instance and every process that it called.

    Raises Conflict if it is over, was called by another, or if something outside depends on it (`ports.CancelCheck`).
    """

    def change(held: Held[None]) -> Change:
        row = held.instance
        if row.state not in LIVE:
            raise Conflict(ended(row))
        if row.parent_key is not None:
            raise Conflict(
                say(
                    "Instance {key} was called by instance {parent}. Cancel {root}, which began it all.",
                    key=row.key,
                    parent=row.parent_key,
                    root=row.root_key,
                )
            )
        if engine.cancel_check is not None:
            engine.cancel_check(held.unit, row.key)
        run = held.run(suspended=True)
        run.cancel()
        event = Event(kind="INSTANCE_CANCELED", data={"reason": reason} if reason else None)
        return Change(outcome=run.outcome(), events=(event,))

    turned = take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
    follow_up.settle(engine, unit, turned)


def retry_incident(engine: Engine, unit: Unit, key: int, *, actor: Actor, retries: int = 1) -> None:
    """Try again what stopped. A failed job gets `retries` new attempts under its old uuid; anything else runs anew.

    What fails again is a new incident. Raises Conflict if the incident is resolved already.
    """
    job_key: list[int] = []

    def change(held: Held[IncidentRow]) -> Change:
        incident = held.work
        if incident.state != "ACTIVE":
            raise Conflict(
                say(
                    "Incident {key} was resolved by {who} at {at}. Reload and look again.",
                    key=incident.key,
                    who=incident.resolved_by,
                    at=stamp(incident.resolved_at),
                )
            )
        event = Event(
            kind="INCIDENT_RETRIED", element=incident.element, token=incident.token, data={"key": incident.key}
        )
        if incident.job_key is not None:
            job_key[:] = [incident.job_key]
            return _new_attempts(held, incident, event, max(1, retries))
        run = held.run(suspended=True)
        run.retry(incident.token)
        return Change(outcome=run.outcome(), events=(event,))

    turned = take_turn(engine, unit, rows.INCIDENT, key, change, actor)
    if job_key:
        engine.ring(unit)
    follow_up.settle(engine, unit, turned)


def _new_attempts(held: Held[Any], incident: IncidentRow, event: Event, retries: int) -> Change:
    noted = {
        "state": "CREATED",
        "retries": retries,
        "due_at": held.now,
        "error_code": None,
        "error_message": incident.message,
    }
    return Change(statement=sql.NOTE_JOB, events=(event,), done=incident.job_key or 0, noted=noted)


def set_variables(
    engine: Engine,
    unit: Unit,
    instance_key: int,
    variables: Values,
    *,
    actor: Actor,
    scope: int = 0,
    local: bool = False,
    reason: str = "",
) -> None:
    """Set variables as seen from a scope (a step's token, 0 for the process); at that very level if `local`."""

    given = checked(variables)

    def change(held: Held[None]) -> Change:
        run = held.run(suspended=True)
        run.set_variables(given, scope, local)
        data = {"variables": given, "local": local, **({"reason": reason} if reason else {})}
        event = Event(kind="VARIABLES_SET", token=scope, data=data)
        return Change(outcome=run.outcome(), events=(event,))

    turned = take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
    follow_up.settle(engine, unit, turned)
