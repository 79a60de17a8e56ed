"""Process instances: create, look up, search, cancel."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine import queries
from engine.commands import operate
from engine.commands import start as starting
from engine.queries import Condition, Instance
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

STARTERS = frozenset({"admin", "designer", "hr", "client"})
READERS = frozenset({"admin", "designer", "hr", "hr-head", "client"})
FIELDS: search.Fields = {
    "processInstanceKey": ("key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionName": ("process_name", shapes.word),
    "processDefinitionVersion": ("process_version", shapes.whole),
    "processDefinitionVersionTag": ("version_tag", shapes.word),
    "parentProcessInstanceKey": ("parent_key", shapes.key),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "businessId": ("business_id", shapes.word),
    "state": ("state", shapes.word),
    "startDate": ("started_at", shapes.moment),
    "endDate": ("ended_at", shapes.moment),
}
OWN: search.Own = {
    "hasIncident": lambda value, name: Condition("incidents", 0, "gt" if shapes.flag(value, name) else "eq"),
}
ITEM = described.thing(
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionName=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    processDefinitionVersionTag=described.MAYBE,
    state={"enum": ["ACTIVE", "COMPLETED", "TERMINATED"]},
    parentProcessInstanceKey=described.MAYBE_KEY,
    rootProcessInstanceKey=described.KEY,
    businessId=described.MAYBE,
    startDate=described.INSTANT,
    endDate=described.MAYBE_INSTANT,
    hasIncident=described.FLAG,
    tenantId=described.TEXT,
    tags=described.several(described.TEXT),
)
WANTED = described.thing(
    processDefinitionId={**described.TEXT, "description": "Either this, for the latest or the given version,"},
    processDefinitionKey={**described.KEY, "description": "or this."},
    processDefinitionVersion=described.WHOLE,
    variables=described.VARIABLES,
    businessId={**described.TEXT, "description": "The number that people know the case by."},
    tags=described.several(described.TEXT),
)
MADE = described.thing(
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    tenantId=described.TEXT,
    variables=described.VARIABLES,
    businessId=described.MAYBE,
    tags=described.several(described.TEXT),
)
LACKING = ("startInstructions", "runtimeInstructions", "awaitCompletion", "fetchVariables")


def create(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.lacking(body, *LACKING)
    by_key, by_id = body.get("processDefinitionKey"), shapes.optional(body, "processDefinitionId")
    if (by_key is None) == (by_id is None):
        raise Invalid(say("Name the process either by processDefinitionId or by processDefinitionKey."))
    business_id, tags = shapes.optional(body, "businessId"), shapes.texts(body, "tags")
    started = starting.start(
        house.engine,
        house.database.once(),
        actor=actor,
        process_id=by_id,
        definition_key=None if by_key is None else shapes.key(by_key, "processDefinitionKey"),
        variables=shapes.values(body),
        version=shapes.number(body, "processDefinitionVersion", starting.LATEST),
        business_id=business_id,
        tags=tags,
    )
    return Answer(
        200,
        {
            "processInstanceKey": str(started.instance_key),
            "processDefinitionKey": str(started.definition_key),
            "processDefinitionId": started.process_id,
            "processDefinitionVersion": started.version,
            "tenantId": "<default>",
            "variables": {},
            "businessId": business_id,
            "tags": tags,
        },
    )


def shape(found: Instance) -> dict[str, Any]:
    return {
        "processInstanceKey": str(found.key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "processDefinitionName": found.process_name,
        "processDefinitionVersion": found.process_version,
        "processDefinitionVersionTag": found.version_tag,
        "state": found.state,
        "parentProcessInstanceKey": None if found.parent_key is None else str(found.parent_key),
        "rootProcessInstanceKey": str(found.root_key),
        "businessId": found.business_id,
        "startDate": shapes.instant(found.started_at),
        "endDate": shapes.instant(found.ended_at),
        "hasIncident": found.incidents > 0,
        "tenantId": "<default>",
        "tags": found.tags,
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.search_instances, house.database.once())
    return Answer(200, search.search(raw, FIELDS, look, shape, own=OWN))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.instance(house.database.once(), shapes.key(path["key"], "processInstanceKey"))))


def cancel(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    operate.cancel(house.engine, house.database.once(), shapes.key(path["key"], "processInstanceKey"), actor=actor)
    return Answer(204)


@hot.post(
    "/process-instances", name=may("v2.instances.create", STARTERS), **described.described(takes=WANTED, gives=MADE)
)
@hot_path(create)
def create_process_instance() -> None:
    """Create a process instance by the id or the key of its definition."""


@router.post(
    "/process-instances/search", name=may("v2.instances.search", READERS), **described.searched(ITEM, FIELDS, OWN)
)
@hot_path(find)
def search_process_instances() -> None:
    """Search process instances."""


@router.get(
    "/process-instances/{key}",
    name=may("v2.instances.get", READERS),
    **described.described(key="process instance", gives=ITEM),
)
@hot_path(get)
def get_process_instance() -> None:
    """A process instance by its key."""


@router.post(
    "/process-instances/{key}/cancellation",
    name=may("v2.instances.cancel", OPERATORS),
    **described.described(key="process instance"),
)
@hot_path(cancel)
def cancel_process_instance() -> None:
    """Cancel a process instance and all that it called."""
