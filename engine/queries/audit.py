"""Who did what: the acts in the journals of all instances, and what was done to no single one, as one list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.queries import keys
from engine.queries.nouns import noun
from engine.queries.search import Condition, Pair, Search
from engine.tables.history import AUDITED_KINDS
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say

# What an act of the journal is in Camunda 8's words: on what it was done, and how.
ACTS = {
    "BUSINESS_ID_ASSIGNED": ("PROCESS_INSTANCE", "UPDATE"),
    "INSTANCE_CANCELED": ("PROCESS_INSTANCE", "CANCEL"),
    "INSTANCE_MIGRATED": ("PROCESS_INSTANCE", "MIGRATE"),
    "INSTANCE_MODIFIED": ("PROCESS_INSTANCE", "MODIFY"),
    "INSTANCE_RESUMED": ("PROCESS_INSTANCE", "RESUME"),
    "INSTANCE_SUSPENDED": ("PROCESS_INSTANCE", "SUSPEND"),
    "INCIDENT_RETRIED": ("INCIDENT", "RESOLVE"),
    "JOB_RETRIES_UPDATED": ("JOB", "UPDATE"),
    "JOB_UPDATED": ("JOB", "UPDATE"),
    "TIMER_FIRED_BY_HAND": ("PROCESS_INSTANCE", "UPDATE"),
    "TIMER_MOVED": ("PROCESS_INSTANCE", "UPDATE"),
    "USER_TASK_ASSIGNED": ("USER_TASK", "ASSIGN"),
    "USER_TASK_CLAIMED": ("USER_TASK", "ASSIGN"),
    "USER_TASK_COMPLETED": ("USER_TASK", "COMPLETE"),
    "USER_TASK_UNCLAIMED": ("USER_TASK", "UNASSIGN"),
    "USER_TASK_UPDATED": ("USER_TASK", "UPDATE"),
    "VARIABLES_SET": ("VARIABLE", "UPDATE"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did. `kind` is the journal's word, null for what stands in the audit alone.

    `entity_key` is of what it was done to; `data` holds what belongs to it. `actor_kind` is person, client or system.
    """

    key: int
    at: datetime
    actor: str
    actor_kind: str
    ip: str | None
    kind: str | None
    entity: str
    operation: str
    entity_key: int | None
    instance_key: int | None
    token: int | None
    element: str | None
    process_id: str | None
    definition_key: int | None
    root_key: int | None
    data: dict[str, Any] | None


def _case(which: int) -> str:
    ways = " ".join(f"when '{kind}' then '{words[which]}'" for kind, words in ACTS.items())
    return f"(case j.kind {ways} else 'UNKNOWN' end)"


_KINDS = ", ".join(map(repr, AUDITED_KINDS))  # word for word as the index has it, so that it is used
_KEYED = "j.kind like 'USER_TASK%%' or j.kind like 'JOB%%' or j.kind like 'INCIDENT%%'"
_OF_INSTANCES = f"""select {keys.column("j.instance_key", "j.seq")} as key, j.at, j.actor, j.actor_kind, j.ip, j.kind,
    {_case(0)} as entity, {_case(1)} as operation,
    (case when {_KEYED} then (j.data::jsonb->>'key')::bigint else j.instance_key end) as entity_key,
    j.instance_key, j.token::bigint as token, j.element, i.process_id, i.definition_key, i.root_key,
    j.data::jsonb as data
  from journal j join instance i on i.key = j.instance_key where j.kind in ({_KINDS})"""
_OF_NONE = """select a.key, a.at, a.actor, a.actor_kind, a.ip, null::text, a.entity, a.operation, a.entity_key,
    null::bigint, null::bigint, null::text, a.process_id, a.definition_key, null::bigint, a.data from audit a"""
_CATEGORY = """(case x.entity when 'USER_TASK' then 'USER_TASKS' when 'CLIENT' then 'ADMIN' when 'USER' then 'ADMIN'
  when 'GROUP' then 'ADMIN' else 'DEPLOYED_RESOURCES' end)"""
_TYPE = "(case x.actor_kind when 'person' then 'USER' when 'client' then 'CLIENT' else 'UNKNOWN' end)"


def _keyed(entity: str) -> str:
    return f"(case when x.entity = '{entity}' then x.entity_key end)"


ACT = noun(
    Act,
    f"({_OF_INSTANCES} union all {_OF_NONE}) x",
    "x.at",
    "x.key",
    pairs={"element_key": Pair("x.instance_key", "x.token", alone=True)},
    beside={
        "category": _CATEGORY,
        "actor_type": _TYPE,
        "result": "'SUCCESS'::text",
        "job_key": _keyed("JOB"),
        "task_key": _keyed("USER_TASK"),
        "batch_type": "(case when x.entity = 'BATCH' then x.data->>'kind' end)",
        "decision_key": _keyed("DECISION"),
        "deployment_key": _keyed("RESOURCE"),
        "batch_key": _keyed("BATCH"),
        "nothing": "null::text",
        "no_key": "null::bigint",
    },
)


acts = Search(ACT)


def act(unit: Unit, key: int) -> Act:
    """Raises NotFound."""
    instance_key, seq = keys.split(key)
    at = unit.one("select at from journal where instance_key = %s and seq = %s", (instance_key, seq))
    at = at or unit.one("select at from audit where key = %s", (key,))
    found = acts(unit, [Condition("at", at[0]), Condition("key", key)]).items if at else []
    if not found:
        raise NotFound(say("There is no entry {key} in the audit log. Check the key.", key=key))
    return found[0]
