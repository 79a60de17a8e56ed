"""The evidence of an agreement, told to people: one sentence an event."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hr.agreements.tables import AgreementSigner
from hr.evidence.tables import Evidence
from kernel.actor import Actor
from kernel.text import Text, say
from tasks.human.agreement_views import Told

Teller = Callable[[Mapping[str, Any]], Text]

EVENTS: dict[str, Teller] = {
    "agreement.prepared": lambda of: say("The agreement was prepared, {pages} pages.", pages=of["pages"]),
    "signer.asked": lambda of: say("{signer} was asked to sign.", signer=of["signer"]),
    "reminded": lambda of: say("{signer} was reminded.", signer=of["signer"]),
    "link.opened": lambda of: say("{signer} opened the link with the code.", signer=of["signer"]),
    "document.opened": lambda of: say("{signer} opened the document.", signer=of["signer"]),
    "page.read": lambda of: say("{signer} read page {page}.", signer=of["signer"], page=of["page"]),
    "document.read": lambda of: say("{signer} reached the end of the document.", signer=of["signer"]),
    "consent.given": lambda of: say("{signer} agreed to electronic signing.", signer=of["signer"]),
    "code.sent": lambda of: say(
        "A code was sent to {signer} at {address}.", signer=of["signer"], address=of["address"]
    ),
    "code.unsent": lambda of: say(
        "A code for {signer} could not be sent to {address}.", signer=of["signer"], address=of["address"]
    ),
    "code.wrong": lambda of: say("A wrong code was entered for {signer}.", signer=of["signer"]),
    "code.checked": lambda of: say("{signer} entered the right code.", signer=of["signer"]),
    "understood": lambda of: say("{signer} has read and understood the agreement.", signer=of["signer"]),
    "signed": lambda of: say("{signer} signed.", signer=of["signer"]),
    "sealed": lambda of: say("The company's seal was set by {who}.", who=of["who"]),
    "declined": lambda of: say("{signer} declined: {reason}", signer=of["signer"], reason=of["reason"]),
    "expired": lambda of: say("The time to sign was over."),
    "withdrawn": lambda of: say("The agreement was taken back: {reason}", reason=of["reason"]),
    "delivered": lambda of: say("The sealed agreement was delivered to all parties."),
    "downloaded": lambda of: say("{who} downloaded the document.", who=of["who"]),
    "archived": lambda of: say(
        "The agreement was archived; it is kept until {keep_until}.", keep_until=of["keep_until"]
    ),
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
        "pages": "",
        "keep_until": "",
    }
    values: dict[str, object] = given | {name: value for name, value in detail.items() if isinstance(value, str | int)}
    device = detail.get("device") or {}
    return Told(
        at=row.at,
        event=row.event,
        sentence=known(values) if known else Text(row.event),
        who=who,
        ip=(row.ip or "") if whole else "",
        device=" · ".join(str(part) for part in device.values()) if whole else "",
        content_hash=row.content_hash or "",
        messages=tuple(detail.get("messages", ())) if whole else (),
    )
