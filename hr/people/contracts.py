"""Labour contracts from a table (CSV). What is on file is never rewritten: another term is another contract."""

from datetime import date
from typing import Any

from hr.people import sheet, staff
from hr.people.sheet import Fault, Row
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say

HEADINGS = {
    "number": ("合同编号", "number"),
    "login": ("登录名", "login"),
    "starts_on": ("起始日期", "starts_on"),
    "ends_on": ("终止日期", "ends_on"),
    "probation_ends_on": ("试用期截止", "probation_ends_on"),
}
REQUIRED = ("number", "login", "starts_on")
DAYS = ("starts_on", "ends_on", "probation_ends_on")

Days = tuple[date | None, ...]


def take_in(unit: Unit, content: bytes) -> int:
    """Put the contracts on file that are new; how many those were. Without an end a contract is open-ended (LCL 14).

    Raises SheetRefused, and writes nothing that stays, where a line has a fault: nobody of this login, a day that is
    none, a term that ends before it starts, a number that is on file with other facts.
    """
    rows = sheet.read(content, HEADINGS, REQUIRED)
    people = {login for (login,) in unit.all("select login from employee")}
    known: dict[str, Any] = {
        number: (login, days)
        for number, login, *days in unit.all(
            "select number, employee, starts_on, ends_on, probation_ends_on from contract"
        )
    }
    faults, new = [], 0
    for number, row in rows.items():
        days: Days = tuple(sheet.day(row.get(name, "")) for name in DAYS)
        problems = sheet.empty(row, HEADINGS, REQUIRED) or _problems(row, days, people)
        told = (row.get("login"), list(days))
        if not problems and row["number"] not in known:
            problems, new = _sign(unit, row, days), new + 1
            known[row["number"]] = told
        elif not problems and known[row["number"]] != told:
            problems = [say("The contract {number} is on file with other facts.", number=row["number"])]
        if problems:
            faults.append(Fault(number=number, problems=tuple(problems)))
    sheet.refuse(faults)
    return new


def _problems(row: Row, days: Days, people: set[str]) -> list[Text]:
    if row["login"] not in people:
        return [say("There is no employee with the login {login}.", login=row["login"])]
    return [sheet.no_day(row[name]) for name, day in zip(DAYS, days, strict=True) if row.get(name) and day is None]


def _sign(unit: Unit, row: Row, days: Days) -> list[Text]:
    starts_on, ends_on, probation_ends_on = days
    assert starts_on is not None
    try:
        staff.sign_contract(
            unit, row["number"], row["login"], starts_on=starts_on, ends_on=ends_on, probation_ends_on=probation_ends_on
        )
    except Invalid as refused:
        return [refused.message]
    return []
