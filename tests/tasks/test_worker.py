"""A worker is on time whatever its handlers do, stops without leaving anything held, and rests at next to no cost."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from engine.commands import job as jobs
from engine.turn import Engine
from kernel.clock import Clock, ManualClock, SystemClock
from kernel.db import Database
from tasks import worker as product
from tasks.house import House
from tasks.worker import Worker
from tests.engine.house import House as Stories
from tests.engine.spiff.drawing import ENDS, catch, job, process, timer, user
from tests.tasks import shop

SOON = 10.0
LONG = 3600  # a lease and a poll that no test outlives: what happens sooner was not waited for


class Crew:
    """Workers in threads of this process, each with connections of its own, stopped at the end."""

    def __init__(self, url: str, home: Path) -> None:
        self._url, self._home, self._stack = url, home, ExitStack()
        self.workers: list[Worker] = []
        self.threads: list[threading.Thread] = []

    def house(self, clock: Clock, **given: Any) -> House:
        database = Database(self._url)
        self._stack.callback(database.close)
        return shop.house(database, clock, self._home, lease_seconds=LONG, **given)

    def hire(self, clock: Clock, threads: int = 4, poll: float = LONG) -> Worker:
        worker = Worker(self.house(clock, poll_seconds=poll), f"w{len(self.workers)}", threads)
        thread = threading.Thread(target=worker.run, name="worker under test")
        self.workers.append(worker)
        self.threads.append(thread)
        thread.start()
        return worker

    def end(self) -> None:
        for worker in self.workers:
            worker.stop()
        for thread in self.threads:
            thread.join(SOON)
        assert not any(thread.is_alive() for thread in self.threads), "a worker does not stop"
        self._stack.close()


@pytest.fixture
def crew(database_url: str, tmp_path: Path) -> Iterator[Crew]:
    hired = Crew(database_url, tmp_path)
    yield hired
    hired.end()


@pytest.fixture
def stories(database: Database) -> Stories:
    told = Stories(database, ManualClock("2026-11-02T01:00:00+00:00"))
    told.engine = Engine(database, SystemClock())
    return told


def until(condition: Callable[[], object], seconds: float = SOON) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.005)


class StopsWhenAsked(SystemClock):
    """A clock that stops a worker at a certain question: leasing and turns both ask for the time."""

    def __init__(self, where: str) -> None:
        self.where, self.stop = where, threading.Event().set

    def now(self) -> Any:
        if threading.current_thread().name == self.where:
            self.stop()
        return super().now()


def gated(gate: threading.Event, begun: list[int]) -> shop.Call:
    def call(job: Any) -> dict[str, Any]:
        begun.append(job.key)
        assert gate.wait(SOON)
        return {}

    return call


def test_timers_fire_while_every_handler_is_stuck(crew: Crew, stories: Stories) -> None:
    fork = '<parallelGateway id="f"/>'
    slow = process(
        ENDS + fork + job("a", type="slow") + catch("t", timer("Duration", "PT0.2S")) + user("b"), "s f a e", "f t b e"
    )
    stories.deploy(slow)
    gate, begun = threading.Event(), []
    with shop.performing("slow", gated(gate, begun)):
        crew.hire(SystemClock(), threads=2)
        cases = [stories.start().instance_key for _ in range(3)]
        until(lambda: all(stories.open(case) == ["b"] for case in cases))
        assert len(begun) == 2
        assert [stories.state(case) for case in cases] == ["ACTIVE"] * 3
        gate.set()
        until(lambda: len(begun) == 3)


def test_a_worker_takes_no_job_that_it_cannot_begin(crew: Crew, stories: Stories) -> None:
    stories.deploy(process(ENDS + job("a", type="slow"), "s a e"))
    gate, begun = threading.Event(), []
    with shop.performing("slow", gated(gate, begun)):
        for _ in range(5):
            stories.start()
        crew.hire(SystemClock(), threads=2)
        until(lambda: len(begun) == 2)
        crew.hire(SystemClock(), threads=3)
        until(lambda: len(begun) == 5)
        gate.set()


def test_jobs_that_are_taken_and_not_begun_go_back_at_once(crew: Crew, stories: Stories) -> None:
    """It is told to stop while it leases: what comes back of that is another's, now and not after an hour."""
    stories.deploy(process(ENDS + job("a", type="quick"), "s a e"))
    cases = [stories.start().instance_key for _ in range(4)]
    done: list[int] = []

    def note(job: Any) -> dict[str, Any]:
        done.append(job.key)
        return {}

    with shop.performing("quick", note):
        clock = StopsWhenAsked("worker under test")
        first = Worker(crew.house(clock, poll_seconds=LONG), "first")
        clock.stop = first.stop
        thread = threading.Thread(target=first.run, name="worker under test")
        thread.start()
        thread.join(SOON)
        assert done == []
        held = "select count(*) from job where lease is not null or attempts > 0 or worker is not null"
        assert stories.unit.one(held) == (0,)
        crew.hire(SystemClock())
        until(lambda: [stories.state(case) for case in cases] == ["COMPLETED"] * 4)
    assert stories.unit.all("select distinct attempts from job") == [(1,)]


