"""What a signer does: agree to sign electronically, sign, decline; and the company's seal, and taking it all back."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from engine.commands import message
from hr.agreements import acts, consents, reading, requests, signers
from hr.agreements.acts import Signature
from hr.agreements.signers import SEAL, Standing
from hr.documents import drawn
from hr.documents.files import Stored
from hr.documents.signing import gm, marks, pades
from hr.documents.signing.keys import SigningKey, Subject
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import say
from tasks.house import House
from tasks.human.signing import steps, turns
from tasks.human.signing.steps import Ready, Signed
from tasks.human.signing.visitors import Visitor, act, by_login, standing
from tasks.seals import seal_line

HR = ("hr", "hr-head")
LONGEST = 1000  # characters of a reason
WITHDRAWN = "agreement-withdrawn"  # the message that the process waits for
SEALED = "agreement-sealed"  # the signal that the process throws at its end: delivery and archive hang on it
_AGAIN_S = 60.0  # the process may be between two stages when it is taken back


def consent(house: House, unit: Unit, visitor: Visitor, number: str, purpose: str, language: str) -> None:
    """The signer agrees to the words of a purpose, as they were shown in this language. Raises Conflict where they
    cannot sign now: what is agreed to is a signature to come.
    """
    found, now = standing(unit, visitor, number), house.clock.now()
    refusal = acts.may_sign(found, now, ZoneInfo(house.settings.zone))
    if refusal is not None:
        raise Conflict(refusal)
    signers.lock(unit, found.signer.id)
    row = consents.give(unit, visitor.login, purpose, language=language, actor=visitor.actor, at=now)
    told = {"purpose": purpose, "words": row.words_hash, "language": language}
    acts.note(unit, found, "consent.given", visitor.actor, now, **told)


def withdraw_consent(house: House, unit: Unit, actor: Actor, purpose: str) -> None:
    """The person takes a consent back: from now on nothing is signed electronically. Raises NotFound without one."""
    consents.withdraw(unit, actor.id, purpose, at=house.clock.now())


def sign(
    house: House,
    visitor: Visitor,
    number: str,
    code: str,
    drawing: str,
    understood: bool,
    told: Mapping[str, str] | None = None,
) -> Signed:
    """Sign as the visitor. `drawing` is the signature as data URL; `told` is what the browser says of the device.

    Raises NotFound for whoever does not sign it, Conflict where it is not (or no longer) theirs to sign or the document
    changed, Invalid for a code that does not fit and for what is not read, agreed or drawn, Unavailable while keys or
    time cannot be had. Whatever is raised, nothing is signed.
    """
    svg = drawn.from_data_url(drawing)
    if not understood:
        raise Invalid(say("Say that you have read and understood the agreement before you sign it."))
    ready = steps.ready(house, visitor, number, code, told or {})
    if act(ready.found) != "sign":
        raise Forbidden(say("This is the place of the company's seal. Set the seal instead."))
    pdf, key = _made(house, ready, svg)

    def keep(unit: Unit, found: Standing) -> Stored:
        return _kept(house, unit, visitor, ready, found, pdf, key, svg)

    return steps.finish(house, visitor, ready, keep)


def decline(house: House, visitor: Visitor, number: str, reason: str) -> None:
    """The signer does not sign, which is their right, and says why: the agreement ends, the process moves on.

    Raises Invalid without a reason, Forbidden for the company's seal, else as `sign`.
    """
    said = _reason(reason)
    with house.database.transaction() as unit:
        found = standing(unit, visitor, number, locked=True)
        if act(found) == "seal":
            raise Forbidden(say("Whoever holds the seal does not decline: have HR take the agreement back instead."))
        acts.declined(unit, found, said, actor=visitor.actor, at=house.clock.now())
        turns.complete(house, unit, found, visitor.actor, "declined", said)


def withdraw(house: House, actor: Actor, number: str, reason: str) -> None:
    """Take an agreement back before the last signature: HR, or whoever prepared it.

    Raises NotFound for others, Conflict once it has ended, Invalid without a reason.
    """
    said = _reason(reason)
    with house.database.transaction() as unit:
        agreement = requests.find(unit, number)
        if not actor.has(*HR) and agreement.prepared_by != actor.id:
            raise Forbidden(say("Only HR takes an agreement back."))
        requests.withdraw(unit, number, said, actor=actor, clock=house.clock)
        if agreement.instance_key is not None:
            message.publish(
                house.engine, unit, WITHDRAWN, number, actor=actor, variables={"endReason": said}, ttl_s=_AGAIN_S
            )


def seal(house: House, actor: Actor, number: str, code: str, told: Mapping[str, str] | None = None) -> Signed:
    """Set the company's seal, as one who holds it. Raises as `sign`."""
    visitor = by_login(actor)
    return _sealed(house, visitor, steps.ready(house, visitor, number, code, told or {}), _nothing)


