"""What a manager sees of the people below: who has to learn what by when, who passed, whose certificate runs out.

Below are those who report to the manager or are in a department that they head, and whoever is below those. Scores,
answers, and why somebody was let off are between a person and HR.
"""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from kernel.actor import Actor
from kernel.db import Unit
from tasks.house import House
from tasks.human.training import views
from tasks.human.training.views import TrainingRow

_BELOW = """
with recursive headed(id) as (
  select id from department where head = %(login)s
  union select d.id from department d join headed h on d.parent = h.id
), below(login) as (
  select login from employee
   where (manager = %(login)s or department in (select id from headed)) and login <> %(login)s and left_on is null
  union
  select e.login from employee e join below b on e.manager = b.login
   where e.login <> %(login)s and e.left_on is null
)
"""
_LATEST = " and n.number in (select distinct on (employee, slug) number from enrolment order by employee, slug, {})"
_NEWEST = _LATEST.format("assigned_at desc, number desc")
_URGENCY = {"overdue": 0, "due": 1, "passed": 3, "waived": 4, "ended": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The latest training of each person below in each course, the most urgent first, and who was given none.

    `counts` are by state, with `expiring` for certificates that run out within 90 days or have run out.
    """

    people: int
    rows: tuple[TrainingRow, ...]
    counts: dict[str, int]
    chosen: str


def leads(unit: Unit, login: str) -> bool:
    """Whether anybody is below this person."""
    return unit.one(f"{_BELOW} select 1 from below limit 1", {"login": login}) is not None


def team(house: House, unit: Unit, actor: Actor, chosen: str = "") -> Team:
    """The people below the actor; `chosen` is one of the states, `expiring`, or empty for all."""
    now = house.clock.now()
    today = now.astimezone(ZoneInfo(house.settings.zone)).date()
    (people,) = unit.one(f"{_BELOW} select count(*) from below", {"login": actor.id})
    found = unit.all(
        f"{_BELOW} {views.ROW}{views.FROM} and e.login in (select login from below){_NEWEST}",
        {"login": actor.id, "now": now},
    )
    rows = [replace(views.row(today, *one), score=None, ended_reason="", ended_by="") for one in found]
    counts = {state: sum(row.state == state for row in rows) for state in views.STATES}
    counts["expiring"] = sum(bool(row.expiry) for row in rows)
    shown = [row for row in rows if not chosen or (row.expiry if chosen == "expiring" else row.state == chosen)]
    return Team(people=people, rows=tuple(sorted(shown, key=_urgency)), counts=counts, chosen=chosen)


def _urgency(row: TrainingRow) -> tuple[int, str, str]:
    """What is late first, then what is due, then what runs out, each by its day; the rest by name."""
    if row.expiry:
        return 2, str(row.valid_until), row.person.login
    place = _URGENCY[row.state]
    return place, row.due_at.isoformat() if place <= _URGENCY["due"] else row.person.name, row.person.login
