"""A case moves while somebody works on it: both happen, or one is told; nothing is lost and nothing done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from engine import queries
from engine.commands import job, migrate, user_task
from engine.commands.migrate import Mapping
from engine.turn import Engine
from kernel.clock import ManualClock
from kernel.errors import Conflict
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import ENDS, process, user
from tests.engine.spiff.drawing import job as task

PLAN = [Mapping(source=id, target=f"{id}2") for id in ("a", "b")]


class Meddler(ManualClock):
    """A clock that lets someone else act when it is first asked: a turn asks between its reading and its writing."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__("2026-11-02T01:00:00+00:00")
        self.act: Callable[[], object] | None = act

    def now(self) -> datetime:
        act, self.act = self.act, None
        if act is not None:
            act()
        return super().now()


def two(house: House) -> tuple[int, int]:
    """A case on its first version, and the second one."""
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    return case, house.deploy(process(ENDS + user("a2 b2"), "s a2 b2 e")).definitions[0].key


def test_a_task_that_is_completed_meanwhile_moves_as_it_is_then(house: House) -> None:
    case, new = two(house)
    key = house.task(case, "a")
    other = Engine(house.database, Meddler(lambda: user_task.complete(house.engine, house.unit, key, actor=LI)))
    migrate.migrate(other, house.unit, case, new, PLAN, actor=ZHANG)
    assert house.open(case) == ["b2"]
    house.done(case, "b2")


def test_a_task_whose_case_moves_meanwhile_is_completed_in_the_new_version(house: House) -> None:
    case, new = two(house)
    key = house.task(case, "a")
    other = Engine(
        house.database, Meddler(lambda: migrate.migrate(house.engine, house.unit, case, new, PLAN, actor=ZHANG))
    )
    user_task.complete(other, house.unit, key, actor=LI)
    assert house.open(case) == ["b2"]
    house.done(case, "b2")


def test_a_move_that_no_longer_fits_is_refused_and_the_completion_stands(house: House) -> None:
    case, new = two(house)
    key = house.task(case, "a")
    other = Engine(house.database, Meddler(lambda: user_task.complete(house.engine, house.unit, key, actor=LI)))
    with pytest.raises(Conflict, match="The case is at b, which"):
        migrate.migrate(other, house.unit, case, new, PLAN[:1], actor=ZHANG)
    assert house.open(case) == ["b"]


def test_a_job_that_is_leased_while_its_row_moves_keeps_the_lease(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    new = house.deploy(process(ENDS + task("a2"), "s a2 e")).definitions[0].key
    held: list[job.Lease] = []
    other = Engine(house.database, Meddler(lambda: held.append(house.lease())))
    migrate.migrate(other, house.unit, case, new, PLAN[:1], actor=ZHANG)
    job.complete(house.engine, house.unit, held[0], actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_of_two_who_move_the_same_cases_each_case_goes_once(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    cases = [house.start().instance_key for _ in range(12)]
    new = house.deploy(process(ENDS + user("a2 b2"), "s a2 b2 e")).definitions[0].key

    def all_of_them(_: int) -> int:
        unit, refused = house.database.once(), 0
        for case in cases:
            try:
                migrate.migrate(house.engine, unit, case, new, PLAN, actor=ZHANG)
            except Conflict:
                refused += 1
        return refused

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(all_of_them, range(3))) == 2 * len(cases)
    for case in cases:
        assert [entry.kind for entry in queries.history(house.unit, case)].count("INSTANCE_MIGRATED") == 1
        house.done(case, "a2")
        house.done(case, "b2")


def test_completions_and_moves_at_the_same_time_lose_nothing(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    cases = [house.start().instance_key for _ in range(20)]
    new = house.deploy(process(ENDS + user("a2 b2"), "s a2 b2 e")).definitions[0].key
    keys = [house.task(case, "a") for case in cases]
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda key: user_task.complete(house.engine, house.database.once(), key, actor=LI), keys)
        moved = pool.map(
            lambda case: migrate.migrate(house.engine, house.database.once(), case, new, PLAN, actor=ZHANG), cases
        )
        assert (len(list(done)), len(list(moved))) == (20, 20)
    for case in cases:
        assert house.open(case) == ["b2"]
        kinds = [entry.kind for entry in queries.history(house.unit, case)]
        assert (kinds.count("USER_TASK_COMPLETED"), kinds.count("INSTANCE_MIGRATED")) == (1, 1)
