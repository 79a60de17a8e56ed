"""The signing room over HTTP: who gets in and how, what is shown before and after, what is refused and told."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest

from hr.agreements import links
from hr.agreements.tables import AgreementSigner
from hr.people import accounts
from tests.api.company import served
from tests.hr.conftest import drawing
from tests.tasks.human.signing.conftest import Room, room

__all__ = ["room"]

PASSWORD = "to sign 2026"
JSON = {"accept": "application/json", "accept-language": "zh-CN"}
DIGITS = re.compile(r"\d{6}")

Enters = Callable[[str], httpx.Client]


@pytest.fixture
def site(room: Room) -> Iterator[str]:
    with room.database.transaction() as unit:
        unit.run("update account set password_hash = %s", (accounts.hash_password(PASSWORD),))
    with served(room.house) as url:
        yield url


@pytest.fixture
def enters(site: str) -> Iterator[Enters]:
    """Opens a browser: signed in as somebody, or as nobody for an empty login."""
    opened: list[httpx.Client] = []

    def entered(login: str) -> httpx.Client:
        client = httpx.Client(base_url=site, headers={"accept-language": "zh-CN"}, timeout=60)
        opened.append(client)
        if login:
            assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
        return client

    yield entered
    for client in opened:
        client.close()


def given(client: httpx.Client, number: str) -> dict[str, str]:
    """The headers of a change by the page of the room."""
    page = client.get(f"/sign/{number}").text
    token = re.search(r'"csrf": "([^"]+)"', page)
    assert token is not None, page[:2000]
    return {**JSON, "x-csrf-token": token[1]}


def link(room: Room, number: str, login: str) -> str:
    with room.database.transaction() as unit:
        (key,) = unit.one("select id from agreement_signer where agreement_number = %s and login = %s", (number, login))
        signer = unit.session.get(AgreementSigner, key)
        assert signer is not None
        return "/s/" + links.link(room.house.settings.secret, signer)


def read(room: Room, client: httpx.Client, number: str, headers: dict[str, str]) -> dict[str, object]:
    """Agree, and look at every page to the end; what the last beat was answered."""
    told = {"consent": True, "device": {"platform": "iPhone", "screen": "390x844@3"}}
    assert client.post(f"/sign/{number}/opened", json=told, headers=headers).status_code == 200
    pages = room.agreement(number).pages
    answer: dict[str, object] = {}
    for page in range(1, pages + 1):
        room.clock.advance(timedelta(seconds=2))
        beat = {"page": page, "seconds": 2.0, "at_end": page == pages}
        answer = client.post(f"/sign/{number}/read", json=beat, headers=headers).json()
    return answer


def code(room: Room, client: httpx.Client, number: str, headers: dict[str, str]) -> str:
    room.clock.advance(timedelta(minutes=2))
    answer = client.post(f"/sign/{number}/code", json={"channel": "sms"}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "…" in answer.json()["address"]
    assert answer.json()["again_in"] == 60
    return room.received()


@pytest.mark.requirement("F62")
@pytest.mark.requirement("F63")
@pytest.mark.requirement("F74")
def test_a_person_signs_what_they_read_with_a_code(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    page = zhao.get(f"/sign/{number}")
    assert page.status_code == 200
    assert "赵𬎆，请阅读并签署" in page.text
    assert "您应当保守公司的商业秘密。" in page.text
    picture = zhao.get(f"/sign/{number}/page/1.png?width=600")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert zhao.get(f"/sign/{number}/document.pdf").content == room.document(number)

    headers = given(zhao, number)
    early = zhao.post(f"/sign/{number}/read", json={"page": 1, "seconds": 60.0, "at_end": True}, headers=headers)
    assert early.json()["left"] != []
    assert read(room, zhao, number, headers) == {"left": [], "ended": True}
    right = code(room, zhao, number, headers)
    wrong = "000000" if right != "000000" else "111111"
    refused = zhao.post(
        f"/sign/{number}/sign", json={"code": wrong, "drawing": drawing(), "understood": True}, headers=headers
    )
    assert refused.status_code == 400
    assert "验证码" in refused.json()["detail"]
    told = {"code": right, "drawing": drawing(), "understood": True, "device": {"platform": "iPhone"}}
    answer = zhao.post(f"/sign/{number}/sign", json=told, headers=headers)
    assert answer.json() == {"location": f"/sign/{number}"}, answer.text
    after = zhao.get(f"/sign/{number}").text
    assert "签署成功" in after
    assert "李勇" in after
    assert "signing-given" not in after


@pytest.mark.requirement("F66")
def test_the_holder_of_the_seal_sets_it_in_the_same_room(room: Room, enters: Enters) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    room.signed("li", number)
    chen = enters("chen")
    assert "待您盖章" in chen.get(f"/sign/{number}").text
    assert chen.get(f"/sign/{number}/seal.png").content[:4] == b"\x89PNG"
    headers = given(chen, number)
    told = {"code": code(room, chen, number, headers), "understood": True}
    assert chen.post(f"/sign/{number}/seal", json=told, headers=headers).status_code == 200
    done = chen.get(f"/sign/{number}").text
    assert "签署完成" in done
    assert room.agreement(number).verify_code in done
    assert "<svg" in done


@pytest.mark.requirement("F63")
def test_a_link_tells_nothing_before_the_code_and_opens_one_agreement_with_it(room: Room, enters: Enters) -> None:
    number, other = room.prepare(), room.prepare(employee="wu")
    url, guest = link(room, number, "zhao"), enters("")
    page = guest.get(url).text
    assert "赵＊" in page
    for secret in ("赵𬎆", "保密协议", number, "13900000003"):
        assert secret not in page
    assert room.sms.texts == {}  # looking sends nothing
    sent = guest.post(f"{url}/code", data={"channel": "sms"})
    assert sent.status_code == 303
    assert "验证码正在发送至" in guest.get(sent.headers["location"]).text
    wrong = guest.post(f"{url}/open", data={"code": "12345"})
    assert wrong.status_code == 400
    assert "验证码" in wrong.text
    entered = guest.post(f"{url}/open", data={"code": room.received()})
    assert (entered.status_code, entered.headers["location"]) == (303, f"/sign/{number}")
    cookie = entered.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=lax", "path=/sign"):
        assert part in cookie
    assert "赵𬎆，请阅读并签署" in guest.get(f"/sign/{number}").text
    assert guest.get(f"/sign/{other}").status_code == 404
    assert guest.get("/inbox").status_code == 303  # it is no session
    headers = given(guest, number)
    read(room, guest, number, headers)
    told = {"code": code(room, guest, number, headers), "drawing": drawing(), "understood": True}
    assert guest.post(f"/sign/{number}/sign", json=told, headers=headers).status_code == 200
    assert room.events(number)[-1] == "signed"


@pytest.mark.requirement("F63")
def test_nobody_else_gets_in_by_it(room: Room, enters: Enters) -> None:
    number = room.prepare()
    url = link(room, number, "zhao")
    hr, stranger = enters("chen"), enters("")
    assert hr.get(url).status_code == 200  # and asks for the code that goes to zhao
    assert enters("zhao").get(url).headers["location"] == f"/sign/{number}"
    assert enters("wu").get(f"/sign/{number}").status_code == 200  # who may set the seal, and only waits
    assert enters("li").get(f"/sign/{number}").status_code == 200  # the manager signs too
    with room.database.transaction() as unit:
        unit.run("update account set groups = '{employee,hr}' where login = 'chen'")
    assert enters("chen").get(f"/sign/{number}").status_code == 404
    assert stranger.get(f"/sign/{number}").headers["location"] == f"/login?next=/sign/{number}"
    asked = stranger.get(f"/sign/{number}", headers=JSON)
    assert asked.status_code == 401
    assert "链接" in asked.json()["detail"]
    assert stranger.get("/s/1-" + "0" * 40).status_code == 404


@pytest.mark.requirement("F112")
@pytest.mark.parametrize("what", ["opened", "read", "code", "sign", "decline"])
def test_a_change_carries_the_token_of_its_page(room: Room, enters: Enters, what: str) -> None:
    number = room.prepare()
    before = room.untouched(number)
    zhao = enters("zhao")
    for headers in (JSON, {**JSON, "x-csrf-token": "guessed"}):
        answer = zhao.post(f"/sign/{number}/{what}", json={"reason": "no"}, headers=headers)
        assert answer.status_code == 403
    assert enters("").post(f"/sign/{number}/{what}", json={}, headers=JSON).status_code == 401
    assert room.untouched(number) == before


def test_a_form_of_another_site_sends_no_code(room: Room, enters: Enters) -> None:
    url = link(room, room.prepare(), "zhao")
    elsewhere = {"origin": "https://elsewhere.example"}
    answer = enters("").post(f"{url}/code", data={"channel": "sms"}, headers=elsewhere)
    assert answer.status_code == 403
    assert enters("").post(f"{url}/open", data={"code": "123456"}, headers=elsewhere).status_code == 403
    assert room.sms.texts == {}


@pytest.mark.requirement("F65")
def test_who_does_not_sign_says_why_and_everybody_sees_that_it_ended(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    headers = given(zhao, number)
    empty = zhao.post(f"/sign/{number}/decline", json={"reason": " "}, headers=headers)
    assert empty.status_code == 400
    declined = zhao.post(f"/sign/{number}/decline", json={"reason": "期限需要再谈"}, headers=headers)
    assert declined.json() == {"location": f"/sign/{number}"}
    for who in (zhao, enters("li")):
        page = who.get(f"/sign/{number}").text
        assert "已拒签" in page
        assert "期限需要再谈" in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_name_with_rare_characters_stands_on_every_page(room: Room, enters: Enters, language: str) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    zhao.headers["accept-language"] = language
    assert "赵𬎆" in zhao.get(f"/sign/{number}").text
    room.signed("zhao", number)
    assert "赵𬎆" in zhao.get(f"/sign/{number}").text


def test_half_a_character_is_refused_in_words(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    headers = {**given(zhao, number), "content-type": "application/json"}
    bodies = {
        "opened": b'{"consent": true, "device": {"platform": "\\ud800"}}',
        "decline": b'{"reason": "\\udfff"}',
        "code": b'{"channel": "\xed\xa0\x80"}',
    }
    for act, body in bodies.items():
        refused = zhao.post(f"/sign/{number}/{act}", content=body, headers=headers)
        assert refused.status_code == 400, (act, refused.text)
        assert "JSON" in refused.json()["detail"]
    assert room.agreement(number).status == "signing"


def test_what_cannot_be_read_is_told_in_the_language_of_the_reader(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    headers = given(zhao, number)
    for act, body, words in (
        ("opened", {"device": "iPhone"}, "对象"),
        ("opened", [1], "对象"),
        ("read", {"page": 1.5}, "整数"),
    ):
        refused = zhao.post(f"/sign/{number}/{act}", json=body, headers=headers)
        assert refused.status_code == 400
        assert words in refused.json()["detail"]
        assert "Input" not in refused.json()["detail"]


def test_headers_that_are_no_token_or_address_are_refused_in_words(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao, nobody = enters("zhao"), enters("")
    wrong = [(b"x-csrf-token", "令牌é".encode()), (b"accept", b"application/json")]
    for path in (f"/sign/{number}/opened", "/logout"):
        assert zhao.post(path, json={}, headers=wrong).status_code == 403
    url = link(room, number, "zhao")
    strange = {**JSON, "origin": "http://["}
    for path in (f"{url}/open", f"{url}/code", "/login"):
        assert (
            nobody.post(path, data={"code": "1", "login": "zhao", "password": "x"}, headers=strange).status_code == 403
        )
    assert nobody.get(f"/sign/{number}", headers={**JSON, "referer": "http://["}).status_code == 401
    assert nobody.get("/language/en?next=//[").status_code == 303


def test_only_an_ip_address_becomes_evidence(room: Room, enters: Enters) -> None:
    number = room.prepare()
    zhao = enters("zhao")
    for word, kept in (("any word", None), ("203.0.113.9", "203.0.113.9")):
        headers = {**given(zhao, number), "x-forwarded-for": word, "user-agent": "x" * 3000}
        told = {"consent": True, "device": {}}
        assert zhao.post(f"/sign/{number}/opened", json=told, headers=headers).status_code == 200
        with room.database.transaction() as unit:
            last = "select ip, agent from evidence where event = 'document.opened' order by sequence desc limit 1"
            found = unit.one(last)
        assert found == (kept, "x" * 500)
