"""An instance takes one turn: whatever happens to it comes through `take_turn`.

A turn reads the instance and the work that is at stake, lets the command change it, and writes the new state, the
difference of open work and the journal in one fenced statement. If someone else's turn came in between, nothing is
written and the turn is taken again on what stands now. It works in autocommit, where its one statement is its
transaction, and inside a transaction, where the instance stays locked until that ends.

What a turn owes other instances (`follow_up`) is written with it, and done afterwards by `commands.follow_up`.
"""

import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Generic, TypeVar

from psycopg.errors import DeadlockDetected, SerializationFailure

from engine import journal, work
from engine.decisions import DeployedDecisions
from engine.definitions import Definitions, Loaded
from engine.model import Event, Outcome, Reference, Value, Values
from engine.ports import CancelCheck, Decisions, FormCheck, Removal, RetentionFloor, SuspendCheck
from engine.rows import InstanceRow, Reader
from engine.spiff.runtime import Run
from engine.store import turns as sql
from engine.store.parts import Write
from feel import Functions
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Database, Statement, Unit
from kernel.errors import Conflict, NotFound, Unavailable
from kernel.ids import Keys
from kernel.text import say

TRIES = 10
PAUSE_S = 0.004  # before the third try and later ones, at random and longer each time
CHANNEL = "jiaojie_work"
QUIET_S = 0.02
LIVE = ("ACTIVE", "SUSPENDED")  # the states of an instance that is not over

W = TypeVar("W")


