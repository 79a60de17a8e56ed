"""Batch operations: how far they are, and what became of each item."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine.queries import batches as queries
from engine.queries.batches import Batch, Item
from engine.upkeep import batches as upkeep
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Batch operation"])
router = APIRouter(route_class=HotDoor, tags=["Batch operation"])

STATES = ("CREATED", "ACTIVE", "SUSPENDED", "COMPLETED", "PARTIALLY_COMPLETED", "FAILED", "CANCELED")
ITEM_STATES = ("ACTIVE", "COMPLETED", "FAILED", "CANCELED")
ACTORS = {"person": "USER", "client": "CLIENT"}
KINDS = (
    *("CANCEL_PROCESS_INSTANCE", "DELETE_PROCESS_INSTANCE", "MIGRATE_PROCESS_INSTANCE", "MODIFY_PROCESS_INSTANCE"),
    *("RESOLVE_INCIDENT", "SUSPEND_PROCESS_INSTANCE", "RESUME_PROCESS_INSTANCE", "UPDATE_JOB", "ADD_VARIABLE"),
    *("UPDATE_VARIABLE", "DELETE_DECISION_DEFINITION", "DELETE_DECISION_INSTANCE", "DELETE_PROCESS_DEFINITION"),
)
FIELDS: search.Fields = {
    "batchOperationKey": ("key", shapes.key),
    "operationType": ("kind", shapes.OneOf(*KINDS)),
    "state": ("state", shapes.OneOf(*STATES)),
    "actorType": ("actor_type", shapes.OneOf("USER", "CLIENT", "ANONYMOUS", "UNKNOWN")),
    "actorId": ("created_by", shapes.word),
    "startDate": ("started_at", shapes.moment),
    "endDate": ("ended_at", shapes.moment),
}
ITEMS: search.Fields = {
    "batchOperationKey": ("batch_key", shapes.key),
    "itemKey": ("item_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "operationType": ("kind", shapes.OneOf(*KINDS)),
    "state": ("state", shapes.OneOf(*ITEM_STATES)),
    "processedDate": ("ended_at", shapes.moment),
}
BATCH = described.result(
    batchOperationKey=described.KEY,
    batchOperationType=described.choice(*KINDS),
    state=described.choice(*STATES),
    startDate=described.MAYBE_INSTANT,
    endDate=described.MAYBE_INSTANT,
    actorType=described.choice("USER", "CLIENT", "UNKNOWN"),
    actorId=described.TEXT,
    operationsTotalCount=described.WHOLE,
    operationsFailedCount=described.WHOLE,
    operationsCompletedCount=described.WHOLE,
    errors=described.several(described.OBJECT),
)
ITEM = described.result(
    batchOperationKey=described.KEY,
    operationType=described.choice(*KINDS),
    itemKey=described.KEY,
    processInstanceKey=described.MAYBE_KEY,
    rootProcessInstanceKey=described.MAYBE_KEY,
    state=described.choice(*ITEM_STATES),
    processedDate=described.MAYBE_INSTANT,
    errorMessage={**described.MAYBE, "description": "Why it failed."},
)


def shape(found: Batch) -> dict[str, Any]:
    return {
        "batchOperationKey": str(found.key),
        "batchOperationType": found.kind,
        "state": found.state,
        "startDate": shapes.instant(found.started_at),
        "endDate": shapes.instant(found.ended_at),
        "actorType": ACTORS.get(found.actor_kind, "UNKNOWN"),
        "actorId": found.created_by,
        "operationsTotalCount": found.total,
        "operationsFailedCount": found.failed,
        "operationsCompletedCount": found.completed,
        "errors": [],
    }


def item(found: Item) -> dict[str, Any]:
    return {
        "batchOperationKey": str(found.batch_key),
        "operationType": found.kind,
        "itemKey": str(found.item_key),
        "processInstanceKey": shapes.spelt(found.instance_key),
        "rootProcessInstanceKey": shapes.spelt(found.root_key),
        "state": found.state,
        "processedDate": shapes.instant(found.ended_at),
        "errorMessage": found.message,
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.batches, house.database.once()), shape))


def find_items(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, ITEMS, partial(queries.items, house.database.once()), item))


def key_of(path: Any) -> int:
    """The batch operation that a path names."""
    return shapes.key(path["key"], "batchOperationKey")


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(queries.batch(house.database.once(), key_of(path))))


def suspend(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    upkeep.suspend(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


def resume(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    upkeep.resume(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


def cancel(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    upkeep.cancel(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


@hot.post("/batch-operations/search", name=may("v2.batches.search", OPERATORS), **described.searched(BATCH, FIELDS))
@hot_path(find)
def search_batch_operations() -> None:
    """Search batch operations."""


@hot.post("/batch-operation-items/search", name=may("v2.batches.items", OPERATORS), **described.searched(ITEM, ITEMS))
@hot_path(find_items)
def search_batch_operation_items() -> None:
    """Search what became of each item of batch operations."""


@hot.get(
    "/batch-operations/{key}",
    name=may("v2.batches.get", OPERATORS),
    **described.described(key="batch operation", gives=BATCH),
)
@hot_path(get)
def get_batch_operation() -> None:
    """A batch operation by its key, with its progress."""


_OF_ONE = described.described(key="batch operation")


@hot.post("/batch-operations/{key}/suspension", name=may("v2.batches.suspend", OPERATORS), **_OF_ONE)
@hot_path(suspend)
def suspend_batch_operation() -> None:
    """Keep what is left of a batch operation for later."""


@hot.post("/batch-operations/{key}/resumption", name=may("v2.batches.resume", OPERATORS), **_OF_ONE)
@hot_path(resume)
def resume_batch_operation() -> None:
    """Go on with a batch operation."""


@hot.post("/batch-operations/{key}/cancellation", name=may("v2.batches.cancel", OPERATORS), **_OF_ONE)
@hot_path(cancel)
def cancel_batch_operation() -> None:
    """Drop what is left of a batch operation; what is done stays done."""
