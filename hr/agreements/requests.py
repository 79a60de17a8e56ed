"""An agreement is prepared for one person: its words stand fast, its pages are set, who signs it is named.

Preparing is all or nothing: a datum that is missing, a clause that the law forbids, a signer who is not there, is told
before anyone is asked to sign.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hr.agreements import acts, clauses, facts, fill, printed, signers, texts
from hr.agreements.fill import Filled
from hr.agreements.parts import AgreementText, SignerPlace
from hr.agreements.signers import COMPANY
from hr.agreements.tables import Agreement, AgreementSigner
from hr.documents import pages, typeset
from hr.documents.files import Files
from hr.documents.signing import pades
from hr.evidence import log
from hr.evidence.canonical import canonical, content_hash
from hr.numbers import series
from hr.people import org
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import listed, say

SERIES = "XY"
DAYS = 15
ENDINGS = ("declined", "expired", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Whose paper it is. `verify_url` is the address of the page that checks a code; `trial` marks every page."""

    organisation: str
    verify_url: str
    trial: bool
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which text for whom. `values` are the text's own fields; `case` what it may tell of a leaver's case.

    `witness` is the login of a witness, where the text wants one. All have signed by `expires_at`, DAYS from now where
    nothing else is said. `ordered_by` is who set it going, for the evidence.
    """

    slug: str
    employee: str
    values: Mapping[str, Any] = field(default_factory=dict)
    case: Mapping[str, Any] | None = None
    witness: str | None = None
    case_number: str | None = None
    instance_key: int | None = None
    batch_key: int | None = None
    expires_at: datetime | None = None
    ordered_by: str = ""


def prepare(unit: Unit, files: Files, order: Order, *, letterhead: Letterhead, clock: Clock, actor: Actor) -> Agreement:
    """Make the agreement, ready to be signed.

    Raises NotFound for an unknown text or person, Unfilled and Invalid for what is missing or unlawful, each named.
    """
    version, text = texts.published(unit, order.slug)
    now = clock.now()
    today = now.astimezone(ZoneInfo(letterhead.zone)).date()
    number = series.next_number(unit, f"{SERIES}-{today.year}", digits=6)
    filled = _filled(unit, files.cipher, order, text, letterhead, number, today, clock)
    _refuse_gone(unit, order, filled.signers, today)
    named, person = _signers(unit, order, filled.signers, letterhead), org.required(unit, order.employee)
    agreement = Agreement(
        number=number,
        slug=order.slug,
        version=version,
        kind=filled.kind,
        title=filled.title,
        employee=person.login,
        name=person.name,
        department=person.department_name,
        case_number=order.case_number,
        instance_key=order.instance_key,
        batch_key=order.batch_key,
        content_sealed=files.cipher.seal(canonical(filled.content), about=about(number)),
        content_hash=content_hash(filled.content),
        pages=0,
        prepared_hash="",
        current_hash="",
        verify_code=series.verify_code(),
        prepared_at=now,
        prepared_by=actor.id,
        expires_at=order.expires_at or now + timedelta(days=DAYS),
        ends_on=filled.ends_on,
    )
    _set(unit, files, agreement, filled, named, letterhead, today, actor)
    _keep(unit, agreement, named, order.ordered_by, actor, now)
    return agreement


def _filled(
    unit: Unit,
    cipher: Cipher,
    order: Order,
    text: AgreementText,
    letterhead: Letterhead,
    number: str,
    today: date,
    clock: Clock,
) -> Filled:
    known = facts.of(
        unit,
        cipher,
        order.employee,
        organisation=letterhead.organisation,
        number=number,
        dated_on=today,
        case=order.case,
    )
    filled = fill.fill(text, order.values, known, clock=clock)
    against = [found.sentence for found in clauses.findings(filled, known) if found.severity == "error"]
    if against:
        raise Invalid(
            say("{title} may not be agreed so: {reasons}", title=filled.title, reasons=listed(against)),
        )
    return filled


def _refuse_gone(unit: Unit, order: Order, places: Sequence[SignerPlace], today: date) -> None:
    """Raises Invalid for a witness who is here no more: they would be asked in vain, and hold up all others."""
    wanted = any(place.role == "witness" for place in places)
    witness = org.person(unit, order.witness) if wanted and order.witness else None
    if witness is not None and witness.left_on is not None and witness.left_on < today:
        day = witness.left_on.isoformat()
        raise Invalid(say("The witness {name} left on {day}. Name another one.", name=witness.name, day=day))


def _signers(unit: Unit, order: Order, places: Sequence[SignerPlace], letterhead: Letterhead) -> list[AgreementSigner]:
    """A row for each place. Raises Invalid where nobody is there, or the company's seal does not come last."""
    last = max(place.place for place in places)
    sealing = [place for place in places if place.role == COMPANY]
    if len(sealing) != 1 or sealing[0].place < last or sum(place.place == last for place in places) > 1:
        raise Invalid(
            say(
                "The company's seal closes an agreement for good: it comes once, and after all others. Correct the "
                "signers of the text {slug}.",
                slug=order.slug,
            )
        )
    return [_signer(unit, order, place, letterhead) for place in places]


