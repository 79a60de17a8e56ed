"""One-time codes: made in one transaction, sent outside, and what became of it noted in another.

A code goes to the phone or mail on the signer's file and nowhere else: neither who prepared the agreement nor who holds
the link can have it sent elsewhere. It stands in no list, no log and no evidence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from hr.agreements import acts, links, signers, will
from hr.agreements.signers import Standing
from hr.agreements.will import Act, Verdict
from hr.people import org
from hr.privacy import mask_mail, mask_phone
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal, Unavailable
from kernel.text import Text, say
from tasks.house import House
from tasks.human.signing import turns, visits
from tasks.human.signing.visitors import Visitor, standing
from tasks.human.signing.visits import Opened
from tasks.ports import Mail

CHANNEL = {"sms": say("SMS"), "mail": say("mail")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way by which a code can go; the address is masked."""

    id: str
    name: Text
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A code is on its way there, and works until then."""

    channel: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What whoever has the link sees before the code: no word of the agreement. `channels` are masked."""

    name: str
    channels: tuple[Channel, ...]
    why_not: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A code that was made and not sent yet. It stands in `words` and nowhere else."""

    code_id: int
    to: str
    channel: Channel
    found: Standing
    actor: Actor
    purpose: str
    words: Text
    expires_at: datetime
    told: Mapping[str, Any] = field(default_factory=dict)


def channels(house: House, unit: Unit, login: str) -> tuple[Channel, ...]:
    """By which ways a code can reach this person."""
    return tuple(
        Channel(id=id, name=CHANNEL[id], address=_mask(id, address))
        for id, address in _addresses(house, unit, login).items()
    )


def send(house: House, visitor: Visitor, number: str, purpose: str, channel: str) -> Sent:
    """Send the code for signing or sealing this very document.

    Raises NotFound for whoever does not sign it, Conflict where they cannot sign now or the process does not wait for
    it, Invalid for a way that there is not, Unavailable where the way is down or codes were sent too often.
    """
    if purpose != "sign":
        raise Invalid(say("A code is for signing, not for {purpose}.", purpose=purpose))
    with house.database.transaction() as unit:
        found = standing(unit, visitor, number)
        now, zone = house.clock.now(), ZoneInfo(house.settings.zone)
        refusal = acts.may_sign(found, now, zone) or turns.over(unit, found.agreement)
        if refusal is not None:
            raise Conflict(refusal)
        _refuse_unasked(unit, found, visitor.login)
        draft = drafted(house, unit, found, visitor.actor, to_sign(found, visitor.login), channel, _to_sign)
    return handed_over(house, draft)


def _refuse_unasked(unit: Unit, found: Standing, login: str) -> None:
    """A code that no signature could follow is not sent."""
    if found.agreement.instance_key is not None and turns.task_of(unit, found, login) is None:
        raise Conflict(
            say(
                "The process of {number} does not wait for this signature at the moment. Reload the page in a minute; "
                "no code was sent.",
                number=found.agreement.number,
            )
        )


def to_sign(found: Standing, login: str) -> Act:
    """What a code for signing is bound to: this signer, this person, the document as it is now."""
    assert found.signer.id is not None
    return Act(signer_id=found.signer.id, holder=login, purpose="sign", document_hash=found.agreement.current_hash)


def check(house: House, unit: Unit, act: Act, plain: str, at: datetime) -> Verdict:
    """Whether a code fits the act now; see `will.check`.

    A code that went to a phone or mail which is no longer on file, as far as its mask tells, is void: a number that was
    lost or given up is somebody else's.
    """
    reached = [_mask(id, address) for id, address in _addresses(house, unit, act.holder).items()]
    will.void_elsewhere(unit, act, reached, at)
    return will.check(unit, house.settings.secret, act, plain, at)


def landing(house: House, unit: Unit, token: str) -> Landing:
    """What a link leads to. Raises NotFound for one that is none or no longer the signer's."""
    found = _of_link(house, unit, token)
    why_not = SHUT if acts.shut(found, house.clock.now()) is not None else None
    ways = channels(house, unit, found.signer.login or "")
    return Landing(name=_mask_name(found.signer.name), channels=ways, why_not=why_not)


# Whoever has the link is nobody known before the code: what became of the agreement, and why, is not told to them.
SHUT = say("What this link led to is not to be signed any more. Sign in to see what became of it.")


def send_by_link(house: House, token: str, channel: str, *, ip: str | None, agent: str | None) -> Sent:
    """Send the code that opens a link, to the signer. Raises as `send` does, and Conflict once it leads nowhere."""
    with house.database.transaction() as unit:
        found = _led_to(house, unit, token)
        actor = _stranger(found, ip, agent)
        draft = drafted(house, unit, found, actor, _to_open(found), channel, _opens)
    return handed_over(house, draft)


def open_by_link(house: House, token: str, code: str, *, ip: str | None, agent: str | None) -> Opened:
    """Let in whoever has the link and the signer's code. Raises Invalid for a wrong one, which is counted, and as
    `send_by_link` for a link that leads nowhere.
    """
    with house.database.transaction() as unit:
        found = _led_to(house, unit, token)
        actor, now = _stranger(found, ip, agent), house.clock.now()
        verdict = check(house, unit, _to_open(found), code, now)
        if verdict.code_id is not None:
            will.use(unit, verdict.code_id, now)
            acts.note(unit, found, "link.opened", actor, now, content_hash=found.agreement.current_hash)
            return visits.begin(unit, found.signer, now)
        if verdict.spent:
            acts.note(unit, found, "code.wrong", actor, now, purpose="open")
    raise Invalid(verdict.refusal or say("The code does not fit."))


