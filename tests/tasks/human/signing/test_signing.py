"""An agreement is signed in order and sealed: the document holds, the evidence tells who, when, where and what."""

from datetime import timedelta
from hashlib import sha256

import pytest

from hr.documents.signing import gm
from hr.documents.verify.pdf import examine
from kernel.errors import Invalid
from tasks.human.signing import reading, signing, visitors
from tasks.human.signing.room import open_room, picture
from tests.hr.conftest import drawing
from tests.tasks.human.signing.conftest import Room

SIGNING = ["code.sent", "code.checked", "understood", "signed"]
SEALING = ["code.sent", "code.checked", "sealed"]
ENTERING = ["consent.given", "document.opened", "page.read", "document.read"]


@pytest.mark.requirement("F62", "F63", "F64", "F65", "F66", "F67", "F74")
def test_two_sign_in_order_and_the_company_seals(room: Room) -> None:
    number = room.prepare()
    prepared = room.agreement(number)
    assert room.signed("zhao", number).next == ("李勇",)
    assert room.signed("li", number).next == ("启明智能",)
    assert room.sealed(number).sealed
    row, pdf = room.agreement(number), room.document(number)
    assert (row.status, row.current_hash, row.sealed_sm3) == ("sealed", sha256(pdf).hexdigest(), gm.sm3(pdf))

    found = examine(pdf, room.house.world.trust, at=room.clock.now())
    assert found.intact
    assert found.last_revision_covered
    assert [one.field for one in found.signatures] == ["employee", "manager", "company"]
    assert all(one.signed and one.trusted and one.changed_since != "other" for one in found.signatures)
    assert "赵𬎆" in found.signatures[0].signer

    assert room.events(number) == ["agreement.prepared", *ENTERING, *SIGNING, *ENTERING, *SIGNING, *SEALING]
    chain = room.chain(number)
    signed = next(event for event in chain if event.event == "signed")
    assert (signed.actor, signed.ip, signed.agent) == ("zhao", "10.1.2.3", "Mobile Safari")
    assert signed.detail["before"] == prepared.current_hash
    assert signed.detail["device"] == {"platform": "iPhone"}
    bound = found.signatures[0].bound
    head = chain[signed.sequence - 4]  # before the code was checked, the reading noted and the signature kept
    assert (bound["agreement"], bound["document"], bound["evidence"]) == (number, prepared.current_hash, head.hash)
    understood = next(event for event in chain if event.event == "understood")
    assert understood.detail["milliseconds"] == {"1": 2000}


@pytest.mark.requirement("F63")
def test_each_signature_has_a_certificate_of_its_own(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    room.signed("li", number)
    kept = room.rows("select serial, certificate from issued_certificate where bound_to = %s", (number,))
    own = [der for (der,) in room.rows("select certificate from agreement_signer where certificate is not null")]
    assert len({serial for serial, _ in kept}) == 2
    assert sorted(bytes(der) for _, der in kept) == sorted(map(bytes, own))


def test_the_room_tells_what_is_left_to_do(room: Room) -> None:
    number = room.prepare()
    with room.database.transaction() as unit:
        seen = open_room(room.house, unit, room.visitor("zhao"), number)
        later = open_room(room.house, unit, room.visitor("li"), number)
    assert (seen.may_sign, seen.act, seen.name, seen.pages, seen.trial) == (True, "sign", "赵𬎆", 1, True)
    assert [channel.address for channel in seen.channels] == ["139…0003", "z…o@qiming.example"]
    assert [agreed.given_at for agreed in seen.consents] == [None]
    assert seen.summary[0] == "您应当保守公司的商业秘密。"
    assert not later.may_sign
    assert "赵𬎆 sign first" in str(later.why_not)

    room.signed("zhao", number)
    with room.database.transaction() as unit:
        after, turn = (
            open_room(room.house, unit, room.visitor("zhao"), number),
            open_room(room.house, unit, room.visitor("li"), number),
        )
        assert visitors.waiting(unit, room.visitor("li"), room.clock.now()) == [number]
        assert visitors.waiting(unit, room.visitor("zhao"), room.clock.now()) == []
        shown = picture(room.house, unit, room.visitor("li"), number, 1, 300)
    assert "has signed" in str(after.why_not)
    assert turn.may_sign
    assert turn.document_hash == sha256(room.document(number)).hexdigest()
    assert shown.startswith(b"\x89PNG")


def test_what_comes_before_the_signature_is_asked_for(room: Room) -> None:
    """Consent, every page, the end, the declaration, the strokes: each is missed in words, and no code is spent."""
    number = room.prepare()
    code = room.code("zhao", number)
    with pytest.raises(Invalid, match="Agree to electronic signing first"):
        room.sign("zhao", number, code)
    room.agree("zhao", number)
    with pytest.raises(Invalid, match="Left: 1"):
        room.sign("zhao", number, code)
    with room.database.transaction() as unit:
        reading.opened(room.house, unit, room.visitor("zhao"), number, {})
    room.clock.advance(timedelta(seconds=2))
    with room.database.transaction() as unit:
        reading.beat(room.house, unit, room.visitor("zhao"), number, 1, 2.0, False)
    with pytest.raises(Invalid, match="to its end"):
        room.sign("zhao", number, code)
    room.read("zhao", number)
    before = room.untouched(number)
    with pytest.raises(Invalid, match="read and understood"):
        signing.sign(room.house, room.visitor("zhao"), number, code, drawing(), False)
    with pytest.raises(Invalid, match="signature"):
        signing.sign(room.house, room.visitor("zhao"), number, code, "data:,", True)
    assert room.untouched(number) == before
    assert not room.sign("zhao", number, code).sealed
