"""The statements of a turn: one reads, one writes all that the turn changed, or nothing.

A write is a single statement in which everything hangs on `i`, the fenced change of the instance row: the version that
was read must still stand, and where a lease was taken it must still be held. So a lost race writes nothing, and no lock
is held while Python works. (To lock the instance alone and check the task before lets a task complete twice: a waiter
is handed the new instance beside the old task.)
"""

from engine.store.parts import HISTORY, INCIDENTS, Write
from kernel.db import Statement

# ---- reading: open work beside the instance that it belongs to -------------------------------------------------------

_INSTANCE = """i.key, i.definition_key, i.process_id, i.process_version, i.version, i.state, i.blob, i.journal_seq,
  i.journal_head, i.parent_key, i.parent_token, i.root_key, i.depth, i.correlation_key, i.ended_at"""

READ_INSTANCE = f"select {_INSTANCE} from instance i where i.key = %s"

READ_USER_TASK = f"""select {_INSTANCE}, t.key, t.token, t.element, t.state, t.name, t.assignee, t.assigned_at,
    t.candidate_groups, t.candidate_users, t.due_at, t.follow_up_at, t.priority, t.form_key, t.ended_at, t.ended_by
  from user_task t join instance i on i.key = t.instance_key where t.key = %s"""

READ_JOB = f"""select {_INSTANCE}, j.key, j.token, j.element, j.state, j.type, j.lease, j.retries, j.due_at,
    j.error_code, j.error_message, j.ended_at, j.ended_by
  from job j join instance i on i.key = j.instance_key where j.key = %s"""

READ_TIMER = f"""select {_INSTANCE}, t.key, t.token, t.element, t.index, t.due_at
  from timer t join instance i on i.key = t.instance_key where t.key = %s"""

READ_SUBSCRIPTION = f"""select {_INSTANCE}, s.key, s.token, s.element, s.index, s.name
  from subscription s join instance i on i.key = s.instance_key where s.key = %s"""

READ_INCIDENT = f"""select {_INSTANCE}, n.key, n.token, n.element, n.state, n.kind, n.message, n.resolved_at,
    n.resolved_by, n.job_key
  from incident n join instance i on i.key = n.instance_key where n.key = %s"""

# ---- the fenced change of the instance -------------------------------------------------------------------------------

_RETURNING = "returning key, definition_key, process_id, state, parent_key, parent_token"

# The lease that must still be held: the job is locked behind its instance, as in every turn, and seen as it is then.
# (A mere look would be at the statement's beginning: whoever takes the job in that moment would hold what is over.)
_HELD = """p as (select from instance where key = %(instance)s and version = %(version)s for update),
  held as (select j.key from p, job j where j.key = %(done)s and j.lease = %(lease)s and j.state = 'CREATED'
    for update of j)"""

_SET = """update instance set version = version + 1, state = %(state)s::text, blob = %(blob)s, journal_seq = %(seq)s,
    journal_head = %(head)s,
    ended_at = case when %(state)s::text in ('ACTIVE', 'SUSPENDED') then null::timestamptz else %(now)s end
  where key = %(instance)s and version = %(version)s"""

_CHANGE = f"""with i as ({_SET}
    and (%(errand)s = 0 or exists (select from follow_up where key = %(errand)s and lease = %(errand_lease)s))
  {_RETURNING})"""

_CHANGE_HELD = f"""with {_HELD},
  i as ({_SET} and exists (select from held) {_RETURNING})"""

# The same where the executor has nothing new: a claim, a failed attempt, a retried job.
_NOTE = f"""with {_HELD},
  i as (update instance set version = version + 1, journal_seq = %(seq)s, journal_head = %(head)s
    where key = %(instance)s and version = %(version)s and (%(lease)s = 0 or exists (select from held)) {_RETURNING})"""


def _new(state: str) -> str:
    """A new instance in this state, an expression."""
    return f"""insert into instance (key, definition_key, process_id, process_version, version, state, blob,
    journal_seq, journal_head, parent_key, parent_token, root_key, depth, business_id, tags, correlation_key,
    started_at, started_by, ended_at)
  select %(instance)s, %(definition)s, %(process_id)s::text, %(process_version)s, 1, {state}, %(blob)s,
    %(seq)s, %(head)s, nullif(%(parent)s, 0), nullif(%(parent_token)s, 0), %(root)s, %(depth)s,
    %(business_id)s::text, %(tags)s::text[],
    %(correlation_key)s::text, %(now)s, %(actor)s::text,
    case when %(state)s::text = 'ACTIVE' then null::timestamptz else %(now)s end"""


_NEW = _new("%(state)s::text")

