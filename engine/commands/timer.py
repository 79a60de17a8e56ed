"""Fire a timer that is due; move one, or fire it at once, by hand."""

from datetime import UTC, datetime
from typing import Any

from engine import audit, rows, turn
from engine.commands import follow_up
from engine.model import Event
from engine.rows import TimerRow
from engine.spiff import runtime
from engine.spiff.timers import Due
from engine.store import timers as timer_sql
from engine.store import turns as sql
from engine.turn import Change, Engine, Held, Host, Skipped, Turned, take_turn
from kernel.actor import Actor, system
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

TIMER = system("timer")
EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)


def fire(engine: Engine, unit: Unit, timer_key: int, actor: Actor = TIMER) -> bool:
    """Let a due timer fire: a step of an instance, or a start. False if it is not due, has fired or fell away."""
    try:
        turned = _fire(engine, unit, timer_key, actor, "TIMER_FIRED", {})
    except NotFound:
        return _start_if_due(engine, unit, timer_key, actor)
    except (Conflict, Skipped):
        return False
    follow_up.settle(engine, unit, turned)
    return True


def fire_now(engine: Engine, unit: Unit, timer_key: int, *, actor: Actor, reason: str = "") -> None:
    """Let a timer fire before it is due, with all that follows. A cycle goes on as if its time had come.

    Raises NotFound for a timer that has fired or fell away, Conflict where its instance is suspended or where a cycle
    that starts a process has made its last start.
    """
    try:
        turned = _fire(engine, unit, timer_key, actor, "TIMER_FIRED_BY_HAND", {"reason": reason})
    except NotFound:
        _start_now(engine, unit, timer_key, actor, reason)
        return
    follow_up.settle(engine, unit, turned)


def move(engine: Engine, unit: Unit, timer_key: int, due_at: datetime, *, actor: Actor, reason: str = "") -> datetime:
    """Give a timer another due date: one of an instance, or one that starts a process. Tells it as it is kept.

    One that has passed means: at once. Of a cycle the next firing is moved, and those after it are counted from there.
    The timer of a suspended instance may be moved; it fires once that is resumed. Raises NotFound for a timer that has
    fired or fell away, Invalid for an instant without a zone or out of the calendar.
    """
    if due_at.tzinfo is None:
        raise Invalid(say("{at} has no time zone. Write it with an offset, such as +08:00.", at=due_at.isoformat()))
    _check_year(due_at)
    kept: list[datetime] = []

    def change(held: Held[TimerRow]) -> Change:
        timer, run = held.work, held.run(suspended=True)
        kept[:] = [run.move_timer(timer.token, timer.event, due_at)]
        told = {"key": timer.key, "from": timer.due_at, "to": kept[0], "reason": reason}
        event = Event(kind="TIMER_MOVED", element=timer.element, token=timer.token, data=told)
        noted = {"key": timer.key, "due_at": kept[0]}
        return Change(outcome=run.outcome(), events=(event,), statement=sql.MOVE_TIMER, noted=noted)

    try:
        take_turn(engine, unit, rows.TIMER, timer_key, change, actor)
    except NotFound:
        _move_start(engine, unit, timer_key, due_at, actor, reason)
        kept[:] = [due_at]
    engine.ring(unit)
    return kept[0]


def _check_year(due_at: datetime) -> None:
    """What no calendar of ours has as an instant of UTC, and what would leave it with its next rounding, is refused."""
    if not EARLIEST <= due_at <= LATEST:
        raise Invalid(say("{at} is out of reach. Give a date from the year 1 to the year 9998.", at=due_at.isoformat()))


def _fire(engine: Engine, unit: Unit, timer_key: int, actor: Actor, kind: str, told: dict[str, Any]) -> Turned:
    """The turn of a timer: as its time has come, or as somebody wants it now."""

    def change(held: Held[TimerRow]) -> Change:
        timer = held.work
        if kind == "TIMER_FIRED" and timer.due_at > held.now:
            raise Skipped
        run = held.run()
        run.trigger(timer.token, timer.event)
        data = {"due_at": timer.due_at.isoformat(), **told}
        event = Event(kind=kind, element=timer.element, token=timer.token, data=data)
        return Change(outcome=run.outcome(), events=(event,))

    try:
        return take_turn(engine, unit, rows.TIMER, timer_key, change, actor)
    except Invalid as refused:
        return _stop(engine, unit, timer_key, str(refused), actor)


