"""What a person has filled into a task's form and not sent yet. Nobody else reads it."""

from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House
from tasks.human import drafts

router = APIRouter(prefix="/api/user-tasks", route_class=HotDoor, tags=["Draft"])

ANSWERS = {**described.OBJECT, "description": "By the form's fields, as they are sent."}
DRAFT = described.result(answers=ANSWERS, at=described.INSTANT)


def _key(path: Any) -> int:
    return shapes.key(path["key"], "userTaskKey")


def _shape(found: drafts.Draft) -> dict[str, Any]:
    return {"answers": found.answers, "at": shapes.instant(found.at)}


def read(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    with house.database.transaction() as unit:
        return Answer(200, _shape(drafts.read(house, unit, actor, _key(path))))


def keep(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    if not isinstance(body.get("answers"), dict):
        raise Invalid(say("{name} must be a JSON object.", name="answers"))
    with house.database.transaction() as unit:
        return Answer(200, _shape(drafts.keep(house, unit, actor, _key(path), body["answers"])))


def drop(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    with house.database.transaction() as unit:
        drafts.drop(house, unit, actor, _key(path))
    return Answer(204)


@router.get("/{key}/draft", name=may("api.drafts.get", ANYONE), **described.described(key="user task", gives=DRAFT))
@hot_path(read)
def get_draft() -> None:
    """The caller's own draft of an open task."""


@router.put(
    "/{key}/draft",
    name=may("api.drafts.keep", ANYONE),
    **described.described(key="user task", takes=described.thing("answers", answers=ANSWERS), gives=DRAFT),
)
@hot_path(keep)
def keep_draft() -> None:
    """Keep a draft in the place of the one before; it goes with the task's completion."""


@router.delete("/{key}/draft", name=may("api.drafts.drop", ANYONE), **described.described(key="user task"))
@hot_path(drop)
def drop_draft() -> None:
    """Take the caller's draft away."""
