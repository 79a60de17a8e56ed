"""Once it is over nothing goes out and nothing is written; and nobody with a link shuts its signer out before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest

from hr.agreements import acts, links, signers
from hr.evidence import log
from kernel.errors import Conflict, Invalid, Refusal, Unavailable
from tasks.human import agreements
from tasks.human.signing import codes, reading, signing, turns, visits
from tasks.human.signing import room as rooms
from tasks.human.signing.visitors import Visitor
from tests.tasks.human.signing.conftest import Room
from tests.tasks.human.signing.test_in_the_process import Case, case
from tests.tasks.human.signing.test_links import ORIGIN

__all__ = ["case"]


def link(room: Room, number: str) -> str:
    """The link of the employee."""
    with room.database.transaction() as unit:
        return links.link(room.house.settings.secret, signers.of(unit, number)[0])


def came_in(room: Room, number: str) -> Visitor:
    codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)
    opened = codes.open_by_link(room.house, link(room, number), room.received(), **ORIGIN)
    with room.database.transaction() as unit:
        visitor = visits.visitor(room.house, unit, opened.cookie, **ORIGIN)
    assert visitor is not None
    return visitor


def withdraw(room: Room, number: str) -> None:
    signing.withdraw(room.house, room.actor("chen"), number, "文本有误")


def decline(room: Room, number: str) -> None:
    signing.decline(room.house, room.visitor("zhao"), number, "期限太长")


def expire(room: Room, number: str) -> None:
    room.clock.set(room.agreement(number).expires_at)


@pytest.mark.parametrize("end", [withdraw, decline, expire])
def test_after_the_end_a_link_leads_nowhere(room: Room, end: Callable[[Room, str], None]) -> None:
    number = room.prepare()
    came_in(room, number)
    room.clock.advance(timedelta(minutes=2))
    codes.send_by_link(room.house, link(room, number), "mail", **ORIGIN)
    late = room.received("mail")
    end(room, number)
    events, sent = room.events(number), (len(room.sms.texts), len(room.mailer.letters))
    with room.database.transaction() as unit:
        landing = codes.landing(room.house, unit, link(room, number))
    assert landing.why_not == codes.SHUT
    room.clock.advance(timedelta(minutes=2))
    with pytest.raises(Conflict) as refused:
        codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)
    assert refused.value.message == codes.SHUT  # and no word of what it was
    for code in (late, "123456"):
        with pytest.raises(Conflict):
            codes.open_by_link(room.house, link(room, number), code, **ORIGIN)
    assert (room.events(number), (len(room.sms.texts), len(room.mailer.letters))) == (events, sent)
    assert room.rows("select count(*) from signing_visit") == [(1,)]


@pytest.mark.parametrize("end", [withdraw, decline, expire])
def test_after_the_end_nothing_is_read_agreed_to_or_shown_by_link(room: Room, end: Callable[[Room, str], None]) -> None:
    number = room.prepare()
    visitor = came_in(room, number)
    end(room, number)
    events = room.events(number)
    with room.database.transaction() as unit:
        for who in (visitor, room.visitor("zhao")):
            why_not = rooms.open_room(room.house, unit, who, number).why_not
            assert why_not is not None
            with pytest.raises(Conflict) as refused:
                reading.opened(room.house, unit, who, number, {})
            assert refused.value.message == why_not
            with pytest.raises(Conflict):
                reading.beat(room.house, unit, who, number, 1, 1.0, False)
            with pytest.raises(Conflict):
                signing.consent(room.house, unit, who, number, "electronic-signing", "zh-CN")
        for pages in (rooms.document, rooms.downloaded):
            with pytest.raises(Conflict):
                pages(room.house, unit, visitor, number)
        assert rooms.document(room.house, unit, room.visitor("zhao"), number).startswith(b"%PDF")
    assert room.events(number) == events
    assert room.rows("select count(*) from consent") == [(0,)]


def test_who_has_signed_comes_to_the_told_page_and_no_further(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    room.signed("li", number)
    room.sealed(number)
    visitor = came_in(room, number)
    events = room.events(number)
    with room.database.transaction() as unit:
        assert rooms.open_room(room.house, unit, visitor, number).may_sign is False
        assert rooms.document(room.house, unit, visitor, number) == room.document(number)
        with pytest.raises(Conflict, match="已|is signed and sealed since"):
            reading.opened(room.house, unit, visitor, number, {})
        with pytest.raises(Conflict):
            signing.consent(room.house, unit, visitor, number, "electronic-signing", "zh-CN")
    assert room.events(number) == events


def test_who_signed_what_came_to_nothing_sees_no_pages_by_link(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    visitor = came_in(room, number)
    withdraw(room, number)
    with room.database.transaction() as unit:
        assert rooms.open_room(room.house, unit, visitor, number).status == "withdrawn"
        with pytest.raises(Conflict, match="文本有误"):
            rooms.document(room.house, unit, visitor, number)
    with pytest.raises(Conflict):
        codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)


def test_a_holder_of_the_link_does_not_lock_its_signer_out(room: Room) -> None:
    """Wrong tries do not shorten the pause, and codes that open are not counted with those that sign."""
    number = room.prepare()
    for _ in range(10):
        room.clock.advance(timedelta(minutes=1, seconds=1))
        codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)
    for _ in range(5):
        with pytest.raises(Invalid):
            codes.open_by_link(room.house, link(room, number), "no", **ORIGIN)
    with pytest.raises(Unavailable, match="within the last minute"):
        codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)
    codes.send(room.house, room.visitor("zhao"), number, "sign", "sms")  # at once, and on this day
    room.clock.advance(timedelta(minutes=2))
    with pytest.raises(Unavailable, match="10 codes were sent"):
        codes.send_by_link(room.house, link(room, number), "sms", **ORIGIN)
    room.agree("zhao", number)
    room.read("zhao", number)
    room.sign("zhao", number, room.received())


def test_a_way_that_there_is_not_tells_no_login(room: Room) -> None:
    number = room.prepare()
    with pytest.raises(Invalid, match="No code can go to you by pigeon") as refused:
        codes.send_by_link(room.house, link(room, number), "pigeon", **ORIGIN)
    assert "zhao" not in str(refused.value.message)


def test_of_two_reminders_at_once_one_goes_out(room: Room) -> None:
    number = room.prepare()
    gate, outcomes = Barrier(2), list[object]()

    def click() -> None:
        gate.wait()
        try:
            outcomes.append(agreements.remind(room.house, room.actor("chen"), number))
        except Refusal as refused:
            outcomes.append(type(refused))

    both = [Thread(target=click) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert outcomes.count(1) == 1
    assert outcomes.count(Conflict) == 1
    assert room.events(number).count("reminded") == 1
    room.clock.advance(timedelta(hours=1))
    assert agreements.remind(room.house, room.actor("chen"), number) == 1


def test_a_signing_code_is_sent_while_the_process_waits_for_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    room = case.room
    with monkeypatch.context() as patched:
        patched.setattr(turns, "task_of", lambda *_: None)
        with pytest.raises(Conflict, match="does not wait for this signature"):
            room.code("zhao", case.number)
    assert room.sms.texts == {}
    assert room.rows("select count(*) from signing_code") == [(0,)]
    assert room.code("zhao", case.number)


def test_the_end_is_told_on_the_day_of_the_organisation(room: Room) -> None:
    number = room.prepare()
    withdraw(room, number)
    row = room.agreement(number)
    row.ended_at, zone = datetime(2026, 11, 2, 18, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
    told = acts.ended(row, zone)
    assert str(told) == "保密协议 is withdrawn since 2026-11-03: 文本有误。 Nothing more is signed."
    assert told.within("zh-CN") == "《保密协议》已撤回（2026-11-03）：文本有误。不再签署。"
    assert acts.ended(row).within("zh-CN") == "《保密协议》已撤回：文本有误。不再签署。"
    for reason, closed in (("A slip", "A slip."), ("A slip!", "A slip!"), (" 有误？ ", "有误？")):
        row.ended_reason = reason
        assert acts.ended(row, zone).values["reason"] == closed
    row.ended_reason, row.status = "", "expired"
    assert acts.ended(row, zone).within("zh-CN") == "《保密协议》已逾期（2026-11-03），不再签署。"
    assert acts.ended(row).within("zh-CN") == "《保密协议》已逾期，不再签署。"


def test_times_do_not_run_backwards_along_a_chain(room: Room) -> None:
    """Two that write at once read the clock before they wait for each other."""
    number = room.prepare()
    now = room.clock.now()
    with room.database.transaction() as unit:
        for seconds in (5, 2, 9):
            log.append(unit, number, "downloaded", room.actor("chen"), now + timedelta(seconds=seconds))
    last = room.chain(number)[-3:]
    assert [row.at - now for row in last] == [timedelta(seconds=seconds) for seconds in (5, 5, 9)]
