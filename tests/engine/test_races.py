"""What happens between the reading and the writing of a turn: someone else's turn, a crash, a lost lease."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from engine.commands import follow_up, job, operate, start, user_task
from engine.turn import TRIES, Engine
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import Conflict, Unavailable
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user
from tests.engine.spiff.drawing import job as task

ROOT = Path(__file__).resolve().parents[2]


class Meddler(ManualClock):
    """A clock that lets someone else act when it is next asked: a turn asks between its reading and its writing."""

    def __init__(self, times: int, act: Callable[[], object]) -> None:
        super().__init__("2026-11-02T01:00:00+00:00")
        self.times, self.act = times, act

    def now(self) -> datetime:
        if self.times:
            self.times -= 1
            self.act()
        return super().now()


def meddled(house: House, times: int, act: Callable[[], object]) -> Engine:
    return Engine(house.database, Meddler(times, act))


def test_a_turn_that_lost_the_race_is_taken_again(house: House) -> None:
    house.deploy(
        process(ENDS + '<parallelGateway id="f"/><parallelGateway id="j"/>' + user("a b"), "s f a j e", "f b j")
    )
    case = house.start().instance_key
    first, second = house.task(case, "a"), house.task(case, "b")
    other = meddled(house, 1, lambda: user_task.complete(house.engine, house.unit, second, actor=LI))
    assert user_task.complete(other, house.unit, first, actor=ZHANG).ended == "COMPLETED"
    assert house.unit.one("select version from instance where key = %s", (case,)) == (3,)


def test_whoever_came_first_to_the_same_task_is_named(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    key = house.task(house.start().instance_key, "a")
    other = meddled(house, 1, lambda: user_task.complete(house.engine, house.unit, key, actor=LI))
    with pytest.raises(Conflict, match="was completed by li"):
        user_task.complete(other, house.unit, key, actor=ZHANG)


def test_who_always_loses_is_asked_to_come_again(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    key = house.task(case, "a")
    bump = "update instance set version = version + 1 where key = %s"
    other = meddled(house, TRIES, lambda: house.unit.run(bump, (case,)))
    with pytest.raises(Unavailable, match="being changed by others just now"):
        user_task.complete(other, house.unit, key, actor=ZHANG)
    assert house.open(case) == ["a"]


def test_a_job_that_is_leased_again_while_it_is_completed_is_not_completed_twice(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    late = house.lease()

    def take_over() -> None:
        house.unit.run("update job set lease_until = now() - interval '1 s'")
        job.complete(house.engine, house.unit, house.lease(), {"by": "second"}, actor=WORKER)

    with pytest.raises(Conflict, match="is over"):
        job.complete(meddled(house, 1, take_over), house.unit, late, {"by": "first"}, actor=WORKER)
    assert house.unit.one("select value from variable where instance_key = %s", (case,)) == ("second",)


def test_a_job_that_is_leased_again_while_its_completion_waits_for_its_instance_is_the_others(house: House) -> None:
    """The lease is looked at when it is this turn's turn, not when its statement began."""
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    late = house.lease(timeout_s=1e-6)
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as pool:
        with house.database.transaction() as unit:
            unit.run("select from instance where key = %s for update", (case,))
            result = pool.submit(lambda: job.complete(house.engine, house.database.once(), late, actor=WORKER))
            until = time.monotonic() + 10
            while house.unit.one(waits) == (0,):
                assert time.monotonic() < until, "it does not wait"
            holder = house.lease()
        with pytest.raises(Conflict, match="given to another worker"):
            result.result()
    job.complete(house.engine, house.unit, holder, actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_a_child_that_starts_while_its_caller_is_cancelled_is_cancelled_too(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))
    caller = process(ENDS + f'<callActivity id="c">{called}</callActivity>', "s c e")
    house.deploy(caller, process(ENDS + user("a"), "s a e", id="child"))
    with house.database.transaction() as unit:  # the errand is left lying
        case = start.start(house.engine, unit, process_id="p", actor=ZHANG).instance_key

    other = meddled(house, 1, lambda: follow_up.drain(house.engine, house.unit))
    operate.cancel(other, house.unit, case, actor=ZHANG)
    assert [state for _, state in house.children(case)] == ["TERMINATED"]


WORK = """
import sys
from engine.commands import job
from engine.turn import Engine
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import Refusal

database = Database(sys.argv[1])
engine, unit = Engine(database, ManualClock("2026-11-02T01:00:00+00:00")), database.once()
while True:
    for lease in job.activate(engine, unit, ["work"], sys.argv[2], timeout_s=0.3, limit=5):
        try:
            job.complete(engine, unit, lease, {"n": lease.variables["n"] + 1}, actor=system(sys.argv[2]))
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
"""


def test_workers_that_are_killed_lose_nothing_and_do_nothing_twice(house: House, database_url: str) -> None:
    steps, cases = 6, 40
    names = " ".join(f"w{n}" for n in range(steps))
    house.deploy(process(ENDS + "".join(task(f"w{n}") for n in range(steps)), f"s {names} e"))
    keys = [house.start(n=0).instance_key for _ in range(cases)]

    def spawn(n: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORK, database_url, f"w{n}"]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    workers = [spawn(0), spawn(1)]
    try:
        for kill in range(6):  # each in the midst of work: only once more of it is done
            wait_for(house.database, (kill + 1) * 25)
            os.kill(workers[kill].pid, signal.SIGSTOP if kill == 2 else signal.SIGKILL)
            workers.append(spawn(2 + kill))
        wait_for(house.database, steps * cases)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert [house.state(key) for key in keys] == ["COMPLETED"] * cases
    for key in keys:
        assert house.unit.one("select value from variable where instance_key = %s and name = 'n'", (key,)) == (steps,)
        done = "select count(*) from journal where instance_key = %s and kind = 'JOB_COMPLETED'"
        assert house.unit.one(done, (key,)) == (steps,)


def wait_for(database: Database, jobs: int, seconds: float = 60) -> None:
    """Until so many jobs are completed."""
    until = time.monotonic() + seconds
    count = "select count(*) from journal where kind = 'JOB_COMPLETED'"
    while database.once().one(count)[0] < jobs:
        assert time.monotonic() < until, "the workers stand still"
        time.sleep(0.02)
