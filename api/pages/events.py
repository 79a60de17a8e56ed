"""The event stream of a page: `tasks`, `messages`, `case`, whenever there is something new to read."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages.pulse import Pulse, Watch

router = APIRouter(route_class=Door)


@router.get("/events", name=may("pages.events", ANYONE))
async def events(request: Request, case: int = 0) -> Response:
    """A case's stream says only that something happened; whoever may not see the case learns nothing from it."""
    actor = deps.actor(request)
    stream = pulse(request).follow(Watch(actor.id, actor.groups, case))
    # X-Accel-Buffering: a proxy such as nginx holds streams back unless it is told not to.
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def pulse(request: Request) -> Pulse:
    """The application's one pulse, made when the first page listens."""
    found: Pulse | None = getattr(request.app.state, "pulse", None)
    if found is None:
        found = request.app.state.pulse = Pulse(deps.house(request).database)
    return found
