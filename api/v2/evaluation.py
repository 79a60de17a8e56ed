"""Expressions, evaluated on what the caller sends or on what an element of an instance sees."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

import feel
from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from api.v2.decision_evaluation import EVALUATORS
from engine import queries
from engine.queries import elements
from kernel.actor import Actor
from kernel.clock import ZonedClock
from kernel.errors import Forbidden, Invalid
from kernel.text import Text, say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Expression"])
router = APIRouter(route_class=HotDoor, tags=["Expression"])

EXPRESSION = described.body(
    "expression",
    expression={**described.NAMED, "description": "FEEL, with or without the leading =."},
    variables={**described.VARIABLES, "description": "What the expression reads."},
    context={**described.VARIABLES, "description": "Means the same."},
    scopeKey={**described.KEY, "description": "An instance or element whose variables it reads too."},
    tenantId=described.TENANT,
)
RESULT = described.result(
    expression=described.TEXT,
    result=described.ANY,
    warnings=described.several(described.thing("message", message=described.TEXT)),
    referencedSecrets=described.several(described.OBJECT),
)


def expression(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.tenant(body)
    source = shapes.text(body, "expression")
    context = _seen(house, actor, body) | (shapes.values(body, "context") or shapes.values(body))
    try:
        functions, clock = house.engine.definitions.functions, ZonedClock(house.clock, house.engine.zone)
        found = feel.examine(source.removeprefix("="), context, clock=clock, functions=functions)
        result = feel.to_json(found.value)
    except feel.FeelSyntaxError as fault:
        raise Invalid(say("The expression cannot be read: {why}", why=fault.whole.into(Text))) from None
    except feel.FeelError as fault:
        raise Invalid(say("The expression has no value: {why}", why=fault.whole.into(Text))) from None
    warnings = [{"message": warning.whole.into(Text)} for warning in found.warnings]
    return Answer(200, {"expression": source, "result": result, "warnings": warnings, "referencedSecrets": []})


def _seen(house: House, actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the scope holds that the caller names. A designer tries expressions out, and does not read cases by them."""
    key = shapes.optional_key(body, "scopeKey")
    if key is None:
        return {}
    if not actor.has("admin", "client"):
        raise Forbidden(say("Only administrators and programs evaluate on what an instance holds."))
    unit = house.database.once()
    found = elements.element(unit, house.engine.definitions, key)
    seen = queries.variables(unit, found.instance_key)
    return seen | queries.variables(unit, found.instance_key, found.token) if found.token else seen


@hot.post(
    "/expression/evaluation",
    name=may("v2.expression", EVALUATORS),
    **described.described(takes=EXPRESSION, gives=RESULT),
)
@hot_path(expression)
def evaluate_expression() -> None:
    """Evaluate a FEEL expression."""
