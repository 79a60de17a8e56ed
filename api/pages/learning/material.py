"""Films and pictures of courses, in ranges as players ask for them, for those whose course shows them."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api import deps
from api.access import ANYONE, HR, may
from api.door import Door
from hr.training.tables import CourseMedia
from kernel.errors import NotFound
from kernel.text import say
from tasks.human.training import shelf

router = APIRouter(route_class=Door)

PICTURES = "/learn/media/"
SHOWN = ("video", "picture")  # a package is played from a place of its own
KEPT = "private, max-age=86400, immutable"  # the address is the hash of the content


@router.get("/learn/media/{hashed}", name=may("pages.learn.media", ANYONE))
def show(request: Request, hashed: str) -> Response:
    """The bytes of a film or picture. For everybody else there is none."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = unit.session.get(CourseMedia, hashed)
        if found is None or found.kind not in SHOWN or not (actor.has(*HR) or shelf.uses(unit, actor, found)):
            raise NotFound(say("There is no course material {hash}, or no course of yours shows it.", hash=hashed[:64]))
        media_type = found.media_type
    return FileResponse(house.world.media.path(hashed), media_type=media_type, headers={"Cache-Control": KEPT})
