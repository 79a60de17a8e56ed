"""A lesson as its learner sees it, and Markdown as it will look while it is written. Nothing is counted or kept."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from api.pages.learning.material import PICTURES
from hr.training import markdown, pace
from hr.training.nodes import LONGEST_TEXT
from kernel.errors import NotFound
from kernel.text import say
from tasks.human.training import courses

router = APIRouter(route_class=Door)


@router.post("/training/text", name=may("pages.courses.text", HR))
def text(request: Request, body: Annotated[str, Form(max_length=LONGEST_TEXT)] = "") -> Response:
    """Markdown as a lesson shows it."""
    return HTMLResponse(markdown.html(body, PICTURES))


@router.get("/training/courses/{slug}/preview", name=may("pages.course.preview", HR))
def first(request: Request, slug: str, version: int = 0) -> Response:
    """Its first lesson."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        course = courses.shown(unit, slug, version, house.clock).course
    if not course.lessons:
        raise NotFound(say("The course {title} has no lessons yet.", title=course.title))
    return render.go(request, f"{_url(slug)}/lessons/{course.lessons[0].key}?version={version}")


@router.get("/training/courses/{slug}/preview/lessons/{key}", name=may("pages.course.preview.lesson", HR))
def lesson(request: Request, slug: str, key: str, version: int = 0) -> Response:
    """One lesson of a version, 0 for the latest."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        course = courses.shown(unit, slug, version, house.clock).course
        page = courses.preview(house, unit, course, key, actor)
    after = page.after.key if page.after else ""
    return render.fragment(
        request,
        "course-preview.html",
        page=page,
        body=Markup(markdown.html(page.lesson.body, PICTURES)),
        transcript=Markup(markdown.html(page.lesson.transcript, PICTURES)),
        given={
            "url": _url(slug),
            "lesson": key,
            "kind": page.lesson.kind,
            "csrf": "",
            "counting": False,
            "length": page.length,
            "beat": pace.BEAT,
        },
        onward=f"{_url(slug)}/lessons/{after}?version={version}" if after else f"/training/courses/{slug}",
        slug=slug,
        version=version,
    )


@router.get(
    "/training/courses/{slug}/preview/lessons/{key}/captions.vtt", name=may("pages.course.preview.captions", HR)
)
def captions(request: Request, slug: str, key: str, version: int = 0) -> Response:
    """What is said in the video."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = courses.shown(unit, slug, version, house.clock).course.lesson(key)
    if found is None or not found.captions:
        raise NotFound(say("The lesson {key} has no captions.", key=key[:60]))
    return Response(found.captions, media_type="text/vtt")


def _url(slug: str) -> str:
    return f"/training/courses/{slug}/preview"
