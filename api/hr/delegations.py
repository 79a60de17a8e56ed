"""A task given to a colleague, and handed back."""

from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from kernel.actor import Actor
from tasks.house import House
from tasks.human import delegation
from tasks.human.delegation import Delegation

router = APIRouter(prefix="/api/user-tasks", route_class=HotDoor, tags=["Delegation"])

NOTE = {"type": "string", "maxLength": delegation.LONGEST, "description": "What the other one is told."}
ITEM = described.result(
    delegationKey=described.KEY,
    owner=described.TEXT,
    delegate=described.TEXT,
    note=described.TEXT,
    at=described.INSTANT,
    returnedAt=described.MAYBE_INSTANT,
)


def shape(found: Delegation) -> dict[str, Any]:
    return {
        "delegationKey": str(found.key),
        "owner": found.owner,
        "delegate": found.delegate,
        "note": found.note,
        "at": shapes.instant(found.at),
        "returnedAt": shapes.instant(found.returned_at),
    }


def _key(path: Any) -> int:
    return shapes.key(path["key"], "userTaskKey")


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    with house.database.transaction() as unit:
        found = delegation.delegations(house, unit, actor, _key(path))
    return Answer(200, {"items": [shape(one) for one in found]})


def give(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    to, note = shapes.text(body, "to"), shapes.text(body, "note", "")
    with house.database.transaction() as unit:
        made = delegation.delegate(house, unit, actor, _key(path), to, note)
    return Answer(200, shape(made))


def give_back(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    note = shapes.text(shapes.body(raw), "note", "")
    with house.database.transaction() as unit:
        made = delegation.give_back(house, unit, actor, _key(path), note)
    return Answer(200, shape(made))


@router.get(
    "/{key}/delegation",
    name=may("api.delegations.list", ANYONE),
    **described.described(key="user task", gives=described.result(items=described.several(ITEM))),
)
@hot_path(find)
def list_delegations() -> None:
    """Every time that a task was given to a colleague."""


@router.post(
    "/{key}/delegation",
    name=may("api.delegations.give", ANYONE),
    **described.described(
        key="user task",
        takes=described.thing("to", to={"type": "string", "minLength": 1, "description": "A login."}, note=NOTE),
        gives=ITEM,
    ),
)
@hot_path(give)
def delegate_user_task() -> None:
    """Give one's task to a colleague, who sees it, works on it and hands it back."""


@router.post(
    "/{key}/delegation/return",
    name=may("api.delegations.return", ANYONE),
    **described.described(key="user task", takes=described.thing(note=NOTE), gives=ITEM, needed=False),
)
@hot_path(give_back)
def return_user_task() -> None:
    """Hand a task back to its owner, who is told."""
