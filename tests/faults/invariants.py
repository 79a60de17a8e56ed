"""What must hold when everything is over, I1 to I9: each gives a sentence for what does not.

The database is compared with the log outside, and every case with one that ran when nothing went wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import journal
from kernel.db import Unit
from tests.engine.house import OPEN
from tests.faults import models
from tests.faults.sink import Entry

History = Counter[tuple[str, str]]
Quiet = dict[tuple[str, bool], tuple[int, History]]  # by process and whether broken: turns and history


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An instance with everything that is known of it."""

    key: int
    process: str
    business_id: str | None
    state: str
    version: int
    history: History
    jobs: dict[str, tuple[str, int, str]]  # element to UUID, attempts, state

    @property
    def broken(self) -> bool:
        return self.process == "faults" and models.is_broken(self.business_id or "-0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The database, the log outside, and how cases go when nothing goes wrong: by process and whether broken."""

    unit: Unit
    log: list[Entry]
    quiet: Quiet = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (entry.what for entry in self.log if entry.kind == kind)


def read(unit: Unit) -> dict[int, Case]:
    """Every instance in the database."""
    history: dict[int, History] = defaultdict(Counter)
    for key, kind, element, times in unit.all(
        "select instance_key, kind, element, count(*) from journal group by 1, 2, 3"
    ):
        history[key][kind, element] = times
    jobs: dict[int, dict[str, tuple[str, int, str]]] = defaultdict(dict)
    for key, element, uuid, attempts, state in unit.all("select instance_key, element, uuid, attempts, state from job"):
        assert element not in jobs[key], f"two jobs at {element} of {key}"
        jobs[key][element] = str(uuid), attempts, state
    rows = unit.all("select key, process_id, business_id, state, version from instance")
    return {
        key: Case(
            key=key, process=process, business_id=number, state=state, version=version,
            history=history[key], jobs=jobs[key],
        )
        for key, process, number, state, version in rows
    }  # fmt: skip


def check(scene: Scene) -> list[str]:
    """Every breach, with the number of its invariant."""
    return [f"{number}: {breach}" for number, holds in INVARIANTS.items() for breach in holds(scene)]


def everything_ends(scene: Scene) -> Iterator[str]:
    for case in scene.cases.values():
        if case.state != "COMPLETED":
            yield f"{case.process} {case.key} is {case.state}"


def nothing_is_left_over(scene: Scene) -> Iterator[str]:
    for table, open_ in OPEN.items():
        left = (
            f"select t.key from {table} t join instance i on i.key = t.instance_key where i.state <> 'ACTIVE' {open_}"
        )
        for (key,) in scene.unit.all(left):
            yield f"{table} {key} is open in an instance that is over"
    for key, kind, error in scene.unit.all("select key, kind, error from follow_up"):
        yield f"errand {key} ({kind}) is left: {error}"


def history_is_that_of_a_quiet_case(scene: Scene) -> Iterator[str]:
    for case in scene.cases.values():
        version, history = scene.quiet[case.process, case.broken]
        calls = case.process == "faults"  # a start of a called process that came too late still bumps its caller
        if case.version != version and not (calls and case.version > version):
            yield f"{case.process} {case.key} took {case.version} turns, not {version}"
        for what in (case.history - history) + (history - case.history):
            yield f"{case.process} {case.key}: {what} {case.history[what]} times, not {history[what]}"


def every_effect_has_one_key(scene: Scene) -> Iterator[str]:
    called: dict[tuple[int, str], set[str]] = defaultdict(set)
    for call in scene.of("end"):
        called[call["instance"], call["element"]].add(call["key"])
    for case in scene.cases.values():
        for element in models.EXPECTED[case.process].effects:
            uuid = case.jobs.get(element, ("no job", 0, ""))[0]
            if called.pop((case.key, element), set()) != {uuid}:
                yield f"{case.process} {case.key}: {element} was not called under {uuid} alone"
    for (key, element), keys in called.items():
        yield f"{element} of {key} was called ({keys}) and nobody knows of it"


def steps_follow_each_other(scene: Scene) -> Iterator[str]:
    begun: dict[tuple[int, str], int] = {}
    ended: dict[tuple[int, str], int] = {}
    for place, entry in enumerate(scene.log):
        if entry.kind in ("begin", "end"):
            where = begun if entry.kind == "begin" else ended
            where.setdefault((entry.what["instance"], entry.what["element"]), place)
    for case in scene.cases.values():
        for before, after in models.EXPECTED[case.process].order:
            if begun.get((case.key, after), 0) < ended.get((case.key, before), 0):
                yield f"{case.process} {case.key}: {after} began before {before} had ended"


def only_the_holder_completes(scene: Scene) -> Iterator[str]:
    """What stands in the variables is of the last attempt: a late one is fenced off, and its record with it."""
    told = "select instance_key, name, value from variable where jsonb_typeof(value) = 'object' and value ? 'attempt'"
    for key, element, value in scene.unit.all(told):
        job = scene.cases[key].jobs.get(element)  # a called process hands its variables to its caller
        if job is not None and (value["key"], value["attempt"]) != job[:2]:
            yield f"{element} of {key} was completed by attempt {value['attempt']}, and {job[1]} held it"


def records_go_with_their_turn(scene: Scene) -> Iterator[str]:
    recorded: dict[str, list[int]] = defaultdict(list)
    for uuid, attempt in scene.unit.all("select uuid::text, attempt from recorded"):
        recorded[uuid].append(attempt)
    for case in scene.cases.values():
        for element, (uuid, attempts, state) in case.jobs.items():
            if state == "COMPLETED" and recorded.pop(uuid, []) != [attempts]:
                yield f"{element} of {case.key} was not recorded once, by attempt {attempts}"
    for uuid in recorded:
        yield f"{uuid} was recorded and is not completed"


def nothing_is_early(scene: Scene) -> Iterator[str]:
    """By the clock of whoever let it fire; see docs/reference/faults.md on clocks that disagree."""
    for key, at, data in scene.unit.all("select instance_key, at, data::json from journal where kind = 'TIMER_FIRED'"):
        if at < datetime.fromisoformat(data["due_at"]):
            yield f"a timer of {key} was due at {data['due_at']} and fired at {at}"


def incidents_are_those_of_broken_cases(scene: Scene) -> Iterator[str]:
    found = Counter(key for (key,) in scene.unit.all("select instance_key from incident"))
    for case in scene.cases.values():
        if found[case.key] != case.broken:
            yield f"{case.process} {case.key} has {found[case.key]} incidents"


def the_chain_holds(scene: Scene) -> Iterator[str]:
    for key in scene.cases:
        broken = journal.verify(scene.unit, key)
        if broken is not None:
            yield f"the journal of {key} breaks at {broken.seq}: {broken.reason}"
    for anchor in scene.of("anchor"):
        row = scene.unit.one(
            "select encode(hash, 'hex') from journal where instance_key = %s and seq = %s",
            (anchor["instance"], anchor["seq"]),
        )
        if row != (anchor["head"],):
            yield f"the journal of {anchor['instance']} is not the one whose head was anchored at {anchor['seq']}"


def what_was_answered_well_is_kept(scene: Scene) -> Iterator[str]:
    numbers = {case.business_id for case in scene.cases.values()}
    for what in scene.of("start"):
        if what["case"] not in numbers:
            yield f"case {what['case']} was started and is gone"
    clicks = Counter((entry.what["key"], entry.worker) for entry in scene.log if entry.kind == "click")
    done = dict(scene.unit.all("select key, ended_by from user_task where state = 'COMPLETED'"))
    for (key, who), times in clicks.items():
        if times != 1 or done.get(key) != who:
            yield f"task {key} was completed by {who}, {times} times, and {done.get(key)} is remembered"
    reached = {key for (key,) in scene.unit.all("select message_key from correlation")}
    for what in scene.of("letter"):
        if what["key"] not in reached:
            yield f"letter {what['key']} to {what['case']} was taken and reached nobody"


def every_no_is_a_sentence(scene: Scene) -> Iterator[str]:
    yield from {what["text"] for what in scene.of("fault")}


INVARIANTS: dict[str, Callable[[Scene], Iterator[str]]] = {
    "I1 everything ends": everything_ends,
    "I2 nothing is left over": nothing_is_left_over,
    "I3 history is that of a quiet case": history_is_that_of_a_quiet_case,
    "I4 every effect has one key": every_effect_has_one_key,
    "I4 records go with their turn": records_go_with_their_turn,
    "I5 steps follow each other": steps_follow_each_other,
    "I5 only the holder completes": only_the_holder_completes,
    "I6 nothing is early": nothing_is_early,
    "I7 incidents are those of broken cases": incidents_are_those_of_broken_cases,
    "I8 the chain holds": the_chain_holds,
    "I9 what was answered well is kept": what_was_answered_well_is_kept,
    "I9 every no is a sentence": every_no_is_a_sentence,
}
