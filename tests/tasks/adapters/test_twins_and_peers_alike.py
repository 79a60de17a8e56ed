"""Each port's promises, held by the real adapter against a peer in another process and by its in-memory twin alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from kernel.clock import ManualClock
from kernel.errors import NotFound
from tasks import wire
from tasks.adapters.outside import Outside, connect, in_memory
from tasks.ports import Asset, AssetReturn, CrmRights, Customer, Mail, OaEvent, OpenItem

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


def key() -> str:
    return str(uuid4())


@dataclass
class Side:
    """One way of having the systems: `ports` to use, `give` to put a record there."""

    ports: Outside
    give: Any


@pytest.fixture(params=["peer", "twin"])
def side(request, counterparts, clock) -> Iterator[Side]:
    if request.param == "peer":
        ports = connect(counterparts.settings(), clock)
        yield Side(ports, _giving_peer(counterparts))
    else:
        ports = in_memory(clock)
        yield Side(ports, _giving_twin(ports))
    ports.close()


def _giving_peer(counterparts):
    def give(system: str, no: str, record: Any) -> None:
        if system == "crm":
            counterparts.put("crm", no, {**wire.write(record), "taken": []})
        elif system == "scim":
            counterparts.put("scim", no, {"id": f"id-{no}", "userName": no, "active": record})
        else:
            counterparts.put(system, no, [wire.write(row) for row in record])

    return give


def _giving_twin(ports: Outside):
    shelves = {"crm": ports.crm.people, "finance": ports.finance.items, "assets": ports.assets.held}
    return lambda system, no, record: {**shelves, "scim": ports.scim.active}[system].__setitem__(no, record)


CUSTOMERS = (Customer(id="C-1", name="华东智造", contact="陈女士", stage="续签"), Customer(id="C-2", name="海川物流"))


def seller(no: str) -> CrmRights:
    return CrmRights(employee_no=no, customers=CUSTOMERS, orders=("SO-1",), roles=("contacts.read",))


@pytest.mark.requirement("F92")
def test_crm_tells_what_a_person_can_reach(side):
    side.give("crm", "E1", seller("E1"))
    assert side.ports.crm.rights("E1") == seller("E1")


@pytest.mark.requirement("F93")
def test_customers_move_once_to_who_takes_over(side):
    side.give("crm", "E2", seller("E2"))
    side.give("crm", "E3", CrmRights(employee_no="E3"))
    same = key()
    first = side.ports.crm.transfer("E2", "E3", key=same)
    again = side.ports.crm.transfer("E2", "E3", key=same)
    assert first == again
    assert first.customers == CUSTOMERS
    assert side.ports.crm.rights("E2").customers == ()
    assert side.ports.crm.rights("E3").customers == CUSTOMERS
    assert side.ports.crm.rights("E3").orders == ("SO-1",)


@pytest.mark.requirement("F93")
def test_rights_that_were_taken_can_be_given_back(side):
    side.give("crm", "E4", seller("E4"))
    taken = side.ports.crm.revoke("E4", key=key())
    assert taken.roles == ("contacts.read",)
    assert side.ports.crm.rights("E4").roles == ()
    assert side.ports.crm.restore("E4", key=key()).roles == ("contacts.read",)


def test_a_repeated_revocation_still_says_what_was_taken(side):
    side.give("crm", "E5", seller("E5"))
    same = key()
    assert (
        side.ports.crm.revoke("E5", key=same).roles == side.ports.crm.revoke("E5", key=same).roles == ("contacts.read",)
    )


@pytest.mark.requirement("F95")
def test_finance_lists_what_is_open_to_the_cent(side):
    item = OpenItem(
        reference="FI-1", kind="loan", title="备用金借款", amount=Decimal("1234.56"), since=date(2026, 3, 1)
    )
    side.give("finance", "E6", (item,))
    side.give("finance", "E7", ())
    assert side.ports.finance.open_items("E6") == (item,)
    assert side.ports.finance.open_items("E7") == ()


@pytest.mark.requirement("F98")
def test_what_came_back_is_no_longer_held(side):
    laptop = Asset(tag=f"A-{key()}", kind="laptop", name="笔记本电脑", serial="SN1", value=Decimal("9800"))
    badge = Asset(tag=f"A-{key()}", kind="key", name="门禁卡")
    side.give("assets", "E8", (laptop, badge))
    assert side.ports.assets.assigned("E8") == (laptop, badge)
    found = AssetReturn(tag=laptop.tag, state="returned", at=NOW, by="administration")
    same = key()
    side.ports.assets.record(found, key=same)
    side.ports.assets.record(found, key=same)
    assert side.ports.assets.assigned("E8") == (badge,)


def test_a_thing_that_nobody_registered_cannot_come_back(side):
    found = AssetReturn(tag="A/../none", state="lost", at=NOW, by="administration")
    with pytest.raises(NotFound):
        side.ports.assets.record(found, key=key())


@pytest.mark.requirement("F97")
def test_a_frozen_account_stays_frozen_and_can_be_thawed(side):
    side.give("scim", "zhang.wei", True)
    assert side.ports.scim.state("zhang.wei").active
    assert not side.ports.scim.freeze("zhang.wei", key=key()).active
    assert not side.ports.scim.freeze("zhang.wei", key=key()).active
    assert side.ports.scim.unfreeze("zhang.wei", key=key()).active


def test_a_text_message_can_be_asked_for_by_its_key(side):
    same = key()
    assert side.ports.sms.sent(same) is None
    receipt = side.ports.sms.send("10000000001", "请确认", key=same)
    assert side.ports.sms.send("10000000001", "请确认", key=same) == receipt
    assert side.ports.sms.sent(same) == receipt


def test_a_letter_bears_the_name_made_from_its_key(side):
    same = key()
    letter = Mail(to="a@qiming.example", subject="交接倒计时", text="还有三天。\n")
    assert side.ports.mailer.send(letter, key=same).startswith(f"<{same}@")


@pytest.mark.requirement("F91")
def test_oa_takes_an_event_and_its_repeat(side):
    same = key()
    event = OaEvent(
        external_id=f"OA-{same}", event="check-passed", case_number="OFF-2026-0001", employee_no="E1", at=NOW
    )
    side.ports.oa.report(event, key=same)
    side.ports.oa.report(event, key=same)


def test_the_clock_of_a_twin_is_the_one_handed_in():
    ports = in_memory(ManualClock(NOW))
    assert ports.sms.send("10000000001", "x", key="k").accepted_at == NOW
