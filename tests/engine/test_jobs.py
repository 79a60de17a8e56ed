"""A handler takes a job, completes it, fails it, throws a BPMN error; a late one is fenced off."""

from datetime import timedelta

import pytest

from engine import due, queries
from engine.commands import job, operate
from engine.queries import Condition
from kernel.errors import Conflict, Invalid
from tests.engine.house import WORKER, ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    boundary,
    io,
    process,
    tag,
    user,
)
from tests.engine.spiff.drawing import job as task

CALLS = process(
    ENDS
    + task("a", tag("taskHeaders", tag("header", key="template", value="hello")), io({"to": "=who"}))
    + user("mend")
    + boundary("oops", "a", ON_ERROR),
    "s a e",
    "oops mend e",
    definitions=DEFINITIONS,
)


def test_a_job_carries_what_its_handler_needs(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    lease = house.lease()
    assert (lease.instance_key, lease.process_id, lease.version, lease.element) == (case, "p", 1, "a")
    assert (lease.headers, lease.variables["to"], lease.retries, lease.attempts) == ({"template": "hello"}, "li", 3, 1)
    assert job.activate(house.engine, house.unit, ["work"], "other") == []

    assert job.complete(house.engine, house.unit, lease, {"sent": 1}, actor=WORKER).ended == "COMPLETED"
    over = queries.job(house.unit, lease.key)
    assert (over.state, over.ended_by, over.variables) == ("COMPLETED", "worker", None)


def test_a_late_worker_is_fenced_off(house: House) -> None:
    house.deploy(CALLS)
    house.start(who="li")
    late = house.lease(timeout_s=1e-6)
    holder = house.lease()
    assert (holder.uuid, holder.attempts) == (late.uuid, 2)

    with pytest.raises(Conflict, match="given to another worker"):
        job.complete(house.engine, house.unit, late, actor=WORKER)
    with pytest.raises(Conflict, match="given to another worker"):
        job.fail(house.engine, house.unit, late, "too late", actor=WORKER)
    job.complete(house.engine, house.unit, holder, actor=WORKER)
    with pytest.raises(Conflict, match="is over: COMPLETED by worker at 2026-11-02 01:00Z"):
        job.complete(house.engine, house.unit, holder, actor=WORKER)


def test_a_lease_lost_while_the_turn_is_computed_writes_nothing(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    late = house.lease()
    house.unit.run("update job set lease_until = now() - interval '1 s'")
    with house.database.transaction() as unit:
        (holder,) = job.activate(house.engine, unit, ["work"], "second")
    with pytest.raises(Conflict), house.database.transaction() as unit:
        job.complete(house.engine, unit, late, {"by": "late"}, actor=WORKER)
    job.complete(house.engine, house.unit, holder, {"by": "holder"}, actor=WORKER)
    assert queries.variables(house.unit, case)["by"] == "holder"


def test_a_failed_job_waits_then_becomes_an_incident_and_keeps_its_uuid(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    engine, unit = house.engine, house.unit
    first = house.lease()
    job.fail(engine, unit, first, "OA is away", retries_left=1, backoff_s=30, actor=WORKER)
    assert job.activate(engine, unit, ["work"], "w") == []
    assert due.next_due(unit, ["work"]) == house.clock.now() + timedelta(seconds=30)

    house.clock.advance(timedelta(seconds=30))
    assert job.fail(engine, unit, house.lease(), "OA is still away", actor=WORKER).incident
    with pytest.raises(Conflict, match="has no retries left"):
        job.complete(engine, unit, first.key, actor=WORKER)
    (incident,) = queries.incidents(unit, [Condition("instance_key", case)]).items
    assert (incident.kind, incident.message, incident.job_key) == ("JOB_NO_RETRIES", "OA is still away", first.key)
    assert queries.instance(unit, case).incidents == 1

    operate.retry_incident(engine, unit, incident.key, actor=ZHANG, retries=2)
    with pytest.raises(Conflict, match="was resolved by zhang"):
        operate.retry_incident(engine, unit, incident.key, actor=ZHANG)
    again = house.lease()
    assert (again.uuid, again.retries) == (first.uuid, 2)
    job.complete(engine, unit, again, actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_a_bpmn_error_goes_to_the_boundary(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    lease = house.lease()
    job.throw_error(house.engine, house.unit, lease, "E", "no such customer", {"hint": 1}, actor=WORKER)
    assert house.open(case) == ["mend"]
    assert queries.job(house.unit, lease.key).state == "ERROR_THROWN"


def test_a_bpmn_error_that_nobody_catches_stops_the_step(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    job.throw_error(house.engine, house.unit, house.lease(), "UNKNOWN", actor=WORKER)
    key = house.incident(case, "a")
    assert queries.incident(house.unit, key).kind == "UNHANDLED_ERROR_EVENT"

    operate.retry_incident(house.engine, house.unit, key, actor=ZHANG)
    job.complete(house.engine, house.unit, house.lease(), actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_cancelling_takes_jobs_and_incidents_along(house: House) -> None:
    house.deploy(CALLS)
    case = house.start(who="li").instance_key
    lease = house.lease()
    job.fail(house.engine, house.unit, lease, "broken", retries_left=0, actor=WORKER)
    operate.cancel(house.engine, house.unit, case, actor=ZHANG, reason="filed twice")
    assert queries.job(house.unit, lease.key).state == "CANCELED"
    told = [entry.data for entry in queries.history(house.unit, case) if entry.kind == "INSTANCE_CANCELED"]
    assert told == [{"reason": "filed twice"}]
    with pytest.raises(Conflict, match="TERMINATED at 2026-11-02 01:00Z"):
        operate.cancel(house.engine, house.unit, case, actor=ZHANG)


def test_retries_and_lease_can_be_changed(house: House) -> None:
    house.deploy(CALLS)
    house.start(who="li")
    lease = house.lease(timeout_s=0.001)
    job.update(house.engine, house.unit, lease, retries=9, timeout_s=60, actor=ZHANG)
    assert job.activate(house.engine, house.unit, ["work"], "w") == []
    assert queries.job(house.unit, lease.key).retries == 9
    with pytest.raises(Invalid, match="at least one retry"):
        job.update(house.engine, house.unit, lease, retries=0, actor=ZHANG)


def test_each_type_is_looked_for_by_itself(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"), process(ENDS + task("b", type="other"), "s b e", id="q"))
    for _ in range(3):
        house.start("p")
    house.start("q")
    found = job.activate(house.engine, house.unit, ["other", "work"], "w", limit=3)
    assert len(found) == 3
    assert [lease.key for lease in found] == sorted(lease.key for lease in found)
    assert len(job.activate(house.engine, house.unit, ["other", "work"], "w", limit=3)) == 1
