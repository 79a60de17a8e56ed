"""People from a table (CSV) of an older system: preview what would happen, then take it in whole or not at all."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hr.people import identity, staff
from hr.people.org import Person, people
from hr.people.staff import Hire
from hr.people.tables import FAMILIES, LEVELS
from hr.privacy import Cipher
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say

# Heading of the file, in either language, by the name of the fact.
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


class RosterRefused(Invalid):
    """A file of people cannot be taken in. `lines` holds those with problems."""

    def __init__(self, message: Text, lines: Sequence[Line] = ()) -> None:
        self.lines = tuple(lines)
        super().__init__(message)


def preview(unit: Unit, content: bytes) -> list[Line]:
    """What taking the file in would do, line by line; nothing is written.

    The file is CSV in UTF-8 or GB 18030 with a line of headings, in Chinese or English. Raises RosterRefused if it is
    not, or if a required column is missing.
    """
    rows = _rows(content)
    known = people(unit, [row.get("login", "") for row in rows])
    owners = {key: pair for pair in unit.all("select no, login from employee") for key in pair}
    departments = {id for (id,) in unit.all("select id from department")}
    seen: set[str] = set()
    lines = []
    for number, row in enumerate(rows, start=2):
        problems = _problems(row, departments, owners, seen)
        hire = None if problems else _hire(row)
        seen |= {row.get("no", ""), row.get("login", "")}
        action = _action(hire, row, known.get(row.get("login", ""))) if hire else "same"
        given = tuple(name for name, value in row.items() if value)
        lines.append(Line(number=number, hire=hire, action=action, given=given, problems=tuple(problems)))
    return lines


def take_in(unit: Unit, cipher: Cipher, content: bytes) -> list[Line]:
    """Hire whoever is new and change whoever differs. Raises RosterRefused, and writes nothing, if a line has a
    problem.
    """
    lines = preview(unit, content)
    wrong = [line for line in lines if line.problems]
    if wrong:
        raise RosterRefused(
            say(
                "{count} lines cannot be taken in, the first is line {number}: {why} Correct the file and send it "
                "again.",
                count=len(wrong),
                number=wrong[0].number,
                why=wrong[0].problems[0],
            ),
            wrong,
        )
    for line in lines:
        if line.hire is not None and line.action == "new":
            staff.hire(unit, cipher, line.hire)
        elif line.hire is not None and line.action == "change":
            facts = {name: getattr(line.hire, name) for name in line.given if name in (*staff.CHANGEABLE, "id_number")}
            staff.change(unit, cipher, line.hire.login, **facts)
    return lines


def _rows(content: bytes) -> list[Mapping[str, str]]:
    reader = csv.reader(io.StringIO(_text(content)))
    names = {heading: name for name, headings in HEADINGS.items() for heading in headings}
    columns = [names.get(heading.strip().lower(), "") for heading in next(reader, [])]
    missing = [HEADINGS[name][0] for name in REQUIRED if name not in columns]
    if missing:
        raise RosterRefused(say("The file lacks the columns {missing}. Add them.", missing=", ".join(missing)))
    return [dict(zip(columns, map(str.strip, row), strict=False)) for row in reader if any(map(str.strip, row))]


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterRefused(say("The file is no text in UTF-8 or GB 18030. Export it as CSV again."))


def _problems(
    row: Mapping[str, str], departments: set[str], owners: Mapping[str, tuple[str, str]], seen: set[str]
) -> list[Text]:
    problems = [say("{column} is empty.", column=HEADINGS[name][0]) for name in REQUIRED if not row.get(name)]
    if problems:
        return problems
    if row["department"] not in departments:
        problems.append(say("There is no department {department}.", department=row["department"]))
    own = (row["no"], row["login"])
    if seen & {*own} or {owners.get(key, own) for key in own} != {own}:
        problems.append(say("Number {no} or login {login} is someone else's.", no=row["no"], login=row["login"]))
    if _date(row["hired_on"]) is None:
        problems.append(say("{text} is no date such as 2024-03-01.", text=row["hired_on"]))
    if row.get("level", "") not in ("", *LEVELS) or row.get("family", "") not in ("", *FAMILIES):
        known = ", ".join((*LEVELS, *FAMILIES))
        problems.append(say("Level or family is none of {known}.", known=known))
    fault = identity.fault(row["id_number"]) if row.get("id_number") else None
    return [*problems, fault] if fault else problems


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _hire(row: Mapping[str, str]) -> Hire:
    hired_on = _date(row["hired_on"])
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


def _action(hire: Hire, row: Mapping[str, str], person: Person | None) -> Action:
    """What a line would do. A sealed identity number is compared by its last four characters."""
    if person is None:
        return "new"
    compared = [name for name in HEADINGS if row.get(name) and name in staff.CHANGEABLE]
    number = hire.id_number[-4:] if hire.id_number else person.id_number[-4:]
    same = all(getattr(hire, name) == getattr(person, name) for name in compared)
    return "same" if same and person.id_number.endswith(number) else "change"
