"""The statements of operators: what stands still, what is kept, what goes."""

from engine.store.parts import HISTORY
from kernel.db import Statement

STATE = "select state from instance where key = %s"

# An instance stands still or goes on, with its jobs and timers. The called ones are owed an errand each; and, where it
# goes on, a look at the messages that came meanwhile. A called one takes its caller's state only while the caller has
# it: the caller is locked first, so that of two errands the later one wins, in whatever order they are done.
SUSPEND = Statement(f"""with wanted as (select * from json_to_record(%(noted)s::json) as x(state text, parent bigint)),
  caller as (select p.key from instance p, wanted w where p.key = w.parent and p.state = w.state for share of p),
  i as (update instance set version = version + 1, state = w.state, journal_seq = %(seq)s, journal_head = %(head)s
    from wanted w where instance.key = %(instance)s and version = %(version)s
      and (w.parent = 0 or exists (select from caller))
      and (%(errand)s = 0 or exists (select from follow_up where key = %(errand)s and lease = %(errand_lease)s))
    returning instance.key, instance.state, instance.process_id)
, jobs as (update job j set suspended = i.state = 'SUSPENDED' from i
  where j.instance_key = i.key and j.state in ('CREATED', 'FAILED'))
, timers as (update timer t set suspended = i.state = 'SUSPENDED', lease_until = null from i
  where t.instance_key = i.key)
, dropped as (delete from follow_up f using i where f.key = %(errand)s)
, owed as (insert into follow_up (kind, instance_key, payload, attempts, lease, lease_until)
  select o.kind, o.instance_key, '{{}}', 0, nullif(%(holder)s, 0),
    case when %(holder)s <> 0 then now() + interval '30 s' end
  from (
    select 'follow' as kind, c.key as instance_key from i join instance c on c.parent_key = i.key
      where c.ended_at is null
    union all
    select 'buffered', i.key from i where i.state = 'ACTIVE'
      and exists (select from subscription s where s.instance_key = i.key and s.kind = 'message')
  ) o returning key){HISTORY}
select i.key, array(select key from owed order by key) from i""")
