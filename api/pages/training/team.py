"""The training of a manager's people."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from kernel.text import Text, say
from tasks.human.training import team, views

router = APIRouter(route_class=Door)

EXPIRING = "expiring"
TABS: tuple[tuple[str, Text], ...] = (
    ("", say("All")),
    ("overdue", views.STATES["overdue"]),
    ("due", views.STATES["due"]),
    (EXPIRING, say("Certificate runs out")),
    ("passed", views.STATES["passed"]),
)


@router.get("/training/team", name=may("pages.training.team", ANYONE))
def show(request: Request, state: str = "") -> Response:
    """Who is below the reader, and how they stand. For whoever leads nobody the page says so."""
    house, actor = deps.house(request), deps.actor(request)
    chosen = state if state in dict(TABS) else ""
    with house.database.transaction() as unit:
        found = team.team(house, unit, actor, chosen)
        return render.page(
            request, unit, "training-team.html", here="training-team", found=found, tabs=TABS, states=views.STATES
        )
