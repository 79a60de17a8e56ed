"""The loop for what may take its time: batches, chores of the house, and finished cases whose retention is over.

It rests as long as it has worked, so that a batch over ten thousand cases leaves half of the machine to those who
click. Nothing waits for it: timers and jobs have loops of their own.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.upkeep import batches, retention
from kernel.db import AWAY
from tasks.house import Chore, House

AT_ONCE = 20
CLEAN_EVERY = timedelta(minutes=10)
LEFT_ALONE = timedelta(minutes=1)  # a chore that has failed

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Rounds:
    """A chore: what `find` finds, AT_ONCE a round, is handed to `act` one by one; with less than that it rests."""

    every: timedelta
    find: Callable[[House, int], Sequence[Any]]
    act: Callable[[House, Any], object]
    _next: datetime | None = field(default=None, init=False)

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if self._next is not None and now < self._next:
            return 0
        done = 0
        for found in self.find(house, AT_ONCE):
            if stopped():
                return done
            self.act(house, found)
            done += 1
        if done < AT_ONCE:
            self._next = now + self.every
        return done


class Upkeep:
    """What one worker does of it. `round` is called again and again; `pause` rests until it is stopped."""

    def __init__(self, house: House, stopped: Callable[[], bool], pause: Callable[[float], object]) -> None:
        self._house = house
        self._stopped = stopped
        self._pause = pause
        self._cleaned = house.clock.now() - CLEAN_EVERY
        self._failed: dict[int, datetime] = {}

    def round(self) -> int:
        """Some items of batches and of each chore, else some cases whose time is over. Tells how many there were."""
        began = time.monotonic()
        done = batches.run_some(self._house.engine, self._house.database, AT_ONCE, stopped=self._stopped)
        done += sum(self._do(place, chore) for place, chore in enumerate(self._house.chores))
        done = done or self._clean()
        if done:
            self._pause(time.monotonic() - began)
        return done

    def _do(self, place: int, chore: Chore) -> int:
        """One chore. What it fails at holds up none of the others, and is tried again a minute later."""
        now = self._house.clock.now()
        if place in self._failed and now - self._failed[place] < LEFT_ALONE:
            return 0
        try:
            return chore(self._house, self._stopped)
        except AWAY:
            raise
        except Exception:  # the boundary: it stands in the log, and the chores after it have their turn
            log.exception("a chore of the upkeep failed and will be tried again")
            self._failed[place] = now
            return 0

    def _clean(self) -> int:
        """At once while there is something, then once in a while."""
        now = self._house.clock.now()
        if now - self._cleaned < CLEAN_EVERY:
            return 0
        self._cleaned = now
        done = retention.clean_some(self._house.engine, self._house.database, AT_ONCE, stopped=self._stopped)
        if done:
            log.info("%s cases have left: their time of retention is over", done)
            self._cleaned = now - CLEAN_EVERY
        return done
