"""Four workers, people and other systems at work while processes and the database break: nothing is lost, nothing is
done twice, every no is a sentence. And the bench itself: with a safeguard taken away it has to fail.

`--faults-seconds 1800` for a long night, `--faults-seed N` for the same plan again: docs/reference/faults.md.
"""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.commands import operate, start
from kernel.actor import system
from kernel.postgres import Server
from tests.faults import invariants, models, nemesis
from tests.faults.conftest import Arena
from tests.faults.invariants import Quiet, Scene
from tests.faults.nemesis import WORKERS, Nemesis, Workers
from tests.faults.sink import Sink

TESTER = system("tester")
PATIENCE_S = 60.0
HOUR_S = 3600.0


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.005)


def found(arena: Arena, quiet_: Quiet) -> list[str]:
    unit = arena.database.once()
    return invariants.check(
        Scene(unit=unit, log=Sink(arena.folder / "sink").read(), quiet=quiet_, cases=invariants.read(unit))
    )


# ---- everything at once ----------------------------------------------------------------------------------------------


def test_nothing_is_lost_and_nothing_is_done_twice(
    breakable: Arena, own_server: Server, undisturbed: Quiet, seed: int, seconds: float
) -> None:
    print(f"--faults-seed {seed} --faults-seconds {seconds:g}")
    workers = Workers(breakable.url, breakable.folder)
    try:
        for n in range(WORKERS):
            workers.begin(f"w{n}")
        watched = Nemesis(workers, own_server, breakable.database, lambda: anchor(breakable))
        watched.run(nemesis.plan(seed, seconds))
        settle(breakable, workers)
    finally:
        workers.close()
    unit = breakable.database.once()
    kinds = {
        kind: len(Sink(breakable.folder / "sink").of(kind)) for kind in ("begin", "end", "click", "letter", "late")
    }
    print(f"{unit.one('select count(*) from instance')[0]} instances; done {watched.done}; log {kinds}")
    breaches = found(breakable, undisturbed)
    print(*breaches, sep="\n")
    assert breaches == [], f"again by --faults-seed {seed}"
    assert watched.done.keys() >= {"kill", "stop"}, "nothing has gone wrong"


def anchor(arena: Arena) -> None:
    """Heads of journals stand outside too, so that history which was cut or written anew shows."""
    sink = Sink(arena.folder / "sink")
    heads = "select key, journal_seq, encode(journal_head, 'hex') from instance order by random() limit 5"
    for key, seq, head in arena.database.once().all(heads):
        sink.write("anchor", instance=key, seq=seq, head=head)
    sink.close()


def settle(arena: Arena, workers: Workers) -> None:
    """The faults are over: everybody dies once more, time goes by, what is broken is mended, all comes to its end."""
    (arena.folder / "enough").touch()
    workers.kill_all()
    nemesis.lapse(arena.database)
    for n in range(WORKERS):
        workers.begin(f"w{n}")
    hours = iter(range(1, 1000))
    for _ in wait_for_end(arena):
        ahead = next(hours)
        for n in range(WORKERS):
            workers.move_clock(f"w{n}", ahead * HOUR_S)
        mend(arena)


def wait_for_end(arena: Arena) -> Iterator[None]:
    """Whenever nothing has moved for a second, somebody has to help."""
    count = "select count(*) filter (where state = 'ACTIVE'), sum(version) from instance"
    end, before, moved = time.monotonic() + PATIENCE_S, None, time.monotonic()
    while (now := arena.database.once().one(count))[0] and time.monotonic() < end:
        if now != before:
            before, moved = now, time.monotonic()
        elif time.monotonic() > moved + 1:
            moved = time.monotonic()
            yield
        time.sleep(0.05)


def mend(arena: Arena) -> None:
    """Once every case that is broken says so."""
    unit = arena.database.once()
    if unit.one("select count(*) from job where state = 'CREATED' and element = 'broken'") == (0,):
        (arena.folder / "mended").touch()
        for (key,) in unit.all("select key from incident where state = 'ACTIVE'"):
            operate.retry_incident(arena.engine, unit, key, actor=TESTER)


# ---- the plan --------------------------------------------------------------------------------------------------------


