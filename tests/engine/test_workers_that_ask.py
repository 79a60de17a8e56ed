"""Whoever asks for jobs is seen; a job is given other retries and a longer lease in one turn."""

from datetime import timedelta

import pytest

from engine import due, queries
from engine.commands import job
from engine.queries.overview import workers
from engine.turn import Engine
from kernel.errors import Conflict, Invalid
from tests.engine.house import LI, House
from tests.engine.spiff.drawing import ENDS, process
from tests.engine.spiff.drawing import job as work

WORKS = process(ENDS + work("w"), "s w e")


def ask(house: House, worker: str, *types: str) -> int:
    return len(job.activate(house.engine, house.unit, types, worker, limit=9))


def test_a_worker_that_asks_is_seen_with_its_types_also_while_there_is_no_work(house: House) -> None:
    began = house.clock.now()
    ask(house, "crm-1", "crm", "mail")
    ask(house, "oa-1", "oa")
    assert {(seen.name, seen.type) for seen in workers(house.unit)} == {
        ("crm-1", "crm"),
        ("crm-1", "mail"),
        ("oa-1", "oa"),
    }
    house.clock.advance(timedelta(hours=1))
    ask(house, "oa-1", "oa")
    assert {seen.last_at for seen in workers(house.unit)} == {began}, "written down once in some seconds"
    house.engine = Engine(house.database, house.clock)
    ask(house, "oa-1", "oa")
    assert (workers(house.unit)[0].name, workers(house.unit)[0].last_at) == ("oa-1", house.clock.now())
    house.clock.advance(timedelta(days=30, minutes=-30))
    due.sweep(house.engine, house.unit)
    assert [seen.name for seen in workers(house.unit)] == ["oa-1"], "the others are long gone"


def told(house: House, case: int) -> list[tuple[str, object]]:
    return [
        (entry.kind, {name: value for name, value in entry.data.items() if name not in ("key", "type")})
        for entry in queries.history(house.unit, case)
        if entry.kind in ("JOB_UPDATED", "JOB_RETRIES_UPDATED")
    ]


def test_a_job_gets_retries_and_time_in_one_turn_that_stands_in_the_journal(house: House) -> None:
    house.deploy(WORKS)
    case = house.start().instance_key
    lease = house.lease(timeout_s=1)
    job.update(house.engine, house.unit, lease.key, retries=7, actor=LI)
    job.update(house.engine, house.unit, lease, retries=9, timeout_s=600, actor=LI)
    (found,) = queries.jobs(house.unit).items
    assert found.retries == 9
    assert found.lease_until is not None
    assert found.lease_until > lease.until + timedelta(seconds=500)
    assert told(house, case) == [
        ("JOB_RETRIES_UPDATED", {"before": 3, "after": 7}),
        ("JOB_UPDATED", {"before": 7, "after": 9, "timeout_s": 600}),
    ]


def test_a_change_that_makes_no_sense_changes_nothing(house: House) -> None:
    house.deploy(WORKS)
    case = house.start().instance_key
    (idle,) = queries.jobs(house.unit).items
    with pytest.raises(Conflict, match="is not held under this lease"):
        job.update(house.engine, house.unit, idle.key, retries=9, timeout_s=60, actor=LI)
    for wrong in ({}, {"retries": 0, "timeout_s": 60}, {"timeout_s": 0}):
        with pytest.raises(Invalid):
            job.update(house.engine, house.unit, idle.key, actor=LI, **wrong)
    assert queries.jobs(house.unit).items == [idle]
    assert told(house, case) == []
