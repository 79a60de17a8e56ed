"""What is done in the room: opened, read page by page, a code sent, signed, sealed, declined. JSON in and out."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from api.pages.signing import guests
from api.pages.signing.room import still_unread
from hr.agreements import reading as read_pages
from hr.agreements import will
from hr.agreements.consents import ELECTRONIC_SIGNING
from tasks.human.signing import codes, reading, signing, visitors
from tasks.human.signing.visitors import Visitor

router = APIRouter(route_class=Door)


class Opened(BaseModel):
    """The signer goes on to the pages. `device` is what the browser tells of itself."""

    consent: bool = False
    device: dict[str, str] = Field(default_factory=dict)


class Beat(BaseModel):
    """A page was in view for so many seconds since the last beat."""

    page: int = 0
    seconds: float = 0.0
    at_end: bool = False


class Wanted(BaseModel):
    """By which way the code is to go."""

    channel: str = ""


class Will(BaseModel):
    """The code, the drawing as data URL, and that the text was read and understood."""

    code: str = ""
    drawing: str = ""
    understood: bool = False
    device: dict[str, str] = Field(default_factory=dict)


class Refused(BaseModel):
    """Why the signer does not sign."""

    reason: str = ""


@router.post("/sign/{number}/opened", name=may("pages.sign.opened", EVERYBODY))
def opened(request: Request, number: str, told: Opened) -> dict[str, Any]:
    """Note the consent, where one is asked for, and that the document is open: from now on reading counts."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        visitor = guests.acting(request, unit, number)
        if told.consent:
            language = deps.language(request)
            signing.consent(house, unit, visitor, number, ELECTRONIC_SIGNING, language)
        reading.opened(house, unit, visitor, number, told.device)
    return {}


@router.post("/sign/{number}/read", name=may("pages.sign.read", EVERYBODY))
def read(request: Request, number: str, told: Beat) -> dict[str, Any]:
    """Count the time on a page; the answer says what is left to read."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        visitor = guests.acting(request, unit, number)
        seen = reading.beat(house, unit, visitor, number, told.page, told.seconds, told.at_end)
        pages = visitors.standing(unit, visitor, number).agreement.pages
    return still_unread(pages, seen.seconds, read_pages.LEAST, seen.ended)


@router.post("/sign/{number}/code", name=may("pages.sign.code", EVERYBODY))
def code(request: Request, number: str, told: Wanted) -> dict[str, Any]:
    """Send the code to the signer's phone or mail."""
    sent = codes.send(deps.house(request), _visitor(request, number), number, "sign", told.channel)
    return {"address": sent.address, "again_in": int(will.PAUSE.total_seconds())}


@router.post("/sign/{number}/sign", name=may("pages.sign.sign", EVERYBODY))
def sign(request: Request, number: str, told: Will) -> dict[str, Any]:
    """Sign. Whatever is refused, the drawing is still in the browser."""

    def signed(visitor: Visitor) -> object:
        house = deps.house(request)
        return signing.sign(house, visitor, number, told.code, told.drawing, told.understood, told.device)

    return _done(request, number, signed)


@router.post("/sign/{number}/seal", name=may("pages.sign.seal", EVERYBODY))
def seal(request: Request, number: str, told: Will) -> dict[str, Any]:
    """Set the company's seal."""

    def sealed(visitor: Visitor) -> object:
        return signing.seal(deps.house(request), visitor.actor, number, told.code, told.device)

    return _done(request, number, sealed)


@router.post("/sign/{number}/decline", name=may("pages.sign.decline", EVERYBODY))
def decline(request: Request, number: str, told: Refused) -> dict[str, Any]:
    """The signer does not sign, and says why."""

    def declined(visitor: Visitor) -> None:
        signing.decline(deps.house(request), visitor, number, told.reason)

    return _done(request, number, declined)


def _done(request: Request, number: str, act: Callable[[Visitor], object]) -> dict[str, Any]:
    """Act as whoever asks, and lead them to how it stands."""
    act(_visitor(request, number))
    return {"location": f"/sign/{number}"}


def _visitor(request: Request, number: str) -> Visitor:
    with deps.house(request).database.transaction() as unit:
        return guests.acting(request, unit, number)
