"""One instance looked at from several sides: who called it, which way it went, where it stands, what it waits for."""

from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described
from api.v2.instances import READERS, key_of
from api.v2.statistics import AT_ELEMENT, at_element
from engine import queries
from engine.queries import Condition, elements, statistics, waits
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

CALLER = described.result(
    processInstanceKey=described.KEY, processDefinitionKey=described.KEY, processDefinitionName=described.TEXT
)
FLOW = described.result(
    sequenceFlowId={**described.TEXT, "description": "The instance's key and the flow's id."},
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    elementId={**described.TEXT, "description": "The flow's id."},
    tenantId=described.TENANT,
)
WAITING = described.result(elementId=described.TEXT, waitingCount=described.WHOLE)


def hierarchy(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(
        200,
        [
            {
                "processInstanceKey": str(found.key),
                "processDefinitionKey": str(found.definition_key),
                "processDefinitionName": found.process_name,
            }
            for found in queries.callers(house.database.once(), key_of(path))
        ],
    )


def flows(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit = house.database.once()
    found = queries.instance(unit, key_of(path))
    common = {
        "processInstanceKey": str(found.key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "tenantId": "<default>",
    }
    taken = elements.flows_taken(unit, found.key)
    return Answer(
        200, {"items": [{"sequenceFlowId": f"{found.key}_{flow}", "elementId": flow, **common} for flow in taken]}
    )


def standing(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit = house.database.once()
    found = queries.instance(unit, key_of(path))
    counted = statistics.by_element(unit, [Condition("key", found.key)])
    return Answer(200, {"items": [at_element(item) for item in counted]})


def waiting(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit = house.database.once()
    found = queries.instance(unit, key_of(path))
    counted = waits.waiting_at(unit, found.key)
    return Answer(200, {"items": [{"elementId": element, "waitingCount": times} for element, times in counted]})


@hot.get(
    "/process-instances/{key}/call-hierarchy",
    name=may("v2.instances.hierarchy", READERS),
    **described.described(key="process instance", gives=described.several(CALLER)),
)
@hot_path(hierarchy)
def get_process_instance_call_hierarchy() -> None:
    """The instances that led to this one, from the first; it is the last itself."""


@hot.get(
    "/process-instances/{key}/sequence-flows",
    name=may("v2.instances.flows", READERS),
    **described.described(key="process instance", gives=described.result(items=described.several(FLOW))),
)
@hot_path(flows)
def get_process_instance_sequence_flows() -> None:
    """The sequence flows that an instance took, each once."""


@hot.get(
    "/process-instances/{key}/statistics/element-instances",
    name=may("v2.instances.statistics", READERS),
    **described.described(key="process instance", gives=described.result(items=described.several(AT_ELEMENT))),
)
@hot_path(standing)
def get_process_instance_statistics() -> None:
    """How often each element of an instance was entered and left."""


@hot.get(
    "/process-instances/{key}/statistics/wait-states",
    name=may("v2.instances.waiting", READERS),
    **described.described(key="process instance", gives=described.result(items=described.several(WAITING))),
)
@hot_path(waiting)
def get_process_instance_wait_state_statistics() -> None:
    """How often an instance waits at each element."""
