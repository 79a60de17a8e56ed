"""Jobs that ask other systems and put what they say on the case."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hr.confidentiality import check
from hr.offboarding import cases
from hr.people import staff
from hr.people.tables import Asset as OwnAsset
from kernel.errors import Invalid, Unavailable
from tasks.handlers import registry
from tasks.ports import Asset, CrmRights, Customer, OpenItem

CUSTOMER = Customer(id="C-1", name="华东智造", contact="陈女士")
RECIPIENT = {"login": "wu", "name": "吴芳"}


@pytest.fixture
def seller(desk):
    desk.outside.crm.people["QM3"] = CrmRights(
        employee_no="QM3", customers=(CUSTOMER,), orders=("SO-1",), roles=("contacts.read",)
    )
    return desk


def on_case(desk, number: str, name: str):
    with desk.database.transaction() as unit:
        return getattr(cases.find(unit, number), name)


@pytest.mark.requirement("F92")
def test_what_the_leaver_reaches_in_crm_is_on_the_case(seller, number):
    found = seller.do("crm.rights", number)["crm"]
    assert found["reachable"] is True
    assert found["customers"][0]["name"] == "华东智造"
    assert on_case(seller, number, "crm") == found


@pytest.mark.requirement("F93")
def test_customers_go_to_who_takes_over_and_access_is_taken(seller, number):
    crm = seller.do("crm.rights", number)["crm"]
    crm = seller.do("crm.transfer", number, crm=crm, recipient=RECIPIENT)["crm"]
    assert (crm["state"], crm["transferredTo"]) == ("transferred", RECIPIENT)
    assert seller.outside.crm.people["QM4"].customers == (CUSTOMER,)
    crm = seller.do("crm.revoke", number, crm=crm)["crm"]
    assert (crm["state"], crm["roles"]) == ("revoked", ["contacts.read"])
    assert crm["transferredTo"] == RECIPIENT
    assert seller.outside.crm.people["QM3"].roles == ()


def test_a_transfer_done_again_moves_nothing_twice_and_says_the_same(seller, number):
    ticket = seller.ticket("crm.transfer", number, recipient=RECIPIENT)
    assert seller.work(ticket) == seller.work(ticket)
    assert len(seller.outside.crm.people["QM4"].customers) == 1


def test_a_transfer_to_nobody_is_for_a_person_to_see(seller, number):
    with pytest.raises(Invalid, match="Nobody is named to take over the customers of 张晓雯"):
        seller.do("crm.transfer", number)


def test_an_outage_of_crm_leaves_the_case_untouched(seller, number):
    seller.outside.crm.down = True
    with pytest.raises(Unavailable, match="CRM cannot be used"):
        seller.do("crm.rights", number)
    assert on_case(seller, number, "crm") is None


@pytest.mark.requirement("F95")
def test_open_money_is_listed_and_added_up(desk, number):
    items = [
        OpenItem(reference=f"FI-{n}", kind="loan", title="借款", amount=Decimal("100.1"), since=date(2026, 1, n))
        for n in (1, 2)
    ]
    desk.outside.finance.items["QM3"] = tuple(items)
    finance = desk.do("finance.open-items", number)["finance"]
    assert (finance["total"], finance["settled"], len(finance["items"])) == (200.2, False, 2)
    assert on_case(desk, number, "finance") == finance


@pytest.mark.requirement("F20")
def test_nothing_open_is_settled(desk, number):
    assert desk.do("finance.open-items", number)["finance"]["settled"] is True


def test_a_company_without_these_systems_is_not_held_up(desk, number):
    desk.world = replace(desk.world, crm=None, finance=None, assets=None, scim=None, oa=None)
    assert desk.do("crm.rights", number)["crm"]["connected"] is False
    finance = desk.do("finance.open-items", number)["finance"]
    assert (finance["connected"], finance["settled"]) == (False, False)
    accounts = desk.do("accounts.freeze", number)["accounts"]
    assert (accounts["connected"], accounts["frozen"]) == (False, False)
    assert desk.do("oa.report", number, headers={"event": "closed"}) == {}


@pytest.mark.requirement("F6")
def test_things_come_from_the_register(desk, number):
    desk.outside.assets.held["QM3"] = (Asset(tag="A-1", kind="laptop", name="笔记本电脑", serial="SN1"),)
    (line,) = desk.do("assets.list", number)["assets"]
    assert (line["tag"], line["status"]) == ("A-1", "held")


def test_things_come_from_our_own_file_where_there_is_no_register(desk, number):
    desk.world = replace(desk.world, assets=None)
    with desk.database.transaction() as unit:
        staff.issue_asset(unit, OwnAsset(tag="K-1", kind="key", name="钥匙", holder="zhang"))
    assert [line["tag"] for line in desk.do("assets.list", number)["assets"]] == ["K-1"]


@pytest.mark.requirement("F97")
def test_accounts_are_frozen_and_the_case_knows(desk, number):
    desk.outside.scim.active["zhang"] = True
    assert desk.do("accounts.freeze", number)["accounts"]["frozen"] is True
    assert desk.outside.scim.active["zhang"] is False
    assert desk.rows("select event from evidence where event like 'accounts%%'") == [("accounts.frozen",)]


@pytest.mark.requirement("F91")
def test_oa_hears_of_its_own_resignation_alone(desk, number):
    finding = {"passed": False, "missing": [{"title": "客户信息存储要求"}]}
    desk.do("oa.report", number, headers={"event": "check"}, confidentiality=finding)
    (event,) = desk.outside.oa.events.values()
    assert (event.external_id, event.event, event.employee_no) == ("OA-7", "check", "QM3")
    assert event.details == {"confidentiality": finding}
    desk.do("oa.report", number, headers={"event": "check"}, externalId=None)
    assert len(desk.outside.oa.events) == 1


def test_a_report_that_says_nothing_is_refused(desk, number):
    with pytest.raises(Invalid, match="does not say what to report"):
        desk.do("oa.report", number)


@pytest.mark.requirement("F17")
@pytest.mark.requirement("F18")
def test_gaps_are_named_made_up_and_then_closed(desk, number, clock):
    with desk.database.transaction() as unit:
        check.note_courses(
            unit, "zhang", ["客户信息存储要求"], at=clock.now(), source="exam", reference="E-9", score=92
        )
        check.note_agreement(unit, "zhang", "客户信息保密协议", at=clock.now(), reference="A-3")
    due = ["客户信息存储要求", "客户沟通保密技巧", "离职客户交接流程"]
    first = desk.do("confidentiality.check", number, coursesDue=due)["confidentiality"]
    assert first["passed"] is False
    assert [gap["title"] for gap in first["missing"]] == ["客户沟通保密技巧", "离职客户交接流程"]
    assert [(source["reference"], source["by"], source["score"]) for source in first["sources"]] == [
        ("E-9", "exam", 92),
        ("A-3", "", None),
    ]
    with desk.database.transaction() as unit:
        check.note_courses(unit, "zhang", ["客户沟通保密技巧"], at=clock.now(), source="exam", reference="E-11")
        check.note_courses(unit, "zhang", ["离职客户交接流程"], at=clock.now(), source="waiver", reference="E-12")
    second = desk.do("confidentiality.check", number, coursesDue=due)["confidentiality"]
    assert (second["passed"], second["unsigned"]) == (True, [])
    assert on_case(desk, number, "confidentiality") == second


def test_an_agreement_that_ran_out_is_unsigned(desk, number, clock):
    with desk.database.transaction() as unit:
        check.note_agreement(unit, "zhang", "客户信息保密协议", at=clock.now(), ends_on=date(2026, 11, 1))
    found = desk.do("confidentiality.check", number, coursesDue=[])["confidentiality"]
    assert found["unsigned"] == ["客户信息保密协议"]


@pytest.mark.requirement("F88")
def test_a_course_that_has_lapsed_is_to_be_made_up(desk, number, clock):
    def check_on(until):
        with desk.database.transaction() as unit:
            check.note_courses(unit, "zhang", ["人工智能技术保密"], at=clock.now(), source="exam", valid_until=until)
        return desk.do("confidentiality.check", number, coursesDue=["人工智能技术保密"])["confidentiality"]

    today = clock.now().date()
    assert [gap["title"] for gap in check_on(today - timedelta(days=1))["missing"]] == ["人工智能技术保密"]
    held = check_on(today)
    assert (held["passed"], held["sources"][0]["until"]) == (True, today.isoformat())


def test_a_second_attempt_tells_others_the_same_word_for_word(desk, number, clock):
    """A peer refuses a key that comes back with another request (the Idempotency-Key draft of the IETF, §2.7)."""
    laptop = Asset(tag="A-1", kind="laptop", name="笔记本电脑", serial="SN1")
    oa, register = desk.outside.oa.events, desk.outside.assets.returns
    desk.outside.assets.held["QM3"] = (laptop,)
    desk.do("assets.list", number)
    report = desk.ticket("oa.report", number, headers={"event": "closed"})
    found = desk.ticket("assets.record", number, assets=[{"tag": "A-1", "status": "returned"}])
    told = []
    for _ in range(2):
        oa.clear()
        register.clear()
        for ticket in (report, found):
            registry.find(ticket.type).call(ticket, desk.world)
        told.append((dict(oa), dict(register)))
        clock.advance(timedelta(minutes=5))
    assert len(told[0][0]) == len(told[0][1]) == 1
    assert told[0] == told[1]
