"""The list of agreements and the page of one: all for HR, their own for others, with the evidence in words."""

import pytest

from hr.agreements import consents
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from tasks.human import agreements, files
from tasks.human.signing import signing
from tests.tasks.human.signing.conftest import Room

STRANGER = Actor(id="boss", groups=frozenset({"admin"}))


def listed(room: Room, login: str, scope: str = "mine", text: str = "", status: str = "") -> list[str]:
    with room.database.transaction() as unit:
        page = agreements.agreements(room.house, unit, room.actor(login), scope, text, status)  # type: ignore[arg-type]
    return [row.number for row in page.rows]


def test_hr_sees_all_others_their_own_and_holders_what_waits_for_the_seal(room: Room) -> None:
    mine, other = room.prepare(), room.prepare(employee="wu")
    assert listed(room, "chen", "all") == [other, mine]
    assert (listed(room, "zhao"), listed(room, "zhao", "all"), listed(room, "zhao", "seal")) == ([mine], [mine], [mine])
    assert sorted(listed(room, "li")) == [mine, other]
    assert listed(room, "chen", "all", text="𬎆") == [mine]
    assert listed(room, "chen", "all", text="100%") == []
    assert listed(room, "chen", "all", status="sealed") == []
    assert listed(room, "chen", "seal") == []
    for number, login in ((mine, "zhao"), (other, "wu")):
        room.signed(login, number)
        room.signed("li", number)
    assert sorted(listed(room, "chen", "seal")) == [mine, other]
    assert listed(room, "wu", "seal") == [mine]  # not the own one


@pytest.mark.requirement("F69")
def test_one_agreement_is_told_with_its_evidence(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    with room.database.transaction() as unit:
        hr = agreements.agreement_view(room.house, unit, room.actor("chen"), number)
        own = agreements.agreement_view(room.house, unit, room.actor("zhao"), number)
        manager = agreements.agreement_view(room.house, unit, room.actor("li"), number)
        with pytest.raises(NotFound):
            agreements.agreement_view(room.house, unit, STRANGER, number)
    assert hr.actions == {"withdraw", "remind", "evidence"}
    assert own.actions == {"evidence"}
    assert manager.actions == {"sign", "evidence"}  # li is an administrator too, who is not HR
    assert hr.row.waits_for == ("李勇",)
    assert [party.status for party in hr.row.signers] == ["signed", "waiting", "waiting"]
    sentences = [event.sentence.within("zh-CN") for event in hr.events]
    assert sentences[0] == "协议已生成，共 1 页。"
    assert "赵𬎆已签署。" in sentences
    assert not any("{" in sentence for sentence in sentences)
    assert {event.ip for event in hr.events if event.event == "signed"} == {"10.1.2.3"}
    assert {event.ip for event in own.events if event.event == "signed"} == {"10.1.2.3"}
    assert {event.ip for event in manager.events if event.event == "signed"} == {""}


def test_parties_and_hr_have_the_document_and_nobody_the_strokes(room: Room) -> None:
    number = room.prepare()
    room.signed("zhao", number)
    current = room.agreement(number).current_hash
    ((strokes,),) = room.rows("select image_hash from agreement_signer where image_hash is not null")
    with room.database.transaction() as unit:
        for login in ("zhao", "li", "chen"):
            assert files.read(room.house, unit, room.actor(login), current)[1] == room.document(number)
            assert agreements.document(room.house, unit, room.actor(login), number).startswith(b"%PDF")
            assert agreements.picture(room.house, unit, room.actor(login), number, 1, 200).startswith(b"\x89PNG")
        for who in (STRANGER, room.actor("wu")):
            with pytest.raises(NotFound):
                files.read(room.house, unit, who, current)
            with pytest.raises(NotFound):
                agreements.document(room.house, unit, who, number)
        with pytest.raises(NotFound):
            files.read(room.house, unit, room.actor("chen"), strokes)
    assert room.events(number).count("downloaded") == 3


def test_a_consent_is_on_a_ledger_and_can_be_taken_back(room: Room) -> None:
    number = room.prepare()
    room.agree("zhao", number)
    room.agree("zhao", number)
    room.read("zhao", number)
    code = room.code("zhao", number)
    with room.database.transaction() as unit:
        (row,) = consents.ledger(unit, "zhao")
        signing.withdraw_consent(room.house, unit, room.actor("zhao"), consents.ELECTRONIC_SIGNING)
        assert row.ip == "10.1.2.3"
    with pytest.raises(Invalid, match="Agree to electronic signing"):
        room.sign("zhao", number, code)
    with room.database.transaction() as unit, pytest.raises(NotFound, match="nothing to take back"):
        signing.withdraw_consent(room.house, unit, room.actor("zhao"), consents.ELECTRONIC_SIGNING)
    with room.database.transaction() as unit, pytest.raises(NotFound, match="Nobody is asked"):
        signing.consent(room.house, unit, room.visitor("zhao"), number, "everything", "en")
    room.agree("zhao", number)
    room.sign("zhao", number, code)
    with room.database.transaction() as unit:
        first, second = reversed(consents.ledger(unit, "zhao"))
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    assert first.words_hash == second.words_hash
