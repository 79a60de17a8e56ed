"""Giving a course to people by hand."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.people import org
from hr.training import texts
from kernel.errors import Invalid
from kernel.text import listed, say
from tasks.human.training import assigning

router = APIRouter(route_class=Door)

LONGEST = 6  # digits of a number of days


@router.get("/training/assign", name=may("pages.training.assign", HR))
def choose(request: Request, course: str = "", login: str = "") -> Response:
    """The form: a course, the people, and by when."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        return render.page(
            request,
            unit,
            "training-assign.html",
            here="training",
            courses=[(one.slug, one.title) for one in texts.published(unit)],
            chosen=course,
            people=list(org.people(unit, [login]).values()) if login else [],
            departments=org.departments(unit, "", 1000),
            usual=house.settings.course_days,
        )


@router.post("/training/assign", name=may("pages.training.assign.begin", HR))
def begin(
    request: Request,
    course: Annotated[str, Form()] = "",
    login: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
) -> Response:
    """Assign it to each of them."""
    house, actor = deps.house(request), deps.actor(request)
    if not course:
        raise Invalid(say("Choose a course first."))
    if days and not (days.isdecimal() and len(days) <= LONGEST):
        raise Invalid(say("{days} is no number of days.", days=days[:20]))
    with house.database.transaction() as unit:
        done = assigning.assign(house, unit, actor, course, login or [], days=int(days) if days else None)
    told = [say("Assigned to one person.") if done.given == 1 else say("Assigned to {n} people.", n=done.given)]
    if done.learning:
        told.append(say("Learning it already: {names}.", names="、".join(done.learning)))
    return render.go(request, f"/training?course={course}", listed(told) if len(told) > 1 else told[0])
