"""Timers: look at those that are set, give one another due date, let one fire now. What Camunda's API does not have."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine.commands import timer
from engine.queries.timing import PendingTimer, pending_timer, pending_timers
from kernel.actor import Actor
from tasks.house import House

router = APIRouter(prefix="/api/timers", route_class=HotDoor, tags=["Timer"])

READERS = frozenset({"admin", "designer", "hr", "hr-head", "client"})
KINDS = ("EVENT", "START")
FIELDS: search.Fields = {
    "timerKey": ("key", shapes.key),
    "kind": ("kind", shapes.OneOf(*KINDS)),
    "processInstanceKey": ("instance_key", shapes.key),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionKey": ("definition_key", shapes.key),
    "elementId": ("element", shapes.word),
    "dueDate": ("due_at", shapes.moment),
    "suspended": ("suspended", shapes.flag),
}
ITEM = described.result(
    timerKey=described.KEY,
    kind={**described.choice(*KINDS), "description": "START starts a process and belongs to no instance."},
    processInstanceKey=described.MAYBE_KEY,
    rootProcessInstanceKey=described.MAYBE_KEY,
    processDefinitionId=described.TEXT,
    processDefinitionKey=described.KEY,
    elementId=described.TEXT,
    dueDate=described.INSTANT,
    suspended=described.FLAG,
)
REASON = {**described.TEXT, "description": "It stands in the audit."}


def shape(found: PendingTimer) -> dict[str, Any]:
    return {
        "timerKey": str(found.key),
        "kind": found.kind,
        "processInstanceKey": None if found.instance_key is None else str(found.instance_key),
        "rootProcessInstanceKey": None if found.root_key is None else str(found.root_key),
        "processDefinitionId": found.process_id,
        "processDefinitionKey": str(found.definition_key),
        "elementId": found.element,
        "dueDate": shapes.instant(found.due_at),
        "suspended": found.suspended,
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(pending_timers, house.database.once()), shape))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(pending_timer(house.database.once(), shapes.key(path["key"], "timerKey"))))


def move(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """The timer as it is set now. A date that has passed lets it fire at once: then it is told as it was set."""
    body, key = shapes.body(raw), shapes.key(path["key"], "timerKey")
    due_at, reason = shapes.moment(body.get("dueDate"), "dueDate"), shapes.text(body, "reason", "")
    with house.database.transaction() as unit:
        timer.move(house.engine, unit, key, due_at, actor=actor, reason=reason)
        found = shape(pending_timer(unit, key))
    return Answer(200, found)


def fire(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    key, reason = shapes.key(path["key"], "timerKey"), shapes.text(shapes.body(raw), "reason", "")
    timer.fire_now(house.engine, house.database.once(), key, actor=actor, reason=reason)
    return Answer(204)


@router.post("/search", name=may("api.timers.search", READERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_timers() -> None:
    """Search the timers that are set."""


@router.get("/{key}", name=may("api.timers.get", READERS), **described.described(key="timer", gives=ITEM))
@hot_path(get)
def get_timer() -> None:
    """A timer that is set, by its key."""


@router.patch(
    "/{key}",
    name=may("api.timers.move", OPERATORS),
    **described.described(
        key="timer",
        takes=described.thing("dueDate", dueDate=described.INSTANT, reason=REASON),
        gives=ITEM,
    ),
)
@hot_path(move)
def move_timer() -> None:
    """Give a timer another due date; one that has passed means at once."""


@router.post(
    "/{key}/firing",
    name=may("api.timers.fire", OPERATORS),
    **described.described(key="timer", takes=described.thing(reason=REASON), needed=False),
)
@hot_path(fire)
def fire_timer() -> None:
    """Let a timer fire now."""
