"""Jobs, for workers in any language: activate, complete, fail, throw an error. Only clients and administrators."""

from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import shapes
from engine import queries
from engine.commands import job
from engine.commands.job import Lease
from engine.queries import Job
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Job"])
router = APIRouter(route_class=HotDoor, tags=["Job"])

WORKERS = frozenset({"client", "admin"})
FIELDS: shapes.Fields = {
    "jobKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.as_is),
    "elementId": ("element", shapes.as_is),
    "type": ("type", shapes.as_is),
    "state": ("state", shapes.as_is),
    "worker": ("worker", shapes.as_is),
    "retries": ("retries", shapes.as_is),
}


def leased(found: Lease) -> dict[str, Any]:
    return {
        "jobKey": str(found.key),
        "type": found.type,
        "processInstanceKey": str(found.instance_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "elementInstanceKey": str(found.key),
        "customHeaders": dict(found.headers),
        "variables": dict(found.variables),
        "retries": found.retries,
        "tenantId": "<default>",
    }


def shape(found: Job) -> dict[str, Any]:
    return {
        "jobKey": str(found.key),
        "type": found.type,
        "state": found.state,
        "processInstanceKey": str(found.instance_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "elementId": found.element,
        "worker": found.worker,
        "retries": found.retries,
        "deadline": shapes.instant(found.lease_until),
        "errorCode": found.error_code,
        "errorMessage": found.error_message,
        "creationTime": shapes.instant(found.created_at),
        "endTime": shapes.instant(found.ended_at),
        "tenantId": "<default>",
    }


def activate(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    leases = job.activate(
        house.engine,
        house.database.once(),
        [shapes.text(body, "type")],
        shapes.text(body, "worker", actor.id),
        timeout_s=shapes.number(body, "timeout", 60_000) / 1000,
        limit=min(shapes.number(body, "maxJobsToActivate", 1), shapes.MOST),
    )
    return Answer(200, {"jobs": [leased(found) for found in leases]})


def complete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    variables = shapes.values(shapes.body(raw))
    job.complete(house.engine, house.database.once(), shapes.key(path["key"], "jobKey"), variables, actor=actor)
    return Answer(204)


def fail(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    job.fail(
        house.engine,
        house.database.once(),
        shapes.key(path["key"], "jobKey"),
        shapes.text(body, "errorMessage", ""),
        retries_left=shapes.number(body, "retries", 0),
        backoff_s=shapes.number(body, "retryBackOff", 0) / 1000,
        actor=actor,
    )
    return Answer(204)


def throw(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    job.throw_error(
        house.engine,
        house.database.once(),
        shapes.key(path["key"], "jobKey"),
        shapes.text(body, "errorCode"),
        shapes.text(body, "errorMessage", ""),
        shapes.values(body),
        actor=actor,
    )
    return Answer(204)


def search(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    limit, offset = shapes.page(body)
    found = queries.jobs(
        house.database.once(), shapes.conditions(body, FIELDS), shapes.sorting(body, FIELDS), limit, offset
    )
    return Answer(200, shapes.listed(found, shape))


@hot.post("/jobs/activation", name=may("v2.jobs.activate", WORKERS))
@hot_path(activate)
def activate_jobs() -> None:
    """Take jobs of a type for a time."""


@hot.post("/jobs/{key}/completion", name=may("v2.jobs.complete", WORKERS), status_code=204)
@hot_path(complete)
def complete_job() -> None:
    """Complete a job."""


@router.post("/jobs/{key}/failure", name=may("v2.jobs.fail", WORKERS), status_code=204)
@hot_path(fail)
def fail_job() -> None:
    """An attempt failed."""


@router.post("/jobs/{key}/error", name=may("v2.jobs.error", WORKERS), status_code=204)
@hot_path(throw)
def throw_job_error() -> None:
    """The job ends with a BPMN error."""


@router.post("/jobs/search", name=may("v2.jobs.search", WORKERS))
@hot_path(search)
def search_jobs() -> None:
    """Search jobs."""
