"""One lesson: text with pictures, film, case study or package. Looking at it counts nothing: its script opens it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api import content, deps
from api.access import ANYONE, may
from api.door import Door
from api.headers import framing
from api.pages import render
from api.pages.learning.material import PICTURES
from hr.training import markdown, pace
from hr.training.standing import LessonStanding
from kernel.errors import NotFound
from kernel.text import say
from tasks.human.training import shelf
from tasks.human.training.shelf import LessonPage

router = APIRouter(route_class=Door)


@router.get("/learn/{number}/lessons/{key}", name=may("pages.learn.lesson", ANYONE))
def show(request: Request, number: str, key: str) -> Response:
    """The lesson, where it is not locked."""
    house = deps.house(request)
    found = shelf.opened_lesson(house, deps.actor(request), number, key)
    visit, lesson = deps.visit(request), found.lesson
    given = {
        "url": f"/learn/{number}",
        "lesson": key,
        "kind": lesson.kind,
        "csrf": visit.csrf or "",
        "counting": found.counting,
        "done": found.standing.state == "done",
        "length": found.length,
        "beat": pace.BEAT,
        "query": "",
        "package": "/training/package",
        "captions": f"/learn/{number}/lessons/{key}/captions.vtt",
    }
    shown: dict[str, Any] = {
        "page": found,
        "body": Markup(markdown.html(lesson.body, PICTURES)),
        "transcript": Markup(markdown.html(lesson.transcript, PICTURES)),
        "given": given,
        "out": f"/learn/{number}",
        "onward": onward(number, found.status, found.after),
    }
    if lesson.kind != "scorm":
        return render.fragment(request, "learning-lesson.html", **shown)
    page = render.fragment(request, "learning-lesson.html", number=number, title=lesson.title, csrf=visit.csrf, **shown)
    page.headers["Content-Security-Policy"] = framing(content.beside(request, house.settings).content)
    return page


@router.get("/learn/{number}/lessons/{key}/captions.vtt", name=may("pages.learn.captions", ANYONE))
def captions(request: Request, number: str, key: str) -> Response:
    """What is said in the film, as WebVTT."""
    with deps.house(request).database.transaction() as unit:
        found: LessonPage = shelf.lesson_page(unit, deps.actor(request), number, key)
    if not found.lesson.captions:
        raise NotFound(say("{title} has no captions.", title=found.lesson.title))
    return Response(found.lesson.captions, media_type="text/vtt")


def onward(number: str, status: str, after: LessonStanding | None) -> str:
    """Where one goes on from a lesson that is done: to the next one, else to the course, where the exam is."""
    if status != "examining" and after is not None:
        return f"/learn/{number}/lessons/{after.key}"
    return f"/learn/{number}"
