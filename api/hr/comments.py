"""The conversation of a case, for programs: what was said, and another word."""

from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, conversation
from tasks.human.views import Comment

router = APIRouter(prefix="/api/process-instances", route_class=HotDoor, tags=["Comment"])

FILE = described.result(hash=described.TEXT, name=described.TEXT, size=described.WHOLE, mediaType=described.TEXT)
COMMENT = described.result(
    commentKey=described.KEY,
    author=described.result(login=described.TEXT, name=described.TEXT),
    at=described.INSTANT,
    text=described.TEXT,
    files=described.several(FILE),
    readBy=described.several(described.TEXT),
    own=described.FLAG,
)
THREAD = described.result(items=described.several(COMMENT))


def shape(found: Comment) -> dict[str, Any]:
    return {
        "commentKey": str(found.key),
        "author": {"login": found.author.login, "name": found.author.name},
        "at": shapes.instant(found.at),
        "text": found.text,
        "files": [
            {"hash": file.hash, "name": file.name, "size": file.size, "mediaType": file.media_type}
            for file in found.files
        ],
        "readBy": list(found.read_by),
        "own": found.own,
    }


def _root(unit: Unit, actor: Actor, path: Any) -> int:
    """The root of the instance that the path names. Raises NotFound, also for who takes no part in its case."""
    key = shapes.key(path["key"], "processInstanceKey")
    row = unit.one("select root_key from instance where key = %s", (key,))
    if row is None or not access.may_see_case(unit, actor, row[0]):
        raise NotFound(say("There is no case {key}.", key=key))
    root: int = row[0]
    return root


def thread(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    with house.database.transaction() as unit:
        found = conversation.thread(unit, actor, _root(unit, actor, path))
    return Answer(200, {"items": [shape(comment) for comment in found]})


def add(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    said = shapes.text(shapes.body(raw), "text")
    with house.database.transaction() as unit:
        found = conversation.add(house, unit, actor, _root(unit, actor, path), said)
    return Answer(200, {"items": [shape(comment) for comment in found]})


@router.get(
    "/{key}/comments",
    name=may("api.comments.list", ANYONE),
    **described.described(key="process instance", gives=THREAD),
)
@hot_path(thread)
def list_comments() -> None:
    """Everything that was said about a case, by any of its instances. Asking marks nothing as read."""


@router.post(
    "/{key}/comments",
    name=may("api.comments.add", ANYONE),
    **described.described(
        key="process instance",
        takes=described.thing("text", text={"type": "string", "minLength": 1, "maxLength": conversation.LONGEST}),
        gives=THREAD,
    ),
)
@hot_path(add)
def add_comment() -> None:
    """Say something about a case to everyone who takes part in it."""
