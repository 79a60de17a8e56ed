"""A small company with one case, and a desk at which single jobs are done: real database, systems in memory."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hr.documents.files import Files
from hr.offboarding import cases
from hr.offboarding.cases import Filing
from hr.offboarding.dossier import variables
from hr.people import accounts, identity, staff
from hr.people.calendar import WorkCalendar
from hr.people.staff import Hire
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.adapters.outside import Outside, in_memory
from tasks.handlers import registry
from tasks.handlers.operation import World

STROKES = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" width="300" height="120">{}</svg>'
LINE = '<path d="M 10,10 C 20,80 60,80 90,20" stroke-width="2.25" stroke="black" fill="none" stroke-linecap="round"/>'


def drawing() -> str:
    """A signature as the browser sends it."""
    return "data:image/svg+xml;base64," + base64.b64encode(STROKES.format(LINE).encode()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A job without an engine behind it."""

    type: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    retries: int = 3
    key: int = 1
    uuid: UUID = field(default_factory=uuid4)
    instance_key: int = 100
    element: str = "the_element"
    created_at: datetime = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


class Desk:
    """Where one job is done at a time."""

    def __init__(self, world: World, outside: Outside) -> None:
        self.world = world
        self.outside = outside

    @property
    def database(self) -> Database:
        return self.world.database

    def ticket(self, type: str, number: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Ticket:
        """A job of this type on the case, with the case's variables."""
        with self.database.transaction() as unit:
            seen = {**variables(unit, number), **more}
        return Ticket(type=type, variables=seen, headers=headers or {})

    def work(self, ticket: Ticket) -> dict[str, Any]:
        """Do it as the worker does: call outside any transaction, record inside one."""
        handler = registry.find(ticket.type)
        result = handler.call(ticket, self.world)
        with self.database.transaction() as unit:
            return handler.record(ticket, result, unit, self.world)

    def do(self, type: str, number: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
        return self.work(self.ticket(type, number, headers=headers, **more))

    def rows(self, sql: str, args: Any = ()) -> list[Any]:
        return self.database.once().all(sql, args)


PEOPLE = [
    ("QM1", "chen", "陈涛", "office", "总经理", None, date(2015, 1, 5)),
    ("QM2", "li", "李勇", "sales", "销售经理", "chen", date(2018, 3, 1)),
    ("QM3", "zhang", "张晓雯", "sales", "高级销售代表", "li", date(2021, 7, 1)),
    ("QM4", "wu", "吴芳", "sales", "销售代表", "li", date(2022, 5, 9)),
]


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> Desk:
    outside = in_memory(clock)
    cipher = Cipher(["a secret of the test"])
    world = World(
        clock=clock,
        settings=Settings(
            home=tmp_path, organisation="启明智能", public_url="https://hr.example", secret="a secret of the test"
        ),
        database=database,
        files=Files(tmp_path, cipher),
        calendar=WorkCalendar(),
        mailer=outside.mailer,
        sms=outside.sms,
        scim=outside.scim,
        oa=outside.oa,
        crm=outside.crm,
        finance=outside.finance,
        assets=outside.assets,
    )
    _found(database, cipher, clock)
    return Desk(world, outside)


def _found(database: Database, cipher: Cipher, clock: ManualClock) -> None:
    """office (chen) > sales (li leads zhang, who leaves, and wu, who takes over), and the desks of HR and IT."""
    with database.transaction() as unit:
        staff.add_department(unit, "office", "总经办")
        staff.add_department(unit, "sales", "销售一部", parent="office")
        for no, login, name, department, position, manager, hired_on in PEOPLE:
            body = f"99000019900315{no[2:]:0>3}"
            joining = Hire(
                no=no,
                login=login,
                name=name,
                department=department,
                position=position,
                manager=manager,
                hired_on=hired_on,
                family="sales",
                mail=f"{login}@qiming.example",
                phone=f"1000000000{no[2:]}",
                id_number=body + identity.check_character(body),
            )
            staff.hire(unit, cipher, joining)
            staff.sign_contract(unit, f"HT-{no}", login, starts_on=hired_on, ends_on=date(2029, 8, 31))
            groups = ("employee", "hr") if login == "chen" else ("employee",)
            accounts.create(unit, login, password_hash="x", groups=groups, name=name, employee=login, clock=clock)
        for login in ("hr", "it", "administration"):
            accounts.create(unit, login, password_hash="x", groups=(login,), name=login.upper(), clock=clock)
        staff.name_head(unit, "office", "chen")
        staff.name_head(unit, "sales", "li")


@pytest.fixture
def number(desk: Desk, clock: ManualClock) -> str:
    """The number of zhang's case: she leaves on 2 December 2026."""
    filing = Filing(employee="zhang", reason="growth", leaving_on=date(2026, 12, 2), channel="oa", external_id="OA-7")
    with desk.database.transaction() as unit:
        return cases.file(unit, filing, clock=clock, actor=Actor(id="zhang", name="张晓雯")).number
