"""Decisions that were made, by processes and by themselves. History only grows: none is deleted."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.decisions import INPUTS, RULES, traced, written
from api.v2.instances import READERS_OF_VALUES
from engine.queries import decisions as queries
from engine.queries import keys
from engine.queries.decisions import DecisionInstance
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Decision"])
router = APIRouter(route_class=HotDoor, tags=["Decision"])

STATES = ("EVALUATED", "FAILED", "UNKNOWN", "UNSPECIFIED")
TYPES = ("DECISION_TABLE", "LITERAL_EXPRESSION", "UNKNOWN", "UNSPECIFIED")
FIELDS: search.Fields = {
    "decisionEvaluationInstanceKey": ("instance_text", shapes.word),
    "decisionEvaluationKey": ("evaluation_key", shapes.key),
    "state": ("state", shapes.OneOf(*STATES)),
    "evaluationDate": ("at", shapes.moment),
    "evaluationFailure": ("failure", shapes.word),
    "decisionDefinitionKey": ("decision_key", shapes.key),
    "decisionDefinitionId": ("decision_id", shapes.word),
    "decisionDefinitionName": ("decision_name", shapes.word),
    "decisionDefinitionVersion": ("version", shapes.whole),
    "decisionDefinitionType": ("type", shapes.OneOf(*TYPES)),
    "rootDecisionDefinitionKey": ("root_decision_key", shapes.key),
    "decisionRequirementsKey": ("requirements_key", shapes.key),
    "processDefinitionKey": ("process_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "elementInstanceKey": ("element_key", shapes.key),
    "businessId": ("business_id", shapes.word),
    "tenantId": ("tenant", shapes.word),
}
_COMMON = {
    "decisionEvaluationInstanceKey": described.TEXT,
    "decisionEvaluationKey": described.KEY,
    "state": described.choice(*STATES),
    "evaluationDate": described.INSTANT,
    "evaluationFailure": described.MAYBE,
    "decisionDefinitionKey": described.KEY,
    "decisionDefinitionId": described.TEXT,
    "decisionDefinitionName": described.TEXT,
    "decisionDefinitionVersion": described.WHOLE,
    "decisionDefinitionType": described.choice(*TYPES),
    "rootDecisionDefinitionKey": described.KEY,
    "result": {**described.TEXT, "description": "The value as JSON text."},
    "processDefinitionKey": described.MAYBE_KEY,
    "processInstanceKey": described.MAYBE_KEY,
    "rootProcessInstanceKey": described.MAYBE_KEY,
    "elementInstanceKey": described.MAYBE_KEY,
    "businessId": described.MAYBE,
    "tenantId": described.TENANT,
}
ITEM = described.result(**_COMMON)
ONE = described.result(**_COMMON, evaluatedInputs=INPUTS, matchedRules=RULES)


def shape(found: DecisionInstance) -> dict[str, Any]:
    element = None if found.instance_key is None else keys.make(found.instance_key, found.token or 0)
    return {
        "decisionEvaluationInstanceKey": f"{found.evaluation_key}-{found.number}",
        "decisionEvaluationKey": str(found.evaluation_key),
        "state": "EVALUATED",
        "evaluationDate": shapes.instant(found.at),
        "evaluationFailure": None,
        "decisionDefinitionKey": str(found.decision_key),
        "decisionDefinitionId": found.decision_id,
        "decisionDefinitionName": found.decision_name,
        "decisionDefinitionVersion": found.version,
        "decisionDefinitionType": found.type if found.type in TYPES else "UNKNOWN",
        "rootDecisionDefinitionKey": str(found.root_decision_key),
        "result": written(found.made["output"]),
        "processDefinitionKey": shapes.spelt(found.process_key),
        "processInstanceKey": shapes.spelt(found.instance_key),
        "rootProcessInstanceKey": shapes.spelt(found.root_key),
        "elementInstanceKey": shapes.spelt(element),
        "businessId": found.business_id,
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.made, house.database.once()), shape))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    evaluation, dash, number = path["key"].partition("-")
    if not dash or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Invalid(say("{key} is the key of no decision instance. It is written 123-1.", key=path["key"][:60]))
    key = shapes.key(evaluation, "decisionEvaluationInstanceKey")
    found = queries.one_made(house.database.once(), key, int(number))
    return Answer(200, {**shape(found), **traced(found.made)})


@hot.post(
    "/decision-instances/search", name=may("v2.decisions.made", READERS_OF_VALUES), **described.searched(ITEM, FIELDS)
)
@hot_path(find)
def search_decision_instances() -> None:
    """Search decisions that were made."""


@hot.get(
    "/decision-instances/{key}",
    name=may("v2.decisions.one_made", READERS_OF_VALUES),
    **described.described(key="decision instance", pattern="^[0-9]{1,18}-[0-9]{1,9}$", gives=ONE),
)
@hot_path(get)
def get_decision_instance() -> None:
    """A decision that was made, with its inputs and the rules that fired."""
