"""The employee file, the organisation, and who may sign in."""

from datetime import date

import pytest

from hr.grams import grams, wanted
from hr.people import accounts, org, staff
from hr.people.staff import Hire
from hr.people.tables import Asset
from hr.privacy import Cipher
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound


@pytest.mark.requirement("F103")
def test_a_person_is_read_with_department_and_latest_contract(company: Unit) -> None:
    staff.sign_contract(company, "HT-QM3-2", "zhang", starts_on=date(2024, 7, 1), ends_on=date(2027, 6, 30))
    zhang = org.required(company, "zhang")
    assert (zhang.department_name, zhang.manager) == ("销售一部", "li")
    assert (zhang.contract_starts_on, zhang.contract_ends_on) == (date(2024, 7, 1), date(2027, 6, 30))
    assert not zhang.in_probation(date(2026, 11, 2))


@pytest.mark.requirement("F103")
def test_probation_includes_its_last_day(company: Unit) -> None:
    zhao = org.required(company, "zhao")
    assert zhao.in_probation(date(2027, 2, 28))
    assert not zhao.in_probation(date(2027, 3, 1))


@pytest.mark.requirement("F103")
def test_joining_changing_and_leaving(company: Unit, cipher: Cipher) -> None:
    staff.hire(
        company,
        cipher,
        Hire(no="QM9", login="sun", name="孙龘", department="sales", position="销售代表", hired_on=date(2026, 1, 5)),
    )
    staff.change(company, cipher, "sun", position="大客户经理", manager="li")
    assert [p.position for p in org.search(company, "龘")] == ["大客户经理"]
    staff.leave(company, "sun", date(2026, 11, 30))
    assert org.search(company, "龘") == []
    with pytest.raises(Conflict, match="QM9"):
        staff.hire(
            company,
            cipher,
            Hire(no="QM9", login="x", name="甲", department="sales", position="乙", hired_on=date(2026, 1, 5)),
        )
    with pytest.raises(Invalid, match="login"):
        staff.change(company, cipher, "sun", login="other")
    with pytest.raises(Invalid, match="cannot leave before"):
        staff.leave(company, "zhang", date(2020, 1, 1))


@pytest.mark.requirement("F103")
def test_a_contract_that_ends_before_it_starts_is_refused(company: Unit) -> None:
    with pytest.raises(Invalid, match="end before"):
        staff.sign_contract(company, "X", "zhang", starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match="LCL 19"):
        staff.sign_contract(company, "X", "zhang", starts_on=date(2026, 1, 2), probation_ends_on=date(2026, 1, 1))


@pytest.mark.requirement("F19")
def test_manager_and_head_are_found_above_whoever_left(company: Unit) -> None:
    assert [getattr(found, "login", None) for found in (org.manager_of(company, "zhang"),)] == ["li"]
    head = org.department_head(company, "li")
    assert head is not None
    assert head.login == "chen"
    staff.leave(company, "li", date(2026, 10, 31))
    manager = org.manager_of(company, "zhang")
    assert manager is not None
    assert manager.login == "chen"
    assert org.manager_of(company, "chen") is None


def test_people_are_found_by_parts_of_name_number_login_and_department(company: Unit) -> None:
    for text in ("晓雯", "张", "QM3", "zhan", "qm3 晓雯"):
        assert "zhang" in [p.login for p in org.search(company, text)], text
    assert [p.login for p in org.search(company, "𬎆")] == ["zhao"]
    assert len(org.search(company, "销售一部")) == 4
    assert org.search(company, "没有这个人") == []
    assert len(org.search(company, "")) == 5


def test_grams_are_characters_and_pairs() -> None:
    assert grams("张晓雯") == sorted(["张", "晓", "雯", "张晓", "晓雯"])
    assert wanted("张晓雯") == sorted(["张晓", "晓雯"])
    assert wanted("张 Q") == ["q", "张"]
    assert wanted("  ") == []


def test_only_the_right_password_of_an_active_account_opens_it(company: Unit, clock: ManualClock) -> None:
    hashed = accounts.hash_password("correct horse")
    made = accounts.create(
        company, "zhang", password_hash=hashed, groups=("employee", "hr"), employee="zhang", clock=clock
    )
    assert hashed.startswith("$argon2id$")
    assert made.belongs_to("hr", "it")
    found = accounts.verify(company, "zhang", "correct horse")
    assert found is not None
    assert found.groups == ["employee", "hr"]
    assert accounts.verify(company, "zhang", "wrong horse") is None
    assert accounts.verify(company, "nobody", "correct horse") is None
    accounts.set_active(company, "zhang", False)
    assert accounts.verify(company, "zhang", "correct horse") is None
    accounts.set_active(company, "zhang", True)
    accounts.set_password(company, "zhang", "another horse")
    assert accounts.verify(company, "zhang", "another horse") is not None


def test_group_members_are_present_people_with_an_active_account(company: Unit, clock: ManualClock) -> None:
    hashed = accounts.hash_password("correct horse")
    for login in ("zhang", "wu", "li"):
        accounts.create(company, login, password_hash=hashed, groups=("hr",), employee=login, clock=clock)
    accounts.set_active(company, "wu", False)
    staff.leave(company, "li", date(2026, 10, 31))
    assert [p.login for p in org.members(company, "hr")] == ["zhang"]
    assert org.names(company, ["zhang", "chen", "nobody"]) == {"zhang": "张晓雯", "chen": "陈涛"}


def test_accounts_refuse_a_strange_group_a_taken_login_and_a_short_password(company: Unit, clock: ManualClock) -> None:
    accounts.create(company, "bot", password_hash="x", clock=clock)
    with pytest.raises(Conflict, match="bot"):
        accounts.create(company, "bot", password_hash="x", clock=clock)
    with pytest.raises(Invalid, match="bosses"):
        accounts.create(company, "other", password_hash="x", groups=("bosses",), clock=clock)
    with pytest.raises(Invalid, match="8 characters"):
        accounts.hash_password("short")
    with pytest.raises(NotFound):
        accounts.set_active(company, "nobody", False)
    assert accounts.verify(company, "bot", "anything at all") is None


def test_things_on_loan_are_listed_by_holder(company: Unit) -> None:
    staff.issue_asset(company, Asset(tag="ZC-2", kind="card", name="门禁卡", holder="zhang"))
    staff.issue_asset(company, Asset(tag="ZC-1", kind="laptop", name="笔记本", holder="zhang"))
    assert [asset.tag for asset in staff.assets_of(company, "zhang")] == ["ZC-1", "ZC-2"]
    assert staff.assets_of(company, "wu") == []
