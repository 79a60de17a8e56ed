"""A link from a message: for whom it is, a code to their phone or mail, and in. Before the code it tells no more."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from api.errors import status_of
from api.pages import render
from api.pages.signing import guests
from hr.agreements import links
from kernel.errors import Refusal
from kernel.text import Text, say
from tasks.human.signing import codes, visits

router = APIRouter(route_class=Door)


@router.get("/s/{token}", name=may("pages.link", EVERYBODY))
def show(request: Request, token: str, sent: str = "") -> Response:
    """For whom the link is. Looking at it sends nothing: programs look at links before people do.

    Whoever is signed in as that person goes straight to the room.
    """
    house, signed_in = deps.house(request), guests.session(request)
    with house.database.transaction() as unit:
        signer = links.signer_of(unit, house.settings.secret, token) if signed_in is not None else None
        if signer is not None and signed_in is not None and signer.login == signed_in.actor.id:
            return RedirectResponse(f"/sign/{signer.agreement_number}", 303)
    return _page(request, token, sent=sent)


@router.post("/s/{token}/code", name=may("pages.link.code", EVERYBODY))
def send(request: Request, token: str, channel: Annotated[str, Form()] = "") -> Response:
    """Send the code that opens the link to the signer."""
    guests.from_here(request)
    ip, agent = guests.address(request), guests.agent(request)
    try:
        made = codes.send_by_link(deps.house(request), token, channel, ip=ip, agent=agent)
    except Refusal as refused:
        return _page(request, token, sent=channel, refused=refused)
    return RedirectResponse(f"/s/{token}?sent={made.channel}", 303)


@router.post("/s/{token}/open", name=may("pages.link.open", EVERYBODY))
def enter(request: Request, token: str, code: Annotated[str, Form()] = "") -> Response:
    """Begin a visit with the code. Its cookie goes to the room alone, and no script reads it."""
    guests.from_here(request)
    ip, agent = guests.address(request), guests.agent(request)
    try:
        opened = codes.open_by_link(deps.house(request), token, code, ip=ip, agent=agent)
    except Refusal as refused:
        return _page(request, token, sent="again", refused=refused)
    answer = RedirectResponse(f"/sign/{opened.number}", 303)
    answer.set_cookie(
        guests.VISIT,
        opened.cookie,
        max_age=int(visits.LASTS.total_seconds()),
        path="/sign",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def _page(request: Request, token: str, *, sent: str, refused: Refusal | None = None) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        landing = codes.landing(house, unit, token)
    told = refused.message if refused is not None else _on_its_way(landing, sent)
    return render.fragment(
        request,
        "sign-link.html",
        status=status_of(refused) if refused is not None else 200,
        url=f"/s/{token}",
        landing=landing,
        sent=sent,
        sentence=told,
        tone="bad" if refused is not None else "ok",
    )


def _on_its_way(landing: codes.Landing, sent: str) -> Text | None:
    address = next((channel.address for channel in landing.channels if channel.id == sent), None)
    return say("A code is on its way to {address}. It works for 10 minutes.", address=address) if address else None
