"""The statements of batch operations: an item is done together with what is done to its instance."""

ADD = """insert into batch_operation (key, kind, state, payload, filter, reason, total, created_at, created_by,
    actor_kind, ip)
  values (%s, %s, 'CREATED', %s::jsonb, %s::jsonb, %s, 0, %s, %s, %s, %s)"""

# `:chosen` gives item, instance and root, in this order.
ADD_ITEMS = """insert into batch_item (batch_key, item_key, instance_key, root_key, state)
  select distinct on (c.item) %s::bigint, c.item, c.instance, c.root, 'ACTIVE'
  from (:chosen) as c(item, instance, root)"""

# Nothing to do is done at once.
COUNTED = """update batch_operation set total = %(total)s,
    state = case when %(total)s = 0 then 'COMPLETED' else state end,
    ended_at = case when %(total)s = 0 then %(now)s::timestamptz end
  where key = %(key)s"""

BEGIN = """update batch_operation set state = 'ACTIVE', started_at = %s where state = 'CREATED'"""

# Whether there is anything to do, for whoever looks often.
ANY = "select exists (select from batch_operation where state in ('CREATED', 'ACTIVE'))"

# Items of the oldest open batches, whoever holds them.
LOOK = """select b.key, i.item_key from batch_operation b, lateral (select item_key from batch_item
    where batch_key = b.key and state = 'ACTIVE' order by item_key limit :rows) i
  where b.state in ('CREATED', 'ACTIVE') order by b.key limit :rows"""

# One of them, held against other workers until it is done. Whoever dies gives it back.
TAKE = """select b.key, b.kind, b.payload, b.reason, b.created_by, b.actor_kind, b.ip, i.item_key
  from batch_item i join batch_operation b on b.key = i.batch_key
  where i.batch_key = %s and i.item_key = %s and i.state = 'ACTIVE' and b.state in ('CREATED', 'ACTIVE')
  for update of i skip locked"""

DONE = "update batch_item set state = %s, message = %s, ended_at = %s where batch_key = %s and item_key = %s"

# The last one ends it. Items that others hold just now are not over.
FINISH = """update batch_operation b set ended_at = %s, state = case
    when not exists (select from batch_item where batch_key = b.key and state = 'FAILED') then 'COMPLETED'
    when not exists (select from batch_item where batch_key = b.key and state = 'COMPLETED') then 'FAILED'
    else 'PARTIALLY_COMPLETED' end
  where b.state in ('CREATED', 'ACTIVE')
    and not exists (select from batch_item where batch_key = b.key and state = 'ACTIVE')"""

LOCK = "select state, started_at, created_by, ended_at from batch_operation where key = %s for update"

SET_STATE = "update batch_operation set state = %s, ended_at = %s where key = %s"

CANCEL_ITEMS = "update batch_item set state = 'CANCELED', ended_at = %s where batch_key = %s and state = 'ACTIVE'"
