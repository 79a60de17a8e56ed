"""Start a process, and wait for its end where that is wanted."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from api.access import may
from api.door import Answer, HotDoor, Later
from api.door import hot as hot_path
from api.v2 import described, shapes
from engine import queries
from engine.commands import start as starting
from engine.commands.start import Started
from engine.model import Reference
from kernel.actor import Actor
from kernel.errors import Conflict, Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

STARTERS = frozenset({"admin", "designer", "hr", "client"})
LACKING = ("startInstructions", "runtimeInstructions")
PATIENCE = 10_000  # milliseconds that an end is awaited where nothing is said
LONGEST = 600_000
SOON, SLOW = 0.02, 0.5  # seconds until the end is looked for again: at first, and at most
WANTED = described.body(
    processDefinitionId={**described.TEXT, "description": "Either this, for the latest or the given version,"},
    processDefinitionKey={**described.KEY, "description": "or this."},
    processDefinitionVersion=described.whole(-1, 2**31, "-1 is the latest."),
    processDefinitionVersionTag=described.TEXT,
    variables=described.VARIABLES,
    businessId={**described.TEXT, "description": "The number that people know the case by."},
    tags=described.several(described.TEXT),
    awaitCompletion={**described.FLAG, "description": "Answer when the instance has ended, with its variables."},
    fetchVariables={**described.several(described.TEXT), "description": "Only these; all where none are named."},
    requestTimeout=described.whole(0, LONGEST, f"Milliseconds until 504; {PATIENCE:,} where it is 0 or not said."),
    tenantId=described.TENANT,
    operationReference=described.REFERENCE,
)
MADE = described.result(
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    tenantId=described.TENANT,
    variables={**described.VARIABLES, "description": "Empty where the end is not awaited."},
    businessId=described.MAYBE,
    tags=described.several(described.TEXT),
)


def create(house: House, actor: Actor, path: Any, raw: bytes) -> Answer | Later:
    body = shapes.body(raw)
    shapes.lacking(body, *LACKING)
    shapes.reference(body)
    shapes.tenant(body)
    by_key, by_id = body.get("processDefinitionKey"), shapes.optional(body, "processDefinitionId")
    if (by_key is None) == (by_id is None):
        raise Invalid(say("Name the process either by processDefinitionId or by processDefinitionKey."))
    business_id, tags = shapes.optional(body, "businessId"), shapes.texts(body, "tags")
    awaited, fetch = shapes.yes(body, "awaitCompletion", False), shapes.texts(body, "fetchVariables")
    patience = shapes.between(body, "requestTimeout", 0, 0, LONGEST) or PATIENCE
    if fetch and not awaited:
        raise Invalid(say("fetchVariables names what awaitCompletion gives. Send both, or neither."))
    tag, version = shapes.optional(body, "processDefinitionVersionTag"), _version(body, by_key)
    if tag is not None and by_id is not None:
        bound = Reference(id=by_id, binding="versionTag", version_tag=tag)
        by_key, by_id = str(house.engine.definitions.bound(house.database.once(), "process", bound, 0).key), None
    started = starting.start(
        house.engine,
        house.database.once(),
        actor=actor,
        process_id=by_id,
        definition_key=None if by_key is None else shapes.key(by_key, "processDefinitionKey"),
        variables=shapes.values(body),
        version=version,
        business_id=business_id,
        tags=tags,
    )
    made = partial(_made, started, business_id, tags)
    if not awaited:
        return Answer(200, made({}))
    return _end(house, started, made, fetch, time.monotonic() + patience / 1000, SOON)


def _version(body: Mapping[str, Any], by_key: Any) -> int:
    """The version that is named; by a key there is only one. Raises Invalid."""
    version = shapes.between(body, "processDefinitionVersion", starting.LATEST, starting.LATEST, 2**31)
    return starting.LATEST if by_key is not None else version


def _made(started: Started, business_id: str | None, tags: list[str], variables: dict[str, Any]) -> dict[str, Any]:
    return {
        "processInstanceKey": str(started.instance_key),
        "processDefinitionKey": str(started.definition_key),
        "processDefinitionId": started.process_id,
        "processDefinitionVersion": started.version,
        "tenantId": "<default>",
        "variables": variables,
        "businessId": business_id,
        "tags": tags,
    }


def _end(house: House, started: Started, made: Any, fetch: list[str], until: float, pause: float) -> Answer | Later:
    """What the instance came to, or a later look at it, each a little later than the one before."""
    unit, key = house.database.once(), started.instance_key
    (state,) = unit.one("select state from instance where key = %s", (key,)) or ("TERMINATED",)
    if state == "COMPLETED":
        found = queries.variables(unit, key)
        return Answer(200, made({name: value for name, value in found.items() if not fetch or name in fetch}))
    if state == "TERMINATED":
        raise Conflict(say("Instance {key} was cancelled before it came to its end.", key=key))
    if time.monotonic() >= until:
        raise HTTPException(504)
    return Later(partial(_end, house, started, made, fetch, until, min(SLOW, pause * 1.5)), until, pause)


@hot.post(
    "/process-instances", name=may("v2.instances.create", STARTERS), **described.described(takes=WANTED, gives=MADE)
)
@hot_path(create)
def create_process_instance() -> None:
    """Create a process instance by the id or the key of its definition."""
