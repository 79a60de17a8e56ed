"""What must not sign: a wrong, old or foreign code, a stranger, an agreement that is over, a document that changed."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from hr.agreements import requests, will
from hr.documents.signing import pades
from hr.documents.signing.keys import EventKeys
from hr.documents.signing.stamps import TimeAuthority
from kernel.actor import Actor
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable
from kernel.text import say
from tasks.human.signing import codes, signing, steps, turns
from tasks.human.signing.room import document, open_room, picture
from tasks.human.signing.visitors import by_login
from tasks.seals import Seals, TrialAuthority
from tests.hr.conftest import STROKES
from tests.tasks.human.signing.conftest import AT_ONCE, Room

TYPED = STROKES.replace("<svg ", '<svg class="typed" ').format('<path d="M 1,1 L 9,9"/>')


def wrong(code: str) -> str:
    return "111111" if code != "111111" else "222222"


def ready(room: Room, login: str, number: str) -> str:
    """Everything but the signature; the code."""
    room.agree(login, number)
    room.read(login, number)
    return room.code(login, number)


def test_a_wrong_code_is_counted_and_void_after_five(room: Room) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid, match=f"{left} attempts are left"):
            room.sign("zhao", number, wrong(code))
    with pytest.raises(Invalid, match="wrong 5 times and is void"):
        room.sign("zhao", number, wrong(code))
    with pytest.raises(Invalid, match="This code is void"):
        room.sign("zhao", number, code)
    assert room.events(number).count("code.wrong") == 5
    assert room.agreement(number).status == "signing"
    room.sign("zhao", number, room.code("zhao", number))


def test_a_code_is_good_for_its_own_act_alone(room: Room) -> None:
    """Not for another document, another signer, another purpose, and not for long."""
    number, other = room.prepare(), room.prepare()
    foreign = room.code("zhao", other)
    code = ready(room, "zhao", number)
    for strange in {foreign, "", "12345", "1234567", "٣٤٥٦٧٨", code[::-1]} - {code}:
        with pytest.raises(Invalid, match="wrong|void"):
            room.sign("zhao", number, strange)
        room.rows("update signing_code set attempts = 0 returning id")
    room.clock.advance(will.LASTS)
    with pytest.raises(Invalid, match="too old: it lasted 10 minutes"):
        room.sign("zhao", number, code)
    with room.database.transaction() as unit:
        act = will.Act(signer_id=1, holder="zhao", purpose="open", document_hash=room.agreement(number).prepared_hash)
        _, opening = will.new_code(unit, room.house.settings.secret, act, channel="sms", masked="", at=room.clock.now())
    fresh = room.code("zhao", number)
    if opening != fresh:
        with pytest.raises(Invalid, match="wrong"):
            room.sign("zhao", number, opening)
    room.sign("zhao", number, fresh)
    with pytest.raises(Conflict, match="has signed"):
        room.sign("zhao", number, fresh)
    assert room.events(number).count("signed") == 1


def test_codes_are_sent_once_a_minute_and_ten_times_a_day(room: Room) -> None:
    number = room.prepare()
    first = room.code("zhao", number)
    with pytest.raises(Unavailable, match="within the last minute"):
        codes.send(room.house, room.visitor("zhao"), number, "sign", "mail")
    for _ in range(9):
        room.code("zhao", number, "mail")
    room.clock.advance(timedelta(minutes=2))
    with pytest.raises(Unavailable, match="10 codes were sent"):
        codes.send(room.house, room.visitor("zhao"), number, "sign", "sms")
    assert len(room.sms.texts) == 1
    assert len(room.mailer.letters) == 9
    assert all(first not in str(row) for row in room.rows("select detail::text from evidence"))
    room.agree("zhao", number)
    room.read("zhao", number)
    with pytest.raises(Invalid, match="too old|wrong"):
        room.sign("zhao", number, first)


def test_nobody_else_comes_in(room: Room) -> None:
    """HR and administrators neither see a page nor sign; who signs later waits for their turn."""
    number = room.prepare()
    code = ready(room, "zhao", number)
    for groups in (("hr", "hr-head"), ("admin",), ("employee",)):
        visitor = by_login(Actor(id="boss", name="boss", groups=frozenset(groups)))
        with room.database.transaction() as unit:
            for enter in (open_room, document):
                with pytest.raises(NotFound):
                    enter(room.house, unit, visitor, number)
            with pytest.raises(NotFound):
                picture(room.house, unit, visitor, number, 1, 300)
        with pytest.raises(NotFound):
            codes.send(room.house, visitor, number, "sign", "sms")
        with pytest.raises(NotFound):
            room.sign("boss", number, code, visitor=visitor)
        with pytest.raises(NotFound):
            signing.decline(room.house, visitor, number, "no")
    with pytest.raises(Conflict, match="not your turn yet"):
        signing.seal(room.house, room.actor("chen"), number, code)
    with pytest.raises(Conflict, match="not your turn yet"):
        room.sign("li", number, code)
    assert room.agreement(number).current_hash == room.agreement(number).prepared_hash


def test_nobody_seals_for_the_company_what_they_agree_with_it(room: Room) -> None:
    number = room.prepare(employee="wu")
    room.signed("wu", number)
    room.signed("li", number)
    with pytest.raises(Conflict, match="has signed"):
        signing.seal(room.house, room.actor("wu"), number, "123456")
    with pytest.raises(NotFound):
        signing.seal(room.house, replace(room.actor("chen"), groups=frozenset()), number, "123456")
    assert room.sealed(number, "chen").sealed


def test_a_signer_switched_midway_is_refused(room: Room) -> None:
    """The row of the signer is another's between opening and signing: neither the old nor the new one signs with it."""
    number = room.prepare()
    code = ready(room, "zhao", number)
    room.rows("update agreement_signer set login = 'wu', name = '吴芳' where field = 'employee' returning id")
    with pytest.raises(NotFound):
        room.sign("zhao", number, code)
    with pytest.raises(Invalid, match="Agree to electronic signing"):
        room.sign("wu", number, code)
    room.agree("wu", number)
    with pytest.raises(Invalid, match="Left: 1"):
        room.sign("wu", number, code)
    room.read("wu", number)
    with pytest.raises(Invalid, match="No code was sent to you"):
        room.sign("wu", number, code)
    assert room.agreement(number).current_hash == room.agreement(number).prepared_hash
    assert "signed" not in room.events(number)


