"""Trainings whose process is over before they are: it was cancelled, or what called it was.

Where another process waits for the same course, that one looks after it from now on, and what was learned counts. The
others end too, with that as the reason, so that no list shows what nobody reminds of, and a later round may begin anew.
Whoever learns without a process goes on.
"""

from datetime import timedelta

from engine.turn import LIVE
from hr.training import enrolments
from kernel.actor import system
from kernel.text import say
from tasks.house import House
from tasks.human.training import turns
from tasks.upkeep import Rounds

EVERY = timedelta(minutes=10)
KEEPER = system("training.close")
REASON = say("Its process ended before it was passed.")

_ABANDONED = """
select e.number from enrolment e left join instance i on i.key = e.instance_key
 where e.status = any(%(open)s) and e.instance_key is not null and (i.key is null or i.state <> all(%(live)s))
 order by e.number limit %(limit)s
"""


def abandoned() -> Rounds:
    """The chore of the upkeep that ends them."""
    return Rounds(every=EVERY, find=_found, act=_end)


def _found(house: House, most: int) -> list[str]:
    args = {"open": list(enrolments.OPEN), "live": list(LIVE), "limit": most}
    return [number for (number,) in house.database.once().all(_ABANDONED, args)]


def _end(house: House, number: str) -> None:
    with house.database.transaction() as unit:
        found = enrolments.find(unit, number, locked=True)
        if found.status not in enrolments.OPEN or not turns.abandoned(unit, found):
            return
        found.instance_key = turns.heir(unit, number) or found.instance_key
        unit.session.add(found)
        if turns.abandoned(unit, found):
            reason = REASON.within(house.settings.language)
            enrolments.end(unit, found, reason, actor=KEEPER, clock=house.clock)
