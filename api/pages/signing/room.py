"""The room itself: its page, the pages of the document as pictures, the document, and the seal as it will look."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from api.pages import render
from api.pages.signing import guests
from hr.agreements import will
from hr.documents import typeset
from kernel.db import Unit
from kernel.text import Text, say
from tasks.human.signing import room, visitors
from tasks.human.signing.room import Party, Room

router = APIRouter(route_class=Door)

OPEN = ("waiting", "asked")


@router.get("/sign/{number}", name=may("pages.sign", EVERYBODY))
def show(request: Request, number: str) -> Response:
    """The steps of signing where it can be signed, else how it stands."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        guest = guests.guest(request, unit, number)
        found = room.open_room(house, unit, guest.visitor, number)
        shown: dict[str, Any] = {"room": found, "visitor": guest.visitor, "url": f"/sign/{number}"}
        if found.may_sign:
            given = _given(found, guest.csrf, house.clock.now())
            leave = "/inbox" if guest.visitor.by == "login" else ""
            return render.fragment(request, "sign.html", given=given, leave=leave, **shown)
        after = _after(request, unit, guest.visitor, found)
    return render.fragment(request, "sign-told.html", leave="", **shown, **after)


@router.get("/sign/{number}/page/{page}.png", name=may("pages.sign.page", EVERYBODY))
def picture(request: Request, number: str, page: int, width: int = 1200) -> Response:
    """A page of the very document that is signed, as many pixels wide as the screen shows."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        visitor = guests.guest(request, unit, number).visitor
        drawn = room.picture(house, unit, visitor, number, page, width)
    return Response(drawn, media_type="image/png")


@router.get("/sign/{number}/document.pdf", name=may("pages.sign.document", EVERYBODY))
def document(request: Request, number: str) -> Response:
    """The document as it is now."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        visitor = guests.guest(request, unit, number).visitor
        content = room.downloaded(house, unit, visitor, number)
    return pdf(content, number)


@router.get("/sign/{number}/seal.png", name=may("pages.sign.seal_picture", EVERYBODY))
def seal(request: Request, number: str, width: int = 480) -> Response:
    """The company's seal as it will be set, for whoever sets it."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        visitor = guests.guest(request, unit, number).visitor
        drawn = room.seal_picture(house, unit, visitor, number, width)
    return Response(drawn, media_type="image/png")


def pdf(content: bytes, number: str) -> Response:
    """A document of an agreement, to be shown in the browser."""
    headers = {
        "Content-Disposition": f'inline; filename="{number}.pdf"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _given(found: Room, csrf: str, now: datetime) -> dict[str, Any]:
    """What the script of the room starts from."""
    return {"url": f"/sign/{found.number}", "csrf": csrf, "pages": found.pages, "again_in": _again_in(found, now)} | (
        still_unread(found.pages, found.read, found.seconds_needed, found.read_to_end)
    )


def still_unread(pages: int, read: Any, needed: float, ended: bool) -> dict[str, Any]:
    """Which pages are left to be read, and whether the end was reached."""
    return {"left": [page for page in range(1, pages + 1) if read.get(page, 0.0) < needed], "ended": ended}


def _again_in(found: Room, now: datetime) -> int:
    """In how many seconds another code can be sent."""
    if found.code_sent_until is None:
        return 0
    return max(0, int((found.code_sent_until - will.LASTS + will.PAUSE - now).total_seconds()))


def _after(request: Request, unit: Unit, visitor: visitors.Visitor, found: Room) -> dict[str, Any]:
    """What the page says once this signer has nothing to sign here, and where they go on."""
    house = deps.house(request)
    address = f"{house.settings.public_url.rstrip('/')}/verify/{found.verify_code}"
    waiting = visitors.waiting(unit, visitor, house.clock.now()) if visitor.by == "login" else []
    return {
        "waits_for": _waits_for(found.signers),
        "next": f"/sign/{waiting[0]}" if waiting else "/inbox",
        "qr": typeset.qr(address) if found.status == "sealed" else "",
    }


def _waits_for(parties: tuple[Party, ...]) -> Text:
    still = [party for party in parties if party.status in OPEN]
    first = min((party.place for party in still), default=0)
    names = "、".join(party.name for party in still if party.place == first)
    return say("{names} signs next. You get the sealed file as soon as all have signed.", names=names)
