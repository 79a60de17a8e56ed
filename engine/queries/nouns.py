"""The engine's nouns as others see them: frozen views over the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from engine.queries.search import Noun

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Instance:
    """A process instance. `incidents` counts those that are open in it."""

    key: int
    definition_key: int
    process_id: str
    process_name: str
    process_version: int
    version_tag: str | None
    state: str
    parent_key: int | None
    parent_token: int | None
    root_key: int
    business_id: str | None
    tags: list[str]
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    incidents: int


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task. `headers` are the model's; `business_id` is of the instance that began it all."""

    key: int
    instance_key: int
    root_key: int
    definition_key: int
    process_id: str
    process_name: str
    process_version: int
    business_id: str | None
    token: int
    element: str
    name: str
    state: str
    assignee: str | None
    assigned_at: datetime | None
    candidate_groups: list[str]
    candidate_users: list[str]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form_key: int | None
    form_id: str | None
    external_form: str | None
    headers: dict[str, str]
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `variables` are gone once it is over."""

    key: int
    uuid: UUID
    instance_key: int
    definition_key: int
    process_id: str
    token: int
    element: str
    type: str
    state: str
    due_at: datetime
    retries: int
    attempts: int
    worker: str | None
    lease_until: datetime | None
    headers: dict[str, str]
    variables: dict[str, Any] | None
    error_code: str | None
    error_message: str | None
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident. `error_type` is its kind in Camunda 8's words, `UNKNOWN` for kinds that only this engine tells."""

    key: int
    instance_key: int
    root_key: int
    definition_key: int
    process_id: str
    token: int
    element: str
    kind: str
    error_type: str
    message: str
    state: str
    job_key: int | None
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that an instance waits for."""

    key: int
    instance_key: int
    process_id: str
    token: int
    element: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A message or signal that an instance waits for."""

    key: int
    instance_key: int
    process_id: str
    token: int
    element: str
    kind: str
    name: str
    correlation_key: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's last value. `scope` is the token that owns the scope, 0 for the process."""

    key: int
    instance_key: int
    scope: int
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Definition:
    """A deployed process, decision or form."""

    key: int
    kind: str
    id: str
    name: str
    version: int
    version_tag: str | None
    deployment_key: int
    resource_key: int
    resource_name: str
    deployed_at: datetime
    latest: bool


def _noun(view: Callable[..., T], source: str, key: str, **columns: str) -> Noun[T]:
    """A noun whose fields are those of its view, from the column of the same name where no other is given."""
    names = [field.name for field in fields(view)]  # type: ignore[arg-type]  # each view is a dataclass
    alias = key.partition(".")[0]
    found = {name: columns.get(name, f"{alias}.{name}") for name in names}
    shown = ", ".join(found[name] for name in names)

    def make(row: Sequence[Any]) -> T:
        return view(*row)

    return Noun(name=getattr(view, "__name__", ""), source=source, fields=found, columns=shown, key=key, make=make)


# The kinds of incident that Camunda 8's REST API lists and that come about here.
_CAMUNDAS = (
    "CALLED_DECISION_ERROR",
    "CALLED_ELEMENT_ERROR",
    "CONDITION_ERROR",
    "DECISION_EVALUATION_ERROR",
    "EXTRACT_VALUE_ERROR",
    "FORM_NOT_FOUND",
    "IO_MAPPING_ERROR",
    "JOB_NO_RETRIES",
    "MESSAGE_SIZE_EXCEEDED",
    "UNHANDLED_ERROR_EVENT",
    "UNSPECIFIED",
)
_ERROR_TYPE = f"(case when n.kind in ({', '.join(map(repr, _CAMUNDAS))}) then n.kind else 'UNKNOWN' end)"
_OPEN_INCIDENTS = "(select count(*) from incident n where n.instance_key = i.key and n.state = 'ACTIVE')"
_LATEST = "not exists (select from definition n where n.kind = d.kind and n.id = d.id and n.version > d.version)"

INSTANCE = _noun(
    Instance,
    "instance i join definition d on d.key = i.definition_key",
    "i.key",
    process_name="d.name",
    version_tag="d.version_tag",
    incidents=_OPEN_INCIDENTS,
)
USER_TASK = _noun(
    UserTask,
    """user_task t join instance i on i.key = t.instance_key join definition d on d.key = t.definition_key
      join instance r on r.key = i.root_key""",
    "t.key",
    root_key="i.root_key",
    process_name="d.name",
    process_version="d.version",
    business_id="r.business_id",
)
JOB = _noun(Job, "job j", "j.key")
INCIDENT = _noun(
    Incident,
    "incident n join instance i on i.key = n.instance_key",
    "n.key",
    root_key="i.root_key",
    error_type=_ERROR_TYPE,
)
TIMER = _noun(Timer, "timer t join instance i on i.key = t.instance_key", "t.key", process_id="i.process_id")
SUBSCRIPTION = _noun(Subscription, "subscription s", "s.key")
VARIABLE = _noun(Variable, "variable v", "v.key")
DEFINITION = _noun(Definition, "definition d", "d.key", latest=f"({_LATEST})")
