"""What the reading statements of `store.turns` give: the instance, and beside it one piece of its work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from engine.store import turns as sql
from kernel.text import Text, say

W = TypeVar("W")


class InstanceRow(NamedTuple):
    """An instance as a turn reads it."""

    key: int
    definition_key: int
    process_id: str
    process_version: int
    version: int
    state: str
    blob: bytes
    journal_seq: int
    journal_head: bytes
    parent_key: int | None
    parent_token: int | None
    root_key: int
    depth: int
    correlation_key: str | None
    ended_at: datetime | None


class UserTaskRow(NamedTuple):
    """A user task as a turn reads it."""

    key: int
    token: int
    element: str
    state: str
    name: str
    assignee: str | None
    assigned_at: datetime | None
    candidate_groups: list[str]
    candidate_users: list[str]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: int | None
    ended_at: datetime | None
    ended_by: str | None


class JobRow(NamedTuple):
    """A job as a turn reads it."""

    key: int
    token: int
    element: str
    state: str
    type: str
    lease: int | None
    retries: int
    due_at: datetime
    error_code: str | None
    error_message: str | None
    ended_at: datetime | None
    ended_by: str | None


class TimerRow(NamedTuple):
    """A timer as a turn reads it; `event` is the index of its event definition."""

    key: int
    token: int
    element: str
    event: int
    due_at: datetime


class SubscriptionRow(NamedTuple):
    """A subscription as a turn reads it; `event` is the index of its event definition."""

    key: int
    token: int
    element: str
    event: int
    name: str


class IncidentRow(NamedTuple):
    """An incident as a turn reads it."""

    key: int
    token: int
    element: str
    state: str
    kind: str
    message: str
    resolved_at: datetime | None
    resolved_by: str | None
    job_key: int | None


_WIDTH = len(InstanceRow._fields)


@dataclass(frozen=True, slots=True)
class Reader(Generic[W]):
    """How to read a kind of work beside its instance, and what to say where there is none."""

    statement: str
    make: Callable[[Sequence[Any]], W]
    missing: Callable[[int], Text]

    def split(self, row: Sequence[Any]) -> tuple[InstanceRow, W]:
        """A row of the statement as the instance and the work."""
        return InstanceRow._make(row[:_WIDTH]), self.make(row[_WIDTH:])


INSTANCE: Reader[None] = Reader(
    sql.READ_INSTANCE,
    lambda _: None,
    lambda key: say("There is no process instance {key}. Check the key.", key=key),
)
USER_TASK = Reader(
    sql.READ_USER_TASK,
    UserTaskRow._make,
    lambda key: say("There is no user task {key}. Reload the inbox.", key=key),
)
JOB = Reader(sql.READ_JOB, JobRow._make, lambda key: say("There is no job {key}. Check the key.", key=key))
TIMER = Reader(
    sql.READ_TIMER, TimerRow._make, lambda key: say("There is no timer {key}. It has fired or fallen away.", key=key)
)
SUBSCRIPTION = Reader(
    sql.READ_SUBSCRIPTION,
    SubscriptionRow._make,
    lambda key: say("There is no subscription {key}. It is over.", key=key),
)
INCIDENT = Reader(
    sql.READ_INCIDENT,
    IncidentRow._make,
    lambda key: say("There is no incident {key}. Check the key.", key=key),
)
