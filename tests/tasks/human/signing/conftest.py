"""A small company that signs agreements: real database, keys and PDFs; telephone and mail in memory."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.turn import Engine
from hr.agreements import acts, consents, requests
from hr.agreements.tables import Agreement, AgreementText, AgreementTextVersion
from hr.documents.files import Files
from hr.evidence import log
from hr.evidence.tables import Evidence
from hr.people import accounts, identity, staff
from hr.people.calendar import WorkCalendar
from hr.people.staff import Hire
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.adapters.memory import MemoryMailer, MemorySms
from tasks.adapters.outside import Outside, in_memory
from tasks.handlers import agreements
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human.signing import codes, reading, signing
from tasks.human.signing.steps import Signed
from tasks.human.signing.visitors import Visitor, by_login
from tests.hr.conftest import drawing

SOURCE = """---
title: 保密协议
kind: confidentiality
summary:
  - 您应当保守公司的商业秘密。
  - 公司不因此少付工资。
  - 违反约定造成损失的，应当赔偿。
signers:
  - {role: employee, label: 乙方（员工）}
  - {role: manager, place: 2, label: 见证（直属上级）}
  - {role: company, place: 3, label: 甲方（用人单位）}
---
## 保密范围

乙方 **{{ employee.name }}** 在职期间知悉的甲方商业秘密，未经甲方同意不得披露。

## 期限

