"""Seconds are the server's: bounded by the time that went by, one page at a time, of the document as it is."""

from datetime import timedelta

import pytest

from hr.agreements.reading import LEAST, LONGEST, Read
from kernel.errors import Conflict, Invalid
from tasks.human.signing import reading, signing
from tests.tasks.human.signing.conftest import SOURCE, Room

LONG = SOURCE + "\n".join(f"## 条款{n}\n\n" + "乙方应当保守秘密。" * 120 for n in range(8))


@pytest.fixture
def number(room: Room) -> str:
    room.publish("long", LONG)
    return room.prepare("long")


def opened(room: Room, number: str) -> None:
    with room.database.transaction() as unit:
        told = {"platform": "iPhone", "screen": "390×844", "secret": "x", "zone": "z" * 900}
        reading.opened(room.house, unit, room.visitor("zhao"), number, told)


def beat(room: Room, number: str, page: int, told: float, *, passed: float, end: bool = False) -> Read:
    room.clock.advance(timedelta(seconds=passed))
    with room.database.transaction() as unit:
        return reading.beat(room.house, unit, room.visitor("zhao"), number, page, told, end)


@pytest.mark.requirement("F74")
def test_no_more_counts_than_went_by(room: Room, number: str) -> None:
    assert beat(room, number, 1, 900.0, passed=0).seconds == {1: 0.0}
    opened(room, number)
    assert beat(room, number, 1, 900.0, passed=3).seconds[1] == 3.0
    assert beat(room, number, 2, 5.0, passed=2).seconds == {1: 3.0, 2: 2.0}
    assert beat(room, number, 1, 2.0, passed=0).seconds == {1: 3.0, 2: 2.0}  # two windows at once
    assert beat(room, number, 2, 0.5, passed=60).seconds[2] == 2.5  # a hidden window tells less
    assert beat(room, number, 3, 900.0, passed=900).seconds[3] == LONGEST
    assert beat(room, number, 3, -50.0, passed=1).seconds[3] == LONGEST


@pytest.mark.requirement("F74")
def test_every_page_and_the_end_are_evidence_once(room: Room, number: str) -> None:
    pages = room.agreement(number).pages
    assert pages > 2
    opened(room, number)
    seen = beat(room, number, pages, 2.0, passed=2, end=True)
    assert (seen.ended, seen.done(pages), seen.left(pages)) == (False, False, list(range(1, pages)))
    assert "document.read" not in room.events(number)
    for page in range(1, pages):
        beat(room, number, page, LEAST, passed=LEAST)
        seen = beat(room, number, page, LEAST, passed=LEAST, end=True)
    assert seen.done(pages)
    events = room.events(number)
    assert events.count("page.read") == pages
    assert events.count("document.read") == 1
    chain = room.chain(number)
    assert {row.content_hash for row in chain} == {room.agreement(number).current_hash}
    assert chain[1].detail["device"] == {"platform": "iPhone", "screen": "390×844", "zone": "z" * 200}


def test_what_is_no_page_does_not_count(room: Room, number: str) -> None:
    pages = room.agreement(number).pages
    for page in (0, -1, pages + 1):
        with pytest.raises(Invalid, match=f"has {pages} pages"):
            beat(room, number, page, 1.0, passed=1)
    signing.decline(room.house, room.visitor("zhao"), number, "no")
    with pytest.raises(Conflict, match="is declined"):
        beat(room, number, 1, 1.0, passed=1)
