"""The loop for what may take its time: batches, chores of the house, and finished cases whose retention is over.

It rests as long as it has worked, so that a batch over ten thousand cases leaves half of the machine to those who
click. Nothing waits for it: timers and jobs have loops of their own.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from engine.upkeep import batches, retention
from tasks.house import House

AT_ONCE = 20
CLEAN_EVERY = timedelta(minutes=10)

log = logging.getLogger(__name__)


class Upkeep:
    """What one worker does of it. `round` is called again and again; `pause` rests until it is stopped."""

    def __init__(self, house: House, stopped: Callable[[], bool], pause: Callable[[float], object]) -> None:
        self._house = house
        self._stopped = stopped
        self._pause = pause
        self._cleaned = house.clock.now() - CLEAN_EVERY

    def round(self) -> int:
        """Some items of batches and of each chore, else some cases whose time is over. Tells how many there were."""
        began = time.monotonic()
        done = batches.run_some(self._house.engine, self._house.database, AT_ONCE, stopped=self._stopped)
        done += sum(chore(self._house, self._stopped) for chore in self._house.chores)
        done = done or self._clean()
        if done:
            self._pause(time.monotonic() - began)
        return done

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
