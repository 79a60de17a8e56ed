"""Counts over the instances of processes."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import definitions, described, related, search, shapes
from api.v2.instances import BASE, OWN, READERS
from engine.queries import Condition, statistics
from engine.queries.listed import listed
from engine.queries.statistics import AtElement, OfProcess, OfVersion, Waiting
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process definition"])
router = APIRouter(route_class=HotDoor, tags=["Process definition"])

AT_ELEMENT = described.result(
    elementId=described.TEXT,
    active=described.WHOLE,
    canceled=described.WHOLE,
    incidents=described.WHOLE,
    completed=described.WHOLE,
)
_COUNTS: search.Fields = {
    "activeInstancesWithIncidentCount": ("with_incident", shapes.whole),
    "activeInstancesWithoutIncidentCount": ("without_incident", shapes.whole),
    "processDefinitionId": ("process_id", shapes.word),
}
BY_PROCESS: search.Fields = _COUNTS
BY_VERSION: search.Fields = {
    **_COUNTS,
    "processDefinitionKey": ("key", shapes.key),
    "processDefinitionName": ("name", shapes.word),
    "processDefinitionVersion": ("version", shapes.whole),
}
WAITING: search.Fields = {
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionKey": ("key", shapes.key),
}
OF_PROCESS = described.result(
    processDefinitionId=described.TEXT,
    tenantId=described.TENANT,
    latestProcessDefinitionName=described.MAYBE,
    hasMultipleVersions=described.FLAG,
    activeInstancesWithoutIncidentCount=described.WHOLE,
    activeInstancesWithIncidentCount=described.WHOLE,
)
OF_VERSION = described.result(
    processDefinitionId=described.TEXT,
    processDefinitionKey=described.KEY,
    processDefinitionName=described.MAYBE,
    processDefinitionVersion=described.WHOLE,
    tenantId=described.TENANT,
    activeInstancesWithoutIncidentCount=described.WHOLE,
    activeInstancesWithIncidentCount=described.WHOLE,
)
OF_WAITING = described.result(
    processDefinitionId=described.TEXT,
    processDefinitionKey=described.KEY,
    tenantId=described.TENANT,
    processInstancesWithActiveSubscriptions=described.WHOLE,
    activeSubscriptions=described.WHOLE,
)


def at_element(found: AtElement) -> dict[str, Any]:
    return {
        "elementId": found.element,
        "active": found.active,
        "canceled": found.canceled,
        "incidents": found.incidents,
        "completed": found.completed,
    }


def by_element(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit, key = house.database.once(), shapes.key(path["key"], "processDefinitionKey")
    definitions.process(unit, key)
    wanted = search.criteria(shapes.values(shapes.body(raw), "filter"), BASE, OWN, related.elements)
    counted = statistics.by_element(unit, [Condition("definition_key", key), *wanted])
    return Answer(200, {"items": [at_element(item) for item in counted]})


def by_process(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    def shaped(found: OfProcess) -> dict[str, Any]:
        return {
            "processDefinitionId": found.process_id,
            "tenantId": "<default>",
            "latestProcessDefinitionName": found.name,
            "hasMultipleVersions": found.several,
            "activeInstancesWithoutIncidentCount": found.without_incident,
            "activeInstancesWithIncidentCount": found.with_incident,
        }

    look = partial(listed, statistics.by_process(house.database.once()))
    return Answer(200, search.look({**shapes.body(raw), "filter": None}, BY_PROCESS, look, shaped))


def by_version(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    def shaped(found: OfVersion) -> dict[str, Any]:
        return {
            "processDefinitionId": found.process_id,
            "processDefinitionKey": str(found.key),
            "processDefinitionName": found.name,
            "processDefinitionVersion": found.version,
            "tenantId": "<default>",
            "activeInstancesWithoutIncidentCount": found.without_incident,
            "activeInstancesWithIncidentCount": found.with_incident,
        }

    body = shapes.body(raw)
    wanted = shapes.needed(body, "filter")
    shapes.tenant(wanted)
    process_id = shapes.text(wanted, "processDefinitionId")
    look = partial(listed, statistics.by_version(house.database.once(), process_id))
    return Answer(200, search.look({**body, "filter": None}, BY_VERSION, look, shaped))


def by_subscription(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    def shaped(found: Waiting) -> dict[str, Any]:
        return {
            "processDefinitionId": found.process_id,
            "processDefinitionKey": str(found.key),
            "tenantId": "<default>",
            "processInstancesWithActiveSubscriptions": found.instances,
            "activeSubscriptions": found.subscriptions,
        }

    look = partial(listed, statistics.by_subscription(house.database.once()))
    return Answer(200, search.search(raw, WAITING, look, shaped))


@hot.post(
    "/process-definitions/{key}/statistics/element-instances",
    name=may("v2.definitions.statistics", READERS),
    **described.described(
        key="process definition",
        takes=described.body(filter=described.filtered(BASE, OWN, shown=related.ELEMENTS)),
        gives=described.result(items=described.several(AT_ELEMENT)),
        needed=False,
    ),
)
@hot_path(by_element)
def get_process_definition_statistics() -> None:
    """How often each element was entered and left in the instances of a version."""


@hot.post(
    "/process-definitions/statistics/process-instances",
    name=may("v2.definitions.by_process", READERS),
    **described.described(takes=described.paged(BY_PROCESS), gives=described.listed(OF_PROCESS), needed=False),
)
@hot_path(by_process)
def get_process_definition_instance_statistics() -> None:
    """The running instances of each process, with incidents and without."""


@hot.post(
    "/process-definitions/statistics/process-instances-by-version",
    name=may("v2.definitions.by_version", READERS),
    **described.described(
        takes=described.paged(
            BY_VERSION,
            described.body("processDefinitionId", processDefinitionId=described.NAMED, tenantId=described.TENANT),
            "filter",
        ),
        gives=described.listed(OF_VERSION),
    ),
)
@hot_path(by_version)
def get_process_definition_instance_version_statistics() -> None:
    """The running instances of each version of a process."""


@hot.post(
    "/process-definitions/statistics/message-subscriptions",
    name=may("v2.definitions.by_subscription", READERS),
    **described.searched(OF_WAITING, WAITING),
)
@hot_path(by_subscription)
def get_process_definition_message_subscription_statistics() -> None:
    """How many message subscriptions are open in the instances of each version."""
