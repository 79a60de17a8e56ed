"""Counts of jobs over a time."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.jobs import WORKERS
from engine.queries import workers
from engine.queries.listed import listed
from engine.queries.workers import Counted, Failed
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Job"])
router = APIRouter(route_class=HotDoor, tags=["Job"])

_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?")
INTERVALS = 1000  # at most in one answer
EACH = 60  # intervals where no resolution is asked for
NO_FIELDS: search.Fields = {}
METRIC = described.result(count=described.WHOLE, lastUpdatedAt=described.MAYBE_INSTANT)
METRICS = {"created": METRIC, "completed": METRIC, "failed": METRIC}
GLOBAL = described.result(**METRICS, isIncomplete=described.FLAG)
OF_TYPE = described.result(jobType=described.TEXT, **METRICS, workers=described.WHOLE)
OF_WORKER = described.result(worker=described.TEXT, **METRICS)
OF_INTERVAL = described.result(time=described.INSTANT, **METRICS)
OF_ERROR = described.result(errorCode=described.TEXT, errorMessage=described.TEXT, workers=described.WHOLE)
TYPES: search.Fields = {"jobType": ("type", shapes.word)}
ERRORS: search.Fields = {"errorCode": ("code", shapes.word), "errorMessage": ("message", shapes.word)}
_SPAN = {"from": described.INSTANT, "to": described.INSTANT}
_OF_ONE_TYPE = described.body("from to jobType", **_SPAN, jobType=described.NAMED)


def _metrics(found: Counted) -> dict[str, Any]:
    return {
        "created": {"count": found.created, "lastUpdatedAt": shapes.instant(found.created_at)},
        "completed": {"count": found.completed, "lastUpdatedAt": shapes.instant(found.completed_at)},
        "failed": {"count": found.failed, "lastUpdatedAt": shapes.instant(found.failed_at)},
    }


def _span(wanted: Mapping[str, Any]) -> tuple[datetime, datetime]:
    since, until = shapes.moment(wanted.get("from"), "from"), shapes.moment(wanted.get("to"), "to")
    if until <= since:
        raise Invalid(say("The time ends before it begins. `to` is later than `from`."))
    return since, until


def whole(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    asked = {name.removeprefix("?"): value for name, value in path.items()}
    since, until = _span(asked)
    found = workers.counts(house.database.once(), since, until, asked.get("jobType") or None)
    return Answer(200, {**_metrics(found), "isIncomplete": False})


def by_type(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    wanted = dict(shapes.needed(body, "filter"))
    since, until = _span({name: wanted.pop(name, None) for name in _SPAN})
    look = partial(listed, workers.by_type(house.database.once(), since, until))

    def shaped(found: Counted) -> dict[str, Any]:
        return {"jobType": found.type, **_metrics(found), "workers": found.workers}

    return Answer(200, search.look({**body, "filter": wanted}, TYPES, look, shaped))


def by_worker(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    wanted = shapes.needed(body, "filter")
    found = workers.by_worker(house.database.once(), *_span(wanted), shapes.text(wanted, "jobType"))

    def shaped(one: Counted) -> dict[str, Any]:
        return {"worker": str(one.by), **_metrics(one)}

    return Answer(200, search.look({**body, "filter": None}, NO_FIELDS, partial(listed, found), shaped))


def by_interval(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    wanted = shapes.needed(body, "filter")
    since, until = _span(wanted)
    each = _each(shapes.optional(wanted, "resolution"), until - since)
    found = workers.by_interval(house.database.once(), since, until, shapes.text(wanted, "jobType"), each)

    def shaped(one: Counted) -> dict[str, Any]:
        return {"time": shapes.instant(one.by), **_metrics(one)}

    return Answer(200, search.look({**body, "filter": None}, NO_FIELDS, partial(listed, found), shaped))


def by_error(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    wanted = dict(shapes.needed(body, "filter"))
    since, until = _span({name: wanted.pop(name, None) for name in _SPAN})
    type_ = shapes.text({"jobType": wanted.pop("jobType", None)}, "jobType")
    look = partial(listed, workers.errors(house.database.once(), since, until, type_))

    def shaped(found: Failed) -> dict[str, Any]:
        return {"errorCode": found.code, "errorMessage": found.message, "workers": found.workers}

    return Answer(200, search.look({**body, "filter": wanted}, ERRORS, look, shaped))


def _each(resolution: str | None, span: timedelta) -> timedelta:
    """The length of an interval, from a duration such as PT1M. Raises Invalid where too many would come of it."""
    if resolution is None:
        return max(span / EACH, timedelta(seconds=1))
    read = _DURATION.fullmatch(resolution)
    days, hours, minutes, seconds = (int(part or 0) for part in (read.groups() if read else "0000"))
    each = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not each or span / each > INTERVALS:
        raise Invalid(
            say(
                "The resolution {text} does not fit: it is a duration such as PT1M, of at most {most} intervals.",
                text=resolution[:60],
                most=INTERVALS,
            )
        )
    return each


def _statistics(item: described.Schema, filter_: described.Schema, sorts: search.Fields = NO_FIELDS) -> dict[str, Any]:
    return described.described(takes=described.paged(sorts, filter_, "filter"), gives=described.listed(item))


@hot.get(
    "/jobs/statistics/global",
    name=may("v2.jobs.statistics", WORKERS),
    **described.described(gives=GLOBAL, asks={**_SPAN, "jobType": described.TEXT}, must=("from", "to")),
)
@hot_path(whole)
def get_global_job_statistics() -> None:
    """How many jobs were made, completed and failed in a time."""


@hot.post(
    "/jobs/statistics/by-types",
    name=may("v2.jobs.by_type", WORKERS),
    **_statistics(OF_TYPE, described.body("from to", **_SPAN, jobType=described.compared(shapes.word)), TYPES),
)
@hot_path(by_type)
def get_job_type_statistics() -> None:
    """The same by type."""


@hot.post("/jobs/statistics/by-workers", name=may("v2.jobs.by_worker", WORKERS), **_statistics(OF_WORKER, _OF_ONE_TYPE))
@hot_path(by_worker)
def get_job_worker_statistics() -> None:
    """The same by worker, for one type."""


@hot.post(
    "/jobs/statistics/time-series",
    name=may("v2.jobs.by_interval", WORKERS),
    **_statistics(
        OF_INTERVAL,
        described.body(
            "from to jobType",
            **_SPAN,
            jobType=described.NAMED,
            resolution={**described.NAMED, "description": "A duration such as PT1M; a sixtieth of the time."},
        ),
    ),
)
@hot_path(by_interval)
def get_job_time_series_statistics() -> None:
    """The same by interval, for one type."""


@hot.post(
    "/jobs/statistics/errors",
    name=may("v2.jobs.by_error", WORKERS),
    **_statistics(
        OF_ERROR,
        described.body(
            "from to jobType",
            **_SPAN,
            jobType=described.NAMED,
            errorCode=described.compared(shapes.word),
            errorMessage=described.compared(shapes.word),
        ),
        ERRORS,
    ),
)
@hot_path(by_error)
def get_job_error_statistics() -> None:
    """The errors that jobs of one type ended with."""
