"""The engine's nouns as others see them: frozen views over the tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from engine.queries.search import Beside, Noun, Pair

T = TypeVar("T")
SHOWN = 8191  # characters of a variable's value that lists show
TENANT = "'<default>'::text"
NOTHING: Mapping[str, Any] = {}


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
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task. `headers` are the model's; `business_id` is of the instance that began it all.

    `suspended`: its instance stands still, and the task with it.
    """

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
    tags: list[str]
    suspended: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `variables` are gone once it is over; `business_id` is of its own instance."""

    key: int
    uuid: UUID
    instance_key: int
    root_key: int
    business_id: str | None
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
    root_key: int
    scope: int
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Definition:
    """A deployed process, decision or form. A version that was withdrawn starts nothing new: it is DRAINING."""

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
    withdrawn_at: datetime | None
    state: str


def noun(
    view: Callable[..., T],
    source: str,
    *key: str,
    pairs: Mapping[str, Pair] = NOTHING,
    related: Mapping[str, Beside] = NOTHING,
    where: str = "",
    beside: Mapping[str, str] = NOTHING,
    **columns: str,
) -> Noun[T]:
    """A noun whose fields are those of its view, from the column of the same name where no other is given.

    `beside` are fields that are asked for and not shown.
    """
    names = [field.name for field in fields(view)]  # type: ignore[arg-type]  # each view is a dataclass
    alias = key[0].partition(".")[0]
    shown = {name: pairs[name].column if name in pairs else columns.get(name, f"{alias}.{name}") for name in names}

    def make(row: Sequence[Any]) -> T:
        return view(*row)

    return Noun(
        name=getattr(view, "__name__", ""),
        source=source,
        fields={**shown, **beside, "tenant": TENANT},
        columns=", ".join(shown[name] for name in names),
        key=key,
        make=make,
        pairs=pairs,
        related=related,
        where=where,
    )


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
_HAS_INCIDENT = "exists (select from incident n where n.instance_key = i.key and n.state = 'ACTIVE')"
_LATER = "select from definition n where n.kind = d.kind and n.id = d.id and n.version > d.version"
LATEST = f"(d.withdrawn_at is null and not exists ({_LATER} and n.withdrawn_at is null))"
_SUSPENDED_AT = """(case when i.state = 'SUSPENDED' then (select max(s.at) from journal s
  where s.instance_key = i.key and s.kind = 'INSTANCE_SUSPENDED') end)"""
_STOOD = """(select case o.kind when 'ELEMENT_COMPLETED' then 'COMPLETED' else 'TERMINATED' end from journal o
  where o.instance_key = a.instance_key and o.token = a.token and o.seq > a.seq
    and o.kind in ('ELEMENT_COMPLETED', 'ELEMENT_TERMINATED') order by o.seq limit 1)"""
_VALUE = {"name": "w.name", "value": "w.value::jsonb", "text": "w.value::text", "scope": "w.scope"}

VARIABLES_BESIDE = Beside(source="variable w where w.instance_key = i.key", fields=_VALUE)
STEPS_BESIDE = Beside(
    source="journal a where a.instance_key = i.key and a.kind = 'ELEMENT_ACTIVATED'",
    fields={
        "element": "a.element",
        "state": f"coalesce({_STOOD}, 'ACTIVE')",
        "incident": "exists (select from incident n where n.instance_key = a.instance_key and n.token = a.token"
        " and n.state = 'ACTIVE')",
    },
)
INCIDENTS_BESIDE = Beside(
    source="incident n where n.instance_key = i.key",
    fields={"message": "n.message", "state": "n.state", "hash": "hashtext(n.message)"},
)

INSTANCE = noun(
    Instance,
    "instance i join definition d on d.key = i.definition_key",
    "i.key",
    process_name="d.name",
    version_tag="d.version_tag",
    incidents=_OPEN_INCIDENTS,
    suspended_at=_SUSPENDED_AT,
    pairs={"parent_element_key": Pair("i.parent_key", "i.parent_token")},
    beside={"has_incident": _HAS_INCIDENT},
    related={
        "variables": VARIABLES_BESIDE,
        "steps": STEPS_BESIDE,
        "incidents": INCIDENTS_BESIDE,
        "batches": Beside(source="batch_item b where b.instance_key = i.key", fields={"batch_key": "b.batch_key"}),
        "jobs": Beside(
            source="job j where j.instance_key = i.key and j.state = 'CREATED'",
            fields={"retries": "j.retries", "message": "j.error_message"},
        ),
    },
)
USER_TASK = noun(
    UserTask,
    """user_task t join instance i on i.key = t.instance_key join definition d on d.key = t.definition_key
      join instance r on r.key = i.root_key""",
    "t.key",
    root_key="i.root_key",
    process_name="d.name",
    process_version="d.version",
    business_id="r.business_id",
    tags="i.tags",
    suspended="(i.state = 'SUSPENDED')",
    pairs={"element_key": Pair("t.instance_key", "t.token")},
    related={
        "variables": Beside(source="variable w where w.instance_key = t.instance_key and w.scope = 0", fields=_VALUE),
        "locals": Beside(
            source="variable w where w.instance_key = t.instance_key and w.scope = t.token", fields=_VALUE
        ),
    },
)
JOB = noun(
    Job,
    "job j join instance i on i.key = j.instance_key",
    "j.key",
    root_key="i.root_key",
    business_id="i.business_id",
    pairs={"element_key": Pair("j.instance_key", "j.token")},
    beside={
        "failed_before": "(j.state = 'CREATED' and j.error_message is not null)",
        "kind": "'BPMN_ELEMENT'::text",
        "listener": "'UNSPECIFIED'::text",
        "priority": "0::bigint",
        "denied": "false",
        "nothing": "null::text",
    },
)
INCIDENT = noun(
    Incident,
    "incident n join instance i on i.key = n.instance_key",
    "n.key",
    root_key="i.root_key",
    error_type=_ERROR_TYPE,
    pairs={"element_key": Pair("n.instance_key", "n.token")},
    beside={"hash": "hashtext(n.message)"},
)
TIMER = noun(Timer, "timer t join instance i on i.key = t.instance_key", "t.key", process_id="i.process_id")
SUBSCRIPTION = noun(Subscription, "subscription s", "s.key")
VARIABLE = noun(
    Variable,
    "variable v join instance i on i.key = v.instance_key",
    "v.key",
    root_key="i.root_key",
    pairs={"scope_key": Pair("v.instance_key", "v.scope", alone=True)},
    beside={"json": "v.value::jsonb", "text": "v.value::text", "truncated": f"(length(v.value::text) > {SHOWN})"},
)
DEFINITION = noun(
    Definition,
    "definition d",
    "d.key",
    latest=LATEST,
    state="(case when d.withdrawn_at is null then 'ACTIVE' else 'DRAINING' end)",
)
