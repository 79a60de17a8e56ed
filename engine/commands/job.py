"""What a handler does with a job: take it under a lease, then complete it, fail it, or throw a BPMN error."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine import rows
from engine.commands import follow_up
from engine.model import Event, InstanceState, Outcome, Values
from engine.rows import JobRow
from engine.store import leases as lease_sql
from engine.store import turns as sql
from engine.turn import Change, Engine, Held, Turned, new_lease, stamp, take_turn
from engine.work import checked
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say

NO_RETRIES = "JOB_NO_RETRIES"
SEEN_EVERY = 5.0
MOST_SEEN = 10_000  # that a process remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job that a worker holds. `token` fences off whoever held it before; `uuid` is the idempotency key outside.

    `until` is by the database's clock. `element_token` is the step in the instance; `variables` are what it saw when it
    came there.
    `created_at` is the engine's moment of that, the same for every attempt.
    """

    key: int
    uuid: UUID
    token: int
    type: str
    instance_key: int
    root_key: int
    definition_key: int
    process_id: str
    version: int
    element: str
    element_token: int
    headers: dict[str, str]
    variables: dict[str, Any]
    retries: int
    attempts: int
    created_at: datetime
    due_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A job that was completed, failed or thrown at, and what became of its instance."""

    key: int
    instance_key: int
    ended: InstanceState | None = None
    incident: bool = False


def activate(
    engine: Engine, unit: Unit, types: Sequence[str], worker: str, timeout_s: float = 60, limit: int = 1
) -> list[Lease]:
    """Take due jobs of these types for `timeout_s` seconds, the longest due first.

    Call it in autocommit: in a transaction others wait for its end. Raises Invalid for a limit or time below zero.
    """
    if limit < 1 or timeout_s <= 0:
        raise Invalid(say("Take at least one job, for more than zero seconds."))
    see(engine, unit, types, worker)
    token = new_lease()
    args = {
        "types": list(types),
        "now": engine.clock.now(),
        "lease": token,
        "timeout": float(timeout_s),
        "worker": worker,
    }
    leased = [_lease(row, token) for row in unit.all(lease_sql.limited(lease_sql.LEASE_JOBS, limit), args)]
    return sorted(leased, key=lambda lease: (lease.due_at, lease.key))


def see(engine: Engine, unit: Unit, types: Sequence[str], worker: str) -> None:
    """Write down that a worker asks for jobs of these types, once in SEEN_EVERY seconds in each process."""
    now = time.monotonic()
    due = sorted({type for type in types if now - engine.seen.get((worker, type), now - SEEN_EVERY) >= SEEN_EVERY})
    if not worker or not due:
        return
    if len(engine.seen) > MOST_SEEN:
        engine.seen.clear()
    engine.seen.update(dict.fromkeys([(worker, type) for type in due], now))
    unit.run(lease_sql.SEE_WORKER, {"name": worker, "types": due, "now": engine.clock.now()})


def complete(
    engine: Engine, unit: Unit, lease: Lease | int, variables: Values | None = None, *, actor: Actor
) -> Finished:
    """The work is done, with these output variables. A bare key completes the job whoever holds it.

    Raises Conflict if the job is over, or if the lease ran out and another worker holds it.
    """

    given = checked(variables)

    def change(held: Held[JobRow]) -> Change:
        job = held.work
        fence = _hold(job, lease)
        run = held.run(suspended=job.lease is not None)
        run.complete(job.token, given)
        event = _event("JOB_COMPLETED", job, {"variables": given})
        return _done(job, fence, run.outcome(), event)

    return _finish(engine, unit, lease, take_turn(engine, unit, rows.JOB, _key(lease), change, actor))


def throw_error(
    engine: Engine,
    unit: Unit,
    lease: Lease | int,
    code: str,
    message: str = "",
    variables: Values | None = None,
    *,
    actor: Actor,
) -> Finished:
    """The work ends with a BPMN error. Where nothing catches it, the element stops with an incident."""

    given = checked(variables)

    def change(held: Held[JobRow]) -> Change:
        job = held.work
        fence = _hold(job, lease)
        run = held.run(suspended=job.lease is not None)
        run.throw_error(job.token, code, message, given)
        event = _event("JOB_ERROR_THROWN", job, {"code": code, "message": message, "variables": given})
        return _done(job, fence, run.outcome(), event, "ERROR_THROWN")

    return _finish(engine, unit, lease, take_turn(engine, unit, rows.JOB, _key(lease), change, actor))


def fail(
    engine: Engine,
    unit: Unit,
    lease: Lease | int,
    message: str,
    retries_left: int | None = None,
    backoff_s: float = 0,
    *,
    actor: Actor,
    kind: str = NO_RETRIES,
) -> Finished:
    """An attempt failed. With retries left the job is due again after `backoff_s`; with none it becomes an incident.

    `retries_left` is one less than before where it is not given. The job keeps its uuid through all of this, so that
    what an attempt has already done outside is not done twice.
    """
    now_empty: list[bool] = []

    def change(held: Held[JobRow]) -> Change:
        job = held.work
        fence = _hold(job, lease)
        if job.lease is None:
            held.awake()
        left = max(0, job.retries - 1 if retries_left is None else retries_left)
        now_empty[:] = [left == 0]
        noted = {
            "state": "CREATED" if left else "FAILED",
            "retries": left,
            "due_at": held.now + timedelta(seconds=max(0.0, backoff_s)),
            "error_code": None,
            "error_message": message,
        }
        events = [_event("JOB_FAILED", job, {"message": message, "retries": left})]
        incidents = [] if left else [_incident(engine, job, kind, message)]
        if not left:
            events.append(_event("INCIDENT_CREATED", job, {"kind": kind, "message": message}))
        return Change(
            statement=sql.NOTE_JOB, events=events, done=job.key, lease=fence, noted=noted, incidents=incidents
        )

    turned = take_turn(engine, unit, rows.JOB, _key(lease), change, actor)
    return Finished(key=_key(lease), instance_key=turned.instance_key, incident=now_empty[0])


def update(
    engine: Engine,
    unit: Unit,
    lease: Lease | int,
    *,
    actor: Actor,
    retries: int | None = None,
    timeout_s: float | None = None,
) -> None:
    """Give a job other retries, or a lease that lasts `timeout_s` seconds from now, or both, in one turn.

    Raises Conflict if the job is over, or if nobody holds the lease that is to be extended; Invalid for nothing, and
    for numbers that are not above zero.
    """
    if retries is None and timeout_s is None:
        raise Invalid(say("Nothing is to be changed. Give retries, a timeout, or both."))
    if retries is not None and retries < 1:
        raise Invalid(say("A job gets at least one retry, not {retries}.", retries=retries))
    if timeout_s is not None and timeout_s <= 0:
        raise Invalid(say("A lease lasts more than zero seconds."))
    key = _key(lease)

    def change(held: Held[JobRow]) -> Change:
        job = held.work
        if job.state not in ("CREATED", "FAILED"):
            raise Conflict(_over(job))
        if timeout_s is not None and (job.lease is None or isinstance(lease, Lease) and job.lease != lease.token):
            raise Conflict(say("Job {key} is not held under this lease. Take it again.", key=key))
        noted = {"retries": retries or job.retries, "timeout_s": timeout_s}
        return Change(
            statement=sql.SET_JOB,
            events=(_updated(job, retries, timeout_s),),
            done=job.key,
            lease=(job.lease or 0) if timeout_s is not None else 0,
            noted=noted,
        )

    take_turn(engine, unit, rows.JOB, key, change, actor)


def _updated(job: JobRow, retries: int | None, timeout_s: float | None) -> Event:
    told = {} if retries is None else {"before": job.retries, "after": retries}
    if timeout_s is None:
        return _event("JOB_RETRIES_UPDATED", job, told)
    return _event("JOB_UPDATED", job, told | {"timeout_s": timeout_s})


def _finish(engine: Engine, unit: Unit, lease: Lease | int, turned: Turned) -> Finished:
    follow_up.settle(engine, unit, turned)
    ended = turned.outcome.ended if turned.outcome else None
    return Finished(key=_key(lease), instance_key=turned.instance_key, ended=ended)


def _key(lease: Lease | int) -> int:
    return lease.key if isinstance(lease, Lease) else lease


def _hold(job: JobRow, lease: Lease | int) -> int:
    """The lease's token, 0 where the caller has none. Raises Conflict where the job is over or another's."""
    if job.state != "CREATED":
        raise Conflict(_over(job))
    if not isinstance(lease, Lease):
        return 0
    if job.lease != lease.token:
        raise Conflict(
            say(
                "Job {key} ({type}) took longer than its lease and was given to another worker. Drop the result.",
                key=job.key,
                type=job.type,
            )
        )
    return lease.token


def _done(job: JobRow, fence: int, outcome: Outcome, event: Event, done_as: str = "COMPLETED") -> Change:
    statement = sql.CHANGE_HELD if fence else sql.CHANGE
    return Change(outcome=outcome, events=(event,), statement=statement, done=job.key, done_as=done_as, lease=fence)


def _over(job: JobRow) -> Any:
    if job.state == "FAILED":
        return say("Job {key} ({type}) has no retries left. Resolve its incident first.", key=job.key, type=job.type)
    return say(
        "Job {key} ({type}) is over: {state} by {who} at {at}. Drop the result.",
        key=job.key,
        type=job.type,
        state=job.state,
        who=job.ended_by,
        at=stamp(job.ended_at),
    )


def _event(kind: str, job: JobRow, told: dict[str, Any]) -> Event:
    return Event(kind=kind, element=job.element, token=job.token, data={"key": job.key, "type": job.type, **told})


def _incident(engine: Engine, job: JobRow, kind: str, message: str) -> dict[str, Any]:
    return {
        "key": engine.keys.next(),
        "token": job.token,
        "element": job.element,
        "kind": kind,
        "message": message,
        "job_key": job.key,
    }


def _lease(row: Sequence[Any], token: int) -> Lease:
    key, uuid, type_, instance_key, root_key, definition_key, process_id, version, element, element_token, *rest = row
    headers, variables, retries, attempts, created_at, due_at, until = rest
    return Lease(
        key=key,
        uuid=uuid,
        token=token,
        type=type_,
        instance_key=instance_key,
        root_key=root_key,
        definition_key=definition_key,
        process_id=process_id,
        version=version,
        element=element,
        element_token=element_token,
        headers=headers,
        variables=variables or {},
        retries=retries,
        attempts=attempts,
        created_at=created_at,
        due_at=due_at,
        until=until,
    )
