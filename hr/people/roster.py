"""People from a table (CSV) of an older system: preview what would happen, then take it in whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hr.people import identity, sheet, staff
from hr.people.org import Person, people
from hr.people.sheet import Fault, Row
from hr.people.staff import Hire
from hr.people.tables import FAMILIES, LEVELS
from hr.privacy import Cipher
from kernel.db import Unit
from kernel.text import Text, say

HEADINGS = {
    "no": ("工号", "no"),
    "login": ("登录名", "login"),
    "name": ("姓名", "name"),
    "department": ("部门编码", "department"),
    "position": ("岗位", "position"),
    "hired_on": ("入职日期", "hired_on"),
    "level": ("职级", "level"),
    "family": ("序列", "family"),
    "manager": ("上级", "manager"),
    "mail": ("邮箱", "mail"),
    "phone": ("手机", "phone"),
    "id_number": ("身份证号", "id_number"),
}
REQUIRED = ("no", "login", "name", "department", "position", "hired_on")
Action = Literal["new", "change", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the file: its number (the heading is 1), the person, what would happen, which facts the line gives,
    and what is wrong with it.
    """

    number: int
    hire: Hire | None
    action: Action
    given: tuple[str, ...] = ()
    problems: tuple[Text, ...] = ()


def preview(unit: Unit, content: bytes) -> list[Line]:
    """What taking the file in would do, line by line; nothing is written. Raises SheetRefused for no such table."""
    rows = sheet.read(content, HEADINGS, REQUIRED)
    known = people(unit, [row.get("login", "") for row in rows.values()])
    owners = {key: pair for pair in unit.all("select no, login from employee") for key in pair}
    departments = {id for (id,) in unit.all("select id from department")}
    logins = {login for _, login in owners.values()} | {row.get("login", "") for row in rows.values()}
    seen: set[str] = set()
    lines = []
    for number, row in rows.items():
        problems = sheet.empty(row, HEADINGS, REQUIRED) or _problems(row, departments, owners, seen, logins)
        hire = None if problems else _hire(row)
        seen |= {row.get("no", ""), row.get("login", "")}
        action = _action(hire, row, known.get(row.get("login", ""))) if hire else "same"
        given = tuple(name for name, value in row.items() if value)
        lines.append(Line(number=number, hire=hire, action=action, given=given, problems=tuple(problems)))
    return lines


def take_in(unit: Unit, cipher: Cipher, content: bytes) -> list[Line]:
    """Hire whoever is new and change whoever differs. Raises SheetRefused, and writes nothing, if a line has a
    problem.
    """
    lines = preview(unit, content)
    sheet.refuse([Fault(number=line.number, problems=line.problems) for line in lines if line.problems])
    for line in lines:
        if line.hire is not None and line.action == "new":
            staff.hire(unit, cipher, line.hire)
        elif line.hire is not None and line.action == "change":
            facts = {name: getattr(line.hire, name) for name in line.given if name in (*staff.CHANGEABLE, "id_number")}
            staff.change(unit, cipher, line.hire.login, **facts)
    return lines


def _problems(
    row: Row, departments: set[str], owners: Mapping[str, tuple[str, str]], seen: set[str], logins: set[str]
) -> list[Text]:
    problems = []
    if row["department"] not in departments:
        problems.append(say("There is no department {department}.", department=row["department"]))
    own = (row["no"], row["login"])
    if seen & {*own} or {owners.get(key, own) for key in own} != {own}:
        problems.append(say("Number {no} or login {login} is someone else's.", no=row["no"], login=row["login"]))
    if row.get("manager") and row["manager"] not in logins - {row["login"]}:
        problems.append(say("{manager} is no colleague on file who could be the manager.", manager=row["manager"]))
    if sheet.day(row["hired_on"]) is None:
        problems.append(sheet.no_day(row["hired_on"]))
    if row.get("level", "") not in ("", *LEVELS) or row.get("family", "") not in ("", *FAMILIES):
        known = ", ".join((*LEVELS, *FAMILIES))
        problems.append(say("Level or family is none of {known}.", known=known))
    fault = identity.fault(row["id_number"]) if row.get("id_number") else None
    return [*problems, fault] if fault else problems


def _hire(row: Row) -> Hire:
    hired_on = sheet.day(row["hired_on"])
    assert hired_on is not None
    given = {name: row[name] for name in HEADINGS if row.get(name) and name not in (*REQUIRED, "manager")}
    return Hire(
        no=row["no"],
        login=row["login"],
        name=row["name"],
        department=row["department"],
        position=row["position"],
        hired_on=hired_on,
        manager=row.get("manager") or None,
        **given,  # type: ignore[arg-type]  # all of them texts
    )


def _action(hire: Hire, row: Row, person: Person | None) -> Action:
    """What a line would do. A sealed identity number is compared by its last four characters."""
    if person is None:
        return "new"
    compared = [name for name in HEADINGS if row.get(name) and name in staff.CHANGEABLE]
    number = hire.id_number[-4:] if hire.id_number else person.id_number[-4:]
    same = all(getattr(hire, name) == getattr(person, name) for name in compared)
    return "same" if same and person.id_number.endswith(number) else "change"
