"""My tasks, my groups' tasks, what I have done: one page at a time, the most urgent first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hr.grams import wanted
from kernel.actor import Actor
from kernel.db import Unit
from tasks.human.signing import turns as signing
from tasks.human.training import turns as training
from tasks.human.views import InboxRow, Page, Person, Tab

PER_PAGE = 30

_FROM = """
  from user_task t
  join instance i on i.key = t.instance_key
  left join offboarding_case c on c.instance_key = i.root_key
  left join employee e on e.login = t.assignee
"""
_WHERE: dict[Tab, str] = {
    "mine": " where t.state = 'CREATED' and t.assignee = %(login)s",
    "group": " where t.state = 'CREATED' and t.assignee is null"
    " and (t.candidate_groups && %(groups)s::text[] or %(login)s = any(t.candidate_users))",
    "done": " where t.state = 'COMPLETED' and t.ended_by = %(login)s",
}
_SEARCH = (
    " and (c.grams @> %(grams)s::text[] or c.number ilike %(part)s or t.name ilike %(part)s"
    " or exists (select from agreement a where a.instance_key = t.instance_key"
    " and (a.number ilike %(part)s or a.title ilike %(part)s or a.name ilike %(part)s))"
    " or exists (select from enrolment n where n.instance_key = t.instance_key"
    " and (n.number ilike %(part)s or n.title ilike %(part)s or n.name ilike %(part)s)))"
)
_ORDER: dict[Tab, str] = {
    "mine": " order by t.due_at nulls last, t.priority desc, t.key",
    "group": " order by t.due_at nulls last, t.priority desc, t.key",
    "done": " order by t.ended_at desc, t.key desc",
}
_COLUMNS = """
select t.key, t.name, d.name, i.root_key, t.created_at, t.due_at, t.ended_at, t.assignee, e.name, t.candidate_groups,
       c.number, t.instance_key, t.form_id, c.employee, c.name, c.facts ->> 'department_name', c.facts ->> 'position'
"""
_OWN = """
(select distinct on (instance_key) instance_key, number, employee, name, department, '' from agreement
  where instance_key = any(%(of)s) order by instance_key, number desc)
 union all
(select distinct on (instance_key) instance_key, number, employee, name, department, '' from enrolment
  where instance_key = any(%(of)s) order by instance_key, number desc)
"""
_COUNTS = f"""
select (select count(*) from user_task t {_WHERE["mine"]}), (select count(*) from user_task t {_WHERE["group"]})
"""


def inbox(unit: Unit, actor: Actor, tab: Tab | None = None, text: str = "", page: int = 1) -> Page:
    """A page of tasks. `text` looks in the names, numbers and departments of cases and in the names of tasks.

    Without a `tab` it is the person's own tasks, or what may be claimed where there are none of their own.
    """
    args: dict[str, Any] = {"login": actor.id, "groups": sorted(actor.groups), "limit": PER_PAGE}
    mine, group = unit.one(_COUNTS, args)
    counts: dict[Tab, int] = {"mine": mine, "group": group}
    tab = tab or ("group" if group and not mine else "mine")
    where = _WHERE[tab]
    if text.strip():
        args |= {"grams": wanted(text), "part": f"%{_literal(text.strip())}%"}
        where += _SEARCH
    total: int = unit.one("select count(*)" + _FROM + where, args)[0]
    pages = max(1, -(-total // PER_PAGE))
    args["offset"] = (min(page, pages) - 1) * PER_PAGE
    found = _FROM + " join definition d on d.key = i.definition_key" + where + _ORDER[tab]
    rows = unit.all(_COLUMNS + found + " limit %(limit)s offset %(offset)s", args)
    return Page(tab=tab, rows=_rows(unit, rows), counts=counts, text=text, page=min(page, pages), pages=pages)


def waiting(unit: Unit, actor: Actor) -> int:
    """How many tasks wait for this person, taken or not."""
    mine, group = unit.one(_COUNTS, {"login": actor.id, "groups": sorted(actor.groups)})
    return int(mine + group)


def next_task(unit: Unit, actor: Actor, root_key: int) -> int | None:
    """The task of the same case that waits for this person by name, the most urgent first."""
    row = unit.one(
        "select t.key from user_task t join instance i on i.key = t.instance_key"
        " where i.root_key = %s and t.state = 'CREATED' and t.assignee = %s"
        " order by t.due_at nulls last, t.key limit 1",
        (root_key, actor.id),
    )
    return row[0] if row else None


def of_case(unit: Unit, actor: Actor, root_key: int) -> tuple[InboxRow, ...]:
    """The open tasks of one case that this person may take or has taken."""
    args = {"login": actor.id, "groups": sorted(actor.groups), "root": root_key}
    where = (
        " where i.root_key = %(root)s and t.state = 'CREATED' and (t.assignee = %(login)s or t.assignee is null"
        " and (t.candidate_groups && %(groups)s::text[] or %(login)s = any(t.candidate_users)))"
    )
    found = _FROM + " join definition d on d.key = i.definition_key" + where + _ORDER["mine"]
    return _rows(unit, unit.all(_COLUMNS + found, args))


def _rows(unit: Unit, rows: Sequence[tuple[Any, ...]]) -> tuple[InboxRow, ...]:
    """A task of an agreement or a training is about whom that is with: in a case of leaving the leaver, elsewhere who
    signs or learns.
    """
    instances = [row[_INSTANCE] for row in rows]
    own = {instance: told for instance, *told in unit.all(_OWN, {"of": instances})} if instances else {}
    return tuple(_row(row, own.get(row[_INSTANCE])) for row in rows)


_INSTANCE = 11  # the column of the task's own instance


def _row(row: tuple[Any, ...], own: Sequence[Any] | None) -> InboxRow:
    key, name, process, instance, created, due, ended, assignee, assignee_name, groups, number, _, form, *who = row
    of, *with_whom = own or ("", *who)
    login, subject, department, position = with_whom
    return InboxRow(
        key=key,
        name=name,
        process=process,
        instance_key=instance,
        created_at=_utc(created),
        due_at=_utc(due) if due else None,
        completed_at=_utc(ended) if ended else None,
        assignee=Person(login=assignee, name=assignee_name or assignee) if assignee else None,
        groups=tuple(groups),
        case_number=number or "",
        subject=Person(login=login, name=subject, department=department or "", position=position or "")
        if login
        else None,
        signing=of if form in signing.FORMS else "",
        learning=of if form in training.FORMS else "",
    )


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _literal(text: str) -> str:
    """The text with LIKE's own characters taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
