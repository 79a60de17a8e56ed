"""People as pages show them: search for a form's employee field, HR's list, one person's file."""

from datetime import date
from typing import Any

from hr.grams import wanted
from hr.people import org
from hr.people.org import Person as Colleague
from hr.people.tables import LEVEL_NAMES
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import cases, contacts
from tasks.human.views import Fact, PeoplePage, Person, PersonFile, PersonRow

PER_PAGE = 50


def find(unit: Unit, text: str, limit: int) -> tuple[Person, ...]:
    """Present colleagues by a few letters of name, department, login or number."""
    return tuple(_person(found) for found in org.search(unit, text, limit))


def named(unit: Unit, login: str) -> Person | None:
    """The colleague with this login."""
    found = org.person(unit, login)
    return _person(found) if found else None


def departments(unit: Unit, text: str, limit: int) -> tuple[Person, ...]:
    """Departments by a part of their name, as a field offers them: `login` is the id, `department` the one above."""
    return tuple(
        Person(login=id, name=name, department=above) for id, name, above in org.departments(unit, text, limit)
    )


def department(unit: Unit, id: str) -> Person | None:
    """The department with this id, in the same way."""
    found = org.department(unit, id)
    return Person(login=found[0], name=found[1], department=found[2]) if found else None


def people(unit: Unit, actor: Actor, text: str = "", page: int = 1) -> PeoplePage:
    """A page of everyone, present or gone, by number."""
    grams = wanted(text)
    total: int = unit.one("select count(*) from employee where grams @> %s::text[]", (grams,))[0]
    pages = max(1, -(-total // PER_PAGE))
    logins = [
        row[0]
        for row in unit.all(
            "select login from employee where grams @> %s::text[] order by no limit %s offset %s",
            (grams, PER_PAGE, (min(page, pages) - 1) * PER_PAGE),
        )
    ]
    known = org.people(unit, logins)
    return PeoplePage(
        rows=tuple(_row(known[login]) for login in logins),
        total=total,
        text=text,
        page=min(page, pages),
        pages=pages,
    )


def person_file(house: House, unit: Unit, actor: Actor, login: str) -> PersonFile:
    """One person's file, with the identity number masked. Raises NotFound."""
    found = org.person(unit, login)
    if found is None:
        raise NotFound(say("There is no employee with the login {login}.", login=login))
    return PersonFile(
        row=_row(found),
        facts=_facts(unit, found),
        contracts=tuple(_contracts(unit, login)),
        assets=tuple(_assets(unit, login)),
        cases=cases.of_person(house, unit, login),
        secrets=contacts.known(unit, login),
        records=contacts.may(actor, login),
    )


def _facts(unit: Unit, found: Colleague) -> tuple[Fact, ...]:
    manager = org.names(unit, [found.manager]) if found.manager else {}
    known: list[tuple[Text, Any]] = [
        (say("Number"), found.no),
        (say("Department"), found.department_name),
        (say("Position"), found.position),
        (say("Manager"), manager.get(found.manager or "", "")),
        (say("Mail"), found.mail),
        (say("Phone"), found.phone),
        (say("Identity number"), found.id_number),
        (say("Hired"), found.hired_on),
        (say("Left"), found.left_on or ""),
        (say("Probation ends"), found.probation_ends_on or ""),
    ]
    return tuple(Fact(label, value) for label, value in known if value)


def _contracts(unit: Unit, login: str) -> list[tuple[Fact, ...]]:
    rows = unit.all(
        "select number, starts_on, ends_on, probation_ends_on, signed_on from contract where employee = %s"
        " order by starts_on desc",
        (login,),
    )
    return [_contract(*row) for row in rows]


def _contract(
    number: str, starts: date, ends: date | None, probation: date | None, signed: date | None
) -> tuple[Fact, ...]:
    known: list[tuple[Text, Any]] = [
        (say("Contract"), number),
        (say("From"), starts),
        (say("Until"), ends or say("Open-ended")),
        (say("Probation ends"), probation or ""),
        (say("Signed"), signed or ""),
    ]
    return tuple(Fact(label, value) for label, value in known if value)


def _assets(unit: Unit, login: str) -> list[Fact]:
    rows = unit.all("select kind, name, tag from asset where holder = %s order by tag", (login,))
    return [Fact(say("{kind}", kind=kind), f"{name} · {tag}") for kind, name, tag in rows]


def _person(found: Colleague) -> Person:
    return Person(login=found.login, name=found.name, department=found.department_name, position=found.position)


def _row(found: Colleague) -> PersonRow:
    return PersonRow(
        person=_person(found),
        no=found.no,
        level=LEVEL_NAMES.get(found.level),
        hired_on=found.hired_on,
        left_on=found.left_on,
    )