保密义务自签署之日起至该商业秘密公开之日止。
"""
AT_ONCE = SOURCE.replace("manager, place: 2", "manager, place: 1")
PEOPLE = [
    ("QM1", "chen", "陈涛", "office", None),
    ("QM2", "li", "李勇", "sales", "chen"),
    ("QM3", "zhao", "赵𬎆", "sales", "li"),
    ("QM4", "wu", "吴芳", "sales", "li"),
]
GROUPS = {"chen": ("employee", "hr", "seal"), "wu": ("employee", "seal"), "li": ("employee", "admin")}
DIGITS = re.compile(r"\d{6}")


@dataclass
class Room:
    """The house, and what people do in its signing room."""

    house: House
    outside: Outside
    clock: ManualClock

    @property
    def sms(self) -> MemorySms:
        assert isinstance(self.outside.sms, MemorySms)
        return self.outside.sms

    @property
    def mailer(self) -> MemoryMailer:
        assert isinstance(self.outside.mailer, MemoryMailer)
        return self.outside.mailer

    @property
    def database(self) -> Database:
        return self.house.database

    def actor(self, login: str) -> Actor:
        groups = frozenset(GROUPS.get(login, ("employee",)))
        return Actor(id=login, name=login, groups=groups, ip="10.1.2.3", agent="Mobile Safari")

    def visitor(self, login: str) -> Visitor:
        return by_login(self.actor(login))

    def publish(self, slug: str, source: str) -> None:
        with self.database.transaction() as unit:
            unit.session.add(AgreementText(slug=slug, title="保密协议", kind="confidentiality"))
            unit.flush()
            unit.session.add(
                AgreementTextVersion(
                    slug=slug,
                    version=1,
                    source=source,
                    source_hash="",
                    findings=[],
                    saved_at=self.clock.now(),
                    saved_by="hr",
                )
            )
            unit.flush()
            unit.run("update agreement_text set published = 1 where slug = %s", (slug,))

    def prepare(self, slug: str = "confidentiality", employee: str = "zhao", **more: Any) -> str:
        """An agreement that stands alone, and its number."""
        with self.database.transaction() as unit:
            made = requests.prepare(
                unit,
                self.house.world.files,
                requests.Order(slug=slug, employee=employee, **more),
                letterhead=agreements.letterhead(self.house.world),
                clock=self.clock,
                actor=self.actor("chen"),
            )
            return made.number

    def agree(self, login: str, number: str) -> None:
        with self.database.transaction() as unit:
            signing.consent(self.house, unit, self.visitor(login), number, consents.ELECTRONIC_SIGNING, "zh-CN")

    def read(self, login: str, number: str) -> None:
        """Open the document and look at every page to the end."""
        with self.database.transaction() as unit:
            reading.opened(self.house, unit, self.visitor(login), number, {"platform": "iPhone", "screen": "390×844"})
            pages = acts.find(unit, number).pages
        for page in range(1, pages + 1):
            self.clock.advance(timedelta(seconds=2))
            with self.database.transaction() as unit:
                reading.beat(self.house, unit, self.visitor(login), number, page, 2.0, page == pages)

    def code(self, login: str, number: str, channel: str = "sms") -> str:
        """Have a code sent, and read it off the telephone or out of the mail."""
        self.clock.advance(timedelta(minutes=1, seconds=1))
        codes.send(self.house, self.visitor(login), number, "sign", channel)
        return self.received(channel)

    def received(self, channel: str = "sms") -> str:
        """The code that arrived last."""
        words = [*self.sms.texts.values()][-1][1] if channel == "sms" else [*self.mailer.letters.values()][-1].text
        return DIGITS.findall(words)[0]

    def sign(self, login: str, number: str, code: str, *, image: str = "", visitor: Visitor | None = None) -> Signed:
        who = visitor or self.visitor(login)
        return signing.sign(self.house, who, number, code, image or drawing(), True, {"platform": "iPhone"})

    def signed(self, login: str, number: str) -> Signed:
        """Everything up to the signature."""
        self.agree(login, number)
        self.read(login, number)
        return self.sign(login, number, self.code(login, number))

    def sealed(self, number: str, login: str = "chen") -> Signed:
        return signing.seal(self.house, self.actor(login), number, self.code(login, number))

    def agreement(self, number: str) -> Agreement:
        with self.database.transaction() as unit:
            found = acts.find(unit, number)
            unit.session.expunge_all()
            return found

    def document(self, number: str) -> bytes:
        with self.database.transaction() as unit:
            return self.house.world.files.read(unit, acts.find(unit, number).current_hash).content

    def chain(self, number: str) -> list[Evidence]:
        with self.database.transaction() as unit:
            assert log.walk(unit, number).broken_at is None
            found = log.rows(unit, number)
            unit.session.expunge_all()
            return found

    def events(self, number: str) -> list[str]:
        return [row.event for row in self.chain(number)]

    def rows(self, sql: str, args: Any = ()) -> list[Any]:
        return self.database.once().all(sql, args)

    def untouched(self, number: str) -> tuple[Any, ...]:
        """Everything that a signature changes, to be compared before and after one that failed."""
        rows = self.rows("select current_hash, status, ended_at from agreement where number = %s", (number,))
        rows += self.rows("select field, status, login, certificate from agreement_signer order by id")
        rows += self.rows("select event, content_hash from evidence where subject = %s order by sequence", (number,))
        rows += self.rows("select id, attempts, used_at, void_at from signing_code order by id")
        rows += self.rows("select serial from issued_certificate order by serial")
        rows += self.rows("select hash, purpose from file_use where subject = %s order by id", (number,))
        rows += self.rows("select key, state from user_task order by key")
        return tuple(rows)


@pytest.fixture
def room(database: Database, clock: ManualClock, tmp_path: Path) -> Room:
    outside = in_memory(clock)
    settings = Settings(
        home=tmp_path, organisation="启明智能", public_url="https://hr.example", secret="a secret of the test"
    )
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(tmp_path, Cipher(["a secret of the test"])),
        calendar=WorkCalendar(),
        mailer=outside.mailer,
        sms=outside.sms,
    )
    house = House(settings=settings, database=database, clock=clock, engine=Engine(database, clock), world=world)
    made = Room(house, outside, clock)
    _found(database, world.files.cipher, clock)
    made.publish("confidentiality", SOURCE)
    return made


def _found(database: Database, cipher: Cipher, clock: ManualClock) -> None:
    """office (chen, who holds the seal) > sales (li leads zhao and wu, who holds the seal too)."""
    with database.transaction() as unit:
        staff.add_department(unit, "office", "总经办")
        staff.add_department(unit, "sales", "销售一部", parent="office")
        for no, login, name, department, manager in PEOPLE:
            body = f"99000019900315{no[2:]:0>3}"
            staff.hire(
                unit,
                cipher,
                Hire(
                    no=no,
                    login=login,
                    name=name,
                    department=department,
                    position="销售代表",
                    manager=manager,
                    hired_on=date(2021, 7, 1),
                    family="sales",
                    mail=f"{login}@qiming.example",
                    phone=f"1390000000{no[2:]}",
                    id_number=body + identity.check_character(body),
                ),
            )
            staff.sign_contract(unit, f"HT-{no}", login, starts_on=date(2021, 7, 1), ends_on=date(2029, 8, 31))
            groups = GROUPS.get(login, ("employee",))
            accounts.create(unit, login, password_hash="x", groups=groups, name=name, employee=login, clock=clock)
        staff.name_head(unit, "office", "chen")
        staff.name_head(unit, "sales", "li")
