"""Fire a timer."""

from engine import rows, turn
from engine.commands import follow_up
from engine.model import Event
from engine.rows import TimerRow
from engine.spiff import runtime
from engine.spiff.timers import Due
from engine.store import leases as lease_sql
from engine.store import turns as sql
from engine.turn import Change, Engine, Held, Host, Skipped, Turned, take_turn
from kernel.actor import Actor, system
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound

TIMER = system("timer")


def fire(engine: Engine, unit: Unit, timer_key: int, actor: Actor = TIMER) -> bool:
    """Let a due timer fire: a step of an instance, or a start. False if it is not due, has fired or fell away."""

    def change(held: Held[TimerRow]) -> Change:
        timer = held.work
        if timer.due_at > held.now:
            raise Skipped
        run = held.run()
        run.trigger(timer.token, timer.event)
        event = Event(
            kind="TIMER_FIRED", element=timer.element, token=timer.token, data={"due_at": timer.due_at.isoformat()}
        )
        return Change(outcome=run.outcome(), events=(event,))

    try:
        turned = take_turn(engine, unit, rows.TIMER, timer_key, change, actor)
    except NotFound:
        return _start(engine, unit, timer_key, actor)
    except (Conflict, Skipped):
        return False
    except Invalid as refused:
        turned = _stop(engine, unit, timer_key, str(refused), actor)
    follow_up.settle(engine, unit, turned)
    return True


def _stop(engine: Engine, unit: Unit, timer_key: int, reason: str, actor: Actor) -> Turned:
    """What the timer leads to cannot be kept: its step stops with an incident, or it would fire in vain for ever."""

    def change(held: Held[TimerRow]) -> Change:
        run = held.run()
        run.fail(held.work.token, "TIMER_ERROR", reason)
        return Change(outcome=run.outcome())

    return take_turn(engine, unit, rows.TIMER, timer_key, change, actor)


def _start(engine: Engine, unit: Unit, timer_key: int, actor: Actor) -> bool:
    row = unit.one(lease_sql.READ_START_TIMER, (timer_key,))
    now = engine.clock.now()
    if row is None or row[4] is None or row[4] > now:
        return False
    key, _, element, definition_key, due_at, left, period = row
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
    turned = turn.begin(engine, unit, sql.TIMED, loaded, outcome, actor, now, more)
    if turned is None:
        return False
    follow_up.settle(engine, unit, turned)
    return True
