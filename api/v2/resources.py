"""Files as they were deployed: search, get, download."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response

from api import deps
from api.access import MAKERS, may
from api.door import Answer, Door, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine.queries import resources as queries
from engine.queries.resources import Resource
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Resource"])
router = APIRouter(route_class=Door, tags=["Resource"])

FIELDS: search.Fields = {
    "resourceKey": ("key", shapes.key),
    "resourceName": ("name", shapes.word),
    "resourceId": ("name", shapes.word),
    "version": ("version", shapes.whole),
    "versionTag": ("version_tag", shapes.word),
    "deploymentKey": ("deployment_key", shapes.key),
    "tenantId": ("tenant", shapes.word),
}
ITEM = described.result(
    resourceKey=described.KEY,
    resourceName=described.TEXT,
    resourceId=described.TEXT,
    version=described.WHOLE,
    versionTag=described.MAYBE,
    tenantId=described.TENANT,
)
MEDIA = {
    "bpmn": "text/xml",
    "xml": "text/xml",
    "dmn": "text/xml",
    "form": "application/json",
    "json": "application/json",
}


def shape(found: Resource) -> dict[str, Any]:
    return {
        "resourceKey": str(found.key),
        "resourceName": found.name,
        "resourceId": found.name,
        "version": found.version,
        "versionTag": found.version_tag,
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.resources, house.database.once()), shape))


def _key(given: str) -> int:
    return shapes.key(given, "resourceKey")


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.resource(house.database.once(), _key(path["key"]))))


@hot.post("/resources/search", name=may("v2.resources.search", MAKERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_resources() -> None:
    """Search deployed files."""


@hot.get("/resources/{key}", name=may("v2.resources.get", MAKERS), **described.described(key="resource", gives=ITEM))
@hot_path(get)
def get_resource() -> None:
    """A deployed file by its key, or by that of what it defines."""


@router.get(
    "/resources/{key}/content",
    name=may("v2.resources.content", MAKERS),
    operation_id="getResourceContent",
    response_class=Response,
    responses=described.file("text/xml", "application/json", "application/octet-stream"),
)
def get_resource_content(
    key: Annotated[str, described.of_key("resource")], house: Annotated[House, Depends(deps.house)]
) -> Response:
    """What is in a deployed file, byte for byte."""
    found, content = queries.bytes_of(house.database.once(), _key(key))
    ending = found.name.rpartition(".")[2].lower()
    return Response(content, media_type=MEDIA.get(ending, "application/octet-stream"))


@router.get(
    "/resources/{key}/content/binary",
    name=may("v2.resources.binary", MAKERS),
    operation_id="getResourceContentBinary",
    response_class=Response,
    responses=described.file("application/octet-stream"),
)
def get_resource_content_binary(
    key: Annotated[str, described.of_key("resource")], house: Annotated[House, Depends(deps.house)]
) -> Response:
    """The same, to be kept as a file."""
    found, content = queries.bytes_of(house.database.once(), _key(key))
    kept = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    return Response(content, media_type="application/octet-stream", headers=kept)
