"""How often a stranger may ask: a count in a window of time, in the database, so that all nodes count together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from kernel.db import Unit

KEPT = timedelta(days=1)

_SPEND = """
insert into rate_window as w (key, began_at, count) values (%(key)s, %(at)s, 1)
on conflict (key) do update set
  began_at = case when w.began_at <= %(over)s or w.began_at > %(at)s then %(at)s else w.began_at end,
  count = case when w.began_at <= %(over)s or w.began_at > %(at)s then 1 else w.count + 1 end
returning began_at, count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in a window, by whoever is told apart by the key."""

    name: str
    most: int
    window: timedelta = timedelta(minutes=10)


def spend(unit: Unit, limit: Limit, who: str, at: datetime) -> int:
    """Count one more of it. 0 while it is within the limit, else the seconds until the window is over.

    The window begins with the first time and does not move. Windows of long ago go as new ones begin.
    """
    began, count = unit.one(_SPEND, {"key": f"{limit.name}/{who}", "at": at, "over": at - limit.window})
    if count == 1:
        unit.run("delete from rate_window where began_at < %s", (at - KEPT,))
    return max(1, ceil((began + limit.window - at).total_seconds())) if count > limit.most else 0
