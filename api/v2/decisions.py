"""Decisions: their definitions and files, and their evaluation on what the caller sends."""

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
from engine import audit
from engine.decisions import answer
from engine.definitions import Loaded
from engine.model import Reference
from engine.queries import resources
from engine.queries.listed import listed
from engine.queries.resources import DecisionDefinition, Requirements
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Decision"])
router = APIRouter(route_class=Door, tags=["Decision"])

EVALUATORS = frozenset({"designer", "admin", "client"})
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
QUESTION = described.body(
    decisionDefinitionId={**described.TEXT, "description": "Either this, for its latest version,"},
    decisionDefinitionKey={**described.KEY, "description": "or this."},
    variables=described.VARIABLES,
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
MADE = described.result(
    decisionDefinitionId=described.TEXT,
    decisionDefinitionKey=described.KEY,
    decisionDefinitionName=described.TEXT,
    decisionDefinitionVersion=described.WHOLE,
    decisionDefinitionType=described.TEXT,
    decisionEvaluationInstanceKey=described.TEXT,
    output={**described.TEXT, "description": "The value as JSON text."},
    evaluatedInputs=INPUTS,
    matchedRules=RULES,
    tenantId=described.TENANT,
)
DECIDED = described.result(
    decisionDefinitionId=described.TEXT,
    decisionDefinitionKey=described.KEY,
    decisionDefinitionName=described.TEXT,
    decisionDefinitionVersion=described.WHOLE,
    decisionRequirementsId=described.TEXT,
    decisionRequirementsKey=described.KEY,
    decisionEvaluationKey=described.KEY,
    decisionInstanceKey=described.KEY,
    output={**described.TEXT, "description": "The value as JSON text."},
    evaluatedDecisions=described.several(MADE),
    failedDecisionDefinitionId=described.MAYBE,
    failureMessage=described.MAYBE,
    tenantId=described.TENANT,
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


def evaluate(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.tenant(body)
    unit, engine = house.database.once(), house.engine
    found, now = _deployed(house, body), house.clock.now().astimezone(engine.zone)
    value, trace = answer(found, shapes.values(body), now)
    asked = resources.decision(unit, engine.definitions, found.key)
    key = audit.note(unit, engine, actor, entity="DECISION", operation="EVALUATE", entity_key=found.key, trace=trace)
    beside = {one.id: one for one in resources.decisions(unit, engine.definitions)
              if one.requirements_key == asked.requirements_key}  # fmt: skip
    return Answer(
        200,
        {
            "decisionDefinitionId": found.id,
            "decisionDefinitionKey": str(found.key),
            "decisionDefinitionName": found.name,
            "decisionDefinitionVersion": found.version,
            "decisionRequirementsId": asked.requirements_id,
            "decisionRequirementsKey": str(asked.requirements_key),
            "decisionEvaluationKey": str(key),
            "decisionInstanceKey": str(key),
            "output": written(value),
            "evaluatedDecisions": [
                _made(one, beside.get(one["decisionDefinitionId"], asked), f"{key}-{number}")
                for number, one in enumerate(trace["evaluated"], 1)
            ],
            "failedDecisionDefinitionId": None,
            "failureMessage": None,
            "tenantId": "<default>",
        },
    )


def _made(one: Mapping[str, Any], of: DecisionDefinition, key: str) -> dict[str, Any]:
    return {
        "decisionDefinitionId": one["decisionDefinitionId"],
        "decisionDefinitionKey": str(of.key),
        "decisionDefinitionName": one["decisionDefinitionName"],
        "decisionDefinitionVersion": of.version,
        "decisionDefinitionType": one["decisionDefinitionType"],
        "decisionEvaluationInstanceKey": key,
        "output": written(one["output"]),
        **traced(one),
        "tenantId": "<default>",
    }


def _deployed(house: House, body: Mapping[str, Any]) -> Loaded:
    unit, definitions = house.database.once(), house.engine.definitions
    if (body.get("decisionDefinitionKey") is None) == (body.get("decisionDefinitionId") is None):
        raise Invalid(say("Name the decision either by decisionDefinitionId or by decisionDefinitionKey."))
    if body.get("decisionDefinitionKey") is None:
        return definitions.bound(unit, "decision", Reference(id=shapes.text(body, "decisionDefinitionId")), 0)
    key = shapes.key(body["decisionDefinitionKey"], "decisionDefinitionKey")
    found = definitions.get(unit, key)
    if found.kind != "decision":
        raise NotFound(say("There is no decision {key}. Check the key.", key=key))
    return found


@hot.post("/decision-definitions/search", name=may("v2.decisions.search", MAKERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_decision_definitions() -> None:
    """Search deployed decisions."""


@hot.post(
    "/decision-definitions/evaluation",
    name=may("v2.decisions.evaluate", EVALUATORS),
    **described.described(takes=QUESTION, gives=DECIDED),
)
@hot_path(evaluate)
def evaluate_decision() -> None:
    """Evaluate a deployed decision. It is written down."""


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
