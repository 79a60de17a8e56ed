"""Element instances: what was entered, how it left, what it waits for, its variables."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.instances import READERS
from engine.commands import operate
from engine.queries import Condition, keys, waits
from engine.queries import elements as queries
from engine.queries.elements import ElementInstance
from engine.queries.waits import Wait
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Element instance"])
router = APIRouter(route_class=HotDoor, tags=["Element instance"])

STATES = ("ACTIVE", "COMPLETED", "TERMINATED")
TYPES = (
    *("UNSPECIFIED", "PROCESS", "SUB_PROCESS", "EVENT_SUB_PROCESS", "AD_HOC_SUB_PROCESS", "START_EVENT"),
    *("AD_HOC_SUB_PROCESS_INNER_INSTANCE", "INTERMEDIATE_CATCH_EVENT", "INTERMEDIATE_THROW_EVENT", "BOUNDARY_EVENT"),
    *("END_EVENT", "SERVICE_TASK", "RECEIVE_TASK", "USER_TASK", "MANUAL_TASK", "TASK", "EXCLUSIVE_GATEWAY"),
    *("INCLUSIVE_GATEWAY", "PARALLEL_GATEWAY", "EVENT_BASED_GATEWAY", "SEQUENCE_FLOW", "MULTI_INSTANCE_BODY"),
    *("CALL_ACTIVITY", "BUSINESS_RULE_TASK", "SCRIPT_TASK", "SEND_TASK", "UNKNOWN"),
)
WAITS = ("JOB", "MESSAGE", "USER_TASK", "TIMER", "SIGNAL", "CONDITION")
FIELDS: search.Fields = {
    "processDefinitionId": ("process_id", shapes.word),
    "state": ("state", shapes.OneOf(*STATES)),
    "type": ("type", shapes.OneOf(*TYPES)),
    "elementId": ("element", shapes.word),
    "elementName": ("name", shapes.word),
    "elementInstanceKey": ("element_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "incidentKey": ("incident_key", shapes.key),
    "startDate": ("started_at", shapes.moment),
    "endDate": ("ended_at", shapes.moment),
    "tenantId": ("tenant", shapes.word),
}
OWN: search.Own = {
    "hasIncident": search.Filter(
        lambda value, name: Condition("has_incident", shapes.flag(value, name)), described.FLAG_ALONE
    ),
}
ITEM = described.result(
    elementInstanceKey=described.KEY,
    elementId=described.TEXT,
    elementName=described.TEXT,
    type=described.choice(*TYPES),
    state=described.choice(*STATES),
    startDate=described.INSTANT,
    endDate=described.MAYBE_INSTANT,
    hasIncident=described.FLAG,
    incidentKey=described.MAYBE_KEY,
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    tenantId=described.TENANT,
)
WAIT_FIELDS: search.Fields = {
    "elementInstanceKey": ("element_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "elementId": ("element", shapes.word),
    "waitStateType": ("type", shapes.OneOf(*WAITS)),
}
WAIT = described.result(
    elementInstanceKey=described.KEY,
    elementId=described.TEXT,
    elementType=described.choice(*TYPES),
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    bpmnProcessId=described.TEXT,
    tenantId=described.TENANT,
    details={**described.OBJECT, "required": ["waitStateType"]},
)
SET = described.body(
    "variables",
    variables=described.VARIABLES,
    local={**described.FLAG, "description": "In this very scope, not in the one that has them already."},
    operationReference=described.REFERENCE,
)


def shape(found: ElementInstance) -> dict[str, Any]:
    return {
        "elementInstanceKey": str(keys.scope(found.instance_key, found.token)),
        "elementId": found.element,
        "elementName": found.name,
        "type": found.type if found.type in TYPES else "UNKNOWN",
        "state": found.state,
        "startDate": shapes.instant(found.started_at),
        "endDate": shapes.instant(found.ended_at),
        "hasIncident": found.incident_key is not None,
        "incidentKey": shapes.spelt(found.incident_key),
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.elements, house.database.once(), house.engine.definitions)
    return Answer(200, search.search(raw, FIELDS, look, shape, own=OWN))


def _element(house: House, path: Any) -> ElementInstance:
    key = shapes.key(path["key"], "elementInstanceKey")
    return queries.element(house.database.once(), house.engine.definitions, key)


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(_element(house, path)))


def set_variables(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.reference(body)
    found, local = _element(house, path), shapes.yes(body, "local", False)
    operate.set_variables(
        house.engine,
        house.database.once(),
        found.instance_key,
        shapes.needed(body, "variables"),
        actor=actor,
        scope=found.token,
        local=local,
    )
    return Answer(204)


def find_waits(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit, definitions = house.database.once(), house.engine.definitions

    def shaped(found: Wait) -> dict[str, Any]:
        _, type_ = queries.described(unit, definitions, found.definition_key, found.element)
        return {
            "elementInstanceKey": str(keys.make(found.instance_key, found.token)),
            "elementId": found.element,
            "elementType": type_ if type_ in TYPES else "UNKNOWN",
            "processInstanceKey": str(found.instance_key),
            "rootProcessInstanceKey": str(found.root_key),
            "bpmnProcessId": found.process_id,
            "tenantId": "<default>",
            "details": {"waitStateType": found.type, **found.told},
        }

    return Answer(200, search.search(raw, WAIT_FIELDS, partial(waits.waits, unit), shaped))


@hot.post("/element-instances/search", name=may("v2.elements.search", READERS), **described.searched(ITEM, FIELDS, OWN))
@hot_path(find)
def search_element_instances() -> None:
    """Search element instances."""


@hot.post(
    "/element-instances/wait-states/search",
    name=may("v2.elements.waits", READERS),
    **described.searched(WAIT, WAIT_FIELDS),
)
@hot_path(find_waits)
def search_element_instance_wait_states() -> None:
    """Search what elements wait for."""


@hot.get(
    "/element-instances/{key}",
    name=may("v2.elements.get", READERS),
    **described.described(key="element instance", gives=ITEM),
)
@hot_path(get)
def get_element_instance() -> None:
    """An element instance by its key."""


@hot.put(
    "/element-instances/{key}/variables",
    name=may("v2.elements.variables", OPERATORS | {"client"}),
    **described.described(key="element instance", takes=SET),
)
@hot_path(set_variables)
def create_element_instance_variables() -> None:
    """Set variables as an element sees them; those of the process by the instance's own key."""
