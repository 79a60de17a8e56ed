"""Versions of a course: compared, taken out as YAML, published, archived."""

from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import changes, render
from hr.training import texts
from kernel.text import say
from tasks.human.training import courses

router = APIRouter(route_class=Door)


@router.get("/training/courses/{slug}/compare", name=may("pages.course.compare", HR))
def compare(
    request: Request, slug: str, before: Annotated[int, Query(ge=0)] = 0, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Two versions, line by line: the latest against the one before where none is named."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        new = courses.shown(unit, slug, after, house.clock)
        old = courses.shown(unit, slug, before or max(new.version.version - 1, 1), house.clock)
        return render.page(
            request,
            unit,
            "versions-compared.html",
            here="training",
            home={"url": "/training/courses", "name": say("Courses")},
            slug=slug,
            title=new.course.title,
            versions=new.versions,
            before=old.version,
            after=new.version,
            changes=changes.of(old.version.source, new.version.source),
        )


@router.get("/training/courses/{slug}/source", name=may("pages.course.source", HR))
def source(request: Request, slug: str, version: Annotated[int, Query(ge=0)] = 0) -> Response:
    """A version as a file of YAML, which can be brought in again here or elsewhere."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = courses.shown(unit, slug, version, house.clock)
    name = quote(f"{slug}-{found.version.version}.yaml")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(found.version.source, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/training/courses/{slug}/publish", name=may("pages.course.publish", HR))
def publish(request: Request, slug: str, version: Annotated[int, Form(ge=1)]) -> Response:
    """Assign this version from now on. Whoever learns another one goes on with it."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        texts.publish(unit, slug, version, actor=actor, clock=house.clock, zone=ZoneInfo(house.settings.zone))
    return render.go(request, f"/training/courses/{slug}", say("Version {version} is published.", version=version))


@router.post("/training/courses/{slug}/archive", name=may("pages.course.archive", HR))
def archive(request: Request, slug: str) -> Response:
    """Assign the course no more; whoever learns it goes on."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        texts.archive(unit, slug, actor=actor, clock=house.clock)
    return render.go(request, "/training/courses", say("The course is archived: nobody is given it any more."))
