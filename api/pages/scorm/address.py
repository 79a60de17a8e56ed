"""Where the package of a lesson is played: asked by the lesson's page, once it has opened the lesson."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api import content, deps
from api.access import ANYONE, may
from api.door import Door
from tasks.human.training import packages

router = APIRouter(route_class=Door)


class Wanted(BaseModel):
    """The enrolment, and the visit that its page has open."""

    number: str
    visit: str


@router.post("/training/package", name=may("pages.scorm.address", ANYONE))
def address(request: Request, wanted: Wanted) -> dict[str, str]:
    """The address of the package for this visit alone, and the origin that it will speak from."""
    house, actor = deps.house(request), deps.actor(request)
    origins = content.beside(request, house.settings)
    with house.database.transaction() as unit:
        token = packages.token(house, unit, actor, wanted.number, wanted.visit, origins.host)
    return {"url": f"{origins.content}{content.PREFIX}{token}/", "origin": origins.content}
