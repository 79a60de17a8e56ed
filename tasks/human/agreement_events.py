"""The evidence of an agreement, told to people: one sentence an event."""

from collections.abc import Sequence
from typing import Any

from hr.agreements.tables import AgreementSigner
from hr.evidence.tables import Evidence
from kernel.actor import Actor
from kernel.text import Text, say
from tasks.human.agreement_views import Told

EVENTS = {
    "agreement.prepared": say("The agreement was prepared, {pages} pages."),
    "signer.asked": say("{signer} was asked to sign."),
    "reminded": say("{signer} was reminded."),
    "link.opened": say("{signer} opened the link with the code."),
    "document.opened": say("{signer} opened the document."),
    "page.read": say("{signer} read page {page}."),
    "document.read": say("{signer} reached the end of the document."),
    "consent.given": say("{signer} agreed to electronic signing."),
    "code.sent": say("A code was sent to {signer} at {address}."),
    "code.unsent": say("A code for {signer} could not be sent to {address}."),
    "code.wrong": say("A wrong code was entered for {signer}."),
    "code.checked": say("{signer} entered the right code."),
    "understood": say("{signer} has read and understood the agreement."),
    "signed": say("{signer} signed."),
    "sealed": say("The company's seal was set by {who}."),
    "declined": say("{signer} declined: {reason}"),
    "expired": say("The time to sign was over."),
    "withdrawn": say("The agreement was taken back: {reason}"),
    "delivered": say("The sealed agreement was delivered to all parties."),
    "downloaded": say("{who} downloaded the document."),
    "archived": say("The agreement was archived; it is kept until {keep_until}."),
}


def told(
    rows: Sequence[Evidence], signers: Sequence[AgreementSigner], actor: Actor, *, whole: bool
) -> tuple[Told, ...]:
    """The events in their order; where others acted from, and with which device, only where `whole`."""
    names = {signer.field: signer.name for signer in signers}
    return tuple(_told(row, names, whole or row.actor == actor.id) for row in rows)


def _told(row: Evidence, names: dict[str, str], whole: bool) -> Told:
    detail: dict[str, Any] = row.detail
    who = row.actor_name or row.actor
    known = EVENTS.get(row.event)
    given: dict[str, object] = {
        "who": who,
        "signer": names.get(detail.get("field", ""), who),
        "address": "",
        "reason": "",
        "page": "",
    }
    values: dict[str, object] = given | {name: value for name, value in detail.items() if isinstance(value, str | int)}
    device = detail.get("device") or {}
    return Told(
        at=row.at,
        event=row.event,
        sentence=Text(known.template, values) if known else Text(row.event),
        who=who,
        ip=(row.ip or "") if whole else "",
        device=" · ".join(str(part) for part in device.values()) if whole else "",
        content_hash=row.content_hash or "",
        messages=tuple(detail.get("messages", ())) if whole else (),
    )
