"""What hangs on the fenced change `i` of a turn, as parts of one statement; `store.turns` has the whole of it.

A statement holds only the parts that a turn has rows for: each costs the server something, even where it finds nothing
to do. Rows go in as JSON text and numbers as bigint, so that its text does not depend on the values.
`closed` lists tokens whose work of index 0 is over, `waits` the timers and subscriptions that are, by `wait_number`;
both are PostgreSQL's text of a bigint[]. `closing` tells what of it there can be: see CLOSING.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from kernel.db import Statement, Unit

Closing = Literal["", "task", "job", "all"]
Args = Mapping[str, Any]

WAITS = 4096  # event definitions that one element can have


def wait_number(token: int, index: int) -> int:
    """A timer or subscription of an instance as one number."""
    return token * WAITS + index


_CLOSED_INCIDENTS = """
, closed_incidents as (update incident n set state = 'RESOLVED', resolved_at = %(now)s, resolved_by = %(actor)s::text
  from i where n.instance_key = i.key and n.state = 'ACTIVE' and n.token = any(%(closed)s::bigint[]))"""

_CLOSED_TASK = """
, closed_tasks as (update user_task t set ended_at = %(now)s, ended_by = %(actor)s::text, state = 'COMPLETED'
  from i where t.key = %(done)s and t.instance_key = i.key and t.state = 'CREATED')"""

_CLOSED_JOB = f"""
, closed_jobs as (update job j set ended_at = %(now)s, ended_by = %(actor)s::text, variables = null, lease = null,
    lease_until = null, state = %(done_as)s::text
  from i where j.key = %(done)s and j.instance_key = i.key and j.state in ('CREATED', 'FAILED')){_CLOSED_INCIDENTS}"""

_CLOSED = f"""
, closed_tasks as (update user_task t set ended_at = %(now)s, ended_by = %(actor)s::text,
    state = case when t.key = %(done)s then 'COMPLETED' else 'CANCELED' end
  from i where t.instance_key = i.key and t.state = 'CREATED' and t.token = any(%(closed)s::bigint[]))
, closed_jobs as (update job j set ended_at = %(now)s, ended_by = %(actor)s::text, variables = null, lease = null,
    lease_until = null, state = case when j.key = %(done)s then %(done_as)s::text else 'CANCELED' end
  from i where j.instance_key = i.key and j.state in ('CREATED', 'FAILED') and j.token = any(%(closed)s::bigint[]))
, closed_timers as (delete from timer t using i
  where t.instance_key = i.key and t.token::bigint * 4096 + t.index = any(%(waits)s::bigint[]))
, closed_subscriptions as (delete from subscription s using i
  where s.instance_key = i.key and s.token::bigint * 4096 + s.index = any(%(waits)s::bigint[])){_CLOSED_INCIDENTS}
