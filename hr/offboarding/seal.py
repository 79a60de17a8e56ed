"""Both sides sign one version of the handover list: the same hash under both, and then the list is sealed."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hr.documents import drawn, typeset
from hr.documents.files import Files, Stored
from hr.evidence import log
from hr.offboarding import cases, handover, items
from hr.offboarding.handover import View
from hr.offboarding.tables import SIDES, Case, Signature
from hr.people import org
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import say

_SIDE = {"employee": "移交人", "recipient": "接收人"}
_STATUS = {"open": "待确认", "confirmed": "已确认", "returned": "已退回"}


def keep_drawing(unit: Unit, files: Files, url: str, *, subject: str, actor: Actor, clock: Clock) -> Stored:
    """Store a drawn signature that came as `data:image/svg+xml;base64,…`. Raises FileRefused for anything but
    strokes.
    """
    return files.keep(
        unit,
        drawn.from_data_url(url),
        drawn.MEDIA_TYPE,
        name="signature.svg",
        subject=subject,
        purpose="signature",
        actor=actor,
        at=clock.now(),
    )


def sign(
    unit: Unit, number: str, side: str, *, content_hash: str, image_hash: str, clock: Clock, actor: Actor
) -> Signature:
    """Sign the confirmed list as `employee` or `recipient`, for the content that was shown: its hash comes along.

    Raises Conflict if that is not the content of the present version, if the list is not confirmed, or if the side has
    signed; Forbidden for anyone else. For an absent employee the manager or HR signs, which stays on record as such.
    """
    case = cases.still_open(unit, number)
    found = handover.view(unit, number)
    on_behalf = _may_sign(case, side, actor)
    if found.sheet.status != "confirmed" or content_hash != found.sheet.content_hash:
        raise Conflict(
            say(
                "The handover list of {number} is {status} in version {version}, which is not what was shown. Reload "
                "the page, read the list and sign again.",
                number=number,
                status=handover.STATUS[found.sheet.status],
                version=found.sheet.version,
            )
        )
    if any(signature.side == side for signature in found.signatures):
        raise Conflict(say("This side has signed the handover list of {number} already.", number=number))
    signature = Signature(
        case_number=number,
        version=found.sheet.version,
        side=side,
        signer=actor.id,
        on_behalf=on_behalf,
        content_hash=content_hash,
        image_hash=image_hash,
        signed_at=clock.now(),
        ip=actor.ip,
        agent=actor.agent,
    )
    unit.session.add(signature)
    unit.session.flush()
    log.append(
        unit,
        number,
        "handover.signed",
        actor,
        clock.now(),
        content_hash=content_hash,
        side=side,
        version=signature.version,
        image=image_hash,
        on_behalf=on_behalf,
    )
    return signature


def _may_sign(case: Case, side: str, actor: Actor) -> bool:
    """Whether the actor signs for another. Raises Forbidden, or Invalid for a side that is none."""
    if side not in SIDES:
        raise Invalid(say("A handover has the sides employee and recipient, not {side}.", side=side))
    if actor.id == (case.employee if side == "employee" else case.recipient):
        return False
    manager = (case.facts["manager"] or {}).get("login")
    if side == "employee" and case.absent and (actor.id == manager or actor.has("hr")):
        return True
    raise Forbidden(say("Nobody can sign the handover of {number} for another.", number=case.number))


def seal(unit: Unit, files: Files, number: str, *, clock: Clock, actor: Actor, organisation: str, zone: str) -> Stored:
    """Close the list for good and set it as PDF, with both signatures in it.

    Raises Conflict unless every item is confirmed and both sides signed the hash that the stored content has now. Of an
    absent employee no signature is asked: the recipient's stands alone, and the list says so.
    """
    case = cases.still_open(unit, number)
    found = handover.view(unit, number)
    present = items.hash_of(unit, case, found.sheet.version)
    signed = {signature.side: signature.content_hash for signature in found.signatures}
    wanted = {"recipient"} if case.absent else set(SIDES)
    signed_so = wanted <= signed.keys() and all(content == present for content in signed.values())
    if any(item.status != "confirmed" for item in found.items) or not signed_so:
        raise Conflict(
            say(
                "The handover of {number} is not done: every item must be confirmed, and both sides (of an absent "
                "employee the recipient alone) must have signed version {version} as it stands.",
                number=number,
                version=found.sheet.version,
            )
        )
    pdf = typeset.handover_list(_printed(unit, files, case, found, organisation, zone), at=clock.now())
    name = f"{number}-handover-v{found.sheet.version}.pdf"
    stored = files.keep(
        unit, pdf, "application/pdf", name=name, subject=number, purpose="handover-list", actor=actor, at=clock.now()
    )
    found.sheet.status = "sealed"
    found.sheet.sealed_at = clock.now()
    unit.flush()
    log.append(unit, number, "handover.sealed", actor, clock.now(), content_hash=present, pdf=stored.hash)
    return stored


def _printed(unit: Unit, files: Files, case: Case, found: View, organisation: str, zone: str) -> Mapping[str, Any]:
    def local(instant: Any) -> str:
        return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if instant else ""

    named = org.names(
        unit, [case.recipient or "", found.sheet.submitted_by or "", *(s.signer for s in found.signatures)]
    )
    return {
        "title": "工作交接清单",
        "organisation": organisation,
        "case": case.number,
        "version": found.sheet.version,
        "hash": found.sheet.content_hash or "",
        "name": case.name,
        "no": case.facts["no"],
        "department": case.facts["departmentName"],
        "position": case.facts["position"],
        "recipient": named.get(case.recipient or "", ""),
        "submitted_at": local(found.sheet.submitted_at),
        "submitted_by": named.get(found.sheet.submitted_by or "", ""),
        "on_behalf": found.sheet.on_behalf,
        "items": [
            {
                "title": item.title,
                "required": item.required,
                "content": item.content,
                "path": item.path,
                "files": [file["name"] for file in item.files],
                "status": _STATUS[item.status],
            }
            for item in found.items
        ],
        "signatures": [
            {
                "side": _SIDE[signature.side] + ("（代签）" if signature.on_behalf else ""),
                "name": named.get(signature.signer, signature.signer),
                "at": local(signature.signed_at),
                "ip": signature.ip or "—",
                "image": files.read(unit, signature.image_hash).content.decode(),
            }
            for signature in found.signatures
        ],
    }
