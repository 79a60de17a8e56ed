"""Process instances: create, look up, search, cancel."""

from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import shapes
from engine import queries
from engine.commands import operate
from engine.commands import start as starting
from engine.queries import Instance
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

STARTERS = frozenset({"admin", "designer", "hr", "client"})
READERS = frozenset({"admin", "designer", "hr", "hr-head", "client"})
FIELDS: shapes.Fields = {
    "processInstanceKey": ("key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.as_is),
    "processDefinitionVersion": ("process_version", shapes.as_is),
    "parentProcessInstanceKey": ("parent_key", shapes.key),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "state": ("state", shapes.as_is),
    "startDate": ("started_at", shapes.as_is),
    "endDate": ("ended_at", shapes.as_is),
    "hasIncident": ("incidents", lambda value, _: 1 if value else 0),
}


def create(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    by_key, by_id = body.get("processDefinitionKey"), body.get("processDefinitionId")
    if (by_key is None) == (by_id is None):
        raise Invalid(say("Name the process either by processDefinitionId or by processDefinitionKey."))
    started = starting.start(
        house.engine,
        house.database.once(),
        actor=actor,
        process_id=by_id,
        definition_key=None if by_key is None else shapes.key(by_key, "processDefinitionKey"),
        variables=shapes.values(body),
        version=shapes.number(body, "processDefinitionVersion", starting.LATEST),
        business_id=body.get("businessId"),
        tags=body.get("tags") or (),
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
            "tags": list(body.get("tags") or ()),
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
        "startDate": shapes.instant(found.started_at),
        "endDate": shapes.instant(found.ended_at),
        "hasIncident": found.incidents > 0,
        "tenantId": "<default>",
        "tags": found.tags,
    }


def search(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    limit, offset = shapes.page(body)
    found = queries.search_instances(
        house.database.once(), shapes.conditions(body, FIELDS), shapes.sorting(body, FIELDS), limit, offset
    )
    return Answer(200, shapes.listed(found, shape))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.instance(house.database.once(), shapes.key(path["key"], "processInstanceKey"))))


def cancel(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    operate.cancel(house.engine, house.database.once(), shapes.key(path["key"], "processInstanceKey"), actor=actor)
    return Answer(204)


@hot.post("/process-instances", name=may("v2.instances.create", STARTERS))
@hot_path(create)
def create_process_instance() -> None:
    """Create a process instance by the id or the key of its definition."""


@router.post("/process-instances/search", name=may("v2.instances.search", READERS))
@hot_path(search)
def search_process_instances() -> None:
    """Search process instances."""


@router.get("/process-instances/{key}", name=may("v2.instances.get", READERS))
@hot_path(get)
def get_process_instance() -> None:
    """A process instance by its key."""


@router.post("/process-instances/{key}/cancellation", name=may("v2.instances.cancel", OPERATORS), status_code=204)
@hot_path(cancel)
def cancel_process_instance() -> None:
    """Cancel a process instance and all that it called."""