class Engine:
    """What every command needs, built once: the database, the clock, keys, and what is deployed.

    `functions` are those of the application that expressions and decisions may call, `zone` is where the organisation
    reads the clock: for cron, `now()` and `today()`.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keys: Keys | None = None,
        *,
        decisions: Decisions | None = None,
        form_check: FormCheck | None = None,
        cancel_check: CancelCheck | None = None,
        suspend_check: SuspendCheck | None = None,
        retention_floor: RetentionFloor | None = None,
        removal: Removal | None = None,
        functions: Functions | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self.database = database
        self.clock = clock
        self.keys = keys or Keys(database)
        self.definitions = Definitions(functions)
        self.decisions: Decisions = decisions or DeployedDecisions(self.definitions)
        self.form_check = form_check
        self.cancel_check = cancel_check
        self.suspend_check = suspend_check
        self.retention_floor = retention_floor
        self.removal = removal
        self.zone = zone
        self.seen: dict[tuple[str, str], float] = {}  # when each worker was last written down for a type
        self._rang = 0.0

    def ring(self, unit: Unit) -> None:
        """Wake the workers, at most once in QUIET_S: their own short poll finds what was not rung for."""
        now = time.monotonic()
        if now - self._rang > QUIET_S:
            self._rang = now
            unit.run(sql.RING, (CHANNEL,))


@dataclass(frozen=True, slots=True)
class Host:
    """What a run asks of the world, within one turn."""

    engine: Engine
    unit: Unit
    deployment: int
    at: datetime

    def now(self) -> datetime:
        return self.at

    @property
    def zone(self) -> tzinfo:
        return self.engine.zone

    def decide(self, reference: Reference, inputs: Values) -> tuple[Value, Values]:
        now = self.at.astimezone(self.zone)
        return self.engine.decisions.decide(self.unit, reference, self.deployment, inputs, now)


@dataclass(frozen=True, slots=True)
class Held(Generic[W]):
    """An instance and a piece of its work as they were read, at the instant of this turn."""

    engine: Engine
    unit: Unit
    now: datetime
    instance: InstanceRow
    work: W

    def run(self, *, suspended: bool = False) -> Run:
        """The instance restored. Raises Conflict if it has ended, or is suspended and the command does not say that it
        may: what somebody holds already may end, nothing else.
        """
        row = self.instance
        if row.state not in LIVE:
            raise Conflict(ended(row))
        if not suspended:
            self.awake()
        loaded = self.engine.definitions.get(self.unit, row.definition_key)
        return Run.load(row.blob, loaded.model, Host(self.engine, self.unit, loaded.deployment_key, self.now))

    def awake(self) -> None:
        """Raises Conflict if the instance is suspended, saying who did it, when, and what next."""
        row = self.instance
        if row.state != "SUSPENDED":
            return
        who, at = self.unit.one(sql.SUSPENDED_BY, (row.root_key,)) or ("", None)
        raise Conflict(
            say(
                "Instance {key} of {process} is suspended, by {who} at {at}. Resume instance {root} first.",
                key=row.key,
                process=row.process_id,
                who=who,
                at=stamp(at),
                root=row.root_key,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a command does in a turn.

    `outcome` is None where the executor has nothing new (a claim); then `statement` is one of the NOTE statements.
    `events` come before those of the outcome. `done` is the user task or job that the command itself ends, `done_as`
    how; `lease` is held on that job. `errand` and `errand_lease` name the follow-up that this turn settles, `message`
    the message that reaches this process. `noted` and `incidents` are rows for the NOTE statements.
    """

    outcome: Outcome | None = None
    events: Sequence[Event] = ()
    statement: Statement | Write = sql.CHANGE
    done: int = 0
    done_as: str = "COMPLETED"
    lease: int = 0
    errand: int = 0
    errand_lease: int = 0
    message: int = 0
    noted: dict[str, Any] | None = None
    incidents: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A turn that was written. `owed` are keys of follow-ups, held under `holder` by whoever took it, 0 for nobody."""

    instance_key: int
    outcome: Outcome | None
    owed: list[int] = field(default_factory=list)
    holder: int = 0


class Skipped(Exception):
    """The change found that nothing is left to do; nothing is written."""


Changes = Callable[[Held[W]], Change]


def take_turn(engine: Engine, unit: Unit, reader: Reader[W], key: int, change: Changes[W], actor: Actor) -> Turned:
    """Let an instance take one turn. `key` names the work that `reader` reads beside it.

    `change` may be called several times, each time on what stands then; what it raises passes through, and nothing is
    written. Raises NotFound for an unknown key and Unavailable after TRIES lost races.
    """
    for attempt in range(TRIES):
        if attempt > 1:
            time.sleep(random.random() * PAUSE_S * attempt)
        row = unit.one(reader.statement, (key,))
        if row is None:
            raise NotFound(reader.missing(key))
        instance, found = reader.split(row)
        held = Held(engine, unit, engine.clock.now(), instance, found)
        turned = _write(held, change(held), actor)
        if turned is not None:
            return turned
    raise Unavailable(
        say("Case instance {key} is being changed by others just now. Try again in a moment.", key=instance.key)
    )


def _write(held: Held[Any], change: Change, actor: Actor) -> Turned | None:
    engine, unit, row = held.engine, held.unit, held.instance
    holder = new_lease() if unit.autocommit else 0
    args: dict[str, Any] = {
        "instance": row.key,
        "version": row.version,
        "done": change.done,
        "done_as": change.done_as,
        "lease": change.lease,
        "errand": change.errand,
        "errand_lease": change.errand_lease,
        "message": change.message,
        "holder": holder,
    }
    events = list(change.events)
    if actor.batch and events:
        events[0] = events[0]._replace(data={**(events[0].data or {}), "batch": actor.batch})
    outcome = change.outcome
    if outcome is not None:
        events += outcome.events
        args |= work.parameters(outcome, engine.keys, work.Origin.of(row))
        args["state"] = outcome.ended or row.state
        args["blob"] = outcome.state
        args["closing"] = work.closing(outcome, held.work if change.done else None, errand=bool(change.errand))
    else:
        args["incidents"] = work.text(change.incidents)
    args["noted"] = work.text(change.noted)
    args |= history(events, row.journal_seq, row.journal_head, held.now, actor)
    return send(engine, unit, change.statement, args, outcome)


def history(events: Sequence[Event], seq: int, head: bytes, now: datetime, actor: Actor) -> dict[str, Any]:
    """The parameters of every writing statement that tell who did what, when."""
    seq, head, rows = journal.rows(events, seq, head, now, actor)
    return {
        "seq": seq,
        "head": head,
        "history": work.text(rows),
        "now": now,
        "actor": actor.id,
        "actor_kind": actor.kind,
        "ip": actor.ip,
    }


def begin(
    engine: Engine,
    unit: Unit,
    statement: Write,
    loaded: Loaded,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
    more: dict[str, Any],
) -> Turned | None:
    """Write a new instance. `more` is what the statement asks beside, over START_FIELDS. None if its fence is down."""
    key = engine.keys.next()
    holder = new_lease() if unit.autocommit else 0
    args: dict[str, Any] = START_FIELDS | {
        "instance": key,
        "definition": loaded.key,
        "process_id": loaded.id,
        "process_version": loaded.version,
        "state": outcome.ended or "ACTIVE",
        "blob": outcome.state,
        "root": key,
        "holder": holder,
        "closing": "",
    }
    args |= more
    origin = work.Origin(
        key=key,
        process_id=loaded.id,
        parent_key=args["parent"],
        parent_token=args["parent_token"],
        correlation_key=args["correlation_key"],
    )
    args |= work.parameters(outcome, engine.keys, origin)
    args |= history(outcome.events, 0, journal.START, now, actor)
    return send(engine, unit, statement, args, outcome)


START_FIELDS: dict[str, Any] = {
    "named": False,
    "latest": False,
    "parent": 0,
    "parent_token": 0,
    "depth": 0,
    "business_id": None,
    "tags": [],
    "correlation_key": None,
    "errand": 0,
    "errand_lease": 0,
    "message": 0,
}


def send(
    engine: Engine, unit: Unit, statement: Statement | Write, args: dict[str, Any], outcome: Outcome | None
) -> Turned | None:
    """Execute a writing statement. None if its fence is down: nothing was written."""
    try:
        row = statement.one(unit, args)
    except (DeadlockDetected, SerializationFailure):
        if not unit.autocommit:
            raise
        return None
    if row is None:
        return None
    instance_key, owed = row
    if (owed and not args["holder"]) or (outcome is not None and wakes(outcome)):
        engine.ring(unit)
    return Turned(instance_key=instance_key, outcome=outcome, owed=owed, holder=args["holder"])


def wakes(outcome: Outcome) -> bool:
    """Whether workers have something new to look at."""
    return any(type(opened) in work.FOR_WORKERS for opened in outcome.opened)


def new_lease() -> int:
    """A token that nobody else holds, above zero."""
    return secrets.randbits(62) + 1


def ended(row: InstanceRow) -> Any:
    """The sentence for an instance that is over."""
    return say(
        "Instance {key} of {process} is over: {state} at {at}. Start a new one.",
        key=row.key,
        process=row.process_id,
        state=row.state,
        at=stamp(row.ended_at),
    )


def stamp(at: datetime | None) -> str:
    """An instant as refusals show it, in UTC to the minute."""
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}Z"
