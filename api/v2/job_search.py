"""Jobs as they are listed: search, with all filters."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.jobs import EVENTS, KINDS, WORKERS
from engine import queries
from engine.queries import Job, keys
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Job"])
router = APIRouter(route_class=HotDoor, tags=["Job"])

STATES = (
    *("CREATED", "FAILED", "COMPLETED", "ERROR_THROWN", "CANCELED"),
    *("MIGRATED", "TIMED_OUT", "RETRIES_UPDATED", "TIMEOUT_UPDATED", "PRIORITY_UPDATED"),
)
FIELDS: search.Fields = {
    "jobKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "elementId": ("element", shapes.word),
    "elementInstanceKey": ("element_key", shapes.key),
    "type": ("type", shapes.word),
    "kind": ("kind", shapes.OneOf(*KINDS)),
    "listenerEventType": ("listener", shapes.OneOf(*EVENTS)),
    "state": ("state", shapes.OneOf(*STATES)),
    "worker": ("worker", shapes.word),
    "retries": ("retries", shapes.whole),
    "priority": ("priority", shapes.whole),
    "hasFailedWithRetriesLeft": ("failed_before", shapes.flag),
    "isDenied": ("denied", shapes.flag),
    "deniedReason": ("nothing", shapes.word),
    "errorCode": ("error_code", shapes.word),
    "errorMessage": ("error_message", shapes.word),
    "deadline": ("lease_until", shapes.moment),
    "creationTime": ("created_at", shapes.moment),
    "lastUpdateTime": ("ended_at", shapes.moment),
    "endTime": ("ended_at", shapes.moment),
    "tenantId": ("tenant", shapes.word),
}
ITEM = described.result(
    jobKey=described.KEY,
    type=described.TEXT,
    kind=described.choice(*KINDS),
    listenerEventType=described.choice(*EVENTS),
    state=described.choice(*STATES),
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    businessId=described.MAYBE,
    customHeaders=described.OBJECT,
    worker=described.TEXT,
    retries=described.WHOLE,
    priority=described.WHOLE,
    hasFailedWithRetriesLeft=described.FLAG,
    isDenied=described.FLAG,
    deniedReason=described.MAYBE,
    deadline=described.MAYBE_INSTANT,
    errorCode=described.MAYBE,
    errorMessage=described.MAYBE,
    creationTime=described.INSTANT,
    lastUpdateTime=described.MAYBE_INSTANT,
    endTime=described.MAYBE_INSTANT,
    tenantId=described.TENANT,
)


def shape(found: Job) -> dict[str, Any]:
    return {
        "jobKey": str(found.key),
        "type": found.type,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "state": found.state,
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "elementInstanceKey": str(keys.make(found.instance_key, found.token)),
        "businessId": found.business_id,
        "customHeaders": found.headers,
        "worker": found.worker or "",
        "retries": found.retries,
        "priority": 0,
        "hasFailedWithRetriesLeft": found.state == "CREATED" and found.error_message is not None,
        "isDenied": False,
        "deniedReason": None,
        "deadline": shapes.instant(found.lease_until),
        "errorCode": found.error_code,
        "errorMessage": found.error_message,
        "creationTime": shapes.instant(found.created_at),
        "lastUpdateTime": shapes.instant(found.ended_at),
        "endTime": shapes.instant(found.ended_at),
        "tenantId": "<default>",
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.jobs, house.database.once()), shape))


@hot.post("/jobs/search", name=may("v2.jobs.search", WORKERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_jobs() -> None:
    """Search jobs."""
