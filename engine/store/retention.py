"""The statements by which finished instances are kept, held, and leave."""

SET_DAYS = """insert into retention (process_id, days, set_by, set_at) values (%s, %s, %s, %s)
  on conflict (process_id) do update set days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at"""

FORGET = "delete from retention where process_id = %s returning days"

KEPT = "select process_id, days, set_by, set_at from retention order by process_id"

# Whoever places a hold waits for a removal under way, and whoever removes waits for the hold.
ROOT_OF = "select r.key from instance i join instance r on r.key = i.root_key where i.key = %s for share of r"

PLACE = """insert into legal_hold (key, root_key, reason, placed_by, placed_at) values (%s, %s, %s, %s, %s)
  on conflict (root_key) where lifted_at is null do nothing"""

OPEN_HOLD = "select placed_by, placed_at, reason from legal_hold where root_key = %s and lifted_at is null"

LIFT = """update legal_hold set lifted_by = %s, lifted_at = %s, lifted_why = %s
  where root_key = %s and lifted_at is null returning key"""

HOLDS = """select h.key, h.root_key, h.reason, h.placed_by, h.placed_at, h.lifted_by, h.lifted_at, h.lifted_why
  from legal_hold h where %(all)s or h.lifted_at is null order by h.key desc limit %(limit)s offset %(offset)s"""

LOCK_ROOT = "select parent_key, process_id, ended_at, root_key from instance where key = %s for update"

LOCK_TREE = "select key, ended_at from instance where root_key = %s order by key for update"

# What the instances of a tree ran as, each with its end, those before they moved to another process among them.
RAN_AS = """select distinct i.process_id, i.ended_at from instance i where i.root_key = %(root)s
  union select distinct j.data::jsonb #>> '{from,process}', i.ended_at from instance i
    join journal j on j.instance_key = i.key and j.kind = 'INSTANCE_MIGRATED' where i.root_key = %(root)s"""

PROCESSES = "select distinct id from definition where kind = 'process'"

# The instances of a process whose time is over, with nothing of theirs still running, no open hold, and nothing in the
# tree that the law keeps for longer: `floors` tells by process what ended too late. Counted, not joined: so the index
# gives the oldest first, and the rest is not looked at.
DUE = """select i.key from instance i
  where i.process_id = %(process_id)s::text and i.parent_key is null and i.ended_at <= %(before)s
    and (select count(*) from legal_hold h where h.root_key = i.key and h.lifted_at is null) = 0
    and (select count(*) from instance c where c.root_key = i.key and c.ended_at is null) = 0
    and (%(floors)s::jsonb = '{}' or (select count(*) from instance c
      where c.root_key = i.key and c.ended_at > (%(floors)s::jsonb ->> c.process_id)::timestamptz) = 0
      and (select count(*) from instance c join journal j on j.instance_key = c.key and j.kind = 'INSTANCE_MIGRATED'
        where c.root_key = i.key
          and c.ended_at > (%(floors)s::jsonb ->> (j.data::jsonb #>> '{from,process}'))::timestamptz) = 0)
  order by i.process_id, i.ended_at limit :rows"""

LOCK_FREE = "select key from instance where key = %s for update skip locked"

# What stays: that it was, and the end of its journal. The journal lets its rows go only once this is there.
REMEMBER = """insert into removed_instance (key, root_key, process_id, process_version, state, started_at, ended_at,
    journal_seq, journal_head, removed_at, removed_by, why)
  select key, root_key, process_id, process_version, state, started_at, ended_at, journal_seq, journal_head,
    %s, %s::text, %s::text
  from instance where key = any(%s::bigint[])"""

# `correlation` goes with its message (`messages.FORGET`); what was done to many, and to hold, is kept.
_OF_INSTANCES = ("journal", "variable", "user_task", "job", "timer", "subscription", "incident", "follow_up")
REMOVE = (
    *(f"delete from {table} where instance_key = any(%s::bigint[])" for table in _OF_INSTANCES),
    "delete from instance where key = any(%s::bigint[])",
)
