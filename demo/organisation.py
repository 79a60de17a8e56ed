"""Put the demo organisation (上海启明智能科技) into the database: departments, people, contracts, accounts, things."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import feel.dmn
from demo.chart import COMPANY, OFFICES, Member, members
from hr.agreements import contacts
from hr.confidentiality import check
from hr.people import accounts, org, staff
from hr.people.org import Person
from hr.people.tables import Asset
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from processes import catalog

SECRETS = "源代码仓库、模型训练数据与技术文档的读写权限"
HR = Actor(id="hr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was put in."""

    departments: int
    people: int
    accounts: int
    assets: int


def seed(
    unit: Unit, size: int = 100, seed: int = 42, *, today: date, password: str, cipher: Cipher, clock: Clock
) -> Seeded | None:
    """The organisation with `size` people; None, and nothing done, where any employee is on file.

    Every account has the same password, hashed once.
    """
    if unit.one("select 1 from employee limit 1"):
        return None
    made = members(size, seed, today)
    for place, department in enumerate(COMPANY):
        staff.add_department(unit, department.id, department.name, parent=department.parent, place=place)
    hashed = accounts.hash_password(password)
    for member in made:
        _join(unit, member, cipher, hashed, clock)
    for member in made:
        if member.heads:
            staff.name_head(unit, member.heads, member.hire.login)
    things = sum(len(member.things) for member in made)
    return Seeded(departments=len(COMPANY), people=len(made), accounts=len(made), assets=things)


def _join(unit: Unit, member: Member, cipher: Cipher, hashed: str, clock: Clock) -> None:
    login = member.hire.login
    staff.hire(unit, cipher, member.hire)
    for term in member.terms:
        staff.sign_contract(
            unit,
            term.number,
            login,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            probation_ends_on=term.probation_ends_on,
        )
    accounts.create(
        unit, login, password_hash=hashed, groups=member.groups, name=member.hire.name, employee=login, clock=clock
    )
    if member.hire.knows_secrets:
        since = member.hire.hired_on
        contacts.record(unit, login, SECRETS, since, today=max(since, clock.now().date()), actor=HR, clock=clock)
    for thing in member.things:
        staff.issue_asset(
            unit,
            Asset(
                tag=thing.tag,
                kind=thing.kind,
                name=thing.name,
                serial=thing.serial,
                holder=login,
                issued_on=member.hire.hired_on,
                value_cents=thing.value_cents,
            ),
        )


def things_of(unit: Unit, login: str) -> list[dict[str, Any]]:
    """What someone holds, as the asset register of the demo says it: what is on file, and nothing else."""
    return [
        {
            "tag": thing.tag,
            "kind": thing.kind,
            "name": thing.name,
            "serial": thing.serial,
            "value": thing.value_cents / 100,
            "issuedOn": thing.issued_on.isoformat() if thing.issued_on else None,
        }
        for thing in staff.assets_of(unit, login)
    ]


UNTAUGHT = ("make-up-training", "last-day-with-open-nodes", "refuses-handover")


def teach(unit: Unit, today: date, clock: Clock) -> int:
    """Put courses and agreements on record for everyone but a few leavers, whose check is to fail. How many people."""
    behind = {role.employee.login for role in people_for_cases(unit, today) if role.story in UNTAUGHT}
    at = clock.now() - timedelta(days=120)
    taught = [person for person in org.search(unit, "", limit=10_000) if person.login not in behind]
    for person in taught:
        titles = _due(person.family, person.level)
        check.note_courses(unit, person.login, titles, at=at, source="import", score=92)
        for kind in check.AGREEMENTS[person.family]:
            check.note_agreement(unit, person.login, kind, at=at)
    return len(taught)


@cache
def _due(family: str, level: str) -> tuple[str, ...]:
    """The courses that the shipped decision asks of this work, by title."""
    table = feel.dmn.load((catalog.home() / "training" / "courses.dmn").read_bytes())
    found = table.decide("courses-due", {"learner": {"family": family, "level": level, "reason": "role"}})
    return tuple(found.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays a demo case: the leaver, the line manager and a colleague to take over, all by login."""

    story: str
    employee: Person
    manager: str
    recipient: str


# Story, family of the leaver (empty: any), whether the leaver is in probation.
STORIES = (
    ("applied", "", False),
    ("waiting-for-manager", "sales", False),
    ("make-up-training", "rnd", False),
    ("handover-list", "sales", False),
    ("handover-review", "rnd", False),
    ("handover-returned", "sales", False),
    ("handover-signing", "rnd", False),
    ("finance-open", "sales", False),
    ("assets-open", "rnd", False),
    ("certificate-review", "other", False),
    ("insurance", "rnd", False),
    ("closed", "sales", False),
    ("probation", "", True),
    ("absent", "rnd", False),
    ("refuses-handover", "sales", False),
    ("unpaid-wages", "", False),
    ("last-day-with-open-nodes", "rnd", False),
    ("from-oa", "", False),
    ("crm-down", "sales", False),
    ("no-secrets-no-non-compete", "other", False),
)


def people_for_cases(unit: Unit, today: date) -> list[Cast]:
    """One leaver for each story, from departments in turn, as far as there are enough people.

    Nobody with an office, nobody who leads others, nobody whose contract runs out within the quarter; a recipient is a
    colleague who does not leave in another story.
    """
    everyone = org.search(unit, "", limit=10_000)
    kept = {login for login, *_ in OFFICES} | {person.manager for person in everyone}
    quarter = today + timedelta(days=92)
    free = [
        p
        for p in everyone
        if p.login not in kept and p.manager and not (p.contract_ends_on and p.contract_ends_on < quarter)
    ]
    leavers: dict[str, Person] = {}
    for story, family, probation in STORIES:
        used = Counter(person.department for person in leavers.values())
        fitting = [p for p in free if p.family == (family or p.family) and p.in_probation(today) == probation]
        if fitting:
            leavers[story] = min(fitting, key=lambda p: (used[p.department], p.no))
            free.remove(leavers[story])
    leaving = {person.login for person in leavers.values()}
    staying = [person for person in everyone if person.login not in leaving]
    return [
        Cast(story=story, employee=leaver, manager=leaver.manager or "", recipient=_colleague(leaver, staying).login)
        for story, leaver in leavers.items()
    ]


def _colleague(leaver: Person, staying: list[Person]) -> Person:
    """A colleague of the department other than the manager, else the manager."""
    return min(staying, key=lambda p: (p.department != leaver.department, p.login == leaver.manager, p.no))
