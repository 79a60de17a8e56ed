"""Messages to me. Opening the page is reading them."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from tasks.human import notices

router = APIRouter(route_class=Door)


@router.get("/messages", name=may("pages.messages", ANYONE))
def show(request: Request, page: int = 1) -> Response:
    """Newest first; the unread are marked as such this once."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = sorted(notices.notices(unit, actor, max(page, 1)), key=lambda notice: notice.at, reverse=True)
        notices.mark_read(unit, actor, house.clock)
        return render.page(request, unit, "messages.html", here="messages", notices=found)
