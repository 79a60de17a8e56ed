"""Every course with who learns it."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.people import org
from kernel.text import Text, say
from tasks.human.training import courses

router = APIRouter(route_class=Door)

KINDS: dict[str, Text] = {"confidentiality": say("Confidentiality training"), "other": say("Other course")}


@router.get("/training/courses", name=may("pages.courses", HR))
def show_all(request: Request) -> Response:
    """The courses by title; archived ones come last."""
    with deps.house(request).database.transaction() as unit:
        found = courses.listed(unit)
        names = org.names(unit, [one.saved_by for one in found])
        return render.page(request, unit, "course-list.html", here="training", found=found, names=names, kinds=KINDS)