def _to_open(found: Standing) -> Act:
    """Bound to the pages as they were prepared: they open also after somebody else has signed."""
    assert found.signer.id is not None
    return Act(
        signer_id=found.signer.id,
        holder=found.signer.login or "",
        purpose="open",
        document_hash=found.agreement.prepared_hash,
    )


def _of_link(house: House, unit: Unit, token: str) -> Standing:
    signer = links.signer_of(unit, house.settings.secret, token)
    if signer is None:
        raise NotFound(say("This link does not work any more. Ask for a new one, or sign in and open the agreement."))
    return acts.standing(unit, signer.agreement_number, signer.id or 0)


def _led_to(house: House, unit: Unit, token: str) -> Standing:
    """The same while the link leads anywhere: not after the end, save for who has signed."""
    if acts.shut(found := _of_link(house, unit, token), house.clock.now()) is not None:
        raise Conflict(SHUT)
    return found


def _stranger(found: Standing, ip: str | None, agent: str | None) -> Actor:
    """Whoever has the link: the signer by name, for all that is known before the code was right."""
    return Actor(id=found.signer.login or "", name=found.signer.name, ip=ip, agent=agent)


Words = Callable[[str, Standing], Text]


def drafted(
    house: House, unit: Unit, found: Standing, actor: Actor, act: Act, channel: str, words: Words, **told: Any
) -> Draft:
    """A fresh code for an act, with the words that carry it. `told` goes into the evidence of its sending."""
    addresses = _addresses(house, unit, act.holder)
    if channel not in addresses:
        raise Invalid(
            say(
                "No code can go to you by {channel}. Have HR add a phone or mail to the file.",
                channel=CHANNEL.get(channel, channel),
            )
        )
    masked, now = _mask(channel, addresses[channel]), house.clock.now()
    code_id, plain = will.new_code(unit, house.settings.secret, act, channel=channel, masked=masked, at=now)
    return Draft(
        code_id=code_id,
        to=addresses[channel],
        channel=Channel(id=channel, name=CHANNEL[channel], address=masked),
        found=found,
        actor=actor,
        purpose=act.purpose,
        words=words(plain, found),
        expires_at=now + will.LASTS,
        told=told,
    )


def handed_over(house: House, draft: Draft) -> Sent:
    """Send the code, outside of any transaction, and note what became of it. Raises Unavailable; then it is void."""
    try:
        _hand_over(house, draft)
    except Refusal as trouble:
        _note(house, draft, "code.unsent", error=str(trouble.message))
        raise Unavailable(
            say(
                "The code could not be sent by {channel}: {why} Choose another way, or try again in a minute.",
                channel=draft.channel.name,
                why=trouble.message,
            )
        ) from None
    _note(house, draft, "code.sent")
    return Sent(channel=draft.channel.id, address=draft.channel.address, expires_at=draft.expires_at)


def _hand_over(house: House, draft: Draft) -> None:
    text = draft.words.within(house.settings.language)
    key = str(uuid4())
    if draft.channel.id == "sms" and house.world.sms is not None:
        house.world.sms.send(draft.to, text, key=key)
    elif house.world.mailer is not None:
        subject = say("Your code").within(house.settings.language)
        house.world.mailer.send(Mail(to=draft.to, subject=subject, text=text), key=key)


def _opens(code: str, found: Standing) -> Text:
    return say(
        "{code} opens the agreement {number} for you. It works for {minutes} minutes. Give it to nobody, and to "
        "nobody of the company either.",
        code=code,
        number=found.agreement.number,
        minutes=MINUTES,
    )


def _to_sign(code: str, found: Standing) -> Text:
    return say(
        "{code} is your code to sign {title} ({number}). It works for {minutes} minutes. Give it to nobody, and to "
        "nobody of the company either: with it you sign.",
        code=code,
        title=found.agreement.title,
        number=found.agreement.number,
        minutes=MINUTES,
    )


MINUTES = int(will.LASTS.total_seconds() // 60)


def _note(house: House, draft: Draft, event: str, **detail: Any) -> None:
    """What became of the code. One that was not sent is void."""
    with house.database.transaction() as unit:
        now = house.clock.now()
        signers.lock(unit, draft.found.signer.id)
        if event == "code.unsent":
            will.void(unit, draft.code_id, now)
        acts.note(
            unit,
            draft.found,
            event,
            draft.actor,
            now,
            channel=draft.channel.id,
            address=draft.channel.address,
            purpose=draft.purpose,
            **draft.told,
            **detail,
        )


def _addresses(house: House, unit: Unit, login: str) -> dict[str, str]:
    """Where this person can be reached, by the ways that this organisation has; the phone first."""
    person = org.person(unit, login)
    if person is None:
        return {}
    ways = {"sms": (house.world.sms, person.phone), "mail": (house.world.mailer, person.mail)}
    return {id: address for id, (system, address) in ways.items() if system is not None and address}


def _mask(channel: str, address: str) -> str:
    return mask_phone(address) if channel == "sms" else mask_mail(address)


def _mask_name(name: str) -> str:
    return name[:1] + "＊" * max(len(name) - 1, 1)
