"""Counts of jobs over a time: how many were made, completed and failed, by type, by worker, by interval, by error.

A job counts as failed by its last attempt, at its end or, while it is open, at its beginning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kernel.db import Unit


@dataclass(frozen=True, slots=True)
class Counted:
    """The jobs of one group. `by` is its type or worker, or the beginning of its interval."""

    by: Any
    created: int
    created_at: datetime | None
    completed: int
    completed_at: datetime | None
    failed: int
    failed_at: datetime | None
    workers: int

    @property
    def type(self) -> str:
        return str(self.by)


@dataclass(frozen=True, slots=True)
class Failed:
    """An error that jobs ended with, and how many workers met it."""

    code: str
    message: str
    workers: int


_EVENTS = """select type, worker, created_at as at, 'created' as what from job
  union all select type, worker, ended_at, 'completed' from job where state = 'COMPLETED'
  union all select type, worker, coalesce(ended_at, created_at), 'failed' from job
    where state in ('FAILED', 'ERROR_THROWN') or state = 'CREATED' and error_message is not null"""
_COUNTS = """count(*) filter (where e.what = 'created'), max(e.at) filter (where e.what = 'created'),
    count(*) filter (where e.what = 'completed'), max(e.at) filter (where e.what = 'completed'),
    count(*) filter (where e.what = 'failed'), max(e.at) filter (where e.what = 'failed'),
    count(distinct e.worker)"""
_WITHIN = "e.at >= %(since)s and e.at < %(until)s and (%(type)s::text is null or e.type = %(type)s::text)"
_ALL = f"select null, {_COUNTS} from ({_EVENTS}) e where {_WITHIN}"
_BY_TYPE = f"select e.type, {_COUNTS} from ({_EVENTS}) e where {_WITHIN} group by 1 order by 1"
_BY_WORKER = f"""select e.worker, {_COUNTS} from ({_EVENTS}) e where {_WITHIN} and e.worker is not null group by 1
  order by 1"""
_BY_INTERVAL = f"""select date_bin(%(each)s, e.at, %(since)s), {_COUNTS} from ({_EVENTS}) e where {_WITHIN} group by 1
  order by 1"""
_OVER = "coalesce(e.ended_at, e.created_at)"
_ERRORS = f"""select coalesce(error_code, ''), coalesce(error_message, ''), count(distinct worker) from job e
  where (error_code is not null or error_message is not null) and {_OVER} >= %(since)s and {_OVER} < %(until)s
    and e.type = %(type)s::text group by 1, 2 order by 3 desc, 1, 2"""


def counts(unit: Unit, since: datetime, until: datetime, type: str | None = None) -> Counted:
    """All jobs, or those of one type."""
    return Counted(*unit.one(_ALL, {"since": since, "until": until, "type": type}))


def by_type(unit: Unit, since: datetime, until: datetime) -> list[Counted]:
    return _counted(unit, _BY_TYPE, since, until)


def by_worker(unit: Unit, since: datetime, until: datetime, type: str) -> list[Counted]:
    return _counted(unit, _BY_WORKER, since, until, type=type)


def by_interval(unit: Unit, since: datetime, until: datetime, type: str, each: timedelta) -> list[Counted]:
    """In intervals of this length from `since` on; those in which nothing happened are left out."""
    return _counted(unit, _BY_INTERVAL, since, until, type=type, each=each)


def errors(unit: Unit, since: datetime, until: datetime, type: str) -> list[Failed]:
    """The errors that jobs of a type ended with, those that most workers met first."""
    args = {"since": since, "until": until, "type": type}
    return [Failed(*row) for row in unit.all(_ERRORS, args)]


def _counted(
    unit: Unit, statement: str, since: datetime, until: datetime, type: str | None = None, **more: Any
) -> list[Counted]:
    args = {"since": since, "until": until, "type": type, **more}
    return [Counted(*row) for row in unit.all(statement, args)]
