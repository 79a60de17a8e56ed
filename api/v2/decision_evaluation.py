"""Decisions, evaluated on what the caller sends. Each evaluation is written down."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from api.v2.decisions import INPUTS, RULES, traced, written
from engine import audit
from engine.decisions import answer
from engine.definitions import Loaded
from engine.model import Reference
from engine.queries import resources
from engine.queries.resources import DecisionDefinition
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Decision"])
router = APIRouter(route_class=HotDoor, tags=["Decision"])

EVALUATORS = frozenset({"designer", "admin", "client"})
QUESTION = described.body(
    decisionDefinitionId={**described.TEXT, "description": "Either this, for its latest version,"},
    decisionDefinitionKey={**described.KEY, "description": "or this."},
    variables=described.VARIABLES,
    tenantId=described.TENANT,
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


@hot.post(
    "/decision-definitions/evaluation",
    name=may("v2.decisions.evaluate", EVALUATORS),
    **described.described(takes=QUESTION, gives=DECIDED),
)
@hot_path(evaluate)
def evaluate_decision() -> None:
    """Evaluate a deployed decision. It is written down."""