, dropped as (delete from follow_up f using i
  where f.key = %(errand)s or (f.instance_key = i.key and f.kind = 'call' and f.token = any(%(closed)s::bigint[])))"""

# What a turn ends: nothing, only the task or job that was done, or whatever the lists name.
CLOSING: Mapping[Closing, str] = {"task": _CLOSED_TASK, "job": _CLOSED_JOB, "all": _CLOSED}

FORM = """case x.binding
      when 'latest' then
        (select d.key from definition d where d.kind = 'form' and d.id = x.form and d.withdrawn_at is null
          order by d.version desc limit 1)
      when 'versionTag' then
        (select d.key from definition d where d.kind = 'form' and d.id = x.form and d.version_tag = x.version_tag
          order by d.version desc limit 1)
      when 'deployment' then
        (select e.definition_key from definition d join deployment_entry e using (deployment_key)
          where d.key = i.definition_key and e.kind = 'form' and e.id = x.form)
    end"""

_TASKS = f"""
, tasks as (insert into user_task (key, instance_key, definition_key, process_id, token, element, name, state, assignee,
    assigned_at, candidate_groups, candidate_users, due_at, follow_up_at, priority, form_key, form_id, external_form,
    headers, created_at)
  select x.key, i.key, i.definition_key, i.process_id, x.token, x.element, x.name, 'CREATED', x.assignee,
    case when x.assignee is not null then %(now)s end, x.groups, x.users, x.due_at, x.follow_up_at, x.priority,
    {FORM}, x.form, x.external_form, x.headers, %(now)s
  from i, json_to_recordset(%(tasks)s::json) as x(key bigint, token int, element text, name text, assignee text,
    groups text[], users text[], due_at timestamptz, follow_up_at timestamptz, priority int, form text, binding text,
    version_tag text, external_form text, headers jsonb))"""

_JOBS = """
, jobs as (insert into job (key, uuid, instance_key, definition_key, process_id, token, element, type, state, due_at,
    retries, attempts, suspended, headers, variables, created_at)
  select x.key, gen_random_uuid(), i.key, i.definition_key, i.process_id, x.token, x.element, x.type, 'CREATED',
    %(now)s, x.retries, 0, i.state = 'SUSPENDED', x.headers, x.variables, %(now)s
  from i, json_to_recordset(%(jobs)s::json) as x(key bigint, token int, element text, type text, retries int,
    headers jsonb, variables jsonb))"""

_TIMERS = """
, timers as (insert into timer (key, instance_key, token, index, element, due_at, suspended)
  select x.key, i.key, x.token, x.index, x.element, x.due_at, i.state = 'SUSPENDED'
  from i, json_to_recordset(%(timers)s::json)
    as x(key bigint, token int, index int, element text, due_at timestamptz))"""

_SUBSCRIPTIONS = """
, subscriptions as (insert into subscription (key, instance_key, process_id, token, index, element, kind, name,
    correlation_key, created_at)
  select x.key, i.key, i.process_id, x.token, x.index, x.element, x.kind, x.name, x.correlation_key, %(now)s
  from i, json_to_recordset(%(subscriptions)s::json)
    as x(key bigint, token int, index int, element text, kind text, name text, correlation_key text))"""

INCIDENTS = """
, incidents as (insert into incident (key, instance_key, definition_key, process_id, token, element, kind, message,
    state, job_key, created_at)
  select x.key, i.key, i.definition_key, i.process_id, x.token, x.element, x.kind, x.message, 'ACTIVE', x.job_key,
    %(now)s
  from i, json_to_recordset(%(incidents)s::json)
    as x(key bigint, token int, element text, kind text, message text, job_key bigint))"""

_VARIABLES = """
, variables as (insert into variable (instance_key, scope, name, key, value)
  select i.key, x.scope, x.name, x.key, coalesce(x.value, 'null'::jsonb)
  from i, json_to_recordset(%(variables)s::json) as x(scope int, name text, key bigint, value jsonb)
  on conflict (instance_key, scope, name) do update set value = excluded.value)"""

HISTORY = """
, history as (insert into journal (instance_key, seq, at, kind, element, token, actor, actor_kind, ip, data, hash)
  select i.key, x.seq, %(now)s, x.kind, x.element, x.token, %(actor)s::text, %(actor_kind)s::text, %(ip)s::text,
    x.data, x.hash
  from i, json_to_recordset(%(history)s::json)
    as x(seq int, kind text, element text, token int, data text, hash bytea))"""

# What the turn owes others: its own list, the children of calls that fell away, the answer to its caller.
_OWED = """
, owed as (insert into follow_up (kind, instance_key, token, payload, attempts, lease, lease_until)
  select o.kind, o.instance_key, o.token, o.payload, 0, nullif(%(holder)s, 0),
    case when %(holder)s <> 0 then now() + interval '30 s' end
  from (
    select x.kind, x.instance_key, x.token, x.payload
      from i, json_to_recordset(%(owed)s::json) as x(kind text, instance_key bigint, token int, payload jsonb)
    union all
    select 'cancel', c.key, null, '{}'::jsonb
      from i join instance c on c.parent_key = i.key
      where c.ended_at is null and c.parent_token = any(%(closed)s::bigint[])
    union all
    select 'return', i.parent_key, i.parent_token, %(result)s::jsonb
      from i where i.parent_key is not null and i.state = 'COMPLETED'
  ) o returning key)"""

_REACHED = """
, reached as (insert into correlation (message_key, process_id, instance_key, at)
  select %(message)s, i.process_id, i.key, %(now)s from i where %(message)s <> 0)"""


def _has(name: str) -> Callable[[Args], bool]:
    return lambda args: args[name] != "[]"


def _ends(kind: Closing) -> Callable[[Args], bool]:
    return lambda args: args["closing"] == kind


def _owes(args: Args) -> bool:
    return bool(args["owed"] != "[]" or args["returns"] or args["closing"] == "all")


PARTS: tuple[tuple[Callable[[Args], bool], str], ...] = (
    *((_ends(kind), text) for kind, text in CLOSING.items()),
    (_has("tasks"), _TASKS),
    (_has("jobs"), _JOBS),
    (_has("timers"), _TIMERS),
    (_has("subscriptions"), _SUBSCRIPTIONS),
    (_has("incidents"), INCIDENTS),
    (_has("variables"), _VARIABLES),
    (_has("history"), HISTORY),
    (lambda args: args["message"] != 0, _REACHED),
    (_owes, _OWED),
)


class Write:
    """What a turn writes: its head, which changes or makes the instance, and the parts that there are rows for.

    Each combination is put together once a process, and prepared once a connection.
    """

    __slots__ = ("_head", "_made")

    def __init__(self, head: str) -> None:
        self._head = head
        self._made: dict[tuple[bool, ...], Statement] = {}

    def one(self, unit: Unit, args: Args) -> Any:
        """The instance's key and those of what it owes; None if the fence is down."""
        wanted = tuple([needed(args) for needed, _ in PARTS])
        statement = self._made.get(wanted)
        if statement is None:
            parts = [text for (_, text), yes in zip(PARTS, wanted, strict=True) if yes]
            owed = "array(select key from owed order by key)" if wanted[-1] else "array[]::bigint[]"
            statement = self._made[wanted] = Statement(f"{self._head}{''.join(parts)}\nselect i.key, {owed} from i")
        return statement.one(unit, args)
