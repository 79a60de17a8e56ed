"""The statements about what is deployed."""

from engine.tables.history import AUDITED

COLUMNS = """d.key, d.kind, d.id, d.name, d.version, d.version_tag, d.deployment_key, d.resource_key, d.resource_name,
  d.deployed_at"""

BY_KEY = f"select {COLUMNS}, r.content from definition d join resource r on r.key = d.resource_key where d.key = %s"

# The latest version is the highest that is not withdrawn.
KEY_OF_LATEST = """select key from definition where kind = %s and id = %s and withdrawn_at is null
  order by version desc limit 1"""

KEY_OF_VERSION = "select key from definition where kind = %s and id = %s and version = %s"

KEY_OF_TAG = """select key from definition where kind = %s and id = %s and version_tag = %s
  and withdrawn_at is null order by version desc limit 1"""

KEY_OF_DEPLOYMENT = (
    """select definition_key from deployment_entry where deployment_key = %s and kind = %s and id = %s"""
)

# One deployment at a time, so that versions are counted without gaps.
LOCK = "select pg_advisory_xact_lock(hashtext('jiaojie.deploy'))"

LATEST_DIGEST = """select key, version, digest, deployment_key from definition where kind = %s and id = %s
  and withdrawn_at is null order by version desc limit 1"""

# A number is never given twice, whatever was withdrawn.
NEXT_VERSION = "select coalesce(max(version), 0) + 1 from definition where kind = %s and id = %s"

ADD_DEPLOYMENT = "insert into deployment (key, at, actor, comment) values (%s, %s, %s, %s)"

ADD_RESOURCE = "insert into resource (key, deployment_key, name, content) values (%s, %s, %s, %s)"

ADD_DEFINITION = """insert into definition (key, kind, id, name, version, version_tag, deployment_key, resource_key,
    resource_name, digest, deployed_at)
  values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""

ADD_ENTRY = """insert into deployment_entry (deployment_key, definition_key, kind, id, new)
  values (%s, %s, %s, %s, %s)"""

# A new version of a process listens in place of the old one.
DROP_START_SUBSCRIPTIONS = "delete from start_subscription where process_id = %s"

ADD_START_SUBSCRIPTION = """insert into start_subscription (process_id, element, definition_key, kind, name)
  values (%s, %s, %s, %s, %s)"""

DROP_START_TIMERS = "delete from start_timer where process_id = %s and not (element = any(%s))"

# An unchanged timer keeps its next start: a redeployment neither delays it nor fires it again.
SET_START_TIMER = """insert into start_timer as t (process_id, element, key, definition_key, expression, due_at, "left",
    period)
  values (%s, %s, %s, %s, %s, %s, %s, %s)
  on conflict (process_id, element) do update set definition_key = excluded.definition_key,
    expression = excluded.expression,
    due_at = case when t.expression = excluded.expression then t.due_at else excluded.due_at end,
    "left" = case when t.expression = excluded.expression then t."left" else excluded."left" end,
    period = excluded.period"""

BY_ANY_KEY = """select key, kind, id, version, version_tag, deployment_key, resource_key, withdrawn_at from definition
  where key = %(key)s or resource_key = %(key)s order by key"""

WITHDRAWN = "select withdrawn_at, withdrawn_by from definition where key = %s"

WITHDRAW_NEWER = """update definition set withdrawn_at = %s, withdrawn_by = %s
  where kind = 'process' and id = %s and version > %s and withdrawn_at is null returning version"""

RESTORE = "update definition set withdrawn_at = null, withdrawn_by = null where key = %s"

# What an unused version leaves behind: it is looked for before anything goes.
USED = """select count(*) filter (where ended_at is null), count(*) filter (where ended_at is not null) from instance
  where definition_key = %s"""

# Cases that ran on a version and have moved on: their history names its elements. The list of kinds lets the index of
# what people did answer, which is a small part of the journal.
MOVED_ON = f"""select count(distinct instance_key) from journal where {AUDITED} and kind = 'INSTANCE_MIGRATED'
  and (data::jsonb #>> '{{from,key}}')::bigint = %s"""

SHOWN = "select count(*) from user_task where form_key = %s"

BESIDE = """select distinct d.key from deployment_entry e
  join definition d on d.kind = 'process' and d.deployment_key = e.deployment_key
  where e.definition_key = %s"""

# Whether another version would answer in its place: the next lower one, or one of the same tag.
STAYS = """select count(*) > 0, coalesce(bool_or(version_tag = %(tag)s::text), false) from definition
  where kind = %(kind)s and id = %(id)s and not (key = any(%(going)s::bigint[]))"""

# The versions of processes that something can still come to: the latest of each, and those that cases run on.
IN_USE = """select d.key from definition d where d.kind = 'process' and not (d.key = any(%s::bigint[]))
  and (d.key = (select l.key from definition l where l.kind = 'process' and l.id = d.id and l.withdrawn_at is null
      order by l.version desc limit 1)
    or exists (select from instance i where i.definition_key = d.key and i.ended_at is null)) order by d.key"""

LATEST_BUT = """select key from definition where kind = 'process' and id = %s and withdrawn_at is null
  and not (key = any(%s::bigint[])) order by version desc limit 1"""

DROP_START_TIMERS_OF = "delete from start_timer where process_id = %s"

DROP_ENTRIES = "delete from deployment_entry where definition_key = any(%s::bigint[]) returning deployment_key"

DROP_DEFINITIONS = "delete from definition where key = any(%s::bigint[])"

DROP_RESOURCES = """delete from resource r where r.key = any(%s::bigint[])
  and not exists (select from definition d where d.resource_key = r.key)"""

DROP_DEPLOYMENTS = """delete from deployment p where p.key = any(%s::bigint[])
  and not exists (select from deployment_entry e where e.deployment_key = p.key)
  and not exists (select from definition d where d.deployment_key = p.key)
  and not exists (select from resource r where r.deployment_key = p.key)"""
