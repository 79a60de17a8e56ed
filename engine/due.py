"""What is due: for the workers' loops. By the engine's clock, so that a trial can move it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from engine.commands import follow_up, timer
from engine.commands.job import Lease
from engine.store import leases as sql
from engine.store import messages as message_sql
from engine.store.turns import RING
from engine.turn import CHANNEL, Engine
from kernel.db import Unit

HOLD_SECONDS = 30.0
WORKERS_REMEMBERED = timedelta(days=30)

Fire = Callable[[Engine, Unit, int], bool]


class DueTimer(NamedTuple):
    """A timer that has come due and is held until `until`, by the database's clock: by that it is given back."""

    key: int
    due_at: datetime
    until: datetime


def run(
    engine: Engine,
    unit: Unit,
    limit: int = 20,
    *,
    fire: Fire = timer.fire,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Do what turns owe and fire what is due, up to `limit` of each. Tells how many there were.

    Once `stopped` says so, timers that are held and have not fired go back to the others at once.
    """
    done = follow_up.drain(engine, unit, limit)
    held = due_timers(engine, unit, limit)
    while held and not stopped():
        done += fire(engine, unit, held.pop(0).key)
    if held:
        free_timers(unit, held)
    return done


def due_timers(engine: Engine, unit: Unit, limit: int = 100) -> list[DueTimer]:
    """Timers that have come due, the longest due first, held for HOLD_SECONDS against other workers.

    For `commands.timer.fire`. Call it in autocommit, so that others see that they are held.
    """
    args = {"now": engine.clock.now(), "hold": HOLD_SECONDS}
    due = unit.all(sql.limited(sql.DUE_START_TIMERS, limit), args) + unit.all(sql.limited(sql.DUE_TIMERS, limit), args)
    return sorted(map(DueTimer._make, due), key=lambda found: (found.due_at, found.key))


def free_timers(unit: Unit, held: Sequence[DueTimer]) -> None:
    """Give timers back that were held and not fired, and wake those who wait for work."""
    unit.run(sql.FREE_TIMERS, {"keys": [timer.key for timer in held], "until": [timer.until for timer in held]})
    unit.run(RING, (CHANNEL,))


def free_jobs(unit: Unit, leases: Sequence[Lease]) -> None:
    """Give jobs back that were taken under one lease and not begun, and wake those who wait for work."""
    unit.run(sql.FREE_JOBS, ([lease.key for lease in leases], leases[0].token))
    unit.run(RING, (CHANNEL,))


def next_timer(unit: Unit) -> datetime | None:
    """The earliest instant at which a timer comes due; long ago where an errand waits; None if there is neither.

    What a worker holds just now does not count.
    """
    found: datetime | None = unit.one(sql.NEXT_TIMER)[0]
    return found


def next_job(unit: Unit, types: Sequence[str]) -> datetime | None:
    """The earliest instant at which a job of these types comes due that nobody holds; None if there is none.

    Name only types that you work on: what others leave lying is due.
    """
    found: datetime | None = unit.one(sql.NEXT_JOB, {"types": list(types)})[0]
    return found


def next_due(unit: Unit, types: Sequence[str] = ()) -> datetime | None:
    """The earlier of `next_timer` and `next_job`."""
    return min(filter(None, (next_timer(unit), next_job(unit, types))), default=None)


def sweep(engine: Engine, unit: Unit) -> int:
    """Forget messages whose time and whose id's time are over, and workers long gone. For once in a while."""
    now = engine.clock.now()
    unit.run(sql.FORGET_WORKERS, (now - WORKERS_REMEMBERED,))
    return unit.run(message_sql.FORGET, {"now": now})
