"""The statements about messages and signals, and who waits for them."""

# A message and the errand to deliver it, in one. Its id is free again once the older row may be forgotten.
PUBLISH = """with m as (insert into message (key, name, correlation_key, message_id, variables, published_at,
      published_by, expires_at, forget_at)
    values (%(key)s, %(name)s::text, %(correlation_key)s::text, %(message_id)s::text, %(variables)s::jsonb, %(now)s,
      %(actor)s::text, %(expires_at)s, %(forget_at)s)
    on conflict (name, correlation_key, message_id) where message_id is not null do update
      set key = excluded.key, variables = excluded.variables, published_at = excluded.published_at,
        published_by = excluded.published_by, expires_at = excluded.expires_at, forget_at = excluded.forget_at
      where message.forget_at <= excluded.published_at
    returning key),
  o as (insert into follow_up (kind, payload, attempts, lease, lease_until)
    select 'message', jsonb_build_object('message', m.key), 0, nullif(%(holder)s, 0),
      case when %(holder)s <> 0 then now() + interval '30 s' end from m returning key)
  select m.key, array[o.key] from m, o"""

READ = """select key, name, correlation_key, variables, published_by, expires_at from message where key = %s"""

# One subscription of each process that the message has not reached, the oldest first. What is suspended hears nothing.
WAITING = """select distinct on (s.process_id) s.key, s.process_id from subscription s
  join instance i on i.key = s.instance_key and i.state = 'ACTIVE'
  where s.kind = 'message' and s.name = %(name)s::text and s.correlation_key = %(correlation_key)s::text
    and not exists (select from correlation c where c.message_key = %(message)s and c.process_id = s.process_id)
  order by s.process_id, s.key"""

# The processes that the message starts: with a correlation key one instance at a time.
STARTING = """select s.process_id, s.element, s.definition_key from start_subscription s
  where s.kind = 'message' and s.name = %(name)s::text
    and not exists (select from correlation c where c.message_key = %(message)s and c.process_id = s.process_id)
    and (%(correlation_key)s::text = '' or not exists (select from instance i where i.process_id = s.process_id
      and i.correlation_key = %(correlation_key)s::text and i.ended_at is null))
  order by s.process_id"""

# Messages that were there before an instance came to wait for them, oldest first.
BUFFERED = """select m.key, s.key from subscription s
  join instance i on i.key = s.instance_key and i.state = 'ACTIVE'
  join message m on m.name = s.name and m.correlation_key = s.correlation_key
  where s.instance_key = %(instance)s and s.kind = 'message' and m.expires_at > %(now)s
    and not exists (select from correlation c where c.message_key = m.key and c.process_id = s.process_id)
  order by m.key"""

# Messages that wait until the instance that one like them started is over.
HELD_BACK = """select m.key from start_subscription s join message m on m.name = s.name
  where s.process_id = %(process_id)s::text and s.kind = 'message' and m.correlation_key = %(correlation_key)s::text
    and m.expires_at > %(now)s
    and not exists (select from correlation c where c.message_key = m.key and c.process_id = s.process_id)
  order by m.key limit 1"""

REACHED = "select instance_key from correlation where message_key = %s order by instance_key"

FORGET = """with m as (delete from message where forget_at <= %(now)s and expires_at <= %(now)s returning key)
  delete from correlation using m where correlation.message_key = m.key"""

# A signal becomes one errand a listener, so that each hears it once whatever crashes in between.
SPREAD_SIGNAL = """with f as (delete from follow_up where key = %(key)s and lease = %(lease)s
    returning instance_key, payload),
  o as (insert into follow_up (kind, instance_key, payload, attempts, lease, lease_until)
    select 'trigger', s.instance_key, jsonb_build_object('subscription', s.key, 'variables', f.payload->'variables'),
        0, %(lease)s, now() + interval '30 s'
      from f join subscription s on s.kind = 'signal' and s.name = f.payload->>'name'
      join instance i on i.key = s.instance_key and i.state = 'ACTIVE'
      where f.instance_key is null or s.instance_key <> f.instance_key
    union all
    select 'start', null, jsonb_build_object('definition', s.definition_key, 'element', s.element,
        'variables', f.payload->'variables'), 0, %(lease)s, now() + interval '30 s'
      from f join start_subscription s on s.kind = 'signal' and s.name = f.payload->>'name'
    returning key)
  select array(select key from o order by key)"""

BROADCAST = """with o as (insert into follow_up (kind, payload, attempts, lease, lease_until)
    select 'signal', %(payload)s::jsonb, 0, nullif(%(holder)s, 0),
      case when %(holder)s <> 0 then now() + interval '30 s' end returning key)
  select array[key] from o"""
