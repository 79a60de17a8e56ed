"""People: the search behind a form's employee field, and for HR the list and each person's file."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import ANYONE, STAFF, may
from api.door import Door
from api.pages import render
from kernel.errors import Forbidden
from kernel.text import Text, say
from tasks.human import people
from tasks.human.views import Fact

router = APIRouter(route_class=Door)

SUGGESTIONS = 8
KINDS = {
    "laptop": say("Laptop"),
    "monitor": say("Monitor"),
    "card": say("Access card"),
    "key": say("Key"),
    "phone": say("Mobile phone"),
    "other": say("Other property"),
}


@router.get("/people", name=may("pages.people", ANYONE))
def show_all(request: Request, q: str = "", login: str = "", page: int = 1) -> Response:
    """For a program the colleagues that match, by name and department; as a page the list, which is HR's."""
    if "application/json" in request.headers.get("accept", ""):
        return suggest(request, q, login)
    actor = deps.actor(request)
    if not actor.has(*STAFF):
        raise Forbidden(say("The list of people is for HR."))
    with deps.house(request).database.transaction() as unit:
        found = people.people(unit, actor, q[:100], max(page, 1))
        template = "parts/people.html" if render.by_htmx(request) else "people.html"
        return render.page(request, unit, template, here="people", found=found)


def suggest(request: Request, q: str, login: str) -> Response:
    """Colleagues as JSON: those that a few letters find, or the one with this login."""
    with deps.house(request).database.transaction() as unit:
        if login:
            found = tuple(person for person in [people.named(unit, login)] if person)
        else:
            found = people.find(unit, q[:50], SUGGESTIONS)
    return JSONResponse([render.plain(person) for person in found])


@router.get("/people/options", name=may("pages.people.options", ANYONE))
def options(request: Request, login: str = "") -> Response:
    """The same as choices of an input."""
    with deps.house(request).database.transaction() as unit:
        found = people.find(unit, login[:50], SUGGESTIONS)
    return render.fragment(request, "parts/options.html", people=found)


@router.get("/people/departments", name=may("pages.people.departments", ANYONE))
def departments(request: Request, q: str = "", login: str = "") -> Response:
    """Departments as JSON, in the shape of colleagues: those that a few letters find, or the one with this id."""
    with deps.house(request).database.transaction() as unit:
        if login:
            found = tuple(each for each in [people.department(unit, login)] if each)
        else:
            found = people.departments(unit, q[:50], SUGGESTIONS)
    return JSONResponse([render.plain(each) for each in found])


@router.get("/people/{login}", name=may("pages.person", STAFF))
def show(request: Request, login: str) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        file = people.person_file(house, unit, deps.actor(request), login)
        file = replace(file, assets=tuple(Fact(_kind(fact.label), fact.value) for fact in file.assets))
        return render.page(request, unit, "person.html", here="people", file=file)


def _kind(label: Text) -> Text:
    """A kind of company property in words; one that is not known here stays as the outside system names it."""
    return KINDS.get(str(label), label)
