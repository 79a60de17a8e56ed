"""Who is to be looked at, what of the courses due somebody lacks, and when a record lapses (domain F75–F78, F88).

Which work asks for which course is no matter of this module: the decision `courses-due` says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.db import Unit

NEW = timedelta(days=90)  # since the day of hiring: until then somebody is taught as one who joins
ENTRY, CHANGE, ROLE, YEARLY = "entry", "change", "role", "yearly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People whose work asks for the same courses, by login. `reason` is ENTRY or ROLE."""

    family: str
    level: str
    department: str
    reason: str
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One course that one person has to learn, and why: see REASONS."""

    employee: str
    course_title: str
    reason: str


# Whoever is leaving makes up what is missing in their case. Whoever joined long ago, and was never taught here, is
# looked at once somebody asks for everyone: a product that is set up anew does not assign courses to all by itself.
_PEOPLE = """
select e.family, e.level, e.department, case when e.hired_on > %(new)s then 'entry' else 'role' end,
       array_agg(e.login order by e.login)
  from employee e
 where e.left_on is null and e.hired_on <= %(today)s
   and not exists (select from offboarding_case c where c.employee = e.login and c.status = 'open')
   and (%(everyone)s or e.hired_on > %(new)s
        or exists (select from course_record r where r.employee = e.login)
        or exists (select from enrolment n where n.employee = e.login))
 group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""


def groups(unit: Unit, today: date, *, everyone: bool = False) -> list[Group]:
    """Who is to be looked at on a day: those who joined lately or have learned here before, or `everyone`."""
    rows = unit.all(_PEOPLE, {"today": today, "new": today - NEW, "everyone": everyone})
    return [
        Group(family=family, level=level, department=department, reason=reason, logins=tuple(logins))
        for family, level, department, reason, logins in rows
    ]


_HELD = """
select employee, course, bool_or(valid_until is null or valid_until >= %(on)s) from course_record
 where employee = any(%(logins)s) group by employee, course
"""
_LEARNING = """
select employee, title from enrolment where employee = any(%(logins)s) and status in ('learning', 'examining')
"""
_TAUGHT = "select title from course where published is not null and archived_at is null"


def missing(unit: Unit, due: Iterable[tuple[Group, Sequence[str]]], *, on: date) -> list[Missing]:
    """What the people of each group lack of the courses with these titles: without a record that holds on the day, and
    not being learned. A title that no published course has is left out.
    """
    asked = list(due)
    logins = sorted({login for group, _ in asked for login in group.logins})
    held = {(login, title): holds for login, title, holds in unit.all(_HELD, {"logins": logins, "on": on})}
    learning = set(unit.all(_LEARNING, {"logins": logins}))
    taught = {title for (title,) in unit.all(_TAUGHT)}
    known = {login for login, _ in held}
    return [
        Missing(employee=login, course_title=title, reason=_reason(group, login, title, held, known))
        for group, titles in asked
        for login in group.logins
        for title in dict.fromkeys(titles)
        if title in taught and not held.get((login, title), False) and (login, title) not in learning
    ]


def _reason(group: Group, login: str, title: str, held: Mapping[tuple[str, str], bool], known: set[str]) -> str:
    """A record of this very course has lapsed; else it is the first one of somebody new, or of somebody whose work asks
    for other courses than before, or of somebody who was never taught.
    """
    if (login, title) in held:
        return YEARLY
    if group.reason == ENTRY:
        return ENTRY
    return CHANGE if login in known else ROLE


_LAPSES = """
select not exists (select from course_record where employee = %(login)s and course = %(title)s
                      and (valid_until is null or valid_until > %(until)s))
   and exists (select from employee where login = %(login)s and (left_on is null or left_on >= %(on)s))
"""


def lapses(unit: Unit, login: str, title: str, until: date, *, on: date) -> bool:
    """Whether somebody who still works here on the day has no record of the course that holds beyond `until`."""
    found: bool = unit.one(_LAPSES, {"login": login, "title": title, "until": until, "on": on})[0]
    return found
