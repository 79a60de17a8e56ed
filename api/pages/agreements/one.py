"""One agreement: what it is, who signs it, what happened; its pages; what HR may do with it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import ANYONE, HR, may
from api.door import Door
from api.pages import render
from api.pages.signing.room import pdf
from kernel.text import say
from tasks.human import agreements
from tasks.human.signing import signing

router = APIRouter(route_class=Door)


@router.get("/agreements/{number}", name=may("pages.agreement", ANYONE))
def show(request: Request, number: str) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        view = agreements.agreement_view(house, unit, actor, number)
        others = actor.has(*HR) and view.row.person.login != actor.id
        here = "agreements-all" if others else "agreements"
        return render.page(request, unit, "agreement.html", here=here, one=view, hr=actor.has(*HR))


@router.get("/agreements/{number}/document.pdf", name=may("pages.agreement.document", ANYONE))
def document(request: Request, number: str) -> Response:
    """The document as it is now, sealed once all have signed."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        content = agreements.document(house, unit, deps.actor(request), number)
    return pdf(content, number)


@router.get("/agreements/{number}/page/{page}.png", name=may("pages.agreement.page", ANYONE))
def picture(request: Request, number: str, page: int, width: int = 480) -> Response:
    """A page of it as a picture."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        drawn = agreements.picture(house, unit, deps.actor(request), number, page, width)
    return Response(drawn, media_type="image/png")


@router.post("/agreements/{number}/withdraw", name=may("pages.agreement.withdraw", ANYONE))
def withdraw(request: Request, number: str, reason: Annotated[str, Form()] = "") -> Response:
    """Take it back before the last signature, for a reason."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        agreements.agreement_view(house, unit, actor, number)  # to others there is none
    signing.withdraw(house, actor, number, reason)
    return render.go(request, f"/agreements/{number}", say("Taken back. Everybody who was asked is told."))


@router.post("/agreements/{number}/remind", name=may("pages.agreement.remind", HR))
def remind(request: Request, number: str) -> Response:
    """Remind those whose turn it is, now."""
    agreements.remind(deps.house(request), deps.actor(request), number)
    return render.go(request, f"/agreements/{number}", say("A reminder is on its way."))
