"""A check by face may be left out; and what is down around a signature leaves nothing half done."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hr.agreements import consents
from hr.people import org
from kernel.errors import Conflict, Forbidden, NotFound, Unavailable
from tasks.adapters.outside import Outside, connect
from tasks.human.signing import codes, identity, signing
from tests.tasks.human.signing.conftest import Room


@pytest.fixture
def outside(counterparts, clock) -> Iterator[Outside]:
    opened = connect(counterparts.settings(), clock)
    yield opened
    opened.close()


@pytest.fixture
def connected(room: Room, outside: Outside) -> Room:
    """The room, with text messages and identity checks by the counterparts' process."""
    world = replace(room.house.world, sms=outside.sms, identity=outside.identity)
    room.house = replace(room.house, world=world)
    return room


def token(room: Room, counterparts, login: str = "zhao", name: str | None = None) -> str:
    """What a device gets for this person from the provider."""
    with room.database.transaction() as unit:
        number = org.identity_number(unit, login, room.house.world.files.cipher)
        seen = {"name": name or org.required(unit, login).name, "idNumber": number, "method": "face"}
    return counterparts.control.post("/_identity/tokens", json=seen).json()["token"]


def agreed(room: Room, number: str) -> None:
    with room.database.transaction() as unit:
        identity.consent(room.house, unit, room.visitor("zhao"), number, "zh-CN")


@pytest.mark.requirement("F68")
def test_the_answer_of_a_provider_is_kept_as_a_word_and_nothing_of_the_body(connected, counterparts):
    number = connected.prepare()
    agreed(connected, number)
    given = token(connected, counterparts)
    assert identity.check(connected.house, connected.visitor("zhao"), number, given).matched
    (row,) = [row for row in connected.chain(number) if row.event == "identity.checked"]
    assert row.detail == {
        "field": "employee",
        "role": "employee",
        "provider": "演示身份核验",
        "token": given[:8],
        "method": "face",
        "matched": True,
        "checked": row.detail["checked"],
    }
    with pytest.raises(NotFound):
        identity.check(connected.house, connected.visitor("zhao"), number, given)


@pytest.mark.requirement("F68")
def test_nobody_is_asked_for_a_face_who_has_not_agreed_to_that_alone(connected, counterparts):
    number = connected.prepare()
    connected.agree("zhao", number)
    with pytest.raises(Forbidden, match="You can sign without it"):
        identity.check(connected.house, connected.visitor("zhao"), number, token(connected, counterparts))
    agreed(connected, number)
    with connected.database.transaction() as unit:
        signing.withdraw_consent(connected.house, unit, connected.actor("zhao"), consents.IDENTITY_CHECK)
    with pytest.raises(Forbidden):
        identity.check(connected.house, connected.visitor("zhao"), number, token(connected, counterparts))


def test_a_face_of_somebody_else_is_on_record_and_the_code_decides_as_ever(connected, counterparts):
    number = connected.prepare()
    agreed(connected, number)
    stranger = token(connected, counterparts, name="别人")
    assert not identity.check(connected.house, connected.visitor("zhao"), number, stranger).matched
    assert "signed" not in connected.events(number)


def test_it_is_off_unless_there_is_a_provider_and_never_needed(room):
    assert not identity.offered(room.house)
    number = room.prepare()
    with pytest.raises(Conflict, match="no check by face"):
        identity.check(room.house, room.visitor("zhao"), number, "a token")
    room.signed("zhao", number)
    assert "signed" in room.events(number)


def test_the_sms_gateway_down_sends_no_code_and_mail_does(connected, counterparts):
    number = connected.prepare()
    before = connected.untouched(number)[:3]
    counterparts.fault("sms", status=503)
    with pytest.raises(Unavailable, match="could not be sent by SMS: .*status 503.*Choose another way") as refused:
        codes.send(connected.house, connected.visitor("zhao"), number, "sign", "sms")
    assert "JIAOJIE_SMS_URL" in str(refused.value)
    assert connected.untouched(number)[:3] == before
    connected.agree("zhao", number)
    connected.read("zhao", number)
    connected.sign("zhao", number, connected.code("zhao", number, "mail"))
    assert "signed" in connected.events(number)


def test_a_code_whose_answer_was_lost_is_void_and_the_next_one_works(connected, counterparts):
    number = connected.prepare()
    counterparts.fault("sms", status=503, after=True)
    with pytest.raises(Unavailable):
        codes.send(connected.house, connected.visitor("zhao"), number, "sign", "sms")
    (first,) = connected.rows("select void_at is not null from signing_code")
    assert first == (True,)
    codes.send(connected.house, connected.visitor("zhao"), number, "sign", "sms")
