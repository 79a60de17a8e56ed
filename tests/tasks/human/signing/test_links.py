"""A link goes to its signer alone, opens nothing without the code, and stands in no list of messages."""

from typing import Any

import pytest

from hr.agreements import links, signers
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tasks import deliveries
from tasks.handlers import registry
from tasks.human import agreements, notices
from tasks.human.signing import codes, visits
from tasks.human.signing.room import open_room
from tasks.human.signing.visitors import Visitor
from tests.tasks.handlers.conftest import Ticket
from tests.tasks.human.signing.conftest import Room

ORIGIN: dict[str, Any] = {"ip": "10.9.9.9", "agent": "Firefox"}


def ask(room: Room, number: str, field: str = "employee", retries: int = 3) -> Ticket:
    """What the process does: ask one signer."""
    job = Ticket(
        type="agreement.ask",
        variables={"agreement": {"number": number}, "signer": {"field": field}},
        headers={"kind": "ask", "channels": "message,mail,sms"},
        retries=retries,
    )
    handler = registry.find(job.type)
    result = handler.call(job, room.house.world)
    with room.database.transaction() as unit:
        handler.record(job, result, unit, room.house.world)
    return job


def token(room: Room, login: str = "zhao") -> str:
    """The link as it came by SMS."""
    phone = {"zhao": "13900000003", "li": "13900000002"}[login]
    words = [text for to, text in room.sms.texts.values() if to == phone][-1]
    return words.split("https://hr.example/s/")[1].split()[0]


def test_the_link_goes_to_the_signer_and_is_kept_nowhere(room: Room) -> None:
    number = room.prepare()
    ask(room, number)
    link = token(room)
    (letter,) = room.mailer.letters.values()
    assert f"https://hr.example/s/{link}" in letter.text
    for table in ("delivery", "evidence", "agreement_signer", "signing_code"):
        assert link.split("-")[1] not in str(room.rows(f"select to_jsonb(t)::text from {table} t"))
    bodies = dict(room.rows("select channel, body from delivery"))
    assert "⟦sign:" in bodies["sms"]
    assert "⟦sign:" not in bodies["message"]
    assert f"https://hr.example/sign/{number}" in bodies["message"]
    assert "仅本人可见" in deliveries.shown(bodies["mail"], "zh-CN")
    assert "⟦" not in deliveries.shown(bodies["mail"], "en")
    with room.database.transaction() as unit:
        (notice,) = notices.notices(unit, room.actor("zhao"))
    assert notice.href == f"/sign/{number}"


def test_a_mark_of_someone_else_is_not_replaced(room: Room) -> None:
    """A text that anybody may write, such as a reason, could hold the mark of another signer."""
    number = room.prepare()
    with room.database.transaction() as unit:
        signer = signers.of(unit, number)[0]
        secret = room.house.settings.secret
        mine = links.written(unit, secret, "https://x", f"a {links.mark(signer)} b", recipient="zhao")
        others = links.written(unit, secret, "https://x", f"a {links.mark(signer)} ⟦sign:999⟧ b", recipient="wu")
    assert mine.startswith("a https://x/s/")
    assert others == "a   b"


def test_with_link_and_code_the_signer_signs_without_a_login(room: Room) -> None:
    number = room.prepare()
    ask(room, number)
    link = token(room)
    with room.database.transaction() as unit:
        landing = codes.landing(room.house, unit, link)
    assert (landing.name, landing.why_not) == ("赵＊", None)
    assert [channel.id for channel in landing.channels] == ["sms", "mail"]
    codes.send_by_link(room.house, link, "sms", **ORIGIN)
    opened = codes.open_by_link(room.house, link, room.received(), **ORIGIN)
    visitor = came_in(room, opened.cookie)
    assert visitor is not None
    assert (opened.number, visitor.login, visitor.by, visitor.actor.ip) == (number, "zhao", "link", "10.9.9.9")
    room.agree("zhao", number)
    room.read("zhao", number)
    codes.send(room.house, visitor, number, "sign", "mail")
    room.sign("zhao", number, room.received("mail"), visitor=visitor)
    signed = room.chain(number)[-1]
    assert (signed.event, signed.actor, signed.ip, signed.detail["by"]) == ("signed", "zhao", "10.9.9.9", "link")
    assert "link.opened" in room.events(number)


def came_in(room: Room, cookie: str) -> Visitor | None:
    with room.database.transaction() as unit:
        return visits.visitor(room.house, unit, cookie, **ORIGIN)