def _decline(room: Room, number: str) -> None:
    signing.decline(room.house, room.visitor("zhao"), number, "期限太长")


def _withdraw(room: Room, number: str) -> None:
    signing.withdraw(room.house, room.actor("chen"), number, "文本有误")


def _expire(room: Room, number: str) -> None:
    room.clock.set(room.agreement(number).expires_at)


@pytest.mark.parametrize(
    ("end", "says"),
    [(_decline, "is declined"), (_withdraw, "文本有误"), (_expire, "time to sign 保密协议 is over")],
)
def test_an_agreement_that_is_over_is_not_signed(room: Room, end: Callable[[Room, str], None], says: str) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    end(room, number)
    before = room.untouched(number)
    with pytest.raises(Conflict, match=says):
        room.sign("zhao", number, code)
    with pytest.raises(Conflict, match=says):
        codes.send(room.house, room.visitor("zhao"), number, "sign", "mail")
    with pytest.raises(Conflict, match=says):
        signing.decline(room.house, room.visitor("zhao"), number, "again")
    assert room.untouched(number) == before


def test_ending_is_for_whom_it_is_due(room: Room) -> None:
    number = room.prepare()
    with pytest.raises(Invalid, match="Say why"):
        signing.decline(room.house, room.visitor("zhao"), number, "  ")
    with pytest.raises(Forbidden, match="Only HR"):
        signing.withdraw(room.house, room.actor("zhao"), number, "my own reasons")
    room.signed("zhao", number)
    with pytest.raises(Conflict, match="has signed"):
        signing.decline(room.house, room.visitor("zhao"), number, "too late")
    signing.decline(room.house, room.visitor("li"), number, "not my part")
    row = room.agreement(number)
    assert (row.status, row.ended_reason) == ("declined", "not my part")
    with pytest.raises(Conflict):
        signing.withdraw(room.house, room.actor("chen"), number, "late")
    statuses = room.rows("select role, status from agreement_signer order by place")
    assert statuses == [("employee", "signed"), ("manager", "declined"), ("company", "void")]


def test_what_another_signed_meanwhile_is_looked_at_again(room: Room) -> None:
    room.publish("at-once", AT_ONCE)
    number = room.prepare("at-once")
    code = ready(room, "zhao", number)
    room.signed("li", number)
    with pytest.raises(Invalid, match="document as it is now"):
        room.sign("zhao", number, code)
    room.read("zhao", number)
    with pytest.raises(Invalid, match="has changed since this code was sent"):
        room.sign("zhao", number, code)
    assert room.sign("zhao", number, room.code("zhao", number)).next == ("启明智能",)


