"""What instances wait for: messages, and each element's reason to stand still."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.queries import keys
from engine.queries.nouns import noun
from engine.queries.search import Pair, Search
from kernel.db import Unit


@dataclass(frozen=True, slots=True)
class MessageSubscription:
    """A message that an instance waits for, or that starts a process (then without an instance)."""

    key: int
    instance_key: int | None
    token: int | None
    root_key: int | None
    business_id: str | None
    definition_key: int
    process_id: str
    process_name: str
    process_version: int
    element: str
    name: str
    correlation_key: str | None
    type: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Correlated:
    """A message that reached an instance. Its correlation key is known as long as the message is kept."""

    instance_key: int
    seq: int
    token: int
    at: datetime
    root_key: int
    business_id: str | None
    definition_key: int
    process_id: str
    element: str
    message_key: int
    name: str
    correlation_key: str | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Why an element stands still. `type` is Camunda 8's word; `told` what belongs to it, in its words too."""

    instance_key: int
    token: int
    root_key: int
    definition_key: int
    process_id: str
    element: str
    type: str
    key: int
    told: dict[str, Any]


_WAITING = """select s.key, s.instance_key, s.token::bigint as token, i.root_key, i.business_id, i.definition_key,
    s.process_id, s.element, s.name, s.correlation_key, 'PROCESS_EVENT' as type, s.created_at as since
  from subscription s join instance i on i.key = s.instance_key where s.kind = 'message'"""
_NUMBER = "row_number() over (partition by s.process_id order by s.element)"
_STARTING = f"""select {keys.column("s.definition_key", _NUMBER)},
    null::bigint, null::bigint, null::bigint, null::text, s.definition_key, s.process_id, s.element, s.name, null::text,
    'START_EVENT', d.deployed_at
  from start_subscription s join definition d on d.key = s.definition_key where s.kind = 'message'"""

MESSAGE = noun(
    MessageSubscription,
    f"({_WAITING} union all {_STARTING}) x join definition d on d.key = x.definition_key",
    "x.key",
    pairs={"element_key": Pair("x.instance_key", "x.token")},
    process_name="d.name",
    process_version="d.version",
    beside={"state": "'CREATED'::text", "nothing": "null::text"},
)
CORRELATED = noun(
    Correlated,
    """journal j join instance i on i.key = j.instance_key
      left join message m on m.key = (j.data::jsonb->>'message')::bigint""",
    "j.instance_key",
    "j.seq",
    pairs={"element_key": Pair("j.instance_key", "j.token"), "key": Pair("j.instance_key", "j.seq")},
    where="j.kind = 'MESSAGE_RECEIVED'",
    root_key="i.root_key",
    business_id="i.business_id",
    definition_key="i.definition_key",
    process_id="i.process_id",
    message_key="(j.data::jsonb->>'message')::bigint",
    name="(j.data::jsonb->>'name')",
    correlation_key="coalesce(m.correlation_key, i.correlation_key)",
    beside={
        "partition": "1::bigint",
    },
)
_INSTANT = "round(extract(epoch from w.due_at) * 1000)::bigint"
_WAITS = f"""select w.instance_key, w.token, w.element, 'USER_TASK' as type, w.key,
    jsonb_build_object('taskKey', w.key::text, 'dueDate', w.due_at) as told from user_task w where w.state = 'CREATED'
  union all select w.instance_key, w.token, w.element, 'JOB', w.key, jsonb_build_object('jobKey', w.key::text,
    'jobType', w.type, 'jobKind', 'BPMN_ELEMENT', 'listenerEventType', null, 'retries', w.retries)
    from job w where w.state = 'CREATED'
  union all select w.instance_key, w.token, w.element, 'TIMER', w.key,
    jsonb_build_object('dueDate', {_INSTANT}, 'repetitions', null) from timer w
  union all select w.instance_key, w.token, w.element, upper(w.kind), w.key, case w.kind
    when 'signal' then jsonb_build_object('signalName', w.name)
    else jsonb_build_object('messageName', w.name, 'correlationKey', w.correlation_key) end from subscription w"""
WAIT = noun(
    Wait,
    f"({_WAITS}) w join instance i on i.key = w.instance_key",
    "w.key",
    pairs={"element_key": Pair("w.instance_key", "w.token")},
    root_key="i.root_key",
    definition_key="i.definition_key",
    process_id="i.process_id",
)
_AT = f"select w.element, count(*) from ({_WAITS}) w where w.instance_key = %s group by 1 order by 1"


message_subscriptions = Search(MESSAGE)
correlated = Search(CORRELATED)
waits = Search(WAIT)


def waiting_at(unit: Unit, instance_key: int) -> list[tuple[str, int]]:
    """Each element of an instance that waits, and how often."""
    return [(element, times) for element, times in unit.all(_AT, (instance_key,))]
