"""Decisions: their definitions and files."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Response

from api import deps
from api.access import MAKERS, may
from api.door import Answer, Door, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine.queries import resources
from engine.queries.listed import listed
from engine.queries.resources import DecisionDefinition, Requirements
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Decision"])
router = APIRouter(route_class=Door, tags=["Decision"])

FIELDS: search.Fields = {
    "decisionDefinitionKey": ("key", shapes.key),
    "decisionDefinitionId": ("id", shapes.word),
    "name": ("name", shapes.word),
    "version": ("version", shapes.whole),
    "isLatestVersion": ("latest", shapes.flag),
    "decisionRequirementsId": ("requirements_id", shapes.word),
    "decisionRequirementsKey": ("requirements_key", shapes.key),
    "decisionRequirementsName": ("requirements_name", shapes.word),
    "decisionRequirementsVersion": ("requirements_version", shapes.whole),
    "tenantId": ("tenant", shapes.word),
}
ITEM = described.result(
    decisionDefinitionKey=described.KEY,
    decisionDefinitionId=described.TEXT,
    name=described.TEXT,
    version=described.WHOLE,
    decisionRequirementsId=described.TEXT,
    decisionRequirementsKey=described.KEY,
    decisionRequirementsName=described.TEXT,
    decisionRequirementsVersion=described.WHOLE,
    tenantId=described.TENANT,
)
FILES: search.Fields = {
    "decisionRequirementsKey": ("key", shapes.key),
    "decisionRequirementsId": ("id", shapes.word),
    "decisionRequirementsName": ("name", shapes.word),
    "version": ("version", shapes.whole),
    "resourceName": ("resource_name", shapes.word),
    "tenantId": ("tenant", shapes.word),
}
FILE = described.result(
    decisionRequirementsKey=described.KEY,
    decisionRequirementsId=described.TEXT,
    decisionRequirementsName=described.TEXT,
    version=described.WHOLE,
    resourceName=described.TEXT,
    tenantId=described.TENANT,
)
INPUTS = described.several(
    described.result(inputId=described.TEXT, inputName=described.TEXT, inputValue=described.TEXT)
)
RULES = described.several(
    described.result(
        ruleId=described.TEXT,
        ruleIndex=described.WHOLE,
        evaluatedOutputs=described.several(
            described.result(
                outputId=described.TEXT,
                outputName=described.TEXT,
                outputValue=described.TEXT,
                ruleId=described.MAYBE,
                ruleIndex=described.or_null(described.WHOLE),
            )
        ),
    )
)


def shape(found: DecisionDefinition) -> dict[str, Any]:
    return {
        "decisionDefinitionKey": str(found.key),
        "decisionDefinitionId": found.id,
        "name": found.name,
        "version": found.version,
        "decisionRequirementsId": found.requirements_id,
        "decisionRequirementsKey": str(found.requirements_key),
        "decisionRequirementsName": found.requirements_name,
        "decisionRequirementsVersion": found.requirements_version,
        "tenantId": "<default>",
    }


def file(found: Requirements) -> dict[str, Any]:
    return {
        "decisionRequirementsKey": str(found.key),
        "decisionRequirementsId": found.id,
        "decisionRequirementsName": found.name,
        "version": found.version,
        "resourceName": found.resource_name,
        "tenantId": "<default>",
    }


def traced(found: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs and the rules of a decision's trace, their values as JSON text."""
    return {
        "evaluatedInputs": [{**one, "inputValue": written(one["inputValue"])} for one in found["evaluatedInputs"]],
        "matchedRules": [
            {
                "ruleId": rule["ruleId"],
                "ruleIndex": rule["ruleIndex"],
                "evaluatedOutputs": [
                    {
                        **one,
                        "outputValue": written(one["outputValue"]),
                        "ruleId": rule["ruleId"],
                        "ruleIndex": rule["ruleIndex"],
                    }
                    for one in rule["evaluatedOutputs"]
                ],
            }
            for rule in found["matchedRules"]
        ],
    }


def written(value: Any) -> str:
    return orjson.dumps(value).decode()


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(listed, resources.decisions(house.database.once(), house.engine.definitions))
    return Answer(200, search.search(raw, FIELDS, look, shape))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    key = shapes.key(path["key"], "decisionDefinitionKey")
    return Answer(200, shape(resources.decision(house.database.once(), house.engine.definitions, key)))


def find_files(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(listed, resources.requirements(house.database.once(), house.engine.definitions))
    return Answer(200, search.search(raw, FILES, look, file))


def _file(house: House, given: str) -> Requirements:
    key = shapes.key(given, "decisionRequirementsKey")
    found = resources.requirements(house.database.once(), house.engine.definitions)
    one = next((item for item in found if item.key == key), None)
    if one is None:
        raise NotFound(say("There is no file of decisions {key}. Check the key.", key=key))
    return one


def get_file(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, file(_file(house, path["key"])))


@hot.post("/decision-definitions/search", name=may("v2.decisions.search", MAKERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_decision_definitions() -> None:
    """Search deployed decisions."""


@hot.get(
    "/decision-definitions/{key}",
    name=may("v2.decisions.get", MAKERS),
    **described.described(key="decision definition", gives=ITEM),
)
@hot_path(get)
def get_decision_definition() -> None:
    """A deployed decision by its key."""


@hot.post(
    "/decision-requirements/search", name=may("v2.requirements.search", MAKERS), **described.searched(FILE, FILES)
)
@hot_path(find_files)
def search_decision_requirements() -> None:
    """Search files of decisions."""


@hot.get(
    "/decision-requirements/{key}",
    name=may("v2.requirements.get", MAKERS),
    **described.described(key="file of decisions", gives=FILE),
)
@hot_path(get_file)
def get_decision_requirements() -> None:
    """A file of decisions by its key."""


@router.get(
    "/decision-definitions/{key}/xml",
    name=may("v2.decisions.xml", MAKERS),
    operation_id="getDecisionDefinitionXml",
    response_class=Response,
    responses=described.file("text/xml"),
)
def get_decision_definition_xml(
    key: Annotated[str, described.of_key("decision definition")], house: Annotated[House, Depends(deps.house)]
) -> Response:
    """The file that a decision lies in, byte for byte."""
    unit = house.database.once()
    found = resources.decision(unit, house.engine.definitions, shapes.key(key, "decisionDefinitionKey"))
    return Response(resources.bytes_of(unit, found.requirements_key)[1], media_type="text/xml")


@router.get(
    "/decision-requirements/{key}/xml",
    name=may("v2.requirements.xml", MAKERS),
    operation_id="getDecisionRequirementsXml",
    response_class=Response,
    responses=described.file("text/xml"),
)
def get_decision_requirements_xml(
    key: Annotated[str, described.of_key("file of decisions")], house: Annotated[House, Depends(deps.house)]
) -> Response:
    """A file of decisions, byte for byte."""
    found = _file(house, key)
    return Response(resources.bytes_of(house.database.once(), found.key)[1], media_type="text/xml")
