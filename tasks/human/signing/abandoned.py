"""Agreements whose process is over before all have signed: it was cancelled, or what called it went on without them.

They end too, with that as the reason, so that no list shows as open what nobody can sign. Whoever stands alone without
a process ends when its time is over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.turn import LIVE
from hr.agreements import acts, requests
from kernel.actor import system
from kernel.db import Unit
from kernel.text import say
from tasks.house import House

EVERY = timedelta(minutes=10)
AT_ONCE = 50
KEEPER = system("agreement.close")
REASON = say("Its process ended before all had signed.")

_ABANDONED = """
select a.number from agreement a left join instance i on i.key = a.instance_key
 where a.status = 'signing'
   and case when a.instance_key is null then a.expires_at <= %(now)s else i.key is null or i.state <> all(%(live)s) end
 order by a.number limit %(limit)s
"""


class Abandoned:
    """A chore of the upkeep (`tasks.house.Chore`): every ten minutes, some at a time."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if self._next is not None and now < self._next:
            return 0
        found = house.database.once().all(_ABANDONED, {"now": now, "live": list(LIVE), "limit": AT_ONCE})
        done = 0
        for (number,) in found:
            if stopped():
                return done
            with house.database.transaction() as unit:
                _end(house, unit, number)
            done += 1
        if done < AT_ONCE:
            self._next = now + EVERY
        return done


def _end(house: House, unit: Unit, number: str) -> None:
    late = acts.find(unit, number, locked=True).expires_at <= house.clock.now()
    reason = "" if late else REASON.within(house.settings.language)
    requests.close(unit, number, "expired" if late else "withdrawn", reason, actor=KEEPER, clock=house.clock)