# A start by somebody holds only while the version that was started is not withdrawn; one by process id only while it
# is the latest.
_START = f"""with i as ({_NEW}
  where (not %(named)s or exists (select from definition where key = %(definition)s and withdrawn_at is null))
    and (not %(latest)s or not exists (select from definition where kind = 'process' and id = %(process_id)s::text
      and version > %(process_version)s and withdrawn_at is null))
  {_RETURNING})"""

# A called process bumps its caller's version: a caller who is cancelled at the same time looks again and sees it.
# The caller is locked before the errand, in the order in which a caller's own turn locks them.
# It stands still if its caller does.
_CALLED = f"""with p as (update instance set version = version + 1 where key = %(parent)s and ended_at is null
    returning key, state as caller_state),
  f as (delete from follow_up using p where follow_up.key = %(errand)s and lease = %(errand_lease)s
    returning follow_up.key, p.caller_state),
  i as ({_new("case when %(state)s::text = 'ACTIVE' then f.caller_state else %(state)s::text end")} from f
  {_RETURNING})"""

# A start that another turn owes.
_OWING = f"""with f as (delete from follow_up where key = %(errand)s and lease = %(errand_lease)s returning key),
  i as ({_NEW} from f {_RETURNING})"""

# A start by a timer moves that timer on; of two workers the second finds it moved.
_TIMED = f"""with f as (update start_timer set due_at = %(next_due)s::timestamptz, "left" = %(left)s, lease_until = null
    where key = %(start_timer)s and due_at = %(was_due)s returning key),
  i as ({_NEW} from f {_RETURNING})"""

CHANGE = Write(_CHANGE)
CHANGE_HELD = Write(_CHANGE_HELD)
START = Write(_START)
CALLED = Write(_CALLED)
OWING = Write(_OWING)
TIMED = Write(_TIMED)

# A person takes, hands on or plans a task. Every column that can be set is set, as read under the same version.
NOTE_USER_TASK = Statement(f"""{_NOTE}
, noted as (update user_task t set assignee = x.assignee, assigned_at = x.assigned_at,
    candidate_groups = x.candidate_groups, candidate_users = x.candidate_users, due_at = x.due_at,
    follow_up_at = x.follow_up_at, priority = x.priority
  from i, json_to_record(%(noted)s::json) as x(assignee text, assigned_at timestamptz, candidate_groups text[],
    candidate_users text[], due_at timestamptz, follow_up_at timestamptz, priority int)
  where t.key = %(done)s){HISTORY}
select i.key, array[]::bigint[] from i""")

# An attempt failed, or a failed job is given new ones. Its lease is over either way.
NOTE_JOB = Statement(f"""{_NOTE}
, noted as (update job j set state = x.state, retries = x.retries, due_at = x.due_at, error_code = x.error_code,
    error_message = x.error_message, lease = null, lease_until = null
  from i, json_to_record(%(noted)s::json)
    as x(state text, retries int, due_at timestamptz, error_code text, error_message text) where j.key = %(done)s)
, resolved as (update incident n set state = 'RESOLVED', resolved_at = %(now)s, resolved_by = %(actor)s::text
  from i where n.instance_key = i.key and n.job_key = %(done)s and n.state = 'ACTIVE'){INCIDENTS}{HISTORY}
select i.key, array[]::bigint[] from i""")

# Other retries change neither the lease nor the incident: that is resolved by hand. A lease is extended from now on.
SET_JOB = Statement(f"""{_NOTE}
, noted as (update job j set retries = x.retries, lease_until = case when x.timeout_s is null then j.lease_until
      else now() + make_interval(secs => x.timeout_s) end
  from i, json_to_record(%(noted)s::json) as x(retries int, timeout_s double precision)
  where j.key = %(done)s){HISTORY}
select i.key, array[]::bigint[] from i""")

# A due date that somebody has moved: in the state and in the row, which keeps its key. Whoever holds it looks again.
MOVE_TIMER = Statement(f"""{_CHANGE}
, moved as (update timer t set due_at = x.due_at, lease_until = null
  from i, json_to_record(%(noted)s::json) as x(key bigint, due_at timestamptz)
  where t.key = x.key and t.instance_key = i.key){HISTORY}
select i.key, array[]::bigint[] from i""")

SUSPENDED_BY = """select actor, at from journal where instance_key = %s and kind = 'INSTANCE_SUSPENDED'
  order by seq desc limit 1"""

# Workers wait for this between polls. A turn rings at most once in a while: the lock that NOTIFY takes at commit is one
# for the whole server, and a poll finds what was not rung for.
RING = "select pg_notify(%s, '')"
