"""For whoever keeps it running: topology, who am I, incidents, variables."""

from typing import Any

import orjson
from fastapi import APIRouter

from api.access import ANYONE, OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import shapes
from api.v2.instances import READERS
from engine import queries
from engine.commands import operate
from engine.queries import Incident, Variable
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Incident"])
router = APIRouter(route_class=HotDoor, tags=["Cluster"])

INCIDENTS: shapes.Fields = {
    "incidentKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.as_is),
    "elementId": ("element", shapes.as_is),
    "errorType": ("kind", shapes.as_is),
    "state": ("state", shapes.as_is),
    "jobKey": ("job_key", shapes.key),
}
VARIABLES: shapes.Fields = {
    "variableKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "name": ("name", shapes.as_is),
}


def incident(found: Incident) -> dict[str, Any]:
    return {
        "incidentKey": str(found.key),
        "processInstanceKey": str(found.instance_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "errorType": found.kind,
        "errorMessage": found.message,
        "state": found.state,
        "jobKey": None if found.job_key is None else str(found.job_key),
        "creationTime": shapes.instant(found.created_at),
        "tenantId": "<default>",
    }


def variable(found: Variable) -> dict[str, Any]:
    """A variable; its value as JSON text, as the API has it."""
    return {
        "variableKey": str(found.key),
        "name": found.name,
        "value": orjson.dumps(found.value).decode(),
        "processInstanceKey": str(found.instance_key),
        "scopeKey": str(found.scope or found.instance_key),
        "isTruncated": False,
        "tenantId": "<default>",
    }


def search_incidents_(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    limit, offset = shapes.page(body)
    found = queries.incidents(
        house.database.once(), shapes.conditions(body, INCIDENTS), shapes.sorting(body, INCIDENTS), limit, offset
    )
    return Answer(200, shapes.listed(found, incident))


def resolve(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    operate.retry_incident(house.engine, house.database.once(), shapes.key(path["key"], "incidentKey"), actor=actor)
    return Answer(204)


def search_variables_(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    limit, offset = shapes.page(body)
    found = queries.search_variables(
        house.database.once(), shapes.conditions(body, VARIABLES), shapes.sorting(body, VARIABLES), limit, offset
    )
    return Answer(200, shapes.listed(found, variable))


def topology(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(
        200,
        {
            "brokers": [],
            "clusterSize": 1,
            "partitionsCount": 1,
            "replicationFactor": 1,
            "gatewayVersion": "8.9.0",
            "lastCompletedChangeId": "",
        },
    )


def me(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, {"username": actor.id, "displayName": actor.name, "groups": sorted(actor.groups)})


@hot.post("/incidents/search", name=may("v2.incidents.search", READERS))
@hot_path(search_incidents_)
def search_incidents() -> None:
    """Search incidents."""


@hot.post("/incidents/{key}/resolution", name=may("v2.incidents.resolve", OPERATORS), status_code=204)
@hot_path(resolve)
def resolve_incident() -> None:
    """Try again what stopped."""


@router.post("/variables/search", name=may("v2.variables.search", READERS))
@hot_path(search_variables_)
def search_variables() -> None:
    """Search variables."""


@router.get("/topology", name=may("v2.topology", ANYONE))
@hot_path(topology)
def get_topology() -> None:
    """What serves this API."""


@router.get("/authentication/me", name=may("v2.me", ANYONE))
@hot_path(me)
def get_authentication() -> None:
    """Who is asking."""