def test_what_another_signs_in_the_very_moment_is_not_signed_over(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are past the first step: the second to come finds another document, and nothing of theirs is kept."""
    room.publish("at-once", AT_ONCE)
    number = room.prepare("at-once")
    codes_ = {login: ready(room, login, number) for login in ("zhao", "li")}
    mine = pades.sign

    def meanwhile(*args: object, **named: object) -> bytes:
        monkeypatch.setattr(pades, "sign", mine)
        room.sign("li", number, codes_["li"])
        return mine(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pades, "sign", meanwhile)
    with pytest.raises(Conflict, match="changed meanwhile"):
        room.sign("zhao", number, codes_["zhao"])
    assert room.rows("select field, status from agreement_signer order by id")[:2] == [
        ("employee", "waiting"),
        ("manager", "signed"),
    ]
    assert room.rows("select used_at from signing_code where holder = 'zhao'") == [(None,)]


def test_of_two_clicks_one_signs(room: Room) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    gate, outcomes = Barrier(2), []

    def click() -> None:
        gate.wait()
        try:
            outcomes.append(room.sign("zhao", number, code).number)
        except Refusal as refusal:
            outcomes.append(type(refusal).__name__)

    both = [Thread(target=click) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) in (["Conflict", number], ["Invalid", number])
    assert room.events(number).count("signed") == 1
    assert room.rows("select count(*) from issued_certificate") == [(1,)]


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("place", ["between", "before the turn", "at the end"])
def test_a_death_at_any_point_leaves_nothing_half_signed(
    room: Room, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    before = room.untouched(number)

    def die(*_: object, **__: object) -> None:
        raise Killed

    where = {"between": (steps, "finish"), "before the turn": (turns, "complete"), "at the end": (steps, "_next")}
    monkeypatch.setattr(*where[place], die)
    with pytest.raises(Killed):
        room.sign("zhao", number, code)
    assert room.untouched(number) == before
    monkeypatch.undo()
    assert room.sign("zhao", number, code).next == ("李勇",)


class _Down:
    """A time authority, a key service, that answers nothing."""

    name, trial = "服务", True

    def stamp(self, request: bytes) -> bytes:
        raise Unavailable(say("The time authority {name} cannot be reached.", name=self.name))

    def issue(self, *_: object, **__: object) -> None:
        raise Unavailable(say("The key service {name} cannot be reached.", name=self.name))

    def revocation(self) -> object:
        raise Unavailable(say("The time authority {name} cannot be reached.", name=self.name))


def _without(room: Room, **down: EventKeys | TimeAuthority) -> Room:
    """The same house with a service that is away."""
    world = room.house.world
    trial = TrialAuthority(room.database, world.files.cipher, room.house.settings.organisation, room.clock)
    seals = Seals(trial=trial, **down)  # type: ignore[arg-type]
    return replace(room, house=replace(room.house, world=replace(world, keys=seals)))


@pytest.mark.parametrize(("part", "says"), [("stamps", "time authority"), ("events", "key service")])
def test_while_a_service_is_away_nothing_is_signed_and_the_code_stays_good(room: Room, part: str, says: str) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    before = room.untouched(number)
    away = _without(room, **{part: _Down()})  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match=says):
        away.sign("zhao", number, code)
    assert room.untouched(number) == before
    room.sign("zhao", number, code)


def test_a_code_that_could_not_be_sent_is_void_and_told(room: Room) -> None:
    number = room.prepare()
    room.agree("zhao", number)
    room.read("zhao", number)
    room.sms.down = True
    with pytest.raises(Unavailable, match="could not be sent by SMS"):
        codes.send(room.house, room.visitor("zhao"), number, "sign", "sms")
    assert "code.sent" not in room.events(number)
    unsent = room.chain(number)[-1]
    assert (unsent.event, unsent.detail["address"]) == ("code.unsent", "139…0003")
    assert room.rows("select void_at is null from signing_code") == [(False,)]
    room.sign("zhao", number, room.code("zhao", number, "mail"))


def test_an_agreement_is_prepared_whole_or_not_at_all(room: Room) -> None:
    room.publish("no-seal", AT_ONCE.replace("  - {role: company, place: 3, label: 甲方（用人单位）}\n", ""))
    with pytest.raises(Invalid, match="seal closes an agreement for good"):
        room.prepare("no-seal")
    with pytest.raises(NotFound):
        room.prepare("nothing")
    with pytest.raises(Refusal):
        room.prepare(values={"months": 3})
    with pytest.raises(Invalid, match="no manager who could sign"):
        room.prepare(employee="chen")
    assert room.rows("select count(*) from agreement") == [(0,)]
    with room.database.transaction() as unit, pytest.raises(Invalid, match="An agreement ends as"):
        requests.close(unit, "XY", "sealed", actor=room.actor("chen"), clock=room.clock)


def test_the_strokes_are_strokes(room: Room) -> None:
    number = room.prepare()
    code = ready(room, "zhao", number)
    with pytest.raises(Refusal):
        room.sign("zhao", number, code, image="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Lz48L3N2Zz4=")
    room.sign("zhao", number, code, image="data:image/svg+xml;base64," + b64encode(TYPED.encode()).decode())
    assert room.chain(number)[-1].detail["typed"] is True
