"""Completion of training as HR and managers see it (domain F85): counts, months, and who stands where.

HR sees everybody; a manager sees the people below, whether and when they passed, and neither scores nor answers.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hr.training.tables import REASONS
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden
from kernel.text import Text, say
from tasks.house import House
from tasks.human import access
from tasks.human.views import Person

State = Literal["overdue", "due", "passed", "waived", "ended"]
STATES: dict[str, Text] = {
    "overdue": say("Overdue"),
    "due": say("To do"),
    "passed": say("Passed"),
    "waived": say("Waived"),
    "ended": say("Ended without a pass"),
}
REASON_NAMES: dict[str, Text] = {
    "role": say("Required by the position"),
    "entry": say("Joining"),
    "change": say("Change of position"),
    "yearly": say("Yearly"),
    "recertify": say("Certificate runs out"),
    "make-up": say("Made up when leaving"),
    "manual": say("Assigned by hand"),
}
assert set(REASON_NAMES) == set(REASONS)
SOON = timedelta(days=90)
PER_PAGE = 30
MONTHS = 12

FROM = """
  from enrolment n join employee e on e.login = n.employee join department d on d.id = e.department
  left join training_certificate c on c.enrolment = n.number
 where true"""
_STATE = """case when n.status not in ('learning', 'examining') then n.status
       when n.due_at < %(now)s then 'overdue' else 'due' end"""
ROW = f"""select n.number, e.login, e.no, e.name, d.name, e.position, n.slug, n.title, n.reason, {_STATE}, n.status,
       n.assigned_at, n.due_at, n.ended_at, n.ended_reason, n.score, c.number, c.valid_until,
       coalesce((select name from employee where login = n.ended_by),
                (select name from account where login = n.ended_by), n.ended_by)"""
_BELOW = """ and e.department in (
  with recursive below(id) as (
    select id from department where id = %(department)s
    union select b.id from department b join below on b.parent = below.id)
  select id from below)"""
_TEXT = """ and strpos(lower(concat_ws(' ', n.number, n.title, e.name, e.login, e.no)), lower(%(part)s)) > 0"""
_COUNTS = f"""count(*), count(*) filter (where n.status = 'passed'), count(*) filter (where n.status = 'waived'),
       count(*) filter (where n.status = 'ended'), count(*) filter (where {_STATE} = 'due'),
       count(*) filter (where {_STATE} = 'overdue')"""
_ORDER = " order by n.assigned_at desc, n.number desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which trainings: of a department and those below it, of a course, assigned in a time, in a state, with a text in
    them. What is empty is not asked for; days are of the organisation's zone, both included.
    """

    department: str = ""
    course: str = ""
    since: date | None = None
    until: date | None = None
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """One training of one person. `expiry` tells of its certificate.

    `score` is None for a reader who is not HR, `ended_reason` and `ended_by`, the name of who ended it, are empty.
    """

    number: str
    person: Person
    no: str
    slug: str
    title: str
    reason: Text
    state: str
    examining: bool
    assigned_at: datetime
    due_at: datetime
    ended_at: datetime | None
    ended_reason: str
    ended_by: str
    score: int | None
    certificate: str | None
    valid_until: date | None
    expiry: Literal["", "soon", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPage:
    """One page of trainings; `page` starts at 1."""

    rows: tuple[TrainingRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many trainings of a department, a course or all stand where.

    `rate` is the share of passed and waived ones in percent; those that ended without a pass, such as by leaving, do
    not count. None where none counts.
    """

    id: str = ""
    name: str = ""
    assigned: int = 0
    passed: int = 0
    waived: int = 0
    ended: int = 0
    due: int = 0
    overdue: int = 0

    @property
    def rate(self) -> int | None:
        counting = self.assigned - self.ended
        return 100 * (self.passed + self.waived) // counting if counting else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How many trainings were assigned and passed in a month, the first of which is `day`."""

    day: date
    assigned: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Counts of all that is wanted, by department and course, and of the last twelve months."""

    whole: Count
    departments: tuple[Count, ...]
    courses: tuple[Count, ...]
    months: tuple[Month, ...]


def completion(house: House, unit: Unit, actor: Actor, wanted: Wanted) -> Completion:
    """Counts for HR; neither state nor text narrow them. Raises Forbidden for everybody else."""
    _refuse_others(actor)
    args, where = _asked(house, replace(wanted, state="", text=""))
    group = " group by 1, 2 order by 2, 1"
    return Completion(
        whole=_count(unit.one(f"select '', '', {_COUNTS}{FROM}{where}", args)),
        departments=tuple(map(_count, unit.all(f"select d.id, d.name, {_COUNTS}{FROM}{where}{group}", args))),
        courses=tuple(map(_count, unit.all(f"select n.slug, max(n.title), {_COUNTS}{FROM}{where} group by 1", args))),
        months=_months(house, unit, args, where),
    )


def trainings(house: House, unit: Unit, actor: Actor, wanted: Wanted, page: int = 1) -> TrainingPage:
    """A page of trainings for HR, those assigned last first. Raises Forbidden for everybody else."""
    _refuse_others(actor)
    args, where = _asked(house, wanted)
    (total,) = unit.one(f"select count(*){FROM}{where}", args)
    pages = max(1, -(-total // PER_PAGE))
    shown = max(1, min(page, pages))
    args |= {"limit": PER_PAGE, "offset": (shown - 1) * PER_PAGE}
    found = unit.all(f"{ROW}{FROM}{where}{_ORDER} limit %(limit)s offset %(offset)s", args)
    return TrainingPage(rows=_rows(house, found), total=total, page=shown, pages=pages)


def every(house: House, unit: Unit, actor: Actor, wanted: Wanted) -> tuple[TrainingRow, ...]:
    """All of them, for a table that HR takes along. Raises Forbidden for everybody else."""
    _refuse_others(actor)
    args, where = _asked(house, wanted)
    return _rows(house, unit.all(f"{ROW}{FROM}{where}{_ORDER}", args))


def _refuse_others(actor: Actor) -> None:
    if not actor.has(*access.READERS):
        raise Forbidden(say("Everybody's training is for HR to see."))


def _asked(house: House, wanted: Wanted) -> tuple[dict[str, Any], str]:
    """The arguments of a query, and its conditions."""
    zone = ZoneInfo(house.settings.zone)
    conditions = {
        _BELOW: wanted.department,
        " and n.slug = %(course)s": wanted.course,
        " and n.assigned_at >= %(since)s": wanted.since,
        " and n.assigned_at <= %(until)s": wanted.until,
        f" and {_STATE} = %(state)s": wanted.state,
        _TEXT: wanted.text.strip(),
    }
    args = {
        "now": house.clock.now(),
        "department": wanted.department,
        "course": wanted.course,
        "since": _midnight(wanted.since, zone) if wanted.since else None,
        "until": datetime.combine(wanted.until, time.max, zone) if wanted.until else None,
        "state": wanted.state,
        "part": wanted.text.strip(),
    }
    return args, "".join(condition for condition, given in conditions.items() if given)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _count(row: Any) -> Count:
    names = ("id", "name", "assigned", "passed", "waived", "ended", "due", "overdue")
    return Count(**dict(zip(names, row, strict=True)))


def _months(house: House, unit: Unit, args: dict[str, Any], where: str) -> tuple[Month, ...]:
    """The last twelve months, this one among them."""
    zone = ZoneInfo(house.settings.zone)
    first = house.clock.now().astimezone(zone).date().replace(day=1)
    days = [first]
    while len(days) < MONTHS:
        days.insert(0, (days[0] - timedelta(days=1)).replace(day=1))
    asked = args | {"zone": house.settings.zone, "begin": _midnight(days[0], zone)}
    told = {}
    for name, column, extra in (("assigned", "assigned_at", ""), ("passed", "ended_at", " and n.status = 'passed'")):
        found = unit.all(
            f"select date_trunc('month', n.{column} at time zone %(zone)s)::date, count(*){FROM}{where}{extra}"
            f" and n.{column} >= %(begin)s group by 1",
            asked,
        )
        told[name] = dict(found)
    return tuple(
        Month(day=day, assigned=told["assigned"].get(day, 0), passed=told["passed"].get(day, 0)) for day in days
    )


def _rows(house: House, found: Any) -> tuple[TrainingRow, ...]:
    today = house.today()
    return tuple(row(today, *one) for one in found)


def row(today: date, *told: Any) -> TrainingRow:
    """A row as `ROW` selects it."""
    number, login, no, name, department, position, slug, title, reason, state, status, *rest = told
    assigned_at, due_at, ended_at, ended_reason, score, certificate, valid_until, ended_by = rest
    expiry: Literal["", "soon", "expired"] = ""
    if valid_until is not None:
        expiry = "expired" if valid_until < today else "soon" if valid_until - today <= SOON else ""
    return TrainingRow(
        number=number,
        person=Person(login=login, name=name, department=department, position=position),
        no=no,
        slug=slug,
        title=title,
        reason=REASON_NAMES[reason],
        state=state,
        examining=status == "examining",
        assigned_at=assigned_at,
        due_at=due_at,
        ended_at=ended_at,
        ended_reason=ended_reason,
        ended_by=ended_by or "",
        score=score,
        certificate=certificate,
        valid_until=valid_until,
        expiry=expiry,
    )