def _stop(engine: Engine, unit: Unit, timer_key: int, reason: str, actor: Actor) -> Turned:
    """What the timer leads to cannot be kept: its step stops with an incident, or it would fire in vain for ever."""

    def change(held: Held[TimerRow]) -> Change:
        run = held.run()
        run.fail(held.work.token, "TIMER_ERROR", reason)
        return Change(outcome=run.outcome())

    return take_turn(engine, unit, rows.TIMER, timer_key, change, actor)


def _start_if_due(engine: Engine, unit: Unit, timer_key: int, actor: Actor) -> bool:
    row = unit.one(timer_sql.READ_START_TIMER, (timer_key,))
    if row is None or row[4] is None or row[4] > engine.clock.now():
        return False
    turned = _start(engine, unit, row, actor)
    if turned is None:
        return False
    follow_up.settle(engine, unit, turned)
    return True


def _start(engine: Engine, unit: Unit, row: Any, actor: Actor) -> Turned | None:
    """Start the process of a start timer and move that on. None if another has done so meanwhile."""
    key, _, element, definition_key, due_at, left, period = row
    now = engine.clock.now()
    loaded = engine.definitions.process(unit, definition_key)
    following = Due(due_at, left, period).next(now, engine.zone)
    host = Host(engine, unit, loaded.deployment_key, now)
    outcome = runtime.start(loaded.model, host=host, variables={}, start_element=element)
    more = {
        "start_timer": key,
        "was_due": due_at,
        "next_due": following.at if following else None,
        "left": following.left if following else 0,
    }
    return turn.begin(engine, unit, sql.TIMED, loaded, outcome, actor, now, more)


def _start_now(engine: Engine, unit: Unit, timer_key: int, actor: Actor, reason: str) -> None:
    """The start and its entry in the audit are one transaction; what the start owes is done after it."""
    if unit.autocommit:
        with engine.database.transaction() as inside:
            _start_now(engine, inside, timer_key, actor, reason)
        follow_up.drain(engine, unit)
        return
    row = _of_start(unit, timer_key)
    turned = _start(engine, unit, row, actor)
    if turned is None:
        raise Conflict(say("Timer {key} has started its process in this moment. Reload and look again.", key=timer_key))
    _note(engine, unit, row, "TRIGGER", actor, instance=turned.instance_key, due_at=row[4], reason=reason)


def _move_start(engine: Engine, unit: Unit, timer_key: int, due_at: datetime, actor: Actor, reason: str) -> None:
    if unit.autocommit:
        with engine.database.transaction() as inside:
            _move_start(engine, inside, timer_key, due_at, actor, reason)
        return
    row = _of_start(unit, timer_key)
    unit.run(timer_sql.MOVE_START_TIMER, (due_at, timer_key))
    _note(engine, unit, row, "UPDATE", actor, **{"from": row[4], "to": due_at, "reason": reason})


def _of_start(unit: Unit, timer_key: int) -> Any:
    """The row of a start timer, locked. Raises as for any timer where there is none, Conflict after its last start."""
    row = unit.one(timer_sql.LOCK_START_TIMER, (timer_key,))
    if row is None:
        raise NotFound(rows.TIMER.missing(timer_key))
    if row[4] is None:
        raise Conflict(say("Timer {key} has made its last start of {process}.", key=timer_key, process=row[1]))
    return row


def _note(engine: Engine, unit: Unit, row: Any, operation: str, actor: Actor, **told: Any) -> None:
    key, process_id, element, definition_key, *_ = row
    audit.note(
        unit,
        engine,
        actor,
        entity="TIMER",
        operation=operation,
        entity_key=key,
        process_id=process_id,
        definition_key=definition_key,
        element=element,
        **told,
    )
