"""Expressions and decisions, evaluated on what the caller sends."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter

import feel
from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from engine.decisions import answer
from engine.definitions import Loaded
from engine.model import Reference
from kernel.actor import Actor
from kernel.clock import ZonedClock
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Expression"])
router = APIRouter(route_class=HotDoor, tags=["Decision"])

EVALUATORS = frozenset({"designer", "admin", "client"})


EXPRESSION = described.thing(
    "expression",
    expression={**described.TEXT, "description": "FEEL, with or without the leading =."},
    context={**described.VARIABLES, "description": "What the expression reads. Camunda's `variables` means the same."},
)
RESULT = described.thing(
    expression=described.TEXT, result=described.ANY, warnings=described.several(described.thing(message=described.TEXT))
)
QUESTION = described.thing(
    decisionDefinitionId={**described.TEXT, "description": "Either this, for its latest version,"},
    decisionDefinitionKey={**described.KEY, "description": "or this."},
    variables=described.VARIABLES,
)
DECIDED = described.thing(
    decisionDefinitionId=described.TEXT,
    decisionDefinitionKey=described.KEY,
    decisionDefinitionName=described.TEXT,
    decisionDefinitionVersion=described.WHOLE,
    output={**described.TEXT, "description": "The value as JSON text."},
    evaluatedDecisions=described.several(described.OBJECT),
    tenantId=described.TEXT,
)


def expression(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    source = shapes.text(body, "expression")
    context = shapes.values(body, "context") or shapes.values(body)
    try:
        functions, clock = house.engine.definitions.functions, ZonedClock(house.clock, house.engine.zone)
        found = feel.examine(source.removeprefix("="), context, clock=clock, functions=functions)
        result = feel.to_json(found.value)
    except feel.FeelSyntaxError as fault:
        raise Invalid(say("The expression cannot be read: {why}", why=fault.whole.into(Text))) from None
    except feel.FeelError as fault:
        raise Invalid(say("The expression has no value: {why}", why=fault.whole.into(Text))) from None
    warnings = [{"message": warning.whole.into(Text)} for warning in found.warnings]
    return Answer(200, {"expression": source, "result": result, "warnings": warnings})


def decision(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    found, now = _deployed(house, body), house.clock.now().astimezone(house.engine.zone)
    value, trace = answer(found, shapes.values(body), now)
    return Answer(
        200,
        {
            "decisionDefinitionId": found.id,
            "decisionDefinitionKey": str(found.key),
            "decisionDefinitionName": found.name,
            "decisionDefinitionVersion": found.version,
            "output": orjson.dumps(value).decode(),
            "evaluatedDecisions": [trace],
            "tenantId": "<default>",
        },
    )


def _deployed(house: House, body: Mapping[str, Any]) -> Loaded:
    unit, definitions = house.database.once(), house.engine.definitions
    if body.get("decisionDefinitionKey") is None:
        return definitions.bound(unit, "decision", Reference(id=shapes.text(body, "decisionDefinitionId")), 0)
    key = shapes.key(body["decisionDefinitionKey"], "decisionDefinitionKey")
    found = definitions.get(unit, key)
    if found.kind != "decision":
        raise NotFound(say("There is no decision {key}. Check the key.", key=key))
    return found


@hot.post(
    "/expression/evaluation",
    name=may("v2.expression", EVALUATORS),
    **described.described(takes=EXPRESSION, gives=RESULT),
)
@hot_path(expression)
def evaluate_expression() -> None:
    """Evaluate a FEEL expression."""


@router.post(
    "/decision-definitions/evaluation",
    name=may("v2.decisions.evaluate", EVALUATORS),
    **described.described(takes=QUESTION, gives=DECIDED),
)
@hot_path(decision)
def evaluate_decision() -> None:
    """Evaluate a deployed decision."""
