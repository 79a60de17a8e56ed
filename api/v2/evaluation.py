"""Expressions and decisions, evaluated on what the caller sends."""

from typing import Any

from fastapi import APIRouter

import feel
from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import shapes
from engine.model import Reference
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Expression"])
router = APIRouter(route_class=HotDoor, tags=["Decision"])

EVALUATORS = frozenset({"designer", "admin", "client"})


def expression(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    source = shapes.text(body, "expression")
    try:
        found = feel.examine(source.removeprefix("="), shapes.values(body, "context"), clock=house.clock)
    except feel.FeelSyntaxError as fault:
        raise Invalid(say("The expression cannot be read: {why}", why=str(fault))) from None
    warnings = [{"message": str(warning)} for warning in found.warnings]
    return Answer(200, {"expression": source, "result": feel.to_json(found.value), "warnings": warnings})


def decision(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    unit = house.database.once()
    reference = Reference(id=shapes.text(body, "decisionDefinitionId"))
    value, trace = house.engine.decisions.decide(unit, reference, 0, shapes.values(body), house.clock.now())
    return Answer(
        200,
        {
            "decisionDefinitionId": reference.id,
            "output": feel.to_json(value),
            "evaluatedDecisions": [trace],
            "tenantId": "<default>",
        },
    )


@hot.post("/expression/evaluation", name=may("v2.expression", EVALUATORS))
@hot_path(expression)
def evaluate_expression() -> None:
    """Evaluate a FEEL expression."""


@router.post("/decision-definitions/evaluation", name=may("v2.decisions.evaluate", EVALUATORS))
@hot_path(decision)
def evaluate_decision() -> None:
    """Evaluate a deployed decision in its latest version."""
