"""The conversation of a case, by its root instance: read it, add to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import received, render
from kernel.errors import NotFound
from kernel.text import say
from tasks.human import access, conversation
from tasks.human.forms import Sent

router = APIRouter(route_class=Door)

Said = tuple[str, tuple[Sent, ...]]


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
def write(request: Request, key: int, said: Annotated[Said, Depends(received.comment)]) -> Response:
    house, (text, files) = deps.house(request), said
    with house.database.transaction() as unit:
        conversation.add(house, unit, deps.actor(request), key, text, files)
        found = conversation.thread(unit, deps.actor(request), key)
    return render.fragment(request, "parts/thread.html", comments=found)
