"""Agreements in a list: HR's of everybody, and everybody's own."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, HR, STAFF, may
from api.door import Door
from api.pages import render
from hr.agreements.signers import SEAL
from hr.agreements.tables import STATUSES
from kernel.text import Text, say
from tasks.human import agreements
from tasks.human.agreement_views import Scope

router = APIRouter(route_class=Door)

TABS: tuple[tuple[str, Text], ...] = (
    ("", say("All")),
    ("signing", say("Being signed")),
    ("sealed", say("Signed and sealed")),
    ("declined", say("Declined")),
    ("expired", say("Expired")),
    ("withdrawn", say("Withdrawn")),
)


@router.get("/agreements", name=may("pages.agreements", ANYONE))
def show_all(request: Request, scope: str = "", q: str = "", status: str = "", page: int = 1) -> Response:
    """Everybody's where HR asks for nothing else, the reader's own to all others."""
    house, actor = deps.house(request), deps.actor(request)
    wanted: Scope = "all" if actor.has(*HR) and scope != "mine" else "mine"
    chosen = status if status in STATUSES else ""
    with house.database.transaction() as unit:
        found = agreements.agreements(house, unit, actor, scope=wanted, text=q[:100], status=chosen, page=max(page, 1))
        return render.page(
            request,
            unit,
            "agreement-rows.html" if render.by_htmx(request) else "agreement-list.html",
            here="agreements-all" if wanted == "all" else "agreements",
            found=found,
            scope=wanted,
            tabs=TABS,
            hr=actor.has(*HR),
            texts=actor.has(*STAFF),
            seal=actor.has(SEAL),
        )
