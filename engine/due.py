"""What is due: for the workers' loop. By the engine's clock, so that a trial can move it."""

from datetime import datetime

from engine.store import leases as sql
from engine.store import messages as message_sql
from engine.turn import Engine
from kernel.db import Unit


def due_timers(engine: Engine, unit: Unit, limit: int = 100) -> list[int]:
    """Keys of timers that have come due, the longest due first, held for half a minute against other workers.

    For `commands.timer.fire`. Call it in autocommit, so that others see that they are held.
    """
    args = {"now": engine.clock.now(), "limit": limit}
    due = unit.all(sql.DUE_START_TIMERS, args) + unit.all(sql.DUE_TIMERS, args)
    return [key for key, _ in sorted(due, key=lambda found: (found[1], found[0]))][:limit]


def next_due(engine: Engine, unit: Unit) -> datetime | None:
    """The earliest instant at which a timer comes due or a job may be tried again; None if there is none."""
    found: datetime | None = unit.one(sql.NEXT_DUE, {"now": engine.clock.now()})[0]
    return found


def sweep(engine: Engine, unit: Unit) -> int:
    """Forget messages whose time and whose id's time are over. For once in a while."""
    return unit.run(message_sql.FORGET, {"now": engine.clock.now()})
