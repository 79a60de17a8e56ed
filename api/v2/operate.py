"""For whoever keeps it running: topology, who am I, incidents, variables."""

from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter

from api.access import ANYONE, OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.instances import READERS
from engine import queries
from engine.commands import operate
from engine.queries import Incident, Variable
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Incident"])
router = APIRouter(route_class=HotDoor, tags=["Cluster"])

INCIDENTS: search.Fields = {
    "incidentKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "elementId": ("element", shapes.word),
    "errorType": ("error_type", shapes.word),
    "state": ("state", shapes.word),
    "jobKey": ("job_key", shapes.key),
    "errorMessage": ("message", shapes.word),
    "creationTime": ("created_at", shapes.moment),
}
INCIDENT = described.thing(
    incidentKey=described.KEY,
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    elementId=described.TEXT,
    errorType=described.TEXT,
    errorMessage=described.TEXT,
    state={"enum": ["ACTIVE", "RESOLVED"]},
    jobKey=described.MAYBE_KEY,
    creationTime=described.INSTANT,
    tenantId=described.TEXT,
)
VARIABLE = described.thing(
    variableKey=described.KEY,
    name=described.TEXT,
    value={**described.TEXT, "description": "The value as JSON text."},
    processInstanceKey=described.KEY,
    scopeKey=described.KEY,
    isTruncated=described.FLAG,
    tenantId=described.TEXT,
)
VARIABLES: search.Fields = {
    "variableKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "name": ("name", shapes.word),
}


ME = described.thing(username=described.TEXT, displayName=described.TEXT, groups=described.several(described.TEXT))


def incident(found: Incident) -> dict[str, Any]:
    return {
        "incidentKey": str(found.key),
        "processInstanceKey": str(found.instance_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "errorType": found.error_type,
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


def find_incidents(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, INCIDENTS, partial(queries.incidents, house.database.once()), incident))


def resolve(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    operate.retry_incident(house.engine, house.database.once(), shapes.key(path["key"], "incidentKey"), actor=actor)
    return Answer(204)


def find_variables(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.search_variables, house.database.once())
    return Answer(200, search.search(raw, VARIABLES, look, variable))


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


@hot.post("/incidents/search", name=may("v2.incidents.search", READERS), **described.searched(INCIDENT, INCIDENTS))
@hot_path(find_incidents)
def search_incidents() -> None:
    """Search incidents."""


@hot.post(
    "/incidents/{key}/resolution", name=may("v2.incidents.resolve", OPERATORS), **described.described(key="incident")
)
@hot_path(resolve)
def resolve_incident() -> None:
    """Try again what stopped."""


@router.post("/variables/search", name=may("v2.variables.search", READERS), **described.searched(VARIABLE, VARIABLES))
@hot_path(find_variables)
def search_variables() -> None:
    """Search variables."""


@router.get("/topology", name=may("v2.topology", ANYONE), **described.described(gives=described.OBJECT))
@hot_path(topology)
def get_topology() -> None:
    """What serves this API."""


@router.get("/authentication/me", name=may("v2.me", ANYONE), **described.described(gives=ME))
@hot_path(me)
def get_authentication() -> None:
    """Who is asking."""
