"""Agreements over HTTP: who sees which, how they are made and sent, taken back, and sealed by many."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from hr.people import accounts
from tasks.tables import STATES, Delivery
from tests.api.company import served
from tests.api.pages.browsing import PASSWORD, Enters, entering
from tests.tasks.human.signing.conftest import Room, room

__all__ = ["room"]

JSON = {"accept": "application/json", "accept-language": "zh-CN"}


@pytest.fixture
def enters(room: Room) -> Iterator[Enters]:
    """Signs somebody in; their client sends the token that their pages carry."""
    with room.database.transaction() as unit:
        unit.run("update account set password_hash = %s", (accounts.hash_password(PASSWORD),))
    with served(room.house) as site, entering(site) as found:
        yield found


@pytest.mark.requirement("F112")
def test_everybody_sees_their_own_and_hr_sees_all(room: Room, enters: Enters) -> None:
    number = room.prepare()
    room.prepare(employee="wu")
    zhao, hr, li = enters("zhao"), enters("chen"), enters("li")
    assert "赵𬎆" in zhao.get("/agreements").text
    assert "吴芳" not in zhao.get("/agreements?scope=all").text
    both = hr.get("/agreements").text
    assert "赵𬎆" in both
    assert "吴芳" in both
    assert "待 赵𬎆 签署" in both
    assert "吴芳" not in hr.get("/agreements?q=赵").text
    assert "没有符合条件的协议" in hr.get("/agreements?status=sealed").text
    for party in (zhao, hr, li):
        assert party.get(f"/agreements/{number}").status_code == 200
        assert party.get(f"/agreements/{number}/document.pdf").content[:5] == b"%PDF-"
        assert party.get(f"/agreements/{number}/page/1.png?width=300").content[:4] == b"\x89PNG"


@pytest.mark.requirement("F112")
def test_to_others_there_is_no_agreement(room: Room, enters: Enters) -> None:
    number = room.prepare()
    with room.database.transaction() as unit:
        unit.run("update account set groups = '{employee}' where login = 'wu'")
    wu = enters("wu")
    for path in ("", "/document.pdf", "/page/1.png"):
        assert wu.get(f"/agreements/{number}{path}", headers=JSON).status_code == 404
    refused = wu.post(f"/agreements/{number}/withdraw", data={"reason": "no"}, headers=JSON)
    unknown = wu.post("/agreements/XY-2026-999999/withdraw", data={"reason": "no"}, headers=JSON)
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.json()["detail"].replace(number, "") == unknown.json()["detail"].replace("XY-2026-999999", "")
    assert room.agreement(number).status == "signing"


def test_a_number_that_no_key_can_be_is_no_batch(enters: Enters) -> None:
    hr = enters("chen")
    for key in ("9" * 19, "9" * 25, "9" * 30, "-" + "9" * 30):
        assert hr.get(f"/agreements/batches/{key}", headers=JSON).status_code == 404
        assert hr.post(f"/agreements/batches/{key}/cancel", headers=JSON).status_code == 404


def test_a_text_of_conditions_in_conditions_is_refused_in_words(enters: Enters) -> None:
    source = "---\ntitle: 甲\nkind: other\n---\n" + "::: if true\n" * 2000 + "甲\n" + ":::\n" * 2000
    answer = enters("chen").post("/agreements/texts/check", data={"source": source})
    assert answer.status_code == 200
    assert "条件嵌套" in answer.text


@pytest.mark.requirement("F66")
def test_one_agreement_tells_what_happened_and_can_be_taken_back(room: Room, enters: Enters) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    hr = enters("chen")
    page = hr.get(f"/agreements/{number}").text
    for sentence in ("赵𬎆已签署", "撤回协议", "立即催签", room.agreement(number).verify_code):
        assert sentence in page
    assert "立即催签" not in enters("zhao").get(f"/agreements/{number}").text
    assert hr.post(f"/agreements/{number}/withdraw", data={"reason": " "}, headers=JSON).status_code == 400
    assert hr.post(f"/agreements/{number}/withdraw", data={"reason": "条款有误"}).status_code == 303
    page = hr.get(f"/agreements/{number}").text
    assert "已撤回" in page
    assert "条款有误" in page
    assert "撤回协议" not in page


def test_every_message_is_told_with_what_became_of_it(room: Room, enters: Enters) -> None:
    number, now = room.prepare(), room.clock.now()
    with room.database.transaction() as unit:
        unit.run("update agreement set instance_key = 7 where number = %s", (number,))
        for state in STATES:
            sent_at = now if state == "sent" else None
            letter = {
                "template": "t",
                "subject": f"{state} letter",
                "body": "b",
                "recipient": "zhao",
                "channel": "mail",
            }
            unit.session.add(
                Delivery(job=uuid4(), instance_key=7, state=state, queued_at=now, sent_at=sent_at, **letter)
            )
    page = enters("chen").get(f"/agreements/{number}").text
    for state, told in zip(STATES, ("待发送", "已送达", "失败"), strict=True):
        assert told in page.partition(f"{state} letter")[2].partition("</li>")[0]


@pytest.mark.requirement("F70")
def test_hr_sees_what_stands_against_an_agreement_before_it_goes_out(room: Room, enters: Enters) -> None:
    hr = enters("chen")
    assert "保密协议" in hr.get("/agreements/new?text=confidentiality&login=zhao").text
    found = hr.post("/agreements/people", json={"text": "zhao QM4\n吴芳, 张三"}, headers=JSON).json()
    assert [person["login"] for person in found["people"]] == ["zhao", "wu"]
    assert (found["unknown"], found["several"]) == (["张三"], [])
    everyone = hr.post("/agreements/people", json={"department": "office"}, headers=JSON).json()
    assert {person["login"] for person in everyone["people"]} == {"chen", "li", "zhao", "wu"}
    told = hr.post("/agreements/new/check", data={"text": "confidentiality", "login": ["zhao", "nobody"]}).text
    assert "2 份中有 1 份不能发出" in told
    assert "系统中没有此人" in told
    strange = {"text": "confidentiality", "login": "zhao", "value.months": "3"}
    assert "不能发出" in hr.post("/agreements/new/check", data=strange).text
    assert "请先选择" in hr.post("/agreements/new", data={"text": "confidentiality"}, headers=JSON).json()["detail"]
    assert enters("zhao").get("/agreements/new", headers=JSON).status_code == 403


@pytest.mark.requirement("F71")
def test_what_is_sent_to_many_shows_how_far_it_is(room: Room, enters: Enters) -> None:
    hr = enters("chen")
    sent = hr.post("/agreements/new", data={"text": "confidentiality", "login": ["zhao", "nobody"]})
    assert sent.status_code == 303
    url = sent.headers["location"]
    page = hr.get(url).text
    assert 'aria-valuemax="2"' in page
    assert "nobody" in page
    assert 'hx-trigger="every 2s"' in page
    assert hr.post(f"{url}/cancel").status_code == 303
    assert 'hx-trigger="every 2s"' not in hr.get(url).text
    assert enters("zhao").get(url, headers=JSON).status_code == 403


@pytest.mark.requirement("F71")
def test_one_code_seals_a_list_and_no_other_list(room: Room, enters: Enters) -> None:
    numbers = [room.prepare(), room.prepare(slug="confidentiality", employee="zhao")]
    for number in numbers:
        room.signed("zhao", number)
        room.signed("li", number)
    chen = enters("chen")
    page = chen.get("/agreements/seal").text
    assert all(number in page for number in numbers)
    sent = chen.post("/agreements/seal/code", json={"everything": True, "channel": "sms"}, headers=JSON).json()
    assert sorted(sent["numbers"]) == sorted(numbers)
    code = re.findall(r"\d{6}", room.received())[0]
    other = chen.post("/agreements/seal", json={"numbers": numbers[:1], "code": code}, headers=JSON)
    assert other.status_code == 400
    begun = chen.post("/agreements/seal", json={"numbers": sent["numbers"], "code": code}, headers=JSON)
    assert begun.status_code == 200, begun.text
    assert 'aria-valuemax="2"' in chen.get(begun.json()["location"]).text
    assert enters("zhao").get("/agreements/seal", headers=JSON).status_code == 403
