"""The statement that takes an instance and its open work from one definition to another.

Keys stay, and with them what hangs on them: who has taken a task and when it is due, a worker's lease, a timer's
instant, what a message is found by. In `noted`, `index` is an event's number in the old model, `place` in the new one.
"""

from engine.store.parts import FORM, Write

_INSTANCE = """with n as (select * from json_to_record(%(noted)s::json) as x(definition bigint, process_id text,
    process_version int, tasks json, jobs json, waits json, incidents json)),
  i as (update instance set version = version + 1, definition_key = n.definition, process_id = n.process_id,
    process_version = n.process_version, state = %(state)s::text, blob = %(blob)s, journal_seq = %(seq)s,
    journal_head = %(head)s,
    ended_at = case when %(state)s::text in ('ACTIVE', 'SUSPENDED') then null::timestamptz else %(now)s end
  from n where instance.key = %(instance)s and instance.version = %(version)s
  returning instance.key, instance.definition_key, instance.process_id, instance.state, instance.parent_key,
    instance.parent_token)"""

_TASKS = f"""
, moved_tasks as (update user_task t set element = x.element, name = x.name, definition_key = i.definition_key,
    process_id = i.process_id, form_key = {FORM}, form_id = x.form, external_form = x.external_form, headers = x.headers
  from i, n, json_to_recordset(n.tasks) as x(token int, element text, name text, form text, binding text,
    version_tag text, external_form text, headers jsonb)
  where t.instance_key = i.key and t.state = 'CREATED' and t.token = x.token)"""

_JOBS = """
, moved_jobs as (update job j set element = x.element, definition_key = i.definition_key, process_id = i.process_id
  from i, n, json_to_recordset(n.jobs) as x(token int, element text)
  where j.instance_key = i.key and j.state in ('CREATED', 'FAILED') and j.token = x.token)"""

_WAITS = """
, moved_timers as (update timer t set element = x.element, index = x.place
  from i, n, json_to_recordset(n.waits) as x(token int, index int, place int, element text)
  where t.instance_key = i.key and t.token = x.token and t.index = x.index)
, moved_subscriptions as (update subscription s set element = x.element, index = x.place, process_id = i.process_id
  from i, n, json_to_recordset(n.waits) as x(token int, index int, place int, element text)
  where s.instance_key = i.key and s.token = x.token and s.index = x.index)"""

_INCIDENTS = """
, moved_incidents as (update incident n set element = x.element, definition_key = i.definition_key,
    process_id = i.process_id
  from i, n m, json_to_recordset(m.incidents) as x(token int, element text)
  where n.instance_key = i.key and n.state = 'ACTIVE' and n.token = x.token)"""

MIGRATE = Write(f"{_INSTANCE}{_TASKS}{_JOBS}{_WAITS}{_INCIDENTS}")
