"""The shelf of the learner, and one course with its lessons."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from tasks.human.training import shelf

router = APIRouter(route_class=Door)


@router.get("/learn", name=may("pages.learn", ANYONE))
def show(request: Request) -> Response:
    """What is to be learned, what was passed, what fell away."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = shelf.shelf(house, unit, deps.actor(request))
        return render.page(request, unit, "learning-shelf.html", here="learn", shelf=found)


@router.get("/learn/{number}", name=may("pages.learn.course", ANYONE))
def course(request: Request, number: str) -> Response:
    """The lessons, which of them are locked, and what comes next."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = shelf.course_page(house, unit, deps.actor(request), number)
        return render.page(request, unit, "learning-course.html", here="learn", course=found)
