"""What happened in an instance, and where it stands on its diagram."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from engine.definitions import Definitions
from engine.model import Reference
from engine.queries.read import content
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the journal. `token` is the step it belongs to, 0 for the process."""

    seq: int
    at: datetime
    kind: str
    element: str
    token: int
    actor: str
    actor_kind: str
    ip: str | None
    data: Any
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One passage of an element: when it was entered and left, how, and by whose act.

    `element` is its id in the version that the instance was at last on while it stood there.
    """

    token: int
    element: str
    state: str
    entered_at: datetime
    entered_by: str
    left_at: datetime | None = None
    left_by: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """An instance over its diagram: how many tokens wait where, what was completed and taken, what has stopped.

    The diagram is that of the version it runs on now. What happened on an earlier one stands where the plans of its
    migrations put it, under its old id where they do not name it.
    """

    xml: bytes
    active: dict[str, int] = field(default_factory=dict)
    completed: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    incidents: dict[str, int] = field(default_factory=dict)


_ENTRIES = """select seq, at, kind, element, token, actor, actor_kind, ip, data, hash from journal
  where instance_key = %s and seq > %s order by seq limit %s"""

_STEPS = """select element, token, kind, at, actor, ip, case kind when 'ELEMENT_MIGRATED' then data end from journal
  where instance_key = %s
  and kind in ('ELEMENT_ACTIVATED', 'ELEMENT_COMPLETED', 'ELEMENT_TERMINATED', 'ELEMENT_MIGRATED') order by seq"""

# By the migrations that came after: their number, the last ones lowest.
_TAKEN = """with m as (select seq from journal where instance_key = %(key)s and kind = 'INSTANCE_MIGRATED')
  select (select count(*) from m where m.seq > j.seq), kind, element, count(*) from journal j
  where instance_key = %(key)s and kind in ('ELEMENT_ACTIVATED', 'ELEMENT_COMPLETED', 'ELEMENT_TERMINATED',
    'SEQUENCE_FLOW_TAKEN') and token > 0 group by 1, 2, 3"""

_MIGRATIONS = """select data from journal where instance_key = %s and kind = 'INSTANCE_MIGRATED' order by seq desc"""

_STOPPED = """select element, count(*) from incident where instance_key = %s and state = 'ACTIVE' group by 1"""

_LEFT = {"ELEMENT_COMPLETED": "COMPLETED", "ELEMENT_TERMINATED": "TERMINATED"}


def history(unit: Unit, instance_key: int, after: int = 0, limit: int = 10_000) -> list[Entry]:
    """The journal of an instance in order, from the row that follows `after`."""
    return [
        Entry(
            seq=seq,
            at=at,
            kind=kind,
            element=element,
            token=token,
            actor=actor,
            actor_kind=actor_kind,
            ip=ip,
            data=None if data is None else orjson.loads(data),
            hash=digest.hex(),
        )
        for seq, at, kind, element, token, actor, actor_kind, ip, data, digest in unit.all(
            _ENTRIES, (instance_key, after, limit)
        )
    ]


def steps(unit: Unit, instance_key: int) -> list[Step]:
    """Every passage of every element, in the order of entering."""
    open_: dict[tuple[str, int], dict[str, Any]] = {}
    found: list[dict[str, Any]] = []
    for element, token, kind, at, actor, ip, data in unit.all(_STEPS, (instance_key,)):
        if kind == "ELEMENT_MIGRATED":
            moved = open_.pop((orjson.loads(data)["from"], token), None)
            if moved is not None:
                open_[element, token] = moved
                moved["element"] = element
        elif kind == "ELEMENT_ACTIVATED":
            passage = {"token": token, "element": element, "state": "ACTIVE", "entered_at": at, "entered_by": actor}
            open_[element, token] = passage
            found.append(passage)
        elif (element, token) in open_:
            open_.pop((element, token)).update(state=_LEFT[kind], left_at=at, left_by=actor, ip=ip)
    return [Step(**passage) for passage in found]


def diagram(unit: Unit, instance_key: int) -> Diagram:
    """Where an instance stands. Raises NotFound."""
    row = unit.one("select definition_key, state from instance where key = %s", (instance_key,))
    if row is None:
        raise NotFound(say("There is no process instance {key}. Check the key.", key=instance_key))
    counts = _counts(unit, instance_key)
    return Diagram(
        xml=content(unit, row[0]),
        active=_active(counts),
        completed=sorted(counts.get("ELEMENT_COMPLETED", {})),
        flows=sorted(counts.get("SEQUENCE_FLOW_TAKEN", {})),
        incidents=dict(unit.all(_STOPPED, (instance_key,))),
    )


def _counts(unit: Unit, instance_key: int) -> dict[str, Counter[str]]:
    """How often each element was entered and left and each flow taken, by their ids of today."""
    found: dict[str, Counter[str]] = {}
    ways: list[dict[str, str]] | None = None
    for behind, kind, element, times in unit.all(_TAKEN, {"key": instance_key}):
        if behind:
            ways = _ways(unit, instance_key) if ways is None else ways
            for way in reversed(ways[:behind]):
                element = way.get(element, element)
        found.setdefault(kind, Counter())[element] += times
    return found


def _ways(unit: Unit, instance_key: int) -> list[dict[str, str]]:
    """Of each migration, the last first, where its plan put elements and flows."""
    told = [orjson.loads(data) for (data,) in unit.all(_MIGRATIONS, (instance_key,))]
    return [migration.get("mappings", {}) | migration.get("flows", {}) for migration in told]


def _active(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    left = {
        element: entered
        - counts.get("ELEMENT_COMPLETED", {}).get(element, 0)
        - counts.get("ELEMENT_TERMINATED", {}).get(element, 0)
        for element, entered in counts.get("ELEMENT_ACTIVATED", {}).items()
    }
    return {element: waiting for element, waiting in left.items() if waiting > 0}


def form(unit: Unit, definitions: Definitions, reference: Reference, definition_key: int) -> tuple[int, bytes]:
    """The key and the file of the form that an element of this process refers to. Raises NotFound."""
    deployment = definitions.get(unit, definition_key).deployment_key
    found = definitions.bound(unit, "form", reference, deployment)
    return found.key, found.content


def start_form(unit: Unit, definitions: Definitions, definition_key: int) -> tuple[int, bytes] | None:
    """The form that starts a process by its plain start event, or None where it has none. Raises NotFound."""
    loaded = definitions.process(unit, definition_key)
    starts: Sequence[Any] = loaded.model.starts
    reference = next((start.form for start in starts if start.kind == "none" and start.form), None)
    return form(unit, definitions, reference, definition_key) if reference else None
