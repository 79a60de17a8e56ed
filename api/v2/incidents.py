"""Incidents: what has stopped and waits for someone to mend it."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.instances import READERS, key_of
from engine import queries
from engine.commands import operate
from engine.queries import Condition, Incident, elements, keys, statistics
from engine.queries.listed import listed
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Incident"])
router = APIRouter(route_class=HotDoor, tags=["Incident"])

FIELDS: search.Fields = {
    "incidentKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "elementId": ("element", shapes.word),
    "elementInstanceKey": ("element_key", shapes.key),
    "errorType": ("error_type", shapes.word),
    "errorMessage": ("message", shapes.word),
    "state": ("state", shapes.OneOf("ACTIVE", "RESOLVED", "MIGRATED", "PENDING", "UNKNOWN")),
    "jobKey": ("job_key", shapes.key),
    "creationTime": ("created_at", shapes.moment),
    "tenantId": ("tenant", shapes.word),
}
ITEM = described.result(
    incidentKey=described.KEY,
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    errorType=described.TEXT,
    errorMessage=described.TEXT,
    state=described.choice("ACTIVE", "RESOLVED"),
    jobKey=described.MAYBE_KEY,
    creationTime=described.INSTANT,
    tenantId=described.TENANT,
)
BY_ERROR: search.Fields = {
    "activeInstancesWithErrorCount": ("instances", shapes.whole),
    "errorMessage": ("message", shapes.word),
}
BY_DEFINITION: search.Fields = {
    "activeInstancesWithErrorCount": ("instances", shapes.whole),
    "processDefinitionKey": ("key", shapes.key),
    "tenantId": ("process_id", shapes.word),
}
OF_ERROR = described.result(
    errorHashCode=described.WHOLE, errorMessage=described.TEXT, activeInstancesWithErrorCount=described.WHOLE
)
IN_DEFINITION = described.result(
    processDefinitionId=described.TEXT,
    processDefinitionKey=described.KEY,
    processDefinitionName=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    tenantId=described.TENANT,
    activeInstancesWithErrorCount=described.WHOLE,
)


def shape(found: Incident) -> dict[str, Any]:
    return {
        "incidentKey": str(found.key),
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "elementInstanceKey": str(keys.make(found.instance_key, found.token)),
        "errorType": found.error_type,
        "errorMessage": found.message,
        "state": found.state,
        "jobKey": shapes.spelt(found.job_key),
        "creationTime": shapes.instant(found.created_at),
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.incidents, house.database.once()), shape))


def of_instance(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """Those of an instance and of all that it called."""
    unit, key = house.database.once(), key_of(path)
    queries.instance(unit, key)
    also = [Condition("instance_key", [key, *queries.called(unit, key)], "in")]
    return Answer(200, search.search(raw, FIELDS, partial(queries.incidents, unit), shape, also=also))


def of_element(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """Those of an element, and of the processes that it called; of the process itself all that lie in it."""
    unit = house.database.once()
    found = elements.element(unit, house.engine.definitions, shapes.key(path["key"], "elementInstanceKey"))
    if found.token:
        own = queries.Every((Condition("instance_key", found.instance_key), Condition("token", found.token)))
    else:
        own = queries.Every((Condition("instance_key", found.instance_key),))
    called = queries.called(unit, found.instance_key, found.token or None)
    also = [queries.Either((own, Condition("instance_key", called, "in")))]
    return Answer(200, search.search(raw, FIELDS, partial(queries.incidents, unit), shape, also=also))


def _key(path: Any) -> int:
    return shapes.key(path["key"], "incidentKey")


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.incident(house.database.once(), _key(path))))


def resolve(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    shapes.reference(shapes.body(raw))
    operate.retry_incident(house.engine, house.database.once(), _key(path), actor=actor)
    return Answer(204)


def by_error(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    def shaped(found: statistics.OfError) -> dict[str, Any]:
        return {
            "errorHashCode": found.hash,
            "errorMessage": found.message,
            "activeInstancesWithErrorCount": found.instances,
        }

    look = partial(listed, statistics.by_error(house.database.once()))
    return Answer(200, search.look({**shapes.body(raw), "filter": None}, BY_ERROR, look, shaped))


def by_definition(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    def shaped(found: statistics.ErrorIn) -> dict[str, Any]:
        return {
            "processDefinitionId": found.process_id,
            "processDefinitionKey": str(found.key),
            "processDefinitionName": found.name,
            "processDefinitionVersion": found.version,
            "tenantId": "<default>",
            "activeInstancesWithErrorCount": found.instances,
        }

    body = shapes.body(raw)
    hashed = shapes.whole(shapes.values(body, "filter").get("errorHashCode"), "errorHashCode")
    look = partial(listed, statistics.by_definition(house.database.once(), hashed))
    return Answer(200, search.look({**body, "filter": None}, BY_DEFINITION, look, shaped))


@hot.post("/incidents/search", name=may("v2.incidents.search", READERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_incidents() -> None:
    """Search incidents."""


@hot.get("/incidents/{key}", name=may("v2.incidents.get", READERS), **described.described(key="incident", gives=ITEM))
@hot_path(get)
def get_incident() -> None:
    """An incident by its key."""


@hot.post(
    "/incidents/{key}/resolution",
    name=may("v2.incidents.resolve", OPERATORS),
    **described.described(key="incident", takes=described.body(operationReference=described.REFERENCE), needed=False),
)
@hot_path(resolve)
def resolve_incident() -> None:
    """Try again what stopped."""


@hot.post(
    "/process-instances/{key}/incidents/search",
    name=may("v2.instances.incidents", READERS),
    **described.searched(ITEM, FIELDS, key="process instance"),
)
@hot_path(of_instance)
def search_process_instance_incidents() -> None:
    """Search the incidents of an instance and of all that it called."""


@hot.post(
    "/element-instances/{key}/incidents/search",
    name=may("v2.elements.incidents", READERS),
    **described.searched(ITEM, FIELDS, key="element instance"),
)
@hot_path(of_element)
def search_element_instance_incidents() -> None:
    """Search the incidents of an element instance and of what it called."""


@hot.post(
    "/incidents/statistics/process-instances-by-error",
    name=may("v2.incidents.by_error", READERS),
    **described.described(takes=described.paged(BY_ERROR), gives=described.listed(OF_ERROR), needed=False),
)
@hot_path(by_error)
def get_process_instance_statistics_by_error() -> None:
    """How many instances have stopped with the same words."""


@hot.post(
    "/incidents/statistics/process-instances-by-definition",
    name=may("v2.incidents.by_definition", READERS),
    **described.described(
        takes=described.paged(
            BY_DEFINITION,
            described.thing("errorHashCode", errorHashCode=described.WHOLE),
            "filter",
        ),
        gives=described.listed(IN_DEFINITION),
    ),
)
@hot_path(by_definition)
def get_process_instance_statistics_by_definition() -> None:
    """In which versions instances have stopped with these words."""
