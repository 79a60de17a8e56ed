"""The result of an exam, for the person who sat it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from tasks.human.training import exam_result

router = APIRouter(route_class=Door)


@router.get("/learn/{number}/exams/{attempt}", name=may("pages.exam.result", ANYONE))
def show(request: Request, number: str, attempt: int) -> Response:
    """Score, every question with what is right and why, and what to learn again. An open exam is shown as one."""
    house = deps.house(request)
    found = exam_result.result(house, deps.actor(request), number, attempt)
    if found is None:
        return RedirectResponse(f"/learn/{number}/exam", 303)
    with house.database.transaction() as unit:
        return render.page(request, unit, "exam-result.html", here="learn", one=found)
