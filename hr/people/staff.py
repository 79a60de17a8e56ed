"""The employee file: departments, joining, contracts, changes, leaving."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hr.grams import grams
from hr.people import identity
from hr.people.org import about_id_number
from hr.people.tables import FAMILIES, LEVELS, Asset, Contract, Department, Employee
from hr.privacy import Cipher, mask_id_number
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

CHANGEABLE = ("name", "department", "position", "level", "family", "manager", "mail", "phone", "knows_secrets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """What is known of a person who joins. `id_number` may be empty: the certificate will ask for it."""

    no: str
    login: str
    name: str
    department: str
    position: str
    hired_on: date
    level: str = "middle"
    family: str = "other"
    manager: str | None = None
    mail: str = ""
    phone: str = ""
    id_number: str = ""
    knows_secrets: bool = False


def add_department(
    unit: Unit, id: str, name: str, *, parent: str | None = None, head: str | None = None, place: int = 0
) -> Department:
    department = Department(id=id, name=name, parent=parent, head=head, place=place)
    unit.session.add(department)
    unit.session.flush()
    return department


def name_head(unit: Unit, department: str, head: str | None) -> None:
    """Make a person the head of a department."""
    if not unit.run("update department set head = %s where id = %s", (head, department)):
        raise NotFound(say("There is no department {department}.", department=department))


def hire(unit: Unit, cipher: Cipher, joining: Hire) -> Employee:
    """Put a person on file. Raises Conflict if number or login is taken, Invalid for a faulty identity number."""
    if unit.one("select 1 from employee where no = %s or login = %s", (joining.no, joining.login)):
        raise Conflict(
            say("An employee with the number {no} or the login {login} is on file.", no=joining.no, login=joining.login)
        )
    _check(level=joining.level, family=joining.family, id_number=joining.id_number)
    facts = {name: getattr(joining, name) for name in Hire.__dataclass_fields__ if name != "id_number"}
    employee = Employee(**facts)
    _seal(employee, joining.id_number, cipher)
    unit.session.add(employee)
    unit.session.flush()
    _index(unit, employee)
    return employee


def change(unit: Unit, cipher: Cipher, login: str, /, **facts: Any) -> Employee:
    """Change facts of a person: any of `CHANGEABLE`, and `id_number`. Raises Invalid for any other name."""
    employee = _found(unit, login)
    number = facts.pop("id_number", None)
    strange = sorted(set(facts) - set(CHANGEABLE))
    if strange:
        raise Invalid(say("{field} of an employee cannot be changed here.", field=strange[0]))
    _check(level=facts.get("level", "middle"), family=facts.get("family", "other"), id_number=number or "")
    for field, value in facts.items():
        setattr(employee, field, value)
    if number is not None:
        _seal(employee, number, cipher)
    unit.flush()
    _index(unit, employee)
    return employee


def sign_contract(
    unit: Unit,
    number: str,
    employee: str,
    *,
    starts_on: date,
    ends_on: date | None = None,
    probation_ends_on: date | None = None,
) -> Contract:
    """Put a labour contract on file. Raises Invalid if its term or its probation (LCL 19) ends before it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(say("The contract {number} would end before it starts.", number=number))
    if probation_ends_on is not None and not starts_on <= probation_ends_on <= (ends_on or date.max):
        raise Invalid(say("The probation of the contract {number} lies outside its term (LCL 19).", number=number))
    contract = Contract(
        number=number,
        employee=employee,
        starts_on=starts_on,
        ends_on=ends_on,
        probation_ends_on=probation_ends_on,
        signed_on=starts_on,
    )
    unit.session.add(contract)
    unit.session.flush()
    return contract


def leave(unit: Unit, login: str, on: date) -> None:
    """Record the last day of the labour relation. The account is frozen by its own job, not here."""
    employee = _found(unit, login)
    if on < employee.hired_on:
        raise Invalid(
            say("{name} joined on {hired_on} and cannot leave before.", name=employee.name, hired_on=employee.hired_on)
        )
    employee.left_on = on
    unit.flush()


def issue_asset(unit: Unit, asset: Asset) -> Asset:
    """Put a thing of the company on file, with who holds it."""
    unit.session.add(asset)
    unit.session.flush()
    return asset


def assets_of(unit: Unit, login: str) -> list[Asset]:
    """What a person holds, by tag."""
    rows = unit.all("select tag from asset where holder = %s order by tag", (login,))
    return [asset for (tag,) in rows if (asset := unit.session.get(Asset, tag)) is not None]


def _found(unit: Unit, login: str) -> Employee:
    row = unit.one("select no from employee where login = %s", (login,))
    employee = unit.session.get(Employee, row[0]) if row else None
    if employee is None:
        raise NotFound(say("There is no employee with the login {login}.", login=login))
    return employee


def _check(*, level: str, family: str, id_number: str) -> None:
    if level not in LEVELS or family not in FAMILIES:
        raise Invalid(
            say(
                "A level is one of {levels}, a family one of {families}.",
                levels=", ".join(LEVELS),
                families=", ".join(FAMILIES),
            )
        )
    wrong = identity.fault(id_number) if id_number else None
    if wrong is not None:
        raise Invalid(wrong)


def _seal(employee: Employee, number: str, cipher: Cipher) -> None:
    number = number.upper()
    employee.id_number_masked = mask_id_number(number)
    employee.id_number_sealed = cipher.seal(number.encode(), about=about_id_number(employee.login)) if number else None


def _index(unit: Unit, employee: Employee) -> None:
    (department,) = unit.one("select name from department where id = %s", (employee.department,))
    employee.grams = grams(employee.name, employee.login, employee.no, department, employee.position)
    unit.flush()
