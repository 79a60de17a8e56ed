"""Videos, pictures and SCORM packages brought into courses: a file a request, as its bytes, so that progress shows."""

import tempfile
from collections.abc import AsyncGenerator
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.training.media import MediaRefused
from hr.training.tables import CourseMedia
from kernel.text import say

router = APIRouter(route_class=Door)

IN_MEMORY = 1 << 20  # bytes; what is larger arrives in a file


async def arrived(request: Request) -> AsyncGenerator[BinaryIO]:
    """The body, counted while it comes, whatever length it claims. Raises MediaRefused for one too large."""
    most, came = deps.house(request).settings.media_max_bytes, 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in request.stream():
            came += len(chunk)
            if came > most:
                raise MediaRefused(say("The file is larger than {most} MB.", most=most >> 20))
            await run_in_threadpool(file.write, chunk)
        file.seek(0)
        yield file  # type: ignore[misc]  # a spooled file reads as one; typeshed does not say so


@router.post("/training/material", name=may("pages.courses.material", HR))
def bring(
    request: Request,
    content: Annotated[BinaryIO, Depends(arrived)],
    name: Annotated[str, Query(max_length=400)] = "",
) -> dict[str, Any]:
    """Take a file in; the same content twice is one. What it is, is told by its bytes."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = house.world.media.add(unit, name, content, actor=actor, at=house.clock.now())
        return described(request, found)


def described(request: Request, found: CourseMedia) -> dict[str, Any]:
    """Material as the editor shows it."""
    return {"hash": found.hash, "kind": found.kind, "name": found.name, "label": label(request, found)}


def label(request: Request, found: CourseMedia) -> str:
    """Its name, with how long a video lasts or of which standard a package is."""
    tongue = render.tongue(request)
    if found.seconds is not None:
        seconds = round(found.seconds)
        return f"{found.name} · {seconds // 60}:{seconds % 60:02}"
    if found.kind == "scorm":
        pages = tongue.say("{n} pages", n=len(found.facts["items"]))
        return f"{found.facts['title'] or found.name} · SCORM {found.facts['standard']} · {pages}"
    return found.name
