"""Everything that the signing page shows. What is on the screen are pictures of the very bytes that are signed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from hr.agreements import acts, consents, reading, requests, signers, will
from hr.agreements.signers import Standing
from hr.agreements.tables import AgreementSigner
from hr.documents import pages
from hr.documents.signing import gm, marks
from hr.evidence import log
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import Text
from tasks.house import House
from tasks.human.signing import codes, signing, turns
from tasks.human.signing.codes import Channel
from tasks.human.signing.visitors import Visitor, act, standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One who signs. `own` marks the visitor's signature; `at` is when it was made or refused."""

    role: Text
    name: str
    place: int
    status: str
    at: datetime | None
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What the signer agrees to before signing; `given_at` once they have."""

    purpose: str
    title: Text
    words: Text
    given_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The room as one signer sees it. `act` is `seal` for the company's seal, which asks for no reading and consent.

    `document_hash` (SHA-256) and `sm3` are of the bytes that are shown. `read` has seconds by page; each page must have
    `seconds_needed`, and the end must be reached (`read_to_end`). `why_not` says why nothing can be signed now.
    """

    number: str
    title: str
    kind: str
    status: str
    act: Literal["sign", "seal"]
    role: Text
    name: str
    pages: int
    document_hash: str
    sm3: str
    summary: tuple[str, ...]
    consents: tuple[Agreed, ...]
    channels: tuple[Channel, ...]
    read: Mapping[int, float] = field(default_factory=dict)
    read_to_end: bool = False
    seconds_needed: float = reading.LEAST
    expires_at: datetime
    signers: tuple[Party, ...]
    may_sign: bool
    why_not: Text | None
    code_sent_until: datetime | None
    case_number: str | None
    verify_code: str
    task_key: int | None
    trial: bool
    by: Literal["login", "link"]


def open_room(house: House, unit: Unit, visitor: Visitor, number: str) -> Room:
    """The room of one agreement. Raises NotFound for whoever does not sign it, HR and administrators among them."""
    found = standing(unit, visitor, number)
    agreement, signer, now = found.agreement, found.signer, house.clock.now()
    why_not = acts.may_sign(found, now, ZoneInfo(house.settings.zone)) or turns.over(unit, agreement)
    seen = reading.read(unit, found, visitor.login)
    return Room(
        number=number,
        title=agreement.title,
        kind=agreement.kind,
        status=agreement.status,
        act=act(found),
        role=signers.role(signer),
        name=signer.name,
        pages=agreement.pages,
        document_hash=agreement.current_hash,
        sm3=gm.sm3(house.world.files.read(unit, agreement.current_hash).content),
        summary=_summary(house, found),
        consents=_consents(unit, found, visitor),
        channels=codes.channels(house, unit, visitor.login),
        read=seen.seconds,
        read_to_end=seen.ended,
        expires_at=agreement.expires_at,
        signers=tuple(party(each, each.id == signer.id) for each in found.signers),
        may_sign=why_not is None,
        why_not=why_not,
        code_sent_until=will.sent_until(unit, codes.to_sign(found, visitor.login), now) if why_not is None else None,
        case_number=agreement.case_number,
        verify_code=agreement.verify_code,
        task_key=turns.task_of(unit, found, visitor.login),
        trial=house.world.company_key.trial or house.world.event_keys.trial,
        by=visitor.by,
    )


def picture(house: House, unit: Unit, visitor: Visitor, number: str, page: int, width: int) -> bytes:
    """A page (from 1) of the document as it is now, as PNG. Raises as `document`, and NotFound for a page too many."""
    return pages.picture(document(house, unit, visitor, number), page, width)


def document(house: House, unit: Unit, visitor: Visitor, number: str) -> bytes:
    """The document as it is now, PDF. Raises NotFound as `open_room`, Conflict by link once it is over."""
    found = _shown(house, unit, visitor, number)
    return house.world.files.read(unit, found.agreement.current_hash).content


def downloaded(house: House, unit: Unit, visitor: Visitor, number: str) -> bytes:
    """The same as a file that the signer keeps, which becomes evidence."""
    found = _shown(house, unit, visitor, number)
    log.append(
        unit,
        number,
        "downloaded",
        visitor.actor,
        house.clock.now(),
        content_hash=found.agreement.current_hash,
        field=found.signer.field,
    )
    return house.world.files.read(unit, found.agreement.current_hash).content


def _shown(house: House, unit: Unit, visitor: Visitor, number: str) -> Standing:
    """The signature of a visitor who may look at the pages: by link no longer than the link leads there."""
    found = standing(unit, visitor, number)
    over = acts.shut(found, house.clock.now(), ZoneInfo(house.settings.zone)) if visitor.by == "link" else None
    if over is not None:
        raise Conflict(over)
    return found


def seal_picture(house: House, unit: Unit, visitor: Visitor, number: str, width: int) -> bytes:
    """The company's seal as it will look, as PNG. Raises NotFound as `open_room`."""
    standing(unit, visitor, number)
    note = signing.seal_note(house)
    return pages.picture(marks.company(house.settings.organisation, note), 1, width)


def _summary(house: House, found: Standing) -> tuple[str, ...]:
    agreement = found.agreement
    kept = house.world.files.cipher.open(agreement.content_sealed, about=requests.about(agreement.number))
    return tuple(json.loads(kept).get("summary", ()))


def _consents(unit: Unit, found: Standing, visitor: Visitor) -> tuple[Agreed, ...]:
    if act(found) == "seal":
        return ()
    purpose = consents.purpose(consents.ELECTRONIC_SIGNING)
    given = consents.given(unit, visitor.login, purpose.id)
    return (
        Agreed(
            purpose=purpose.id,
            title=purpose.title,
            words=purpose.words,
            given_at=given.given_at if given else None,
        ),
    )


def party(signer: AgreementSigner, own: bool) -> Party:
    """A signer as pages show them."""
    return Party(
        role=signers.role(signer),
        name=signer.name,
        place=signer.place,
        status=signer.status,
        at=signer.ended_at,
        own=own,
    )