def test_a_forwarded_link_opens_nothing(room: Room) -> None:
    """Whoever else has it: the code goes to the signer; guesses are counted; another's code does not fit."""
    number, other = room.prepare(), room.prepare()
    ask(room, number)
    link = token(room)
    with pytest.raises(Invalid, match="No code was sent"):
        codes.open_by_link(room.house, link, "123456", **ORIGIN)
    codes.send_by_link(room.house, link, "sms", **ORIGIN)
    phone, words = [*room.sms.texts.values()][-1]
    assert phone == "13900000003"
    assert number in words
    for _ in range(5):
        with pytest.raises(Invalid):
            codes.open_by_link(room.house, link, "000000", **ORIGIN)
    with pytest.raises(Invalid, match="void"):
        codes.open_by_link(room.house, link, room.received(), **ORIGIN)
    with pytest.raises(Invalid):
        codes.open_by_link(room.house, link, room.code("zhao", other), **ORIGIN)
    assert room.rows("select count(*) from signing_visit") == [(0,)]
    assert room.events(number).count("code.wrong") == 5


def test_a_visit_is_for_one_agreement_and_one_person(room: Room) -> None:
    number, other = room.prepare(), room.prepare()
    ask(room, number)
    link = token(room)
    codes.send_by_link(room.house, link, "sms", **ORIGIN)
    opened = codes.open_by_link(room.house, link, room.received(), **ORIGIN)
    with pytest.raises(Invalid, match="used already"):
        codes.open_by_link(room.house, link, room.received(), **ORIGIN)
    visitor = came_in(room, opened.cookie)
    assert visitor is not None
    with room.database.transaction() as unit:
        assert open_room(room.house, unit, visitor, number).by == "link"
        with pytest.raises(NotFound):
            open_room(room.house, unit, visitor, other)
        visits.check_csrf(room.house, unit, opened.cookie, opened.csrf)
        with pytest.raises(Forbidden, match="too old"):
            visits.check_csrf(room.house, unit, opened.cookie, "another")
    room.rows(
        "update agreement_signer set login = 'wu' where agreement_number = %s and place = 1 returning id", (number,)
    )
    assert came_in(room, opened.cookie) is None
    with room.database.transaction() as unit, pytest.raises(NotFound):
        open_room(room.house, unit, visitor, number)
    room.rows(
        "update agreement_signer set login = 'zhao' where agreement_number = %s and place = 1 returning id", (number,)
    )
    room.clock.advance(visits.LASTS)
    assert came_in(room, opened.cookie) is None
    assert came_in(room, "") is None


def test_a_newer_link_makes_the_former_void(room: Room) -> None:
    number = room.prepare()
    ask(room, number)
    link = token(room)
    room.rows("update agreement_signer set nonce = 'another' where agreement_number = %s returning id", (number,))
    for dead in (link, link[:-1] + ("0" if link[-1] != "0" else "1"), "1-" + "0" * 40, "", "9" * 30, "1-x"):
        with room.database.transaction() as unit, pytest.raises(NotFound, match="does not work any more"):
            codes.landing(room.house, unit, dead)
    with room.database.transaction() as unit:
        signer = signers.of(unit, number)[0]
        assert links.signer_of(unit, "new secret", links.link("old", signer)) is None
        assert links.signer_of(unit, "new old", links.link("old", signer)) is not None


def test_a_message_that_did_not_go_out_is_not_called_sent(room: Room) -> None:
    number = room.prepare()
    room.sms.down = True
    job = ask(room, number, retries=1)  # the last try of the job
    states = dict(room.rows("select channel, state from delivery where job = %s", (job.uuid,)))
    assert states == {"message": "sent", "mail": "sent", "sms": "failed"}
    told = {entry["channel"]: entry for entry in room.chain(number)[-1].detail["messages"]}
    assert (told["sms"]["state"], told["sms"]["address"]) == ("failed", "139…0003")
    assert told["mail"]["state"] == "sent"
    assert room.rows("select status from agreement_signer where place = 1") == [("asked",)]


def test_who_holds_the_seal_is_told_and_gets_no_link(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    room.signed("li", number)
    ask(room, number, "company")
    assert sorted(to for (to,) in room.rows("select distinct recipient from delivery")) == ["chen", "wu"]
    assert all("⟦" not in body for (body,) in room.rows("select body from delivery"))


def test_hr_reminds_by_hand_once_an_hour(room: Room) -> None:
    number = room.prepare()
    ask(room, number)
    assert agreements.remind(room.house, room.actor("chen"), number) == 1
    assert room.events(number)[-1] == "reminded"
    assert "Reminder" not in str(room.rows("select subject from delivery"))
    with pytest.raises(Conflict, match="within the last hour"):
        agreements.remind(room.house, room.actor("chen"), number)
    with pytest.raises(Forbidden, match="Only HR"):
        agreements.remind(room.house, room.actor("zhao"), number)
    with pytest.raises(NotFound):
        agreements.remind(room.house, room.actor("nobody"), number)
