"""Statements of learning are sent on to a learning record store, the oldest first, each at least once (domain F85)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from kernel.errors import Unavailable
from tasks.house import House

AT_ONCE = 50
AGAIN, AT_LAST = timedelta(seconds=30), timedelta(minutes=30)  # after an outage: twice as late each time

log = logging.getLogger(__name__)

_UNSENT = """
select s.id, e.detail -> 'statement' from learning_statement s
  join evidence e on e.subject = s.subject and e.sequence = s.sequence
 where s.sent_at is null and s.id <> all(%s) order by s.at, s.subject, s.sequence limit %s
"""
_SENT = "update learning_statement set sent_at = %s where id = any(%s)"


class Forwarding:
    """A chore of the upkeep (`tasks.house.Chore`): some statements a round, none while the store is away.

    What is sent is marked afterwards: whoever is killed between sends it once more, and the store knows it by its id.
    One that the store refuses for good is tried again by the next process that is started.
    """

    def __init__(self) -> None:
        self._next: datetime | None = None
        self._pause = AGAIN
        self._refused: set[str] = set()

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        store, now = house.world.lrs, house.clock.now()
        if store is None or stopped() or (self._next is not None and now < self._next):
            return 0
        once = house.database.once()
        rows = once.all(_UNSENT, (list(self._refused), AT_ONCE))
        if not rows:
            return 0
        try:
            held = store.keep([statement for _, statement in rows])
        except Unavailable as refusal:
            self._away(now, refusal)
            return 0
        self._back()
        once.run(_SENT, (now, list(held)))
        self._refused |= {id for id, _ in rows} - set(held)
        return len(rows)

    def _away(self, now: datetime, refusal: Unavailable) -> None:
        if self._next is None:
            log.warning("statements of learning wait: %s", refusal.message)
        self._next = now + self._pause
        self._pause = min(2 * self._pause, AT_LAST)

    def _back(self) -> None:
        if self._next is not None:
            log.info("the learning record store is back: statements are sent on")
        self._next, self._pause = None, AGAIN
