"""The people of a story, put on file as it tells them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from hr.agreements import contacts
from hr.confidentiality import check
from hr.people import accounts, staff
from hr.privacy import Cipher
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say

NOBODY = "!"  # no password has this hash: stories sign nobody in
SECRETS = "技术资料的读写权限"


def hire_all(unit: Unit, cipher: Cipher, written: Mapping[str, Any], clock: ManualClock) -> None:
    """Put the departments and people on file. Raises Invalid naming the one that cannot be taken in."""
    departments: Mapping[str, Any] = written.get("departments") or {}
    for identity, facts in departments.items():
        with _readable(identity):
            staff.add_department(unit, identity, facts.get("name", identity), parent=facts.get("parent"))
            unit.flush()
    for login, facts in (written.get("people") or {}).items():
        with _readable(login):
            person(unit, cipher, login, facts, clock)
            unit.flush()
    for identity, facts in departments.items():
        if facts.get("head"):
            staff.name_head(unit, identity, facts["head"])


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """What a designer wrote about a person or department may be anything: it is told by their name."""
    try:
        yield
    except (TypeError, ValueError, AttributeError, KeyError, IntegrityError) as fault:
        why = str(getattr(fault, "orig", None) or fault).partition("\n")[0]
        raise Invalid(
            say("{name} of the organisation in the scenarios cannot be taken in: {why}.", name=name, why=why)
        ) from fault


def person(unit: Unit, cipher: Cipher, login: str, facts: Mapping[str, Any], clock: ManualClock) -> None:
    """Put a person on file with contract and account.

    Fields: no, name, department, position, family, level, manager, hired, mail, phone, id_number, knows_secrets
    (then a contact with secrets is on record since the first day),
    contract {from, to, probation}, groups (`employee` where there are none), courses on record {title: last day that
    it holds, or null}. Without a department: an account alone.
    """
    employed = "department" in facts
    if employed:
        hired = date.fromisoformat(facts.get("hired", "2022-01-04"))
        optional = ("level", "family", "manager", "id_number", "knows_secrets")
        staff.hire(
            unit,
            cipher,
            staff.Hire(
                no=str(facts.get("no", login)),
                login=login,
                name=facts.get("name", login),
                department=facts["department"],
                position=facts.get("position", "职员"),
                hired_on=hired,
                mail=facts.get("mail", f"{login}@qiming.example"),
                phone=facts.get("phone", "10000000000"),
                **{name: facts[name] for name in optional if name in facts},
            ),
        )
        if facts.get("knows_secrets"):
            today = max(hired, clock.now().date())
            contacts.record(unit, login, SECRETS, hired, today=today, actor=system("story"), clock=clock)
        for title, until in (facts.get("courses") or {}).items():
            check.note_courses(unit, login, [title], at=clock.now(), source="import", valid_until=_day(until))
        contract = facts.get("contract") or {}
        staff.sign_contract(
            unit,
            contract.get("number", f"C-{login}"),
            login,
            starts_on=date.fromisoformat(contract.get("from", hired.isoformat())),
            ends_on=_day(contract.get("to")),
            probation_ends_on=_day(contract.get("probation")),
        )
    accounts.create(
        unit,
        login,
        password_hash=NOBODY,
        groups=tuple(facts.get("groups", ("employee",))),
        name=facts.get("name", login),
        employee=login if employed else None,
        clock=clock,
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