def _signer(unit: Unit, order: Order, place: SignerPlace, letterhead: Letterhead) -> AgreementSigner:
    login, name = _who(unit, order, place.role, letterhead)
    return AgreementSigner(
        agreement_number="",
        place=place.place,
        role=place.role,
        field=place.field,
        login=login,
        name=name,
        nonce=secrets.token_hex(16),
    )


def _who(unit: Unit, order: Order, role: str, letterhead: Letterhead) -> tuple[str | None, str]:
    if role == COMPANY:
        return None, letterhead.organisation
    if role == "employee":
        return order.employee, org.required(unit, order.employee).name
    if role == "manager":
        manager = org.manager_of(unit, order.employee)
        if manager is None:
            raise Invalid(say("{login} has no manager who could sign. Name one in the file.", login=order.employee))
        return manager.login, manager.name
    if order.witness is None or order.witness == order.employee:
        raise Invalid(say("The text {slug} wants a witness. Name one, who is not the employee.", slug=order.slug))
    witness = org.required(unit, order.witness)
    return witness.login, witness.name


def _set(
    unit: Unit,
    files: Files,
    agreement: Agreement,
    filled: Filled,
    named: list[AgreementSigner],
    letterhead: Letterhead,
    today: date,
    actor: Actor,
) -> None:
    """Print the pages with an empty field for each signature, and keep them."""
    shown = printed.printed(
        filled,
        organisation=letterhead.organisation,
        number=agreement.number,
        dated_on=today,
        content_hash=agreement.content_hash,
        verify_code=agreement.verify_code,
        verify_url=letterhead.verify_url,
        trial=letterhead.trial,
        names={signer.field: signer.name for signer in named},
    )
    made = typeset.agreement(shown, at=agreement.prepared_at)
    agreement.pages = pages.count(made.pdf)
    pdf = pades.prepare(made.pdf, made.places, seam=agreement.pages > 1)
    stored = acts.keep(unit, files, agreement, pdf, actor, agreement.prepared_at)
    agreement.prepared_hash = agreement.current_hash = stored.hash


def _keep(
    unit: Unit, agreement: Agreement, named: list[AgreementSigner], ordered_by: str, actor: Actor, at: datetime
) -> None:
    unit.session.add(agreement)
    unit.flush()
    for signer in named:
        signer.agreement_number = agreement.number
        unit.session.add(signer)
    unit.flush()
    log.append(
        unit,
        agreement.number,
        "agreement.prepared",
        actor,
        at,
        content_hash=agreement.prepared_hash,
        text=f"{agreement.slug}/{agreement.version}",
        words=agreement.content_hash,
        pages=agreement.pages,
        ordered_by=ordered_by,
        signers=[{"field": signer.field, "role": signer.role, "login": signer.login} for signer in named],
    )


def find(unit: Unit, number: str) -> Agreement:
    """The agreement. Raises NotFound."""
    return acts.find(unit, number)


def about(number: str) -> str:
    """What the content of an agreement is sealed as."""
    return f"agreement/{number}"


def close(unit: Unit, number: str, status: str, reason: str = "", *, actor: Actor, clock: Clock) -> Agreement:
    """End an agreement that is not signed by all: declined, expired or withdrawn, for a reason in words.

    One that has ended in whatever way stays as it is, so a repeat changes nothing. Raises NotFound, and Invalid for a
    status that is no ending.
    """
    if status not in ENDINGS:
        raise Invalid(say("An agreement ends as {known}, not {status}.", known=", ".join(ENDINGS), status=status))
    agreement = acts.find(unit, number, locked=True)
    if agreement.status != "signing":
        return agreement
    acts.end(unit, agreement, status, reason, actor=actor, at=clock.now())
    log.append(unit, number, status, actor, clock.now(), content_hash=agreement.current_hash, reason=reason)
    return agreement


def withdraw(unit: Unit, number: str, reason: str, *, actor: Actor, clock: Clock) -> Agreement:
    """Take an agreement back before the last signature. Raises Conflict once it has ended, Invalid without a reason."""
    if not reason.strip():
        raise Invalid(say("Say why: it is written into the record."))
    agreement = acts.find(unit, number, locked=True)
    if agreement.status != "signing":
        raise Conflict(acts.ended(agreement))
    return close(unit, number, "withdrawn", reason.strip(), actor=actor, clock=clock)


def variables(unit: Unit, number: str) -> dict[str, Any]:
    """The variable `agreement` of a process. Instants as ISO text."""
    row = acts.find(unit, number)
    return {
        "number": row.number,
        "name": row.name,
        "title": row.title,
        "kind": row.kind,
        "slug": row.slug,
        "status": row.status,
        "reason": row.ended_reason,
        "expiresAt": row.expires_at.isoformat(),
        "stages": signers.stages(signers.of(unit, number)),
        "sealedHash": row.current_hash if row.status == "sealed" else None,
        "verifyCode": row.verify_code,
        "pages": row.pages,
    }
