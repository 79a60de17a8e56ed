"""Find instances by anything: what they are, where they wait, what they hold, who is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.queries import nouns
from engine.queries.nouns import Instance
from engine.queries.search import COUNTED, Page
from kernel.db import Unit

MOST = 100_000  # instances that one batch takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What instances are looked for. What is empty is not asked.

    `text` is a key, or part of a business id, of a tag, of the process id or name. `state` is a state of instances, or
    INCIDENT for those that run with an open incident. `element` is one that open work stands at. `variable` is a name,
    or `name=value`: the value as JSON, else as text. `person` started it or has an open task in it.
    """

    text: str = ""
    process: str = ""
    version: int = 0
    state: str = ""
    element: str = ""
    variable: str = ""
    since: datetime | None = None
    until: datetime | None = None
    tag: str = ""
    person: str = ""


_BY: Mapping[str, str] = {
    "text": "(strpos(lower(concat_ws(' ', i.business_id, d.id, d.name, array_to_string(i.tags, ' '))),"
    " lower(%(text)s)) > 0 or i.key::text = %(text)s or i.root_key::text = %(text)s)",
    "process": "i.process_id = %(process)s",
    "version": "i.process_version = %(version)s",
    "state": "i.state = %(state)s",
    "incident": "i.ended_at is null and exists (select from incident w where w.instance_key = i.key"
    " and w.state = 'ACTIVE')",
    "element": """(exists (select from user_task w where w.instance_key = i.key and w.element = %(element)s
        and w.state = 'CREATED')
      or exists (select from job w where w.instance_key = i.key and w.element = %(element)s
        and w.state in ('CREATED', 'FAILED'))
      or exists (select from timer w where w.instance_key = i.key and w.element = %(element)s)
      or exists (select from subscription w where w.instance_key = i.key and w.element = %(element)s)
      or exists (select from incident w where w.instance_key = i.key and w.element = %(element)s
        and w.state = 'ACTIVE'))""",
    "variable": "exists (select from variable w where w.instance_key = i.key and w.name = %(name)s)",
    "value": "exists (select from variable w where w.instance_key = i.key and w.name = %(name)s"
    " and (w.value = %(json)s::jsonb or w.value #>> '{}' = %(plain)s))",
    "since": "i.started_at >= %(since)s",
    "until": "i.started_at < %(until)s",
    "tag": "%(tag)s = any(i.tags)",
    "person": "(i.started_by = %(person)s or exists (select from user_task w where w.instance_key = i.key"
    " and w.assignee = %(person)s and w.state = 'CREATED'))",
}


def find(unit: Unit, wanted: Wanted, limit: int, offset: int = 0) -> Page[Instance]:
    """The instances that meet all that is asked, the newest first."""
    where, given = _where(wanted)
    source, noun = nouns.INSTANCE.source, nouns.INSTANCE
    rows = unit.all(
        f"select {noun.columns} from {source}{where} order by i.started_at desc, i.key desc"
        f" limit {int(limit)} offset {int(offset)}",
        given,
    )
    counted = f"select count(*) from (select 1 from {source}{where} limit {COUNTED + 1}) c"
    (total,) = unit.one(counted, given)
    return Page(items=[noun.make(row) for row in rows], total=min(total, COUNTED), more=total > COUNTED)


def keys(unit: Unit, wanted: Wanted, most: int = MOST) -> list[int]:
    """The keys of all of them, `most` at the most."""
    where, given = _where(wanted)
    rows = unit.all(f"select i.key from {nouns.INSTANCE.source}{where} order by i.key limit {int(most)}", given)
    return [key for (key,) in rows]


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}
    parts = [_BY[name] for name, value in given.items() if value and name not in ("state", "variable")]
    if wanted.state:
        parts.append(_BY["incident" if wanted.state == "INCIDENT" else "state"])
    if wanted.variable:
        name, equals, value = wanted.variable.partition("=")
        given |= {"name": name.strip(), "plain": value.strip(), "json": _as_json(value.strip())}
        parts.append(_BY["value" if equals else "variable"])
    return (" where " + " and ".join(parts) if parts else ""), given


def _as_json(text: str) -> str:
    """The text as it is where it is JSON, else as a JSON text."""
    try:
        orjson.loads(text)
    except ValueError:
        return orjson.dumps(text).decode()
    return text
