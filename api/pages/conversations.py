"""The conversation of a case, by its root instance: read it, add to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import received, render
from kernel.errors import NotFound
from kernel.text import say
from tasks.human import access, conversation
from tasks.human.forms import Sent

router = APIRouter(route_class=Door)


@router.get("/conversations/{key}", name=may("pages.conversation", ANYONE))
def show(request: Request, key: int) -> Response:
    """Everything that was said. Reading it is noted, for the read marks of the others."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        if not access.may_see_case(unit, actor, key):
            raise NotFound(say("There is no case {key}.", key=key))
        conversation.read(house, unit, actor, key)
        found = conversation.thread(unit, actor, key)
    return render.fragment(request, "parts/thread.html", comments=found)


@router.post("/conversations/{key}", name=may("pages.conversation.add", ANYONE))
async def write(request: Request, key: int, parts: Annotated[FormData, Depends(received.form)]) -> Response:
    files = (await received.files(parts)).get("files", [])
    return await run_in_threadpool(_write, request, key, str(parts.get("text", "")), tuple(files))


def _write(request: Request, key: int, text: str, files: tuple[Sent, ...]) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        conversation.add(house, unit, deps.actor(request), key, text, files)
        found = conversation.thread(unit, deps.actor(request), key)
    return render.fragment(request, "parts/thread.html", comments=found)
