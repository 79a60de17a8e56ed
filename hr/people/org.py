"""Who is who: persons with department, manager and contract in one look. Reading only; `staff` writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hr.grams import wanted
from hr.people.tables import Employee
from hr.privacy import Cipher
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An employee as others see them. `id_number` is masked; `manager` is a login; dates are calendar dates of the
    office.

    Contract dates are of the latest contract; `contract_ends_on` is None for an open-ended one. `contracted` is False
    for a person without any contract on file.
    """

    no: str
    login: str
    name: str
    department: str
    department_name: str
    position: str
    level: str
    family: str
    manager: str | None
    mail: str
    phone: str
    id_number: str
    hired_on: date
    left_on: date | None
    knows_secrets: bool
    contracted: bool
    contract_starts_on: date | None
    contract_ends_on: date | None
    probation_ends_on: date | None

    def in_probation(self, on: date) -> bool:
        """True if `on` falls into the probation of the latest contract (LCL 19), its last day included."""
        return self.probation_ends_on is not None and on <= self.probation_ends_on


_PERSON = """
select e.no, e.login, e.name, e.department, d.name, e.position, e.level, e.family, e.manager, e.mail, e.phone,
       e.id_number_masked, e.hired_on, e.left_on, e.knows_secrets, c.employee is not null, c.starts_on, c.ends_on,
       c.probation_ends_on
  from employee e
  join department d on d.id = e.department
  left join lateral (select * from contract where employee = e.login order by starts_on desc limit 1) c on true
"""
_FIELDS = tuple(Person.__dataclass_fields__)


def _read(rows: Iterable[Any]) -> list[Person]:
    return [Person(**dict(zip(_FIELDS, row, strict=True))) for row in rows]


def person(unit: Unit, login: str) -> Person | None:
    return next(iter(_read(unit.all(_PERSON + "where e.login = %s", (login,)))), None)


def required(unit: Unit, login: str) -> Person:
    """The person with this login. Raises NotFound."""
    found = person(unit, login)
    if found is None:
        raise NotFound(say("There is no employee with the login {login}.", login=login))
    return found


def people(unit: Unit, logins: Iterable[str]) -> dict[str, Person]:
    """Persons by login; unknown logins are left out."""
    return {p.login: p for p in _read(unit.all(_PERSON + "where e.login = any(%s)", (list(logins),)))}


def names(unit: Unit, logins: Iterable[str]) -> dict[str, str]:
    """Names by login: of the employee, else of the account. Unknown logins are left out."""
    rows = unit.all(
        "select coalesce(e.login, a.login), coalesce(e.name, a.name)"
        "  from employee e full join account a on a.login = e.login where coalesce(e.login, a.login) = any(%s)",
        (list(logins),),
    )
    return dict(rows)


def members(unit: Unit, group: str) -> list[Person]:
    """The employees whose account is in the group and may sign in, by number."""
    sql = _PERSON + (
        "join account a on a.login = e.login"
        " where a.active and a.groups @> array[%s::text] and e.left_on is null order by e.no"
    )
    return _read(unit.all(sql, (group,)))


def search(unit: Unit, text: str, limit: int = 20) -> list[Person]:
    """Present employees by parts of name, login, number or department; all of them, by number, for an empty text."""
    sql = _PERSON + "where e.grams @> %s::text[] and e.left_on is null order by e.no limit %s"
    return _read(unit.all(sql, (wanted(text), limit)))


_DEPARTMENTS = """select d.id, d.name, coalesce(p.name, '') from department d left join department p on p.id = d.parent
  where {} order by d.place, d.id limit %(limit)s"""


def departments(unit: Unit, text: str, limit: int = 20) -> list[tuple[str, str, str]]:
    """Departments whose name has the text in it, as id, name and the name of the one above; empty text finds all."""
    found = unit.all(_DEPARTMENTS.format("strpos(d.name, %(text)s) > 0"), {"text": text, "limit": limit})
    return [(id, name, above) for id, name, above in found]


def department(unit: Unit, id: str) -> tuple[str, str, str] | None:
    """One department, as `departments` gives them."""
    found = unit.one(_DEPARTMENTS.format("d.id = %(id)s"), {"id": id, "limit": 1})
    return (found[0], found[1], found[2]) if found else None


def team(unit: Unit, manager: str) -> list[Person]:
    """The present employees who report to this person."""
    return _read(unit.all(_PERSON + "where e.manager = %s and e.left_on is null order by e.no", (manager,)))


def manager_of(unit: Unit, login: str) -> Person | None:
    """The person's line manager, else the next head above who is still there; None at the top of the organisation."""
    found = required(unit, login)
    if found.manager and found.manager != login:
        manager = person(unit, found.manager)
        if manager is not None and manager.left_on is None:
            return manager
    return department_head(unit, login)


_HEADS = """
with recursive above(id, parent, head, depth) as (
  select id, parent, head, 0 from department where id = (select department from employee where login = %(login)s)
  union all
  select d.id, d.parent, d.head, above.depth + 1 from department d join above on d.id = above.parent
)
select a.head from above a join employee e on e.login = a.head
 where a.head <> %(login)s and e.left_on is null order by a.depth limit 1
"""


def department_head(unit: Unit, login: str) -> Person | None:
    """The head of the person's department; of the one above, where that is the person or has left. None at the top."""
    head = unit.one(_HEADS, {"login": login})
    return person(unit, head[0]) if head else None


def identity_number(unit: Unit, login: str, cipher: Cipher) -> str | None:
    """The whole identity number, or None if it is not on file. Only for documents that must bear it; the caller logs
    why.
    """
    row = unit.one("select id_number_sealed from employee where login = %s", (login,))
    if row is None or row[0] is None:
        return None
    return cipher.open(row[0], about=about_id_number(login)).decode()


def about_id_number(login: str) -> str:
    """What an identity number is sealed as: the same words open it."""
    return f"{Employee.__tablename__}.id_number/{login}"
