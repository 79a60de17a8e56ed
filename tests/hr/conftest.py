"""A small company for HR's stories: one department in another, a manager, a leaver, a recipient, administration."""

import base64
from datetime import date
from pathlib import Path

import pytest

from hr.documents.files import Files
from hr.offboarding import cases
from hr.offboarding.cases import Filing
from hr.offboarding.tables import Case
from hr.people import identity, staff
from hr.people.staff import Hire
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.db import Unit

STROKES = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" width="300" height="120">{}</svg>'


def actor(login: str, *groups: str) -> Actor:
    return Actor(id=login, name=login, groups=frozenset(groups), ip="10.1.2.3", agent="Mobile Safari")


def id_number(body: str) -> str:
    return body + identity.check_character(body)


def drawing(path: str = "M 10,10 C 20,80 60,80 90,20") -> str:
    """A signature as the browser sends it."""
    svg = STROKES.format(f'<path d="{path}" stroke-width="2.25" stroke="black" fill="none" stroke-linecap="round"/>')
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@pytest.fixture
def cipher() -> Cipher:
    return Cipher(["a secret of the test"])


@pytest.fixture
def files(tmp_path: Path, cipher: Cipher) -> Files:
    return Files(tmp_path, cipher, limit=1024 * 1024)


def found(unit: Unit, cipher: Cipher) -> None:
    """office (chen) > sales (li leads zhang, who leaves, and wu, who takes over); zhao is new and in probation."""
    staff.add_department(unit, "office", "总经办")
    staff.add_department(unit, "sales", "销售一部", parent="office")
    people = [
        ("QM1", "chen", "陈涛", "office", "总经理", None, date(2015, 1, 5)),
        ("QM2", "li", "李勇", "sales", "销售经理", "chen", date(2018, 3, 1)),
        ("QM3", "zhang", "张晓雯", "sales", "高级销售代表", "li", date(2021, 7, 1)),
        ("QM4", "wu", "吴芳", "sales", "销售代表", "li", date(2022, 5, 9)),
        ("QM5", "zhao", "赵𬎆", "sales", "销售代表", "li", date(2026, 9, 1)),
    ]
    for no, login, name, department, position, manager, hired_on in people:
        staff.hire(
            unit,
            cipher,
            Hire(
                no=no,
                login=login,
                name=name,
                department=department,
                position=position,
                manager=manager,
                hired_on=hired_on,
                family="sales",
                id_number=id_number(f"99000019900315{no[2:]:0>3}"),
            ),
        )
        probation = date(2027, 2, 28) if login == "zhao" else None
        staff.sign_contract(
            unit, f"HT-{no}", login, starts_on=hired_on, ends_on=date(2029, 8, 31), probation_ends_on=probation
        )
    staff.name_head(unit, "office", "chen")
    staff.name_head(unit, "sales", "li")


@pytest.fixture
def company(unit: Unit, cipher: Cipher) -> Unit:
    """The unit of a company that is just founded."""
    found(unit, cipher)
    return unit


@pytest.fixture
def case(company: Unit, clock: ManualClock) -> Case:
    """zhang leaves on 2 December 2026; wu takes over."""
    filing = Filing(employee="zhang", reason="growth", leaving_on=date(2026, 12, 2))
    filed = cases.file(company, filing, clock=clock, actor=actor("zhang"))
    return cases.name_recipient(company, filed.number, "wu", clock=clock, actor=actor("li"))
