"""The editor of a course: by form or as YAML, checked while it is written, saved as a new version."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from api.pages.courses import material
from api.pages.courses.listing import KINDS
from hr.people import org
from hr.training import reader, texts, written
from hr.training.course import CourseText
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, recognised, say
from tasks.human.training import courses, edited, places

router = APIRouter(route_class=Door)

VIEWS: dict[str, Text] = {"form": say("Edit"), "source": say("As YAML"), "versions": say("Versions")}
QUESTIONS: dict[str, Text] = {
    "single": say("One answer"),
    "multiple": say("Several answers"),
    "ordering": say("Put in order"),
    "true-false": say("True or false"),
    "case": say("Case with questions"),
}
DIFFICULTIES: dict[str, Text] = {"easy": say("easy"), "medium": say("medium"), "hard": say("hard")}
LESSONS: dict[str, Text] = {
    "text": say("Text with pictures"),
    "video": say("Video"),
    "case": say("Case study"),
    "scorm": say("SCORM package"),
}
LONGEST = 1_200_000  # characters
NEW = "new"  # the last part of the address where a course begins


class Edited(BaseModel):
    """A course as it was edited: the values of its form, else its source; and the version that it was begun from."""

    slug: str = Field(default="", max_length=100)
    base: int = Field(default=0, ge=0)
    comment: str = Field(default="", max_length=1000)
    form: dict[str, Any] | None = None
    source: str = Field(default="", max_length=LONGEST)

    @property
    def by(self) -> str:
        return "source" if self.form is None else "form"

    def text(self) -> str:
        """The YAML. Raises Invalid with every fault."""
        return self.source if self.form is None else edited.source(self.form, self.slug)


@router.get("/training/courses/new", name=may("pages.courses.new", HR))
def begin(request: Request, view: str = "form") -> Response:
    """The editor on a course that does not exist yet."""
    course = edited.beginning("")
    with deps.house(request).database.transaction() as unit:
        return _editor(request, unit, course, view if view == "source" else "form", shown=None)


@router.post("/training/courses/check", name=may("pages.courses.check", HR))
def check(request: Request, told: Edited) -> Response:
    """What stands against publishing the course as it is edited. Nothing is kept."""
    house = deps.house(request)
    try:
        course = reader.read(told.text(), told.slug)
    except Invalid as refused:
        return _findings(request, told.by, "faults", places.of_faults(refused))
    with house.database.transaction() as unit:
        found = texts.findings(unit, course, house.clock, ZoneInfo(house.settings.zone))
    return _findings(request, told.by, "findings", places.of_findings(course, found))


@router.post("/training/courses/save", name=may("pages.courses.save", HR))
def save(request: Request, told: Edited) -> Response:
    """Keep it as a new version; where it cannot be read, every fault with its place (422)."""
    house, actor = deps.house(request), deps.actor(request)
    try:
        source = told.text()
        _refuse_hidden(told.slug)
        with house.database.transaction() as unit:
            kept = courses.save(
                unit, told.slug, source, base=told.base, actor=actor, clock=house.clock, comment=told.comment
            )
            said = _said(unit, kept, told.base)
    except Invalid as refused:
        return _findings(request, told.by, "faults", places.of_faults(refused), status=422)
    location = f"/training/courses/{told.slug}" + ("?view=source" if told.by == "source" else "")
    if kept.beside is not None:
        location = f"/training/courses/{told.slug}/compare?before={kept.beside.version}&after={kept.version}"
    return JSONResponse({"location": location, "said": render.tongue(request).show(said)})


@router.get("/training/courses/{slug}", name=may("pages.course", HR))
def show(request: Request, slug: str, version: int = 0, view: str = "form") -> Response:
    """The editor on the latest version, or on another one, from which saving makes a new one too."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = courses.shown(unit, slug, version, house.clock, ZoneInfo(house.settings.zone))
        return _editor(request, unit, found.course, view if view in VIEWS else "form", shown=found)


def _refuse_hidden(slug: str) -> None:
    """The page of a course of this name would be the one on which courses begin. Raises Invalid."""
    if slug == NEW:
        raise Invalid(say("The name {slug} is kept for the page where courses begin. Choose another name.", slug=slug))


def _said(unit: Unit, kept: courses.Kept, base: int) -> Text:
    if kept.beside is not None:
        other = kept.beside
        return say(
            "{who} saved version {theirs} meanwhile, so both are kept: yours is version {mine}, begun from version "
            "{base}. What differs is shown here; take over what is missing.",
            who=org.names(unit, [other.saved_by]).get(other.saved_by, other.saved_by),
            theirs=other.version,
            mine=kept.version,
            base=base,
        )
    return say("Version {version} is saved.", version=kept.version) if kept.new else say("Nothing has changed.")


def _editor(request: Request, unit: Unit, course: CourseText, view: str, *, shown: courses.Shown | None) -> Response:
    found = places.of_findings(course, shown.findings) if shown else []
    versions = shown.versions if shown else ()
    return render.page(
        request,
        unit,
        "course-editor.html",
        here="training",
        course=course,
        shown=shown,
        view=view,
        views=VIEWS,
        source=shown.version.source if shown else written.write(course),
        told=found,
        kept=recognised,
        names=org.names(unit, [one.saved_by for one in versions]),
        choices=edited.choices,
        captions=edited.captions,
        transcript=edited.transcript,
        kinds=KINDS,
        lesson_kinds=LESSONS,
        question_kinds=QUESTIONS,
        difficulties=DIFFICULTIES,
        media={kind: _choices(request, unit, kind) for kind in ("video", "scorm")},
    )


def _choices(request: Request, unit: Unit, kind: str) -> list[tuple[str, str]]:
    return [(one.hash, material.label(request, one)) for one in courses.media(unit, kind)]


def _findings(request: Request, by: str, state: str, told: list[places.Told], *, status: int = 200) -> Response:
    return render.fragment(request, "course-findings.html", state=state, told=told, by=by, status=status)
