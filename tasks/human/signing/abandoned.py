"""Agreements whose process is over before all have signed: it was cancelled, or what called it went on without them.

They end too, with that as the reason, so that no list shows as open what nobody can sign. Whoever stands alone without
a process ends when its time is over.
"""

from datetime import timedelta

from engine.turn import LIVE
from hr.agreements import acts, requests
from kernel.actor import system
from kernel.text import say
from tasks.house import House
from tasks.upkeep import Rounds

EVERY = timedelta(minutes=10)
KEEPER = system("agreement.close")
REASON = say("Its process ended before all had signed.")

_ABANDONED = """
select a.number from agreement a left join instance i on i.key = a.instance_key
 where a.status = 'signing'
   and case when a.instance_key is null then a.expires_at <= %(now)s else i.key is null or i.state <> all(%(live)s) end
 order by a.number limit %(limit)s
"""


def abandoned() -> Rounds:
    """The chore of the upkeep that ends them."""
    return Rounds(every=EVERY, find=_found, act=_end)


def _found(house: House, most: int) -> list[str]:
    args = {"now": house.clock.now(), "live": list(LIVE), "limit": most}
    return [number for (number,) in house.database.once().all(_ABANDONED, args)]


def _end(house: House, number: str) -> None:
    with house.database.transaction() as unit:
        late = acts.find(unit, number, locked=True).expires_at <= house.clock.now()
        reason = "" if late else REASON.within(house.settings.language)
        requests.close(unit, number, "expired" if late else "withdrawn", reason, actor=KEEPER, clock=house.clock)
