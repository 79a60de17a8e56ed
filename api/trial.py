"""The trial mode's clock: moved by hand, shared by every process through the database.

Camunda 8's `PUT /v2/clock` pins the clock; ours moves it and lets it run on from there, so that retries, leases and
reminders keep their pace while a designer sees a 30-day process in a minute.
"""

import time
from datetime import datetime, timedelta

from kernel.clock import Clock, ShiftedClock
from kernel.db import Database

REMEMBER_SECONDS = 0.2


class TrialTime:
    """A clock that looks up how far it was moved, at most five times a second."""

    def __init__(self, database: Database, base: Clock) -> None:
        self._database = database
        self._base = base
        self._shifted = ShiftedClock(base)
        self._looked = -REMEMBER_SECONDS

    def now(self) -> datetime:
        if time.monotonic() - self._looked >= REMEMBER_SECONDS:
            self._look()
        return self._shifted.now()

    def move(self, to: datetime) -> None:
        """From now on this is the present."""
        self._write((to - self._base.now()).total_seconds())

    def reset(self) -> None:
        """Back to the machine's clock."""
        self._write(0.0)

    def _write(self, ahead: float) -> None:
        self._database.once().run(
            "insert into trial_clock(id, ahead_seconds) values(1, %s)"
            " on conflict (id) do update set ahead_seconds = excluded.ahead_seconds",
            (ahead,),
        )
        self._look()

    def _look(self) -> None:
        row = self._database.once().one("select ahead_seconds from trial_clock where id = 1")
        self._shifted.offset = timedelta(seconds=row[0] if row else 0.0)
        self._looked = time.monotonic()
