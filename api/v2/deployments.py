"""Deployments: files come together, all or none; one that nobody used goes again."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from api import deps
from api.access import DESIGNERS, OPERATORS, may
from api.door import Answer, Door, Handler, HotDoor, at_most
from api.door import hot as hot_path
from api.publishers import check_straight
from api.v2 import described, shapes
from engine.commands import versions
from engine.commands.deploy import Deployed
from engine.model import Resource
from engine.queries import resources
from engine.queries.resources import DecisionDefinition
from kernel.actor import Actor
from processes import publish
from tasks.house import House

MOST = 32 * 1024 * 1024  # bytes of all files together

hot = APIRouter(route_class=HotDoor, tags=["Resource"])


class Upload(Door):
    """A door through which at most MOST bytes come at once. The framework's own limit speaks in plain text."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await inner(Request(request.scope, at_most(MOST, request.receive)))

        return handle


router = APIRouter(route_class=Upload, tags=["Deployment"])

_NAMED = {"version": described.WHOLE, "resourceName": described.TEXT, "tenantId": described.TENANT}
_PROCESS = described.result(
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    resourceName=described.TEXT,
    tenantId=described.TENANT,
)
_DECISION = described.result(
    decisionDefinitionKey=described.KEY,
    decisionDefinitionId=described.TEXT,
    name=described.TEXT,
    decisionRequirementsId=described.TEXT,
    decisionRequirementsKey=described.KEY,
    **_NAMED,
)
_FILE = described.result(
    decisionRequirementsKey=described.KEY,
    decisionRequirementsId=described.TEXT,
    decisionRequirementsName=described.TEXT,
    **_NAMED,
)
_FORM = described.result(formKey=described.KEY, formId=described.TEXT, **_NAMED)
PARTS = {
    "processDefinition": _PROCESS,
    "decisionDefinition": _DECISION,
    "decisionRequirements": _FILE,
    "form": _FORM,
    "resource": described.OBJECT,
}
DEPLOYED = described.result(
    deploymentKey=described.KEY,
    tenantId=described.TENANT,
    deployments=described.several(
        described.result(**{name: described.or_null(schema) for name, schema in PARTS.items()})
    ),
)
DELETED = described.result(resourceKey=described.KEY, batchOperation={"type": "null"})


def _part(part: str, /, **told: Any) -> dict[str, Any]:
    """One part of a deployment, under the name that its kind has there; the others are null."""
    return {**dict.fromkeys(PARTS), part: {**told, "tenantId": "<default>"}}


def deployed(found: Deployed, decisions: dict[int, DecisionDefinition]) -> dict[str, Any]:
    if found.kind == "process":
        return _part(
            "processDefinition",
            processDefinitionKey=str(found.key),
            processDefinitionId=found.id,
            processDefinitionVersion=found.version,
            resourceName=found.resource,
        )
    common = {"version": found.version, "resourceName": found.resource}
    if found.kind == "form":
        return _part("form", formKey=str(found.key), formId=found.id, **common)
    decision = decisions[found.key]
    return _part(
        "decisionDefinition",
        decisionDefinitionKey=str(found.key),
        decisionDefinitionId=found.id,
        name=found.name,
        decisionRequirementsId=decision.requirements_id,
        decisionRequirementsKey=str(decision.requirements_key),
        **common,
    )


def _files(decisions: dict[int, DecisionDefinition]) -> list[dict[str, Any]]:
    whole = {decision.requirements_key: decision.requirements for decision in decisions.values()}
    return [
        _part(
            "decisionRequirements",
            decisionRequirementsKey=str(file.key),
            decisionRequirementsId=file.id,
            decisionRequirementsName=file.name,
            version=file.version,
            resourceName=file.resource_name,
        )
        for file in whole.values()
    ]


def delete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.reference(body)
    shapes.lacking(body, "deleteHistory")
    key = shapes.key(path["key"], "resourceKey")
    versions.delete(house.engine, house.database.once(), key, actor=actor)
    return Answer(200, {"resourceKey": str(key), "batchOperation": None})


@router.post(
    "/deployments",
    name=may("v2.deployments.create", DESIGNERS),
    operation_id="createDeployment",
    responses={**described.REFUSED, 200: {"content": {"application/json": {"schema": DEPLOYED}}}},
)
def create_deployment(
    request: Request,
    resources_: Annotated[list[UploadFile], File(alias="resources")],
    tenantId: Annotated[str, Form()] = "",  # the API's own name
) -> dict[str, Any]:
    """Deploy BPMN, DMN and form files together, all or none, by the rules of `jiaojie lint`."""
    house, actor = deps.house(request), deps.actor(request)
    files = [Resource(part.filename or "", part.file.read()) for part in resources_]
    tenant = "" if tenantId == "<default>" else tenantId
    check_straight(house, actor)
    with house.database.transaction() as unit:
        made = publish.publish_files(house.engine, unit, files, actor, tenant).deployment
    unit, wanted = house.database.once(), {found.key for found in made.definitions if found.kind == "decision"}
    known = resources.decisions(unit, house.engine.definitions) if wanted else []
    decisions = {found.key: found for found in known if found.key in wanted}
    return {
        "deploymentKey": str(made.key),
        "tenantId": "<default>",
        "deployments": [*(deployed(found, decisions) for found in made.definitions), *_files(decisions)],
    }


@hot.post(
    "/resources/{key}/deletion",
    name=may("v2.resources.delete", OPERATORS),
    **described.described(
        key="resource", takes=described.body(operationReference=described.REFERENCE), gives=DELETED, needed=False
    ),
)
@hot_path(delete)
def delete_resource() -> None:
    """Delete a version, or a file with all that it defines, which no instance has ever used."""
