"""The same act on all instances that a filter finds, as a batch operation; and on single ones what only a batch has."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, instances, job_search, jobs, plans, search, shapes
from engine import queries
from engine.queries import Condition
from engine.upkeep import batches, retention
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Batch operation"])
router = APIRouter(route_class=HotDoor, tags=["Batch operation"])

MADE = described.result(batchOperationKey=described.KEY, batchOperationType=described.TEXT)
REFERRED = described.body(operationReference=described.REFERENCE)


def begin(house: House, actor: Actor, kind: str, body: Mapping[str, Any], payload: dict[str, Any]) -> Answer:
    """A batch over the instances of the filter, which has to be there: an empty one means all of them."""
    shapes.reference(body)
    wanted = shapes.needed(body, "filter")
    conditions = instances.chosen(wanted)
    unit = house.database.once()
    key = batches.create(house.engine, unit, kind, conditions, payload, actor=actor, told=wanted)
    return _made(key, kind)


def _made(key: int, kind: str) -> Answer:
    return Answer(200, {"batchOperationKey": str(key), "batchOperationType": kind})


def cancel(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return begin(house, actor, "CANCEL_PROCESS_INSTANCE", shapes.body(raw), {})


def delete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return begin(house, actor, "DELETE_PROCESS_INSTANCE", shapes.body(raw), {})


def suspend(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return begin(house, actor, "SUSPEND_PROCESS_INSTANCE", shapes.body(raw), {})


def resume(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return begin(house, actor, "RESUME_PROCESS_INSTANCE", shapes.body(raw), {})


def resolve(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return begin(house, actor, "RESOLVE_INCIDENT", shapes.body(raw), {})


def migrate(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    target, mappings = plans.migration(shapes.needed(body, "migrationPlan"))
    house.engine.definitions.process(house.database.once(), target)
    told = [{"source": one.source, "target": one.target} for one in mappings]
    return begin(house, actor, "MIGRATE_PROCESS_INSTANCE", body, {"target_key": target, "mappings": told})


def modify(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    told = [{"source": one.source, "target": one.target} for one in plans.moves(body)]
    return begin(house, actor, "MODIFY_PROCESS_INSTANCE", body, {"move": told})


def update_jobs(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.reference(body)
    wanted, changes = shapes.needed(body, "filter"), jobs.changes(body)
    payload = {name: value for name, value in changes.items() if value is not None}
    if isinstance(payload.get("timeout_s"), float):
        payload["timeout_s"] = max(1, round(payload["timeout_s"]))
    conditions = search.criteria(wanted, job_search.FIELDS)
    unit = house.database.once()
    key = batches.create(house.engine, unit, "UPDATE_JOB", conditions, payload, actor=actor, told=wanted)
    return _made(key, "UPDATE_JOB")


def delete_one(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    shapes.reference(shapes.body(raw))
    retention.remove(house.engine, house.database.once(), instances.key_of(path), actor=actor)
    return Answer(204)


def resolve_one(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """The incidents of one instance, as a batch: what cannot be mended is told there by its item."""
    shapes.reference(shapes.body(raw))
    unit, key = house.database.once(), instances.key_of(path)
    queries.instance(unit, key)
    kind = "RESOLVE_INCIDENT"
    made = batches.create(house.engine, unit, kind, [Condition("key", key)], {}, actor=actor)
    return _made(made, kind)


def _many(needs: str = "filter", **more: described.Schema) -> dict[str, Any]:
    body = described.body(needs, filter=instances.FILTER, operationReference=described.REFERENCE, **more)
    return described.described(takes=body, gives=MADE)


@hot.post("/process-instances/cancellation", name=may("v2.batches.cancel_many", OPERATORS), **_many())
@hot_path(cancel)
def cancel_process_instances_batch_operation() -> None:
    """Cancel all instances that a filter finds."""


@hot.post("/process-instances/deletion", name=may("v2.batches.delete_many", OPERATORS), **_many())
@hot_path(delete)
def delete_process_instances_batch_operation() -> None:
    """Delete all finished instances that a filter finds."""


@hot.post("/process-instances/suspension", name=may("v2.batches.suspend_many", OPERATORS), **_many())
@hot_path(suspend)
def suspend_process_instances_batch_operation() -> None:
    """Let all instances that a filter finds stand still."""


@hot.post("/process-instances/resumption", name=may("v2.batches.resume_many", OPERATORS), **_many())
@hot_path(resume)
def resume_process_instances_batch_operation() -> None:
    """Let all suspended instances that a filter finds go on."""


@hot.post("/process-instances/incident-resolution", name=may("v2.batches.resolve_many", OPERATORS), **_many())
@hot_path(resolve)
def resolve_incidents_batch_operation() -> None:
    """Try again what has stopped in all instances that a filter finds."""


@hot.post(
    "/process-instances/migration",
    name=may("v2.batches.migrate_many", OPERATORS),
    **_many("filter migrationPlan", migrationPlan=described.thing(" ".join(plans.PLAN), **plans.PLAN)),
)
@hot_path(migrate)
def migrate_process_instances_batch_operation() -> None:
    """Move all instances that a filter finds to another version."""


@hot.post(
    "/process-instances/modification",
    name=may("v2.batches.modify_many", OPERATORS),
    **_many("filter moveInstructions", moveInstructions=plans.MOVES),
)
@hot_path(modify)
def modify_process_instances_batch_operation() -> None:
    """Move tokens from element to element in all instances that a filter finds."""


@hot.post(
    "/jobs/batch-update",
    name=may("v2.batches.update_jobs", OPERATORS),
    **described.described(
        takes=described.body(
            "filter changeset",
            filter=described.filtered(job_search.FIELDS),
            changeset=jobs.CHANGES,
            operationReference=described.REFERENCE,
        ),
        gives=MADE,
    ),
)
@hot_path(update_jobs)
def update_jobs_batch_operation() -> None:
    """Give all jobs that a filter finds other retries or more time."""


@hot.post(
    "/process-instances/{key}/deletion",
    name=may("v2.instances.delete", OPERATORS),
    **described.described(key="process instance", takes=REFERRED, needed=False),
)
@hot_path(delete_one)
def delete_process_instance() -> None:
    """Delete a finished instance with all that it called."""


@hot.post(
    "/process-instances/{key}/incident-resolution",
    name=may("v2.instances.resolve", OPERATORS),
    **described.described(key="process instance", takes=REFERRED, gives=MADE, needed=False),
)
@hot_path(resolve_one)
def resolve_process_instance_incidents() -> None:
    """Try again all that has stopped in an instance, as a batch operation."""
