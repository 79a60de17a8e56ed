"""The inbox: what waits for me, what my groups may claim, what I have done."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from tasks.human import inbox
from tasks.human.views import Tab

router = APIRouter(route_class=Door)


@router.get("/inbox", name=may("pages.inbox", ANYONE))
def show(request: Request, tab: Tab | None = None, q: str = "", page: int = 1, current: str = "") -> Response:
    """The list; for a script only its rows. `current` is the task that is open beside it."""
    with deps.house(request).database.transaction() as unit:
        found = inbox.inbox(unit, deps.actor(request), tab, q[:100], max(page, 1))
        if render.by_htmx(request):
            key = int(current) if current.isdecimal() else None
            return render.fragment(request, "parts/rows.html", found=found, current=key)
        return render.page(request, unit, "inbox.html", here="inbox", found=found, current=None, task=None)


@router.get("/counts", name=may("pages.counts", ANYONE))
def counts(request: Request, here: str = "") -> Response:
    """The two lines of the menu that count."""
    with deps.house(request).database.transaction() as unit:
        return render.page(request, unit, "parts/counts.html", here=here)
