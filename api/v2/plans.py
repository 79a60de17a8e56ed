"""Plans that callers send: how an instance moves to another version, and what is changed by hand in it."""

from collections.abc import Mapping as Read
from typing import Any

from api.v2 import described, shapes
from engine.commands.migrate import Mapping
from engine.commands.modify import Activate, Modification, Move, Terminate
from engine.queries import keys
from kernel.errors import Invalid
from kernel.text import say

MAPPINGS = described.several(
    described.thing("sourceElementId targetElementId", sourceElementId=described.NAMED, targetElementId=described.NAMED)
)
PLAN = {"targetProcessDefinitionKey": described.KEY, "mappingInstructions": MAPPINGS}
MOVES = {**MAPPINGS, "minItems": 1}
MIGRATION = described.body(" ".join(PLAN), **PLAN, operationReference=described.REFERENCE)
_VARIABLES = described.several(
    described.body("variables", variables=described.VARIABLES, scopeId={**described.TEXT, "description": "Or all."})
)
_SOURCE = {
    "oneOf": [
        described.thing("sourceType sourceElementId", sourceType={"const": "byId"}, sourceElementId=described.NAMED),
        described.thing(
            "sourceType sourceElementInstanceKey", sourceType={"const": "byKey"}, sourceElementInstanceKey=described.KEY
        ),
    ]
}
_ANCESTOR = {
    "oneOf": [
        described.thing("ancestorScopeType", ancestorScopeType={"enum": ["inferred", "sourceParent"]}),
        described.thing(
            "ancestorScopeType ancestorElementInstanceKey",
            ancestorScopeType={"const": "direct"},
            ancestorElementInstanceKey=described.KEY,
        ),
    ]
}
MODIFICATION = described.body(
    activateInstructions=described.several(
        described.body(
            "elementId",
            elementId=described.NAMED,
            ancestorElementInstanceKey={"type": "string", "pattern": "^(-1|[0-9]{1,18})$"},
            variableInstructions=_VARIABLES,
        )
    ),
    moveInstructions=described.several(
        described.body(
            "sourceElementInstruction targetElementId",
            sourceElementInstruction=_SOURCE,
            targetElementId=described.NAMED,
            ancestorScopeInstruction=_ANCESTOR,
            variableInstructions=_VARIABLES,
        )
    ),
    terminateInstructions=described.several(
        {
            "oneOf": [
                described.thing("elementId", elementId=described.NAMED),
                described.thing("elementInstanceKey", elementInstanceKey=described.KEY),
            ]
        }
    ),
    operationReference=described.REFERENCE,
)


def migration(body: Read[str, Any]) -> tuple[int, tuple[Mapping, ...]]:
    """The definition that is moved to, and what goes where. Raises Invalid."""
    shapes.reference(body)
    if body.get("mappingInstructions") is None:
        raise Invalid(say("{name} is missing. It is a list.", name="mappingInstructions"))
    mappings = [
        Mapping(source=shapes.text(one, "sourceElementId"), target=shapes.text(one, "targetElementId"))
        for one in shapes.things(body, "mappingInstructions")
    ]
    return shapes.key(body.get("targetProcessDefinitionKey"), "targetProcessDefinitionKey"), tuple(mappings)


def modification(body: Read[str, Any], instance_key: int) -> Modification:
    """What is to be changed in this instance. Raises Invalid."""
    shapes.reference(body)
    return Modification(
        activate=tuple(_activate(one, instance_key) for one in shapes.things(body, "activateInstructions")),
        move=tuple(_move(one, instance_key) for one in shapes.things(body, "moveInstructions")),
        terminate=tuple(_terminate(one, instance_key) for one in shapes.things(body, "terminateInstructions")),
    )


def moves(body: Read[str, Any]) -> tuple[Move, ...]:
    """The moves of a batch, by element alone: the same in every instance. Raises Invalid."""
    found = shapes.things(body, "moveInstructions")
    if not found:
        raise Invalid(say("{name} is missing. It is a list.", name="moveInstructions"))
    return tuple(
        Move(source=shapes.text(one, "sourceElementId"), target=shapes.text(one, "targetElementId")) for one in found
    )


def _activate(given: Read[str, Any], instance_key: int) -> Activate:
    ancestor = given.get("ancestorElementInstanceKey")
    return Activate(
        element=shapes.text(given, "elementId"),
        variables=_variables(given),
        ancestor=None if ancestor in (None, "-1") else token(ancestor, "ancestorElementInstanceKey", instance_key),
    )


def _move(given: Read[str, Any], instance_key: int) -> Move:
    source = shapes.needed(given, "sourceElementInstruction")
    return Move(
        source=shapes.text(source, "sourceElementId")
        if source.get("sourceElementId") is not None
        else token(source.get("sourceElementInstanceKey"), "sourceElementInstanceKey", instance_key),
        target=shapes.text(given, "targetElementId"),
        variables=_variables(given),
        ancestor=_ancestor(shapes.values(given, "ancestorScopeInstruction"), instance_key),
    )


def _ancestor(given: Read[str, Any], instance_key: int) -> Any:
    kind = shapes.text(given, "ancestorScopeType", "inferred")
    if kind == "direct":
        return token(given.get("ancestorElementInstanceKey"), "ancestorElementInstanceKey", instance_key)
    rules = {"inferred": "inferred", "sourceParent": "parent"}
    if kind not in rules:
        raise Invalid(
            say("{name} is one of: {known}.", name="ancestorScopeType", known="direct, inferred, sourceParent")
        )
    return rules[kind]


def _terminate(given: Read[str, Any], instance_key: int) -> Terminate:
    if given.get("elementInstanceKey") is not None:
        return Terminate(what=token(given["elementInstanceKey"], "elementInstanceKey", instance_key))
    return Terminate(what=shapes.text(given, "elementId"))


def _variables(given: Read[str, Any]) -> dict[str, dict[str, Any]]:
    """Variables by the id of the scope that gets them, "" for the process."""
    found: dict[str, dict[str, Any]] = {}
    for one in shapes.things(given, "variableInstructions"):
        found.setdefault(shapes.text(one, "scopeId", ""), {}).update(shapes.needed(one, "variables"))
    return found


def token(given: Any, name: str, instance_key: int) -> int:
    """The token that a key names; it has to be of this instance. Raises Invalid."""
    key = shapes.key(given, name)
    if key == instance_key:
        return 0
    instance, number = keys.split(key)
    if instance != instance_key:
        raise Invalid(
            say("{name} {key} is of no element in instance {instance}.", name=name, key=key, instance=instance_key)
        )
    return number
