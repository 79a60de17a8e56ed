"""Jobs, for workers in any language: activate, complete, fail, throw an error. Only clients and administrators."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from engine import queries
from engine.commands import job
from engine.commands.job import Lease
from engine.queries import Job
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Job"])
router = APIRouter(route_class=HotDoor, tags=["Job"])

WORKERS = frozenset({"client", "admin"})
MOST = 1000
LONGEST = 365 * 24 * 3600 * 1000  # milliseconds
FIELDS: search.Fields = {
    "jobKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "elementId": ("element", shapes.word),
    "type": ("type", shapes.word),
    "state": ("state", shapes.word),
    "worker": ("worker", shapes.word),
    "retries": ("retries", shapes.whole),
    "errorCode": ("error_code", shapes.word),
    "errorMessage": ("error_message", shapes.word),
    "deadline": ("lease_until", shapes.moment),
    "creationTime": ("created_at", shapes.moment),
    "endTime": ("ended_at", shapes.moment),
}
ITEM = described.thing(
    jobKey=described.KEY,
    type=described.TEXT,
    state={"enum": ["CREATED", "FAILED", "COMPLETED", "ERROR_THROWN", "CANCELED"]},
    processInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    worker=described.MAYBE,
    retries=described.WHOLE,
    deadline=described.MAYBE_INSTANT,
    errorCode=described.MAYBE,
    errorMessage=described.MAYBE,
    creationTime=described.INSTANT,
    endTime=described.MAYBE_INSTANT,
    tenantId=described.TEXT,
)
LEASED = described.thing(
    jobKey=described.KEY,
    type=described.TEXT,
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    customHeaders=described.OBJECT,
    variables=described.VARIABLES,
    worker=described.TEXT,
    retries=described.WHOLE,
    deadline={**described.WHOLE, "description": "Milliseconds since 1970: until then nobody else gets the job."},
    tenantId=described.TEXT,
)
WANTED = described.thing(
    "type",
    type=described.TEXT,
    worker=described.TEXT,
    timeout={**described.WHOLE, "description": "For how many milliseconds the jobs are taken; 60,000."},
    maxJobsToActivate={**described.WHOLE, "description": "1 to 1,000; 1."},
    fetchVariable=described.several(described.TEXT),
)
FAILURE = described.thing(
    retries={**described.WHOLE, "description": "How many attempts are left; at 0 an incident is opened."},
    errorMessage=described.TEXT,
    retryBackOff={**described.WHOLE, "description": "Milliseconds until the next attempt."},
)
ERROR = described.thing(
    "errorCode", errorCode=described.TEXT, errorMessage=described.TEXT, variables=described.VARIABLES
)


def leased(found: Lease, worker: str, fetch: Sequence[str]) -> dict[str, Any]:
    """A job as its worker gets it, with the variables that it fetches: all of them where it names none."""
    variables = {name: value for name, value in found.variables.items() if not fetch or name in fetch}
    return {
        "jobKey": str(found.key),
        "type": found.type,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "processDefinitionVersion": found.version,
        "elementId": found.element,
        "elementInstanceKey": str(found.key),
        "customHeaders": dict(found.headers),
        "variables": variables,
        "worker": worker,
        "retries": found.retries,
        "deadline": round(found.until.timestamp() * 1000),
        "tenantId": "<default>",
        "tags": [],
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
        "elementInstanceKey": str(found.key),
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
    worker, fetch = shapes.text(body, "worker", actor.id), shapes.texts(body, "fetchVariable")
    leases = job.activate(
        house.engine,
        house.database.once(),
        [shapes.text(body, "type")],
        worker,
        timeout_s=shapes.between(body, "timeout", 60_000, 1, LONGEST) / 1000,
        limit=shapes.between(body, "maxJobsToActivate", 1, 1, MOST),
    )
    return Answer(200, {"jobs": [leased(found, worker, fetch) for found in leases]})


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
        retries_left=shapes.between(body, "retries", 0, 0, MOST),
        backoff_s=shapes.between(body, "retryBackOff", 0, 0, LONGEST) / 1000,
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


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, FIELDS, partial(queries.jobs, house.database.once()), shape))


@hot.post(
    "/jobs/activation",
    name=may("v2.jobs.activate", WORKERS),
    **described.described(takes=WANTED, gives=described.thing(jobs=described.several(LEASED))),
)
@hot_path(activate)
def activate_jobs() -> None:
    """Take jobs of a type for a time."""


@hot.post(
    "/jobs/{key}/completion",
    name=may("v2.jobs.complete", WORKERS),
    **described.described(key="job", takes=described.thing(variables=described.VARIABLES), needed=False),
)
@hot_path(complete)
def complete_job() -> None:
    """Complete a job."""


@router.post(
    "/jobs/{key}/failure",
    name=may("v2.jobs.fail", WORKERS),
    **described.described(key="job", takes=FAILURE, needed=False),
)
@hot_path(fail)
def fail_job() -> None:
    """An attempt failed."""


@router.post("/jobs/{key}/error", name=may("v2.jobs.error", WORKERS), **described.described(key="job", takes=ERROR))
@hot_path(throw)
def throw_job_error() -> None:
    """The job ends with a BPMN error."""


@router.post("/jobs/search", name=may("v2.jobs.search", WORKERS), **described.searched(ITEM, FIELDS))
@hot_path(find)
def search_jobs() -> None:
    """Search jobs."""
