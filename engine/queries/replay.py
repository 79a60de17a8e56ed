"""What the cases that there are would do on files that are not deployed: chosen, replayed, asked whether they can move.

Only read. See `engine.spiff.replay` for the replay itself and `engine.spiff.moves` for the move.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import orjson

from engine import decisions
from engine.definitions import Loaded
from engine.model import Reference, Value, Values
from engine.spiff.model import Model
from engine.spiff.moves.migrate import Migration
from engine.spiff.moves.plan import Plan
from engine.spiff.moves.rows import Refused
from engine.spiff.moves.suggest import suggested
from engine.spiff.replay import Line, Replayed, Scene, replay
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say

__all__ = ["Case", "Proposed", "Refused", "Replayed", "chosen", "counts", "replayed", "running", "stuck"]

MOST_LINES = 50_000  # of a journal that is read into memory
LOOKED_AT = 10  # finished cases for each that is chosen, so that different ways are found among them
MOST_LOOKED_AT = 1_000


class Case(NamedTuple):
    """An instance that may be replayed. `blob` is its state."""

    key: int
    definition_key: int
    version: int
    business_id: str | None
    state: str
    blob: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the files would bring: processes by their ids, and decisions by theirs."""

    models: Mapping[str, Model] = field(default_factory=dict)
    decisions: Mapping[str, Loaded] = field(default_factory=dict)


_COUNTS = """select count(*) filter (where ended_at is not null), count(*) filter (where ended_at is null)
  from instance where process_id = %s"""

_ROW = "key, definition_key, process_version, business_id, state, blob"

_FINISHED = """with last as (select key, ended_at from instance where process_id = %s and ended_at is not null
    order by ended_at desc, key desc limit %s)
  select l.key, (select md5(string_agg(distinct j.element, ',')) from journal j where j.instance_key = l.key
    and j.kind in ('ELEMENT_COMPLETED', 'SEQUENCE_FLOW_TAKEN', 'ELEMENT_TERMINATED'))
  from last l order by l.ended_at desc, l.key desc"""

_RUNNING = (
    "select key from instance where process_id = %s and ended_at is null order by started_at {order}, key {order}"
)

_OF_KEYS = f"select {_ROW} from instance where key = any(%s)"

_LINES = """select at, kind, element, token, data from journal where instance_key = %s order by seq limit %s"""

_RETURNS = """select i.parent_token, i.key, v.name, v.value from instance i
  left join variable v on v.instance_key = i.key and v.scope = 0
  where i.parent_key = %s and i.state = 'COMPLETED' order by i.key"""


def counts(unit: Unit, process_id: str) -> tuple[int, int]:
    """How many cases of a process are over, and how many are not."""
    finished, running = unit.one(_COUNTS, (process_id,))
    return finished, running


def chosen(unit: Unit, process_id: str, sample: int) -> list[Case]:
    """At most `sample` finished cases, the newest of each way through the process before others of the same way; then
    as many running ones, the oldest and the newest by turns.
    """
    looked_at = min(MOST_LOOKED_AT, sample * LOOKED_AT)
    finished = _different(unit.all(_FINISHED, (process_id, looked_at)))[:sample]
    ends = [unit.all(_RUNNING.format(order=order) + " limit %s", (process_id, sample)) for order in ("asc", "desc")]
    in_turns = chain.from_iterable(zip_longest(*ends))
    running = list(dict.fromkeys(row[0] for row in in_turns if row is not None))[:sample]
    found = {row[0]: Case._make(row) for row in unit.all(_OF_KEYS, (finished + running,))}
    return [found[key] for key in finished + running if key in found]


def running(unit: Unit, process_id: str, most: int) -> list[Case]:
    """The running cases of a process, the oldest first, at most so many."""
    keys = [key for (key,) in unit.all(_RUNNING.format(order="asc") + " limit %s", (process_id, most))]
    return sorted((Case._make(row) for row in unit.all(_OF_KEYS, (keys,))), key=lambda case: keys.index(case.key))


def _different(rows: Iterable[tuple[int, str]]) -> list[int]:
    first: dict[str, int] = {}
    others = []
    for key, way in rows:
        if first.setdefault(way, key) != key:
            others.append(key)
    return [*first.values(), *others]


def replayed(engine: Engine, unit: Unit, case: Case, process_id: str, proposed: Proposed) -> Replayed:
    """What a case would do on the proposed version of its process."""
    rows = unit.all(_LINES, (case.key, MOST_LINES + 1))
    if len(rows) > MOST_LINES:
        return Replayed(verdict="CANNOT", sentence=say("The case is too long to be replayed to its end."))
    lines = [
        Line(at, kind, element, token, None if data is None else orjson.loads(data))
        for at, kind, element, token, data in rows
    ]
    moved = next((line.data for line in lines if line.kind == "INSTANCE_MIGRATED"), None)
    began = engine.definitions.process(unit, moved["from"]["key"] if moved else case.definition_key)
    new = proposed.models[process_id]
    return replay(
        lines,
        began.model,
        new,
        _images(began.model, new),
        decide=_Answers(engine, unit, proposed, began, lines).decide,
        zone=engine.zone,
        returns=_returns(unit, case.key),
    )


def stuck(engine: Engine, unit: Unit, case: Case, process_id: str, proposed: Proposed) -> list[Refused]:
    """Why a running case could not migrate there by the plan that suggests itself; empty where it can."""
    loaded = engine.definitions.process(unit, case.definition_key)
    new = proposed.models[process_id]
    scene = Scene(_Answers(engine, unit, proposed, loaded, ()).decide, engine.zone, engine.clock.now())
    try:
        return Migration(Plan(loaded.model, new, _images(loaded.model, new)), case.blob, scene).refusals
    except Conflict as conflict:
        return [Refused(process_id, 0, conflict.message)]


def _images(old: Model, new: Model) -> dict[str, str]:
    return {mapping.source: mapping.target for mapping in suggested(old, new)}


def _returns(unit: Unit, key: int) -> dict[int, Values]:
    """What called processes gave back, by the token of the call; of several under one token the last."""
    found: dict[int, tuple[int, dict[str, Value]]] = {}
    for token, child, name, value in unit.all(_RETURNS, (key,)):
        if token not in found or found[token][0] != child:
            found[token] = child, {}
        if name is not None:
            found[token][1][name] = value
    return {token: variables for token, (_, variables) in found.items()}


class _Answers:
    """Decisions as the proposed files have them, where they do; else in the version that the case asked, so that only
    what is proposed makes a difference; else as they are bound.
    """

    def __init__(self, engine: Engine, unit: Unit, proposed: Proposed, began: Loaded, lines: Sequence[Line]) -> None:
        self._engine, self._unit, self._proposed, self._began = engine, unit, proposed, began
        asked: list[Any] = [line.data for line in lines if line.kind == "DECISION_EVALUATED"]
        self._asked: dict[str, int] = {trace["decision"]: trace["key"] for trace in reversed(asked) if "key" in trace}

    def decide(self, reference: Reference, inputs: Values, now: datetime) -> tuple[Value, Values]:
        """As `engine.spiff.turn.Host` has it, at an instant."""
        return decisions.answer(self._found(reference), inputs, now)

    def _found(self, reference: Reference) -> Loaded:
        if reference.id in self._proposed.decisions:
            return self._proposed.decisions[reference.id]
        definitions = self._engine.definitions
        if reference.binding != "deployment" and reference.id in self._asked:
            return definitions.get(self._unit, self._asked[reference.id])
        return definitions.bound(self._unit, "decision", reference, 0)
