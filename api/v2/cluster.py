"""What serves this API, and who is asking."""

from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Cluster"])
router = APIRouter(route_class=HotDoor, tags=["Cluster"])

VERSION = "8.9.0"  # of the API that is spoken here
PARTITION = described.result(
    partitionId=described.WHOLE, role=described.TEXT, health=described.TEXT, state=described.TEXT
)
BROKER = described.result(
    nodeId=described.WHOLE,
    brokerId=described.TEXT,
    host=described.TEXT,
    port=described.WHOLE,
    partitions=described.several(PARTITION),
    version=described.TEXT,
)
TOPOLOGY = described.result(
    brokers=described.several(BROKER),
    clusterId=described.MAYBE,
    clusterSize=described.WHOLE,
    partitionsCount=described.WHOLE,
    replicationFactor=described.WHOLE,
    gatewayVersion=described.TEXT,
    lastCompletedChangeId=described.TEXT,
)
LICENSE = described.result(
    validLicense=described.FLAG,
    licenseType=described.TEXT,
    isCommercial=described.FLAG,
    expiresAt=described.MAYBE_INSTANT,
)
ME = described.result(
    username=described.TEXT,
    displayName=described.TEXT,
    email=described.MAYBE,
    groups=described.several(described.TEXT),
    roles=described.several(described.TEXT),
    tenants=described.several(
        described.result(name=described.TEXT, tenantId=described.TEXT, description=described.MAYBE)
    ),
    authorizedComponents=described.several(described.TEXT),
    salesPlanType=described.MAYBE,
    c8Links=described.OBJECT,
    canLogout=described.FLAG,
)
RIGHTS: search.Fields = {
    name: (name, shapes.word) for name in ("ownerId", "ownerType", "resourceId", "resourcePropertyName", "resourceType")
}
MINE = described.result(
    authorizationsEnabled=described.FLAG, items=described.several(described.OBJECT), page=described.PAGE
)


def topology(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    partition = {"partitionId": 1, "role": "leader", "health": "healthy", "state": "active"}
    broker = {
        "nodeId": 0,
        "brokerId": "0",
        "host": "localhost",
        "port": 0,
        "partitions": [partition],
        "version": VERSION,
    }
    return Answer(
        200,
        {
            "brokers": [broker],
            "clusterId": None,
            "clusterSize": 1,
            "partitionsCount": 1,
            "replicationFactor": 1,
            "gatewayVersion": VERSION,
            "lastCompletedChangeId": "-1",
        },
    )


def status(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """With the database away this raises, which is told as 503."""
    house.database.once().one("select 1")
    return Answer(204)


def license_(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, {"validLicense": True, "licenseType": "unknown", "isCommercial": False, "expiresAt": None})


def me(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(
        200,
        {
            "username": actor.id,
            "displayName": actor.name or actor.id,
            "email": None,
            "groups": sorted(actor.groups),
            "roles": sorted(actor.groups),
            "tenants": [{"name": "Default", "tenantId": "<default>", "description": None}],
            "authorizedComponents": [],
            "salesPlanType": None,
            "c8Links": {},
            "canLogout": True,
        },
    )


def rights(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """Who may do what follows from groups here (`api/access.py`), not from a list: there is nothing to list."""
    body = shapes.body(raw)
    search.sorting(body, RIGHTS)
    search.page(body)
    shapes.values(body, "filter")
    page = {"totalItems": 0, "hasMoreTotalItems": False, "startCursor": None, "endCursor": None}
    return Answer(200, {"authorizationsEnabled": False, "items": [], "page": page})


@hot.get("/topology", name=may("v2.topology", ANYONE), **described.described(gives=TOPOLOGY))
@hot_path(topology)
def get_topology() -> None:
    """What serves this API."""


@hot.get("/status", name=may("v2.status", ANYONE), **described.described())
@hot_path(status)
def get_status() -> None:
    """Whether it serves: 204, or 503 where the database is away."""


@hot.get("/license", name=may("v2.license", ANYONE), **described.described(gives=LICENSE))
@hot_path(license_)
def get_license() -> None:
    """There is none to buy."""


@hot.get("/authentication/me", name=may("v2.me", ANYONE), **described.described(gives=ME))
@hot_path(me)
def get_authentication() -> None:
    """Who is asking."""


@hot.post(
    "/authentication/me/authorizations/search",
    name=may("v2.me.authorizations", ANYONE),
    **described.described(takes=described.paged(RIGHTS, described.OBJECT), gives=MINE, needed=False),
)
@hot_path(rights)
def search_own_authorizations() -> None:
    """The rights of who is asking follow from their groups; none is listed."""
