"""Deployments, and the definitions that came of them."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile

from api import deps
from api.access import ANYONE, DESIGNERS, may
from api.door import Answer, Door, Handler, HotDoor, at_most
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine import queries
from engine.commands.deploy import Deployed
from engine.model import Resource
from engine.queries import Condition, Definition
from kernel.actor import Actor
from processes import publish
from tasks.house import House

MOST = 32 * 1024 * 1024  # bytes of all files together

hot = APIRouter(route_class=HotDoor, tags=["Process definition"])


class Upload(Door):
    """A door through which at most MOST bytes come at once. The framework's own limit speaks in plain text."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await inner(Request(request.scope, at_most(MOST, request.receive)))

        return handle


router = APIRouter(route_class=Upload, tags=["Deployment"])

FIELDS: search.Fields = {
    "processDefinitionKey": ("key", shapes.key),
    "processDefinitionId": ("id", shapes.word),
    "name": ("name", shapes.word),
    "version": ("version", shapes.whole),
    "versionTag": ("version_tag", shapes.word),
    "resourceName": ("resource_name", shapes.word),
    "isLatestVersion": ("latest", shapes.flag),
}
ITEM = described.thing(
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    name=described.TEXT,
    version=described.WHOLE,
    versionTag=described.MAYBE,
    resourceName=described.TEXT,
    tenantId=described.TEXT,
)


def deployed(found: Deployed) -> dict[str, Any]:
    """One part of a deployment, under the name that its kind has there."""
    common = {"resourceName": found.resource, "tenantId": "<default>"}
    if found.kind == "process":
        names = ("processDefinitionKey", "processDefinitionId", "processDefinitionVersion")
    elif found.kind == "decision":
        names = ("decisionDefinitionKey", "decisionDefinitionId", "version")
        common["name"] = found.name
    else:
        names = ("formKey", "formId", "version")
    kind = {"process": "processDefinition", "decision": "decisionDefinition", "form": "form"}[found.kind]
    return {kind: {**dict(zip(names, (str(found.key), found.id, found.version), strict=True)), **common}}


@router.post("/deployments", name=may("v2.deployments.create", DESIGNERS))
def create_deployment(
    request: Request,
    resources: Annotated[list[UploadFile], File()],
    tenantId: Annotated[str, Form()] = "",  # the API's own name
) -> dict[str, Any]:
    """Deploy BPMN, DMN and form files together, all or none, by the rules of `jiaojie lint`."""
    house, actor = deps.house(request), deps.actor(request)
    files = [Resource(part.filename or "", part.file.read()) for part in resources]
    tenant = "" if tenantId == "<default>" else tenantId
    with house.database.transaction() as unit:
        made = publish.publish_files(house.engine, unit, files, actor, tenant).deployment
    return {
        "deploymentKey": str(made.key),
        "tenantId": "<default>",
        "deployments": [deployed(found) for found in made.definitions],
    }


def shape(found: Definition) -> dict[str, Any]:
    return {
        "processDefinitionKey": str(found.key),
        "processDefinitionId": found.id,
        "name": found.name,
        "version": found.version,
        "versionTag": found.version_tag,
        "resourceName": found.resource_name,
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.definitions, house.database.once())
    return Answer(200, search.search(raw, FIELDS, look, shape, also=[Condition("kind", "process")]))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    key = shapes.key(path["key"], "processDefinitionKey")
    return Answer(200, shape(queries.definition(house.database.once(), key)))


@hot.post("/process-definitions/search", name=may("v2.definitions.search", ANYONE), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_process_definitions() -> None:
    """Search deployed processes."""


@hot.get(
    "/process-definitions/{key}",
    name=may("v2.definitions.get", ANYONE),
    **described.described(key="process definition", gives=ITEM),
)
@hot_path(get)
def get_process_definition() -> None:
    """A deployed process by its key."""


@router.get("/process-definitions/{key}/xml", name=may("v2.definitions.xml", ANYONE))
def get_process_definition_xml(request: Request, key: str, house: Annotated[House, Depends(deps.house)]) -> Response:
    """The file as it was deployed, byte for byte."""
    content = queries.content(house.database.once(), shapes.key(key, "processDefinitionKey"))
    return Response(content, media_type="text/xml")
