"""What happens beside a signature in the very moment: another browser, a reminder, a new phone, a process that ends."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest

from engine.commands import operate
from hr.agreements import acts
from hr.agreements import reading as pages
from hr.people import staff
from kernel.errors import Conflict, Invalid
from tasks.human import agreements
from tasks.human.batch_items import Batches
from tasks.human.signing import lists, reading, signing, steps
from tasks.human.signing import room as rooms
from tests.tasks.human.signing.conftest import Room
from tests.tasks.human.signing.test_in_the_process import Case, case

__all__ = ["case"]


def ready(room: Room, number: str) -> str:
    """The code with which the employee can sign."""
    room.agree("zhao", number)
    room.read("zhao", number)
    return room.code("zhao", number)


def aside(act: Callable[[], object]) -> Thread:
    """The act in a thread of its own."""
    thread = Thread(target=act)
    thread.start()
    return thread


def until_somebody_waits(room: Room) -> None:
    end = time.monotonic() + 5.0
    while time.monotonic() < end and room.rows("select count(*) from pg_locks where not granted") == [(0,)]:
        time.sleep(0.01)


def test_another_browser_that_opens_the_document_does_not_stop_the_signature(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, number = case.room, case.number
    code = ready(room, number)
    held, touch = Event(), pages._touch

    def slow(*args: Any) -> None:
        held.set()
        until_somebody_waits(room)
        touch(*args)

    def opens() -> None:
        with room.database.transaction() as unit:
            reading.opened(room.house, unit, room.visitor("zhao"), number, {})

    monkeypatch.setattr(pages, "_touch", slow)
    other = aside(opens)
    assert held.wait(5.0)
    room.sign("zhao", number, code)
    other.join()
    assert case.open(case.instance) == ["manager"]
    assert room.events(number).count("document.opened") == 2


def test_who_signs_while_hr_reminds_has_signed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    room, number = case.room, case.number
    code = ready(room, number)
    asked = acts.asked

    def meanwhile(*args: Any) -> None:
        aside(lambda: room.sign("zhao", number, code)).join()
        asked(*args)

    monkeypatch.setattr(acts, "asked", meanwhile)
    assert agreements.remind(room.house, room.actor("chen"), number) == 1
    assert room.rows("select status from agreement_signer where role = 'employee'") == [("signed",)]
    room.signed("li", number)


def test_a_code_that_went_to_a_phone_that_is_given_up_signs_nothing(case: Case) -> None:
    room, number = case.room, case.number
    code = ready(room, number)
    with room.database.transaction() as unit:
        staff.change(unit, room.house.world.files.cipher, "zhao", phone="13911112222")
    with pytest.raises(Invalid, match="code is void"):
        room.sign("zhao", number, code)
    assert room.events(number)[-1] == "code.sent"
    room.sign("zhao", number, room.code("zhao", number))


def test_nobody_is_asked_to_sign_what_lost_its_process(case: Case) -> None:
    room, number = case.room, case.number
    code = ready(room, number)
    operate.cancel(room.house.engine, room.database.once(), case.caller, actor=room.actor("li"))
    before, sent = room.untouched(number), len(room.sms.texts)
    with room.database.transaction() as unit:
        why_not = rooms.open_room(room.house, unit, room.visitor("zhao"), number).why_not
    assert why_not is not None
    for act in (
        lambda: room.sign("zhao", number, code),
        lambda: room.code("zhao", number),
        lambda: agreements.remind(room.house, room.actor("chen"), number),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.message == why_not
    assert (room.untouched(number), len(room.sms.texts)) == (before, sent)


def test_what_is_withdrawn_while_a_batch_seals_it_is_not_sealed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [room.prepare() for _ in range(2)]
    for number in numbers:
        room.signed("zhao", number)
        room.signed("li", number)
    room.clock.advance(timedelta(minutes=2))
    lists.send(room.house, room.actor("chen"), numbers, "sms")
    lists.begin(room.house, room.actor("chen"), numbers, room.received(), "用印")
    finish = steps.finish

    def meanwhile(house: Any, visitor: Any, made: Any, keep: Any) -> object:
        if made.found.agreement.number == numbers[0]:
            signing.withdraw(house, room.actor("chen"), numbers[0], "文本有误")
        return finish(house, visitor, made, keep)

    monkeypatch.setattr(steps, "finish", meanwhile)
    Batches()(room.house, lambda: False)
    assert room.rows("select status from agreement order by number") == [("withdrawn",), ("sealed",)]
    ((refused, words), done) = room.rows("select state, sentence from agreement_batch_item order by agreement_number")
    assert (refused, done) == ("REFUSED", ("DONE", ""))
    assert "文本有误" in words
