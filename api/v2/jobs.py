"""Jobs, for workers in any language: activate, complete, fail, throw an error. Only clients and administrators."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor, Later
from api.door import hot as hot_path
from api.v2 import described, shapes
from engine import queries
from engine.commands import job
from engine.commands.job import Lease
from engine.queries import keys
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Job"])
router = APIRouter(route_class=HotDoor, tags=["Job"])

WORKERS = frozenset({"client", "admin"})
MOST = 1000
LONGEST = 365 * 24 * 3600 * 1000  # milliseconds
POLL = 10_000  # milliseconds that are waited for work where the caller leaves it to us
POLL_MOST = 600_000
KINDS = ("BPMN_ELEMENT", "EXECUTION_LISTENER", "TASK_LISTENER", "AD_HOC_SUB_PROCESS")
EVENTS = (
    *("UNSPECIFIED", "ASSIGNING", "BEFORE_ALL", "CANCEL", "CANCELING", "COMPLETING", "CREATING", "END", "START"),
    "UPDATING",
)
LEASED = described.result(
    jobKey=described.KEY,
    type=described.TEXT,
    kind=described.choice(*KINDS),
    listenerEventType=described.choice(*EVENTS),
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processDefinitionVersion=described.WHOLE,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    businessId=described.MAYBE,
    customHeaders=described.OBJECT,
    variables=described.VARIABLES,
    worker=described.TEXT,
    retries=described.WHOLE,
    priority=described.WHOLE,
    deadline={**described.WHOLE, "description": "Milliseconds since 1970: until then nobody else gets the job."},
    userTask={"type": "null"},
    tenantId=described.TENANT,
    physicalTenantId=described.TEXT,
    tags=described.several(described.TEXT),
)
WANTED = described.body(
    "type",
    type=described.NAMED,
    worker=described.TEXT,
    timeout=described.whole(1, LONGEST, "For how many milliseconds the jobs are taken; 60,000."),
    maxJobsToActivate=described.whole(1, MOST, "1 where nothing is said."),
    fetchVariable=described.several(described.TEXT),
    requestTimeout=described.whole(
        -shapes.LARGEST, POLL_MOST, f"For how many milliseconds work is waited for: 0 for {POLL:,}, none below it."
    ),
    tenantIds=described.several(described.TENANT),
    tenantFilter=described.choice("PROVIDED", "ASSIGNED"),
)
FAILURE = described.body(
    retries=described.whole(0, MOST, "How many attempts are left; at 0 an incident is opened."),
    errorMessage=described.TEXT,
    retryBackOff=described.whole(0, LONGEST, "Milliseconds until the next attempt."),
)
ERROR = described.body(
    "errorCode", errorCode=described.NAMED, errorMessage=described.TEXT, variables=described.VARIABLES
)
CHANGES = described.body(retries=described.whole(1, MOST), timeout=described.whole(1, LONGEST))
CHANGED = described.body("changeset", changeset=CHANGES, operationReference=described.REFERENCE)


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
        "elementInstanceKey": str(keys.make(found.instance_key, found.element_token)),
        "businessId": None,
        "customHeaders": dict(found.headers),
        "variables": variables,
        "worker": worker,
        "retries": found.retries,
        "priority": 0,
        "deadline": round(found.until.timestamp() * 1000),
        "userTask": None,
        "tenantId": "<default>",
        "physicalTenantId": "<default>",
        "tags": [],
    }


def activate(house: House, actor: Actor, path: Any, raw: bytes) -> Answer | Later:
    body = shapes.body(raw)
    shapes.lacking(body, "withLease")
    for tenant in shapes.texts(body, "tenantIds"):
        shapes.tenant({"tenantId": tenant})
    worker, fetch = shapes.text(body, "worker", "") or actor.id, shapes.texts(body, "fetchVariable")
    patience = shapes.between(body, "requestTimeout", -1, -shapes.LARGEST, POLL_MOST)
    take = partial(
        _take,
        house,
        worker,
        fetch,
        time.monotonic() + (patience or POLL) / 1000,
        shapes.text(body, "type"),
        shapes.between(body, "timeout", 60_000, 1, LONGEST) / 1000,
        shapes.between(body, "maxJobsToActivate", 1, 1, MOST),
    )
    return take()


def _take(
    house: House, worker: str, fetch: Sequence[str], until: float, type_: str, timeout_s: float, limit: int
) -> Answer | Later:
    """Jobs that are due, or a later look for them: when the bell rings that work has come."""
    leases = job.activate(house.engine, house.database.once(), [type_], worker, timeout_s=timeout_s, limit=limit)
    if leases or time.monotonic() >= until:
        return Answer(200, {"jobs": [leased(found, worker, fetch) for found in leases]})
    return Later(partial(_take, house, worker, fetch, until, type_, timeout_s, limit), until)


def complete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.lacking(body, "result", "jobLeaseToken", "businessId")
    variables = shapes.values(body)
    job.complete(house.engine, house.database.once(), shapes.key(path["key"], "jobKey"), variables, actor=actor)
    return Answer(204)


def fail(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.lacking(body, "variables", "jobLeaseToken")
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


def update(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    shapes.reference(body)
    shapes.lacking(body, "jobLeaseToken")
    key, wanted = shapes.key(path["key"], "jobKey"), changes(body)
    queries.job(house.database.once(), key)
    job.update(house.engine, house.database.once(), key, actor=actor, **wanted)
    return Answer(204)


def changes(body: dict[str, Any]) -> dict[str, Any]:
    """The changeset of one job or of many. Raises Invalid."""
    wanted = shapes.needed(body, "changeset")
    shapes.lacking(wanted, "priority")
    retries, timeout = wanted.get("retries"), wanted.get("timeout")
    if retries is None and timeout is None:
        raise Invalid(say("Nothing is to be changed. Send retries or timeout in the changeset."))
    return {
        "retries": None if retries is None else shapes.between(wanted, "retries", 1, 1, MOST),
        "timeout_s": None if timeout is None else shapes.between(wanted, "timeout", 1, 1, LONGEST) / 1000,
    }


@hot.post(
    "/jobs/activation",
    name=may("v2.jobs.activate", WORKERS),
    **described.described(takes=WANTED, gives=described.result(jobs=described.several(LEASED))),
)
@hot_path(activate)
def activate_jobs() -> None:
    """Take jobs of a type for a time."""


@hot.post(
    "/jobs/{key}/completion",
    name=may("v2.jobs.complete", WORKERS),
    **described.described(key="job", takes=described.body(variables=described.VARIABLES), needed=False),
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


@router.patch("/jobs/{key}", name=may("v2.jobs.update", WORKERS), **described.described(key="job", takes=CHANGED))
@hot_path(update)
def update_job() -> None:
    """Give a job other retries, or more time to who holds it."""
