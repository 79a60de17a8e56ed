"""The heads of chains under time stamps: what is edited, and what is cut off at the end, is found."""

from datetime import timedelta

import pytest

from hr.documents.signing import stamps
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.stamps import Unstamped
from hr.evidence import anchors, log
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.db import Database, Unit
from kernel.errors import Conflict
from tests.hr.documents.conftest import ORGANISATION

CASE = "OFF-2026-0001"
WHO = Actor(id="zhang", name="张龘㛃", ip="10.1.2.3")


@pytest.fixture
def authority(clock: ManualClock) -> Authority:
    return Authority.of(made(ORGANISATION, clock.now()), clock)


def note(unit: Unit, clock: ManualClock, *events: str, subject: str = CASE) -> None:
    for event in events:
        log.append(unit, subject, event, WHO, clock.now(), note="𬎆")
        clock.advance(timedelta(minutes=1))


def stamped(unit: Unit, authority: Authority, clock: ManualClock) -> int:
    """One round: every head that moved. Tells how many."""
    heads = anchors.due(unit)
    for head in heads:
        token = stamps.token(authority.time, head.digest)
        anchors.anchor(unit, head, token, authority.trust, at=clock.now())
    return len(heads)


def problems(unit: Unit, authority: Authority, clock: ManualClock) -> list[str]:
    return list(map(str, anchors.check(unit, CASE, authority.trust, at=clock.now()).problems))


def tampered(database: Database, statement: str) -> None:
    """As somebody would who owns the database: the trigger out of the way first."""
    with database.transaction() as unit:
        unit.run("alter table evidence disable trigger evidence_append_only")
        assert unit.run(statement) > 0
        unit.run("alter table evidence enable trigger evidence_append_only")


@pytest.fixture
def anchored(database: Database, authority: Authority, clock: ManualClock) -> Database:
    """Five events, stamped after the third and after the fifth; another chain beside them."""
    with database.transaction() as unit:
        note(unit, clock, "filed", "confirmed", "handed over")
        assert stamped(unit, authority, clock) == 1
        note(unit, clock, "signed", "closed")
        note(unit, clock, "prepared", subject="AG-1")
        assert stamped(unit, authority, clock) == 2
        assert stamped(unit, authority, clock) == 0
        assert problems(unit, authority, clock) == []
    return database


@pytest.mark.requirement("F69")
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update evidence set ip = '198.51.100.7' where sequence = 2 and subject <> 'AG-1'", "Row 2 of the evidence"),
        ("delete from evidence where sequence = 4 and subject <> 'AG-1'", "Row 4 of the evidence"),
        ("delete from evidence where sequence = 5 and subject <> 'AG-1'", "had 5 rows"),
        ("delete from evidence where sequence > 3 and subject <> 'AG-1'", "rows were cut off at its end"),
    ],
    ids=["edited", "deleted in the middle", "deleted at the end", "cut off"],
)
def test_what_was_done_to_a_chain_is_found(
    anchored: Database, authority: Authority, clock: ManualClock, statement: str, words: str
) -> None:
    tampered(anchored, statement)
    with anchored.transaction() as unit:
        assert any(words in one for one in problems(unit, authority, clock))


def test_a_chain_written_anew_has_no_stamp(anchored: Database, authority: Authority, clock: ManualClock) -> None:
    """All rows gone and written again with other content: the chain holds in itself, its stamps do not."""
    tampered(anchored, "delete from evidence where subject <> 'AG-1'")
    with anchored.transaction() as unit:
        note(unit, clock, "filed", "confirmed", "handed over", "signed", "closed")
        assert log.walk(unit, CASE).broken_at is None
        assert any("is not the one that was stamped" in one for one in problems(unit, authority, clock))


def test_a_stamp_for_something_else_is_not_kept(anchored: Database, authority: Authority, clock: ManualClock) -> None:
    with anchored.transaction() as unit:
        note(unit, clock, "archived")
        (head,) = anchors.due(unit)
        with pytest.raises(Unstamped):
            anchors.anchor(unit, head, stamps.token(authority.time, b"\x00" * 32), authority.trust, at=clock.now())
        strange = anchors.Head(CASE, 6, "0" * 64)
        token = stamps.token(authority.time, strange.digest)
        with pytest.raises(Conflict):
            anchors.anchor(unit, strange, token, authority.trust, at=clock.now())
