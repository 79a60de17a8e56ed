"""The audit log: who did what, over all instances and to none."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine.queries import audit as queries
from engine.queries import keys
from engine.queries.audit import Act
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Audit log"])
router = APIRouter(route_class=HotDoor, tags=["Audit log"])

ENTITIES = (
    *("PROCESS_INSTANCE", "VARIABLE", "INCIDENT", "JOB", "USER_TASK", "DECISION", "BATCH", "RESOURCE", "USER"),
    *("CLIENT", "GROUP", "ROLE", "TENANT", "MAPPING_RULE", "AUTHORIZATION"),
)
OPERATIONS = (
    *("CREATE", "UPDATE", "DELETE", "ASSIGN", "UNASSIGN", "COMPLETE", "CANCEL", "RESOLVE", "MIGRATE", "MODIFY"),
    *("SUSPEND", "RESUME", "EVALUATE", "UNKNOWN"),
)
ACTORS = {"person": "USER", "client": "CLIENT"}
CATEGORIES = {"USER_TASK": "USER_TASKS", "USER": "ADMIN", "CLIENT": "ADMIN", "GROUP": "ADMIN"}
OF_TASK: search.Fields = {
    "operationType": ("operation", shapes.OneOf(*OPERATIONS)),
    "result": ("result", shapes.OneOf("SUCCESS", "FAIL")),
    "timestamp": ("at", shapes.moment),
    "actorId": ("actor", shapes.word),
    "actorType": ("actor_type", shapes.OneOf("USER", "CLIENT", "ANONYMOUS", "UNKNOWN")),
}
_NONE_KEYS = ("formKey", "resourceKey", "decisionRequirementsKey", "decisionEvaluationKey", "relatedEntityKey")
_NONE = (
    *("decisionRequirementsId", "decisionDefinitionId", "relatedEntityType", "entityDescription"),
    *("inboundChannelType", "inboundChannelToolName", "agentElementId"),
)
FIELDS: search.Fields = {
    **OF_TASK,
    "auditLogKey": ("key", shapes.key),
    "entityKey": ("entity_key", shapes.key),
    "entityType": ("entity", shapes.OneOf(*ENTITIES)),
    "category": ("category", shapes.OneOf("DEPLOYED_RESOURCES", "USER_TASKS", "ADMIN")),
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "elementInstanceKey": ("element_key", shapes.key),
    "jobKey": ("job_key", shapes.key),
    "userTaskKey": ("task_key", shapes.key),
    "decisionDefinitionKey": ("decision_key", shapes.key),
    "deploymentKey": ("deployment_key", shapes.key),
    "batchOperationKey": ("batch_key", shapes.key),
    "batchOperationType": ("batch_type", shapes.word),
    "tenantId": ("tenant", shapes.word),
    **{name: ("no_key", shapes.key) for name in _NONE_KEYS},
    **{name: ("nothing", shapes.word) for name in _NONE},
}
ITEM = described.result(
    auditLogKey=described.KEY,
    entityKey=described.TEXT,
    entityType=described.choice(*ENTITIES),
    operationType=described.choice(*OPERATIONS),
    timestamp=described.INSTANT,
    actorId=described.TEXT,
    actorType=described.choice("USER", "CLIENT", "UNKNOWN"),
    result={"const": "SUCCESS"},
    category=described.choice("DEPLOYED_RESOURCES", "USER_TASKS", "ADMIN"),
    tenantId=described.TENANT,
    processDefinitionId=described.MAYBE,
    batchOperationType=described.MAYBE,
    **{
        name: described.MAYBE_KEY
        for name in (
            *("processDefinitionKey", "processInstanceKey", "rootProcessInstanceKey", "elementInstanceKey", "jobKey"),
            *("userTaskKey", "decisionDefinitionKey", "deploymentKey", "batchOperationKey"),
        )
    },
    **dict.fromkeys((*_NONE_KEYS, *_NONE), described.MAYBE),
)


def shape(found: Act) -> dict[str, Any]:
    data, element = found.data or {}, None
    if found.instance_key is not None:
        element = keys.scope(found.instance_key, found.token or 0)

    def keyed(entity: str) -> str | None:
        return shapes.spelt(found.entity_key) if found.entity == entity else None

    return {
        "auditLogKey": str(found.key),
        "entityKey": str(found.entity_key or found.process_id or found.key),
        "entityType": found.entity if found.entity in ENTITIES else "RESOURCE",
        "operationType": found.operation if found.operation in OPERATIONS else "UNKNOWN",
        "timestamp": shapes.instant(found.at),
        "actorId": found.actor,
        "actorType": ACTORS.get(found.actor_kind, "UNKNOWN"),
        "result": "SUCCESS",
        "category": CATEGORIES.get(found.entity, "DEPLOYED_RESOURCES"),
        "tenantId": "<default>",
        "processDefinitionId": found.process_id,
        "processDefinitionKey": shapes.spelt(found.definition_key),
        "processInstanceKey": shapes.spelt(found.instance_key),
        "rootProcessInstanceKey": shapes.spelt(found.root_key),
        "elementInstanceKey": shapes.spelt(element),
        "jobKey": keyed("JOB"),
        "userTaskKey": keyed("USER_TASK"),
        "decisionDefinitionKey": keyed("DECISION"),
        "deploymentKey": keyed("RESOURCE"),
        "batchOperationKey": keyed("BATCH"),
        "batchOperationType": data.get("kind") if found.entity == "BATCH" else None,
        **dict.fromkeys((*_NONE_KEYS, *_NONE)),
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.acts, house.database.once()), shape))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.act(house.database.once(), shapes.key(path["key"], "auditLogKey"))))


@hot.post("/audit-logs/search", name=may("v2.audit.search", OPERATORS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_audit_logs() -> None:
    """Search what was done by whom."""


@hot.get("/audit-logs/{key}", name=may("v2.audit.get", OPERATORS), **described.described(key="entry", gives=ITEM))
@hot_path(get)
def get_audit_log() -> None:
    """An entry of the audit log by its key."""
