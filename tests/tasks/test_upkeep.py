"""Batches and retention have a loop of their own, which survives kill -9 and never delays what is due."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.queries import Condition
from engine.upkeep import batches, retention
from kernel.clock import ManualClock, SystemClock
from kernel.db import Database
from tasks.house import House
from tasks.upkeep import AT_ONCE, CLEAN_EVERY, LEFT_ALONE, Upkeep
from tasks.worker import Worker
from tests.engine.house import LI
from tests.engine.house import House as Stories
from tests.engine.spiff.drawing import ENDS, catch, extend, process, tag, timer, user
from tests.tasks import shop

ROOT = Path(__file__).resolve().parents[2]
SOON = 60.0
MANY = 300
CALLED = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
CALLS = process(ENDS + CALLED, "s c e")
INNER = process(ENDS + user("a"), "s a e", id="q")


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.005)


def counts(database: Database, key: int) -> dict[str, int]:
    rows = database.once().all("select state, count(*) from batch_item where batch_key = %s group by 1", (key,))
    return dict(rows)


def state(database: Database, key: int) -> str:
    found: str = database.once().one("select state from batch_operation where key = %s", (key,))[0]
    return found


@contextmanager
def toiler(url: str, home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen([sys.executable, "-m", "tests.tasks.toiler", url, str(home)], cwd=ROOT)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def test_a_batch_survives_workers_that_are_killed_and_does_each_case_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Workers die in its midst, three times; the last one finishes. The called cases end with their callers."""
    stories = Stories(database, SystemClock())  # type: ignore[arg-type]  # a clock that runs
    stories.deploy(CALLS, INNER)
    cases = [stories.start().instance_key for _ in range(MANY)]
    key = batches.create(
        stories.engine, stories.unit, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "p")], actor=LI
    )
    for enough in (40, 110, 180):
        with toiler(database_url, tmp_path) as child:
            until(lambda enough=enough: counts(database, key).get("COMPLETED", 0) >= enough, f"{enough} done")
            child.kill()
            child.wait()
        left = counts(database, key)
        assert left["ACTIVE"] + left["COMPLETED"] == MANY
        cancelled = "select count(*) from instance where process_id = 'p' and state = 'TERMINATED'"
        assert database.once().one(cancelled) == (left["COMPLETED"],), "an item is done with its act, or not at all"
        assert state(database, key) == "ACTIVE"
    with toiler(database_url, tmp_path):
        until(lambda: state(database, key) == "COMPLETED", "the batch is over")
        ended = "select count(*) from instance where ended_at is null"
        until(lambda: database.once().one(ended) == (0,), "called cases end too")
    assert counts(database, key) == {"COMPLETED": MANY}
    acts = (
        "select instance_key, count(*), min(actor), min(data::jsonb->>'batch') from journal where kind = %s group by 1"
    )
    told = database.once().all(acts, ("INSTANCE_CANCELED",))
    by_hand = [row for row in told if row[0] in set(cases)]
    assert {row[1:] for row in by_hand} == {(1, "li", str(key))}
    assert (len(by_hand), len(told)) == (MANY, 2 * MANY)
    stories.sound()


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    thread = threading.Thread(target=worker.run, name="worker under test")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(SOON)
        assert not thread.is_alive(), "a worker does not stop"


def test_a_timer_fires_while_a_batch_stands_still(database: Database, tmp_path: Path) -> None:
    """Somebody holds an instance of the batch; whatever comes due elsewhere does not wait for that."""
    stories = Stories(database, SystemClock())  # type: ignore[arg-type]  # a clock that runs
    waits = process(ENDS + catch("t", timer("Duration", "PT1S")), "s t e", id="waits")
    stories.deploy(INNER, waits)
    held, other = stories.start("q").instance_key, stories.start("q").instance_key
    house = shop.house(database, SystemClock(), tmp_path, poll_seconds=0.2)
    key = batches.create(stories.engine, stories.unit, "SUSPEND_PROCESS_INSTANCE", keys=[held, other], actor=LI)
    with working(Worker(house, "w", 1)):
        with database.transaction() as unit:
            unit.run("update instance set version = version where key = %s", (held,))
            waiting = stories.start("waits").instance_key
            until(lambda: stories.state(waiting) == "COMPLETED", "the timer fires")
            assert state(database, key) in batches.OPEN
        until(lambda: state(database, key) == "COMPLETED", "the batch is over")
    assert {stories.state(case) for case in (held, other)} == {"SUSPENDED"}


@pytest.fixture
def stories(database: Database, clock: ManualClock) -> Stories:
    return Stories(database, clock)


def upkeep(stories: Stories, home: Path, pauses: list[float]) -> Upkeep:
    house = shop.house(stories.database, stories.clock, home)
    return Upkeep(house, lambda: False, pauses.append)


def test_it_rests_as_long_as_it_has_worked(stories: Stories, tmp_path: Path) -> None:
    stories.deploy(INNER)
    for _ in range(AT_ONCE + 5):
        stories.start("q")
    pauses: list[float] = []
    looked_after = upkeep(stories, tmp_path, pauses)
    assert looked_after.round() == 0
    assert pauses == [], "nothing done, nothing to rest from"
    batches.create(stories.engine, stories.unit, "SUSPEND_PROCESS_INSTANCE", [Condition("process_id", "q")], actor=LI)
    assert [looked_after.round() for _ in range(3)] == [AT_ONCE, 5, 0]
    assert len(pauses) == 2
    assert all(pause > 0 for pause in pauses)


def test_finished_cases_leave_by_and_by(stories: Stories, tmp_path: Path) -> None:
    stories.deploy(INNER)
    for _ in range(AT_ONCE + 5):
        stories.done(stories.start("q").instance_key, "a")
    retention.set_days(stories.engine, stories.unit, "q", 1, actor=LI)
    looked_after = upkeep(stories, tmp_path, [])
    assert looked_after.round() == 0
    stories.clock.advance(timedelta(days=1) - CLEAN_EVERY / 2)
    assert looked_after.round() == 0
    stories.clock.advance(CLEAN_EVERY / 2)
    assert looked_after.round() == 0, "it has looked a moment ago"
    stories.clock.advance(CLEAN_EVERY / 2)
    assert [looked_after.round() for _ in range(3)] == [AT_ONCE, 5, 0]
    assert stories.unit.one("select count(*) from instance") == (0,)


def test_a_chore_that_fails_holds_up_none_of_the_others(
    stories: Stories, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[str] = []

    def broken(house: House, stopped: Callable[[], bool]) -> int:
        tried.append("broken")
        raise ZeroDivisionError("no room left")

    def sound(house: House, stopped: Callable[[], bool]) -> int:
        tried.append("sound")
        return 1

    house = replace(shop.house(stories.database, stories.clock, tmp_path), chores=(broken, sound))
    looked_after = Upkeep(house, lambda: False, lambda seconds: None)
    assert [looked_after.round() for _ in range(2)] == [1, 1]
    assert tried == ["broken", "sound", "sound"], "what has failed is left alone for a while"
    assert "no room left" in caplog.text
    stories.clock.advance(LEFT_ALONE)
    looked_after.round()
    assert tried[3:] == ["broken", "sound"]