def _nothing(unit: Unit) -> None:
    """What a seal by itself writes beside."""


def seal_one(
    house: House,
    actor: Actor,
    number: str,
    batch: int,
    *,
    document_hash: str,
    also: Callable[[Unit], None] = _nothing,
) -> Signed:
    """Set the seal as part of a batch, for whose list the holder's code was checked. `also` writes in the same commit.

    Raises Conflict where the document is not the one that was listed, else as `seal`.
    """
    visitor = by_login(actor)
    with house.database.transaction() as unit:
        found = steps.admitted(house, unit, visitor, number)
        if found.agreement.current_hash != document_hash:
            raise Conflict(say("The agreement {number} has changed since it was listed.", number=number))
        ready = steps.prepared(house, unit, found, None, {"batch": str(batch)})
    return _sealed(house, visitor, ready, also)


def _made(house: House, ready: Ready, svg: bytes) -> tuple[bytes, SigningKey]:
    """The second step for a person: a key of this moment, the mark, the signed document."""
    signer, world = ready.found.signer, house.world
    bound = {"agreement": ready.found.agreement.number, "document": ready.document, "evidence": ready.head}
    key = world.event_keys.issue(_subject(house, ready.found), at=ready.at, bound=bound)
    local = f"{ready.at.astimezone(ZoneInfo(house.settings.zone)):%Y-%m-%d %H:%M:%S}"
    pdf = pades.sign(
        ready.pdf,
        field=signer.field,
        key=key,
        time=world.time,
        trust=world.trust,
        mark=marks.hand(svg.decode(), signer.name, local),
        name=signer.name,
        reason=f"签署{ready.found.agreement.title}",
        location=house.settings.organisation,
        at=ready.at,
    )
    return pdf, key


def _subject(house: House, found: Standing) -> Subject:
    """Who the certificate is for."""
    with house.database.transaction() as unit:
        person = org.required(unit, found.signer.login or "")
    role = signers.role(found.signer).within(house.settings.language)
    return Subject(name=person.name, no=person.no, organisation=house.settings.organisation, role=role)


def _kept(
    house: House,
    unit: Unit,
    visitor: Visitor,
    ready: Ready,
    found: Standing,
    pdf: bytes,
    key: SigningKey,
    svg: bytes,
) -> Stored:
    """The third step for a person: what they read, the strokes, the document."""
    now = house.clock.now()
    image = house.world.files.keep(
        unit,
        svg,
        drawn.MEDIA_TYPE,
        name="signature.svg",
        subject=found.agreement.number,
        purpose="signature",
        actor=visitor.actor,
        at=now,
    )
    seen = reading.read(unit, found, visitor.login)
    spent = {str(page): round(seconds * 1000) for page, seconds in seen.seconds.items()}
    acts.note(unit, found, "understood", visitor.actor, now, content_hash=ready.document, milliseconds=spent)
    detail = {"image": image.hash, "typed": _typed(svg), "by": visitor.by, "head": ready.head, **ready.told}
    made = Signature(before=ready.document, pdf=pdf, key=key, image=image, detail=detail)
    return acts.signed(unit, house.world.files, found, made, actor=visitor.actor, at=now)


def _typed(svg: bytes) -> bool:
    """The name was typed and not drawn, which is allowed and on record."""
    return b'class="typed"' in svg[:400]


def _sealed(house: House, visitor: Visitor, ready: Ready, also: Callable[[Unit], None]) -> Signed:
    """The second and the third step for the company."""
    if act(ready.found) != "seal" or not visitor.actor.has(SEAL):
        raise Forbidden(say("Only who holds the company's seal sets it."))
    world = house.world
    key = world.company_key
    pdf = pades.seal(
        ready.pdf,
        field=ready.found.signer.field,
        key=key,
        time=world.time,
        trust=world.trust,
        organisation=house.settings.organisation,
        note=seal_note(house),
        reason=f"{ready.found.agreement.title}用印",
        at=ready.at,
    )
    detail = {
        "holder": visitor.login,
        "head": ready.head,
        "sm2": gm.sign_detached(pdf, world.seals.authority.sm2_key).hex(),
        **ready.told,
    }

    def keep(unit: Unit, found: Standing) -> Stored:
        made = Signature(before=ready.document, pdf=pdf, key=key, detail=detail)
        stored = acts.signed(unit, world.files, found, made, actor=visitor.actor, at=house.clock.now())
        also(unit)
        return stored

    return steps.finish(house, visitor, ready, keep)


def seal_note(house: House) -> str:
    """The line below the seal's star: its name; while nobody outside vouches for its key, that it is a test."""
    return seal_line(house.world.company_key, house.settings.seal_name)


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise Invalid(say("Say why: it is written into the record."))
    if len(said) > LONGEST:
        raise Invalid(say("The reason has {length} characters; at most {most} fit.", length=len(said), most=LONGEST))
    return said
