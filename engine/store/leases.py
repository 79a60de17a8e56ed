"""The statements that find due work and hold it: timers, jobs, and what turns owe each other.

What is due is told by the engine's clock, so that a trial can move it. How long a lease holds, by the database's,
so that workers on several machines agree.

`:rows` is filled in by `limited`: a plan that is made for any limit does not use the order of the index.
"""

MOST = 1000


def limited(statement: str, rows: int) -> str:
    """The statement for at most so many rows, 1 to MOST."""
    return statement.replace(":rows", str(max(1, min(MOST, int(rows)))))


# The timers that have come due, each held for a while: whoever dies with one leaves it to the next.
DUE_TIMERS = """with due as (select key from timer
    where due_at <= %(now)s and not suspended and (lease_until is null or lease_until < now()) order by due_at
    limit :rows for update skip locked)
  update timer t set lease_until = now() + make_interval(secs => %(hold)s) from due where t.key = due.key
  returning t.key, t.due_at, t.lease_until"""

DUE_START_TIMERS = """with due as (select key from start_timer
    where due_at <= %(now)s and (lease_until is null or lease_until < now()) order by due_at limit :rows
    for update skip locked)
  update start_timer t set lease_until = now() + make_interval(secs => %(hold)s) from due where t.key = due.key
  returning t.key, t.due_at, t.lease_until"""

# A timer goes back to whoever looks next; one that another worker holds by now stays as it is.
FREE_TIMERS = """with held as (select * from unnest(%(keys)s::bigint[], %(until)s::timestamptz[]) as h(key, until)),
  s as (update start_timer t set lease_until = null from held h where t.key = h.key and t.lease_until = h.until)
  update timer t set lease_until = null from held h where t.key = h.key and t.lease_until = h.until"""

# When there is something to do beside jobs: an errand that nobody holds is due since ever.
NEXT_TIMER = """select least(
  (select 'epoch'::timestamptz from follow_up where lease_until is null or lease_until < now() limit 1),
  (select due_at from timer where not suspended and (lease_until is null or lease_until < now())
    order by due_at limit 1),
  (select due_at from start_timer where due_at is not null and (lease_until is null or lease_until < now())
    order by due_at limit 1))"""

NEXT_JOB = """select min(d.due_at) from unnest(%(types)s::text[]) as t(type), lateral (select due_at from job
    where job.type = t.type and state = 'CREATED' and not suspended and (lease_until is null or lease_until < now())
    order by due_at limit 1) d"""

# Of each type its oldest, so that a backlog of one type is never read through for another.
LEASE_JOBS = """with due as (select d.key from unnest(%(types)s::text[]) as t(type), lateral (
      select key, due_at from job
      where job.type = t.type and state = 'CREATED' and not suspended and due_at <= %(now)s
        and (lease_until is null or lease_until < now())
      order by due_at limit :rows for update skip locked) d
    order by d.due_at limit :rows)
  update job j set lease = %(lease)s, lease_until = now() + make_interval(secs => %(timeout)s), worker = %(worker)s,
    attempts = attempts + 1
  from due, instance i, definition d where j.key = due.key and i.key = j.instance_key and d.key = j.definition_key
  returning j.key, j.uuid, j.type, j.instance_key, i.root_key, j.definition_key, j.process_id, d.version, j.element,
    j.token, j.headers, j.variables, j.retries, j.attempts, j.created_at, j.due_at, j.lease_until"""

# Jobs that were taken and not begun: the attempt does not count.
FREE_JOBS = """update job set lease = null, lease_until = null, worker = null, attempts = attempts - 1
  where key = any(%s::bigint[]) and lease = %s and state = 'CREATED'"""

# Who asks for work, and when last.
SEE_WORKER = """insert into worker_seen (name, type, first_at, last_at)
  select %(name)s::text, t.type, %(now)s, %(now)s from unnest(%(types)s::text[]) as t(type)
  on conflict (name, type) do update set last_at = excluded.last_at"""

FORGET_WORKERS = "delete from worker_seen where last_at < %s"

DUE_FOLLOW_UPS = """with due as (select key from follow_up where lease_until is null or lease_until < now()
    order by key limit :rows for update skip locked)
  update follow_up f set lease = %s, lease_until = now() + interval '30 s' from due where f.key = due.key
  returning f.key"""

READ_FOLLOW_UP = "select key, kind, instance_key, token, payload, attempts from follow_up where key = %s and lease = %s"

# What callers wait for, taken by the transaction that wrote it.
HOLD_ANSWERS = """update follow_up set lease = %s, lease_until = now() + interval '30 s'
  where key = any(%s::bigint[]) and kind in ('return', 'thrown') returning key"""

DROP_FOLLOW_UP = "delete from follow_up where key = %s and lease = %s"

# A failed errand waits: 1, 2, 4 … up to 300 seconds.
POSTPONE_FOLLOW_UP = """update follow_up set attempts = attempts + 1, error = %s, lease = null,
    lease_until = now() + make_interval(secs => least(300, power(2, least(attempts, 9))))
  where key = %s and lease = %s"""

FREE_FOLLOW_UPS = "update follow_up set lease = null, lease_until = null where key = any(%s::bigint[]) and lease = %s"

# An error or escalation that a caller does not catch goes on to the caller's caller.
RAISE_FOLLOW_UP = "update follow_up set instance_key = %s, token = %s where key = %s and lease = %s"
