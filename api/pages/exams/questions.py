"""How the questions of exams do, for HR: the weakest first."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.training import statistics

router = APIRouter(route_class=Door)


@router.get("/training/questions", name=may("pages.training.questions", HR))
def show(request: Request, course: str = "") -> Response:
    """The questions of one course by its slug, or of all."""
    with deps.house(request).database.transaction() as unit:
        found = statistics.items(unit, course)
        courses = statistics.courses(unit)
        return render.page(
            request, unit, "exam-questions.html", here="training", items=found, courses=courses, course=course
        )
