"""A lesson as its learner sees it, to be tried before it is published, and Markdown as it will look when it is read.

Questions are marked and packages play as for a learner. Nothing is counted or kept.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import BaseModel, Field

from api import content, deps
from api.access import HR, may
from api.door import Door
from api.headers import framing
from api.pages import render
from api.pages.learning.acts import LONGEST, MOST
from api.pages.learning.material import PICTURES
from hr.training import markdown, pace
from hr.training.nodes import LONGEST_TEXT
from kernel.errors import NotFound
from kernel.text import say
from tasks.human.training import courses, packages
from tasks.human.training.courses import Shown

router = APIRouter(route_class=Door)


class Try(BaseModel):
    """Places of the options chosen."""

    question: str = Field(max_length=LONGEST)
    chosen: list[int] = Field(default_factory=list, max_length=MOST)


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
    house, visit = deps.house(request), deps.visit(request)
    shown, page = courses.opened(house, visit.actor, slug, version, key)
    found = page.lesson
    answer = render.fragment(
        request,
        "course-preview.html",
        page=page,
        body=Markup(markdown.html(found.body, PICTURES)),
        transcript=Markup(markdown.html(found.transcript, PICTURES)),
        given=_given(shown, page.length, found.key, found.kind, visit.csrf or ""),
        out=_editor(slug, version),
        onward=_onward(slug, version, page.after.key if page.after else ""),
        title=found.title,
        csrf=visit.csrf or "",
    )
    if found.kind == "scorm":
        answer.headers["Content-Security-Policy"] = framing(content.beside(request, house.settings).content)
    return answer


@router.post("/training/courses/{slug}/preview/lessons/{key}/answer", name=may("pages.course.preview.answer", HR))
def answer(request: Request, slug: str, key: str, told: Try, version: int = 0) -> dict[str, Any]:
    """A try at a question of a case study, marked as a learner's is and kept nowhere."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        course = courses.shown(unit, slug, version, house.clock).course
    marked = courses.tried(house, course, key, told.question, told.chosen, actor)
    return {"right": marked.right, "explanation": marked.explanation}


@router.post("/training/courses/{slug}/preview/lessons/{key}/package", name=may("pages.course.preview.package", HR))
def package(request: Request, slug: str, key: str, version: int = 0) -> dict[str, str]:
    """The address of the package for this trial, and the origin that it will speak from."""
    house, actor = deps.house(request), deps.actor(request)
    origins = content.beside(request, house.settings)
    with house.database.transaction() as unit:
        course = courses.shown(unit, slug, version, house.clock).course
        token = packages.trial(house, unit, actor, courses.lesson_of(course, key), origins.host)
    return {"url": f"{origins.content}{content.PREFIX}{token}/", "origin": origins.content}


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


def _given(shown: Shown, length: float, key: str, kind: str, csrf: str) -> dict[str, Any]:
    """What the script of a lesson goes by. What is tried is of the version shown, whatever is saved meanwhile."""
    url, query = f"{_url(shown.course.slug)}/lessons/{key}", f"?version={shown.version.version}"
    return {
        "url": url,
        "query": query,
        "lesson": key,
        "kind": kind,
        "csrf": csrf,
        "counting": False,
        "trial": True,
        "length": length,
        "beat": pace.BEAT,
        "package": f"{url}/package{query}",
        "captions": f"{url}/captions.vtt{query}",
    }


def _onward(slug: str, version: int, after: str) -> str:
    """To the next lesson, and from the last one back to the editor."""
    return f"{_url(slug)}/lessons/{after}?version={version}" if after else _editor(slug, version)


def _editor(slug: str, version: int) -> str:
    return f"/training/courses/{slug}" + (f"?version={version}" if version else "")


def _url(slug: str) -> str:
    return f"/training/courses/{slug}/preview"
