"""What happens to an agreement once its pages stand: it is signed, declined, sealed, and it ends.

Each is one change in the caller's transaction: rows, the file and the evidence are kept together or not at all.
"""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import col, select

from hr.agreements import signers
from hr.agreements.signers import OPEN, Standing
from hr.agreements.tables import Agreement, AgreementSigner
from hr.documents.files import Files, Stored
from hr.documents.signing import gm
from hr.documents.signing.authority import note_issued
from hr.documents.signing.keys import SigningKey
from hr.evidence import log
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, say

PURPOSE = "agreement"  # of the file of an agreement, in every stage of it
STATUS = {
    "signing": say("being signed"),
    "sealed": say("signed and sealed"),
    "declined": say("declined"),
    "expired": say("expired"),
    "withdrawn": say("withdrawn"),
}

CHANGED = say("The document has changed meanwhile: someone else has signed it. Look at it again, then sign.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature that was made outside any transaction: the document before and after it, by which key.

    `image` is the stored drawing of a person, None for the company's seal. `detail` goes into the evidence.
    """

    before: str
    pdf: bytes
    key: SigningKey
    image: Stored | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def find(unit: Unit, number: str, *, locked: bool = False) -> Agreement:
    """The agreement as it stands; `locked` until the end of the transaction. Raises NotFound."""
    chosen = select(Agreement).where(col(Agreement.number) == number)
    wanted = chosen.with_for_update() if locked else chosen
    found = unit.session.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(say("There is no agreement {number}, or it is not yours to see.", number=number))
    return found


def standing(unit: Unit, number: str, signer_id: int, *, locked: bool = False) -> Standing:
    """One signer beside the agreement and all who sign it. Raises NotFound."""
    agreement = find(unit, number, locked=locked)
    found = signers.of(unit, number, locked=locked)
    signer = next((each for each in found if each.id == signer_id), None)
    if signer is None:
        raise NotFound(say("There is no agreement {number}, or it is not yours to see.", number=number))
    return Standing(agreement=agreement, signer=signer, signers=tuple(found))


def may_sign(found: Standing, at: datetime, zone: tzinfo | None = None) -> Text | None:
    """Why this signer cannot sign now; None if they can. `zone` as for `ended`."""
    agreement, signer = found.agreement, found.signer
    if agreement.status != "signing":
        return ended(agreement, zone)
    if agreement.expires_at <= at:
        return say("The time to sign {title} is over. Ask HR for a new one.", title=agreement.title)
    if signer.status == "signed":
        return say("{name} has signed {title} already.", name=signer.name, title=agreement.title)
    if signer.status not in OPEN:
        return say("{title} is not for {name} to sign any more.", title=agreement.title, name=signer.name)
    if found.waits_for:
        return say(
            "It is not your turn yet: {names} sign first. You get a message when they have.",
            names=signers.named(found.waits_for),
        )
    return None


def shut(found: Standing, at: datetime, zone: tzinfo | None = None) -> Text | None:
    """Why nothing of the agreement is shown any more to whoever comes by this signer's link; None while it is.

    It is shown while it can be signed, be it not their turn yet, and to who has signed it unless it came to nothing.
    """
    agreement, signer = found.agreement, found.signer
    if signer.status == "signed" and agreement.status in ("signing", "sealed"):
        return None
    if signer.status in OPEN and agreement.status == "signing" and agreement.expires_at > at:
        return None
    return may_sign(found, at, zone)


def ended(agreement: Agreement, zone: tzinfo | None = None) -> Text:
    """What became of an agreement that nobody can sign any more.

    The day is told as it is in the organisation's `zone`. Who does not know the zone tells no day: the day in UTC is
    another one in the evening or the morning.
    """
    title, status, reason = agreement.title, STATUS[agreement.status], _stopped(agreement.ended_reason)
    if zone is None or agreement.ended_at is None:
        if reason:
            return say(
                "{title} is {status}: {reason} Nothing more is signed.", title=title, status=status, reason=reason
            )
        return say("{title} is {status}. Nothing more is signed.", title=title, status=status)
    day = agreement.ended_at.astimezone(zone).date().isoformat()
    if reason:
        return say(
            "{title} is {status} since {day}: {reason} Nothing more is signed.",
            title=title,
            status=status,
            day=day,
            reason=reason,
        )
    return say("{title} is {status} since {day}. Nothing more is signed.", title=title, status=status, day=day)


def _stopped(reason: str) -> str:
    """The reason as a sentence: with the full stop of its script where its writer left it out."""
    said = reason.strip()
    if not said or said[-1] in ".!?…。！？":
        return said
    return said + ("." if said.isascii() else "。")


def signed(unit: Unit, files: Files, found: Standing, made: Signature, *, actor: Actor, at: datetime) -> Stored:
    """Keep a signature. `found` was read with the agreement locked.

    Raises Conflict where the document is another one by now, or nobody may sign it any more. The last signature makes
    the agreement `sealed`.
    """
    agreement, signer = found.agreement, found.signer
    refusal = may_sign(found, at)
    if refusal is not None:
        raise Conflict(refusal)
    if agreement.current_hash != made.before:
        raise Conflict(CHANGED)
    stored = keep(unit, files, agreement, made.pdf, actor, at)
    agreement.current_hash = stored.hash
    signer.login, signer.status, signer.ended_at = actor.id, "signed", at
    signer.image_hash = made.image.hash if made.image else None
    signer.certificate = made.key.certificate.dump()
    if made.image is not None:
        note_issued(unit, made.key, bound_to=agreement.number, at=at)
    if found.last:
        agreement.status, agreement.ended_at, agreement.ended_by = "sealed", at, actor.id
        agreement.sealed_sm3 = gm.sm3(made.pdf)
    unit.flush()
    note(
        unit,
        found,
        "sealed" if made.image is None else "signed",
        actor,
        at,
        content_hash=stored.hash,
        before=made.before,
        certificate=str(made.key.certificate.serial_number),
        authority=made.key.certificate.issuer.human_friendly,
        trial=made.key.trial,
        sm3=gm.sm3(made.pdf),
        **made.detail,
    )
    return stored


def declined(unit: Unit, found: Standing, reason: str, *, actor: Actor, at: datetime) -> None:
    """The signer does not sign, and says why. The agreement ends with it. Raises Conflict where they cannot sign."""
    refusal = may_sign(found, at)
    if refusal is not None:
        raise Conflict(refusal)
    found.signer.status, found.signer.ended_at, found.signer.decline_reason = "declined", at, reason
    unit.flush()
    note(unit, found, "declined", actor, at, content_hash=found.agreement.current_hash, reason=reason)
    end(unit, found.agreement, "declined", reason, actor=actor, at=at)


def end(unit: Unit, agreement: Agreement, status: str, reason: str, *, actor: Actor, at: datetime) -> None:
    """Nobody signs any more: what is open is void, codes and links with it. `agreement` is locked and `signing`."""
    agreement.status, agreement.ended_at, agreement.ended_by = status, at, actor.id
    agreement.ended_reason = reason
    unit.flush()
    unit.run(
        "update agreement_signer set status = 'void', ended_at = %s where agreement_number = %s and status = any(%s)",
        (at, agreement.number, list(OPEN)),
    )
    unit.run(
        "update signing_code set void_at = %s where used_at is null and void_at is null and signer_id in"
        " (select id from agreement_signer where agreement_number = %s)",
        (at, agreement.number),
    )
    unit.session.expire_all()


def note(
    unit: Unit,
    found: Standing,
    event: str,
    actor: Actor,
    at: datetime,
    *,
    content_hash: str | None = None,
    **detail: Any,
) -> None:
    """One row of evidence about a signer of an agreement."""
    log.append(
        unit,
        found.agreement.number,
        event,
        actor,
        at,
        content_hash=content_hash,
        field=found.signer.field,
        role=found.signer.role,
        **detail,
    )


def asked(unit: Unit, signer: AgreementSigner, at: datetime) -> None:
    """The signer has been asked to sign. Who signs in this very moment has signed, whatever was read before."""
    unit.run(
        "update agreement_signer set status = 'asked', asked_at = %s where id = %s and status = 'waiting'",
        (at, signer.id),
    )
    unit.session.refresh(signer)


def keep(unit: Unit, files: Files, agreement: Agreement, pdf: bytes, actor: Actor, at: datetime) -> Stored:
    return files.keep(
        unit,
        pdf,
        "application/pdf",
        name=f"{agreement.number}.pdf",
        subject=agreement.number,
        purpose=PURPOSE,
        actor=actor,
        at=at,
    )
