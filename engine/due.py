"""What is due: for the workers' loop. By the engine's clock, so that a trial can move it."""

from collections.abc import Sequence
from datetime import datetime

from engine.commands import follow_up, timer
from engine.store import leases as sql
from engine.store import messages as message_sql
from engine.turn import Engine
from kernel.db import Unit


def run(engine: Engine, unit: Unit, limit: int = 20) -> int:
    """Do what turns owe and fire what is due, up to `limit` of each. Tells how many there were."""
    done = follow_up.drain(engine, unit, limit)
    return done + sum(timer.fire(engine, unit, key) for key in due_timers(engine, unit, limit))


def due_timers(engine: Engine, unit: Unit, limit: int = 100) -> list[int]:
    """Keys of timers that have come due, the longest due first, held for half a minute against other workers.

    For `commands.timer.fire`. Call it in autocommit, so that others see that they are held.
    """
    args = {"now": engine.clock.now()}
    due = unit.all(sql.limited(sql.DUE_START_TIMERS, limit), args) + unit.all(sql.limited(sql.DUE_TIMERS, limit), args)
    return [key for key, _ in sorted(due, key=lambda found: (found[1], found[0]))]


def next_due(unit: Unit, types: Sequence[str] = ()) -> datetime | None:
    """The earliest instant at which a timer comes due, or a job of these types; None if there is none.

    What a worker holds just now does not count. Name only types that you work on: what others leave lying is due.
    """
    found: datetime | None = unit.one(sql.NEXT_DUE, {"types": list(types)})[0]
    return found


def sweep(engine: Engine, unit: Unit) -> int:
    """Forget messages whose time and whose id's time are over. For once in a while."""
    return unit.run(message_sql.FORGET, {"now": engine.clock.now()})
