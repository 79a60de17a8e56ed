"""Trainings whose process is over before they are: it was cancelled, or what called it was.

They end too, with that as the reason, so that no list shows what nobody reminds of, and a later round may begin anew.
Whoever learns without a process goes on.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine.turn import LIVE
from hr.training import enrolments
from kernel.actor import system
from kernel.text import say
from tasks.house import House

EVERY = timedelta(minutes=10)
AT_ONCE = 50
KEEPER = system("training.close")
REASON = say("Its process ended before it was passed.")

_ABANDONED = """
select e.number from enrolment e left join instance i on i.key = e.instance_key
 where e.status = any(%(open)s) and e.instance_key is not null and (i.key is null or i.state <> all(%(live)s))
 order by e.number limit %(limit)s
"""


class Abandoned:
    """A chore of the upkeep (`tasks.house.Chore`): every ten minutes, some at a time."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if self._next is not None and now < self._next:
            return 0
        args = {"open": list(enrolments.OPEN), "live": list(LIVE), "limit": AT_ONCE}
        done = 0
        for (number,) in house.database.once().all(_ABANDONED, args):
            if stopped():
                return done
            _end(house, number)
            done += 1
        if done < AT_ONCE:
            self._next = now + EVERY
        return done


def _end(house: House, number: str) -> None:
    with house.database.transaction() as unit:
        found = enrolments.find(unit, number, locked=True)
        if found.status in enrolments.OPEN:
            reason = REASON.within(house.settings.language)
            enrolments.end(unit, found, reason, actor=KEEPER, clock=house.clock)