def test_the_plan_is_a_function_of_the_seed() -> None:
    assert nemesis.plan(7, 20) == nemesis.plan(7, 20) != nemesis.plan(8, 20)
    assert nemesis.plan(7, 60)[:20] == nemesis.plan(7, 20)[:20], "a longer run begins like a shorter one"
    for seed in range(50):
        kinds = [act.kind for act in nemesis.plan(seed, 20)]
        assert kinds.count("restart") == 2
        assert {"kill", "stop", "lapse", "clock"} <= set(kinds)


# ---- controls: scripts that go through one window each ---------------------------------------------------------------


class Script:
    """Two workers, A and B, each with one thread, led by the hand."""

    def __init__(self, arena: Arena, mutation: str) -> None:
        self._arena = arena
        (arena.folder / "scripted").touch()
        self.workers = Workers(arena.url, arena.folder, mutation)

    def begin(self, worker: str, halt: str = "") -> None:
        """A worker that stands still at a point, once it comes there."""
        if halt:
            self._file("hold", worker, halt).touch()
        self.workers.begin(worker)
        if halt:
            until(self._file("at", worker, halt).exists)

    def go_on(self, worker: str, halted: str) -> None:
        self._file("hold", worker, halted).unlink()

    def _file(self, what: str, worker: str, point: str) -> Path:
        return self._arena.folder / f"{what}-{worker}-{point}"

    def start(self, process: str) -> None:
        given = models.variables("script-1", 0)
        start.start(self._arena.engine, self._arena.database.once(), actor=TESTER, process_id=process, variables=given)

    def jobs_done(self) -> int:
        done: int = self._arena.database.once().one("select count(*) from job where state = 'COMPLETED'")[0]
        return done

    def said(self, *kinds: str) -> int:
        return len(Sink(self._arena.folder / "sink").of(*kinds))


def late_result(script: Script, arena: Arena) -> None:
    """A is so slow that B holds its job when it comes back."""
    script.start("one")
    script.begin("A", halt="call")
    nemesis.lapse(arena.database)
    script.begin("B", halt="call")
    script.go_on("A", "call")
    until(lambda: script.jobs_done() or script.said("late", "fault"))
    script.go_on("B", "call")
    until(lambda: script.said("end") == 2 and script.jobs_done() and script.said("late", "fault"))


def crossing_turns(script: Script, arena: Arena) -> None:
    """B's turn on the same instance comes between the reading and the writing of A's."""
    script.start("pair")
    script.begin("A", halt="write")
    script.begin("B")
    until(lambda: script.jobs_done() == 1)
    script.go_on("A", "write")
    until(lambda: script.jobs_done() == 2 or script.said("fault"))


def death_before_the_turn(script: Script, arena: Arena) -> None:
    """A dies when it has recorded what it did, and its job is not completed."""
    script.start("one")
    script.begin("A", halt="complete")
    script.workers.signal("A", signal.SIGKILL)
    nemesis.lapse(arena.database)
    script.begin("B")
    until(lambda: script.jobs_done() == 1)


SCRIPTS = {"no fence": late_result, "no version": crossing_turns, "two transactions": death_before_the_turn}


def played(arena: Arena, mutation: str, script: str, undisturbed: Quiet) -> set[str]:
    """The invariants that do not hold after a script."""
    running = Script(arena, mutation)
    try:
        SCRIPTS[script](running, arena)
    finally:
        running.workers.close()
    breaches = found(arena, undisturbed)
    print(*breaches, sep="\n")
    return {breach.split()[0] for breach in breaches}


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_product_comes_through_every_window(arena: Arena, undisturbed: Quiet, script: str) -> None:
    assert played(arena, "", script, undisturbed) == set()


@pytest.mark.parametrize(
    ("mutation", "breaks"), [("no fence", {"I4", "I5"}), ("no version", {"I1", "I9"}), ("two transactions", {"I4"})]
)
def test_without_a_safeguard_the_bench_fails(arena: Arena, undisturbed: Quiet, mutation: str, breaks: set[str]) -> None:
    assert played(arena, mutation, mutation, undisturbed) >= breaks


def test_without_versions_and_the_journals_key_a_turn_is_lost(arena: Arena, undisturbed: Quiet) -> None:
    """The journal's key stands behind the version. With neither, a case never ends and its history breaks."""
    arena.database.once().run("alter table journal drop constraint pk_journal")
    assert played(arena, "no version", "no version", undisturbed) >= {"I1", "I8"}