def test_timers_that_are_held_and_have_not_fired_go_back_at_once(crew: Crew, stories: Stories) -> None:
    stories.deploy(process(ENDS + catch("t", timer("Duration", "PT0S")), "s t e"))
    cases = [stories.start().instance_key for _ in range(4)]
    clock = StopsWhenAsked("timer")
    first = Worker(crew.house(clock, poll_seconds=LONG), "first")
    clock.stop = first.stop
    first.run()
    assert [stories.state(case) for case in cases] == ["ACTIVE"] * 4
    assert stories.unit.one("select count(*) from timer where lease_until is not null") == (0,)
    crew.hire(SystemClock())
    until(lambda: [stories.state(case) for case in cases] == ["COMPLETED"] * 4)


def test_the_job_under_way_is_finished_before_the_worker_ends(crew: Crew, stories: Stories) -> None:
    stories.deploy(process(ENDS + job("a", type="slow"), "s a e"))
    gate, begun = threading.Event(), []
    with shop.performing("slow", gated(gate, begun)):
        worker = crew.hire(SystemClock(), threads=1)
        cases = [stories.start().instance_key for _ in range(2)]
        until(lambda: begun)
        worker.stop()
        assert crew.threads[0].is_alive()
        gate.set()
        crew.threads[0].join(SOON)
        assert sorted(stories.state(case) for case in cases) == ["ACTIVE", "COMPLETED"]
        crew.hire(SystemClock())
        until(lambda: [stories.state(case) for case in cases] == ["COMPLETED"] * 2)


def test_a_commit_wakes_the_sleepers(crew: Crew, stories: Stories) -> None:
    """Their poll is an hour away. Turns close upon each other ring once, and are all found."""
    stories.deploy(process(ENDS + job("a", type="quick") + catch("t", timer("Duration", "PT0.01S")), "s a t e"))
    with shop.performing("quick", lambda job: {}):
        crew.hire(SystemClock())
        cases = [stories.start().instance_key for _ in range(20)]
        until(lambda: [stories.state(case) for case in cases] == ["COMPLETED"] * 20)


def test_a_job_whose_database_goes_away_costs_no_retry(crew: Crew, stories: Stories, server: str) -> None:
    stories.deploy(process(ENDS + job("a", type="cut"), "s a e"))
    case = stories.start().instance_key
    cuts: list[int] = []

    def cut_off(job: Any, result: Any, unit: Any) -> None:
        if not cuts:
            cuts.append(job.key)
            with psycopg.connect(server, autocommit=True) as root:
                mine = unit.one("select pg_backend_pid()")[0]
                root.execute(sql.SQL("select pg_terminate_backend({})").format(mine))

    with shop.performing("cut", lambda job: {}, cut_off):
        crew.hire(SystemClock())
        until(lambda: cuts)
        until(lambda: not stories.unit.one(BUSY)[0])
        assert stories.unit.one("select state, retries, attempts from job") == ("CREATED", 3, 1)
        stories.unit.run("update job set lease_until = now()")
        stories.unit.run("select pg_notify('jiaojie_work', '')")
        until(lambda: stories.state(case) == "COMPLETED")


BUSY = """select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
  and state <> 'idle'"""


def test_a_worker_with_nothing_to_do_asks_once_a_poll(crew: Crew, database_url: str) -> None:
    asked: dict[str, list[float]] = {}

    class Counting(Database):
        def once(self) -> Any:
            asked.setdefault(threading.current_thread().name, []).append(time.monotonic())
            return super().once()

    database = Counting(database_url)
    idle = Worker(shop.house(database, SystemClock(), Path("/nowhere"), poll_seconds=0.2), "idle")
    thread = threading.Thread(target=idle.run, name="jobs")
    thread.start()
    until(lambda: len(asked) == 3 and all(len(times) >= 12 for times in asked.values()))
    idle.stop()
    thread.join(SOON)
    database.close()
    assert asked.keys() == {"jobs", "timer", "upkeep"}
    for loop, times in asked.items():
        assert times[11] - times[6] > 0.2 * 5 * 0.9, f"{loop} asks more often than once a poll"


def test_a_worker_that_rests_is_seen_too(crew: Crew, stories: Stories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "SHOWN_EVERY_S", 0.0)
    monkeypatch.setattr(jobs, "SEEN_EVERY", 0.0)
    clock = ManualClock("2026-11-02T01:00:00+00:00")
    crew.hire(clock, poll=0.05)
    last = "select max(last_at) from worker_seen where name = 'w0'"
    until(lambda: stories.unit.one(last) == (clock.now(),))
    clock.advance(timedelta(minutes=7))
    until(lambda: stories.unit.one(last) == (clock.now(),))
