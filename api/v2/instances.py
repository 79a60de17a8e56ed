"""Process instances: create, look up, search, cancel."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, related, search, shapes
from engine import queries
from engine.commands import operate
from engine.queries import Condition, Instance, keys
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

READERS = frozenset({"admin", "designer", "hr", "hr-head", "client"})
READERS_OF_VALUES = READERS - {"designer"}  # who draws a process sees how it runs, not what is in it (PIPL 6)
STATES = ("ACTIVE", "SUSPENDED", "COMPLETED", "TERMINATED")
BASE: search.Fields = {  # what every filter over instances has
    "processInstanceKey": ("key", shapes.key),
    "parentProcessInstanceKey": ("parent_key", shapes.key),
    "parentElementInstanceKey": ("parent_element_key", shapes.key),
    "businessId": ("business_id", shapes.word),
    "state": ("state", shapes.OneOf(*STATES)),
    "startDate": ("started_at", shapes.moment),
    "endDate": ("ended_at", shapes.moment),
    "suspendedDate": ("suspended_at", shapes.moment),
    "tenantId": ("tenant", shapes.word),
}
FIELDS: search.Fields = {
    **BASE,
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionName": ("process_name", shapes.word),
    "processDefinitionVersion": ("process_version", shapes.whole),
    "processDefinitionVersionTag": ("version_tag", shapes.word),
    "rootProcessInstanceKey": ("root_key", shapes.key),
}
SORTS: search.Fields = {**FIELDS, "hasIncident": ("has_incident", shapes.flag)}
OWN: search.Own = {
    "hasIncident": search.Filter(
        lambda value, name: Condition("has_incident", shapes.flag(value, name)), described.FLAG_ALONE
    ),
    "hasRetriesLeft": search.Filter(related.retries_left, described.FLAG_ALONE),
    "errorMessage": related.field("incidents", "message", shapes.word),
    "incidentErrorHashCode": related.field("incidents", "hash", shapes.whole),
    "batchOperationKey": related.field("batches", "batch_key", shapes.key),
    "batchOperationId": related.field("batches", "batch_key", shapes.key),
    "variables": related.variables("variables"),
    "tags": search.Filter(related.tags, described.several(described.TEXT), plain=False),
}
ITEM = described.result(
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionName=described.MAYBE,
    processDefinitionVersion=described.WHOLE,
    processDefinitionVersionTag=described.MAYBE,
    state=described.choice(*STATES),
    parentProcessInstanceKey=described.MAYBE_KEY,
    parentElementInstanceKey=described.MAYBE_KEY,
    rootProcessInstanceKey=described.KEY,
    businessId=described.MAYBE,
    startDate=described.INSTANT,
    endDate=described.MAYBE_INSTANT,
    suspendedDate=described.MAYBE_INSTANT,
    hasIncident=described.FLAG,
    tenantId=described.TENANT,
    tags=described.several(described.TEXT),
)


def shape(found: Instance) -> dict[str, Any]:
    parent = None if found.parent_key is None else keys.make(found.parent_key, found.parent_token or 0)
    return {
        "processInstanceKey": str(found.key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "processDefinitionName": found.process_name,
        "processDefinitionVersion": found.process_version,
        "processDefinitionVersionTag": found.version_tag,
        "state": found.state,
        "parentProcessInstanceKey": shapes.spelt(found.parent_key),
        "parentElementInstanceKey": shapes.spelt(parent),
        "rootProcessInstanceKey": str(found.root_key),
        "businessId": found.business_id,
        "startDate": shapes.instant(found.started_at),
        "endDate": shapes.instant(found.ended_at),
        "suspendedDate": shapes.instant(found.suspended_at),
        "hasIncident": found.incidents > 0,
        "tenantId": "<default>",
        "tags": found.tags,
    }


def chosen(wanted: dict[str, Any]) -> list[queries.Criterion]:
    """A filter over instances, as the search and every batch have it. Raises Invalid."""
    return search.criteria(wanted, FIELDS, OWN, related.elements)


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    also = chosen(shapes.values(body, "filter"))
    look = partial(queries.search_instances, house.database.once())
    return Answer(200, search.look({**body, "filter": None}, SORTS, look, shape, also=also))


def key_of(path: Any) -> int:
    """The instance that a path names."""
    return shapes.key(path["key"], "processInstanceKey")


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.instance(house.database.once(), key_of(path))))


def cancel(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    shapes.reference(shapes.body(raw))
    operate.cancel(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


FILTER = described.filtered(FIELDS, OWN, shown=related.ELEMENTS)
SEARCH = described.described(takes=described.paged(SORTS, FILTER), gives=described.listed(ITEM), needed=False)


@router.post("/process-instances/search", name=may("v2.instances.search", READERS), **SEARCH)
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
    **described.described(
        key="process instance", takes=described.body(operationReference=described.REFERENCE), needed=False
    ),
)
@hot_path(cancel)
def cancel_process_instance() -> None:
    """Cancel a process instance and all that it called."""
