"""While an instance is suspended nothing new begins in it; what somebody holds may end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from engine import due, queries
from engine.commands import follow_up, job, message, operate, signal, suspend, timer, user_task
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    extend,
    process,
    tag,
    user,
)
from tests.engine.spiff.drawing import job as work
from tests.engine.spiff.drawing import timer as clock_event

HOUR = timedelta(hours=1)
REMINDED = process(
    ENDS + user("a b") + boundary("t", "a", clock_event("Duration", "PT1H"), interrupting=False), "s a e", "t b e"
)
WORKS = process(ENDS + work("w") + work("x") + user("a"), "s w x a e")
LISTENS = process(ENDS + catch("c", ON_MESSAGE) + user("a"), "s c a e", definitions=DEFINITIONS)
HEARS = process(ENDS + catch("c", ON_SIGNAL) + user("a"), "s c a e", definitions=DEFINITIONS)


def calls(element: str, called: str, id: str) -> str:
    drawn = f'<callActivity id="{element}">{extend(tag("calledElement", processId=called))}</callActivity>'
    return process(ENDS + drawn + user("after"), f"s {element} after e", id=id)


def suspended(house: House, case: int, reason: str = "an audit") -> None:
    suspend.suspend(house.engine, house.unit, case, actor=ZHANG, reason=reason)


def resumed(house: House, case: int) -> None:
    suspend.resume(house.engine, house.unit, case, actor=LI)


def test_a_task_of_a_suspended_case_is_neither_taken_nor_completed(house: House) -> None:
    house.deploy(REMINDED)
    case = house.start().instance_key
    suspended(house, case)
    assert house.state(case) == "SUSPENDED"
    key = house.task(case, "a")
    for act in (
        lambda: user_task.complete(house.engine, house.unit, key, actor=LI),
        lambda: user_task.claim(house.engine, house.unit, key, actor=LI),
        lambda: user_task.update(house.engine, house.unit, key, actor=LI, priority=9),
    ):
        with pytest.raises(Conflict, match=rf"suspended, by zhang at 2026-11-02 01:00Z. Resume instance {case} first"):
            act()
    assert queries.user_task(house.unit, key).suspended
    resumed(house, case)
    assert not queries.user_task(house.unit, key).suspended
    house.done(case, "a")
    assert house.state(case) == "COMPLETED"
    acts = [(e.kind, e.actor) for e in queries.history(house.unit, case) if e.kind.startswith("INSTANCE_")]
    assert acts == [("INSTANCE_SUSPENDED", "zhang"), ("INSTANCE_RESUMED", "li")]


def test_twice_is_once(house: House) -> None:
    house.deploy(REMINDED)
    case = house.start().instance_key
    resumed(house, case)
    suspended(house, case)
    suspended(house, case)
    kinds = [e.kind for e in queries.history(house.unit, case)]
    assert kinds.count("INSTANCE_SUSPENDED") == 1
    assert "INSTANCE_RESUMED" not in kinds


def test_its_timers_wait_and_fire_once_it_goes_on(house: House) -> None:
    house.deploy(REMINDED)
    case = house.start().instance_key
    suspended(house, case)
    house.clock.advance(2 * HOUR)
    assert due.next_due(house.unit) is None
    assert house.run_due() == 0
    assert not timer.fire(house.engine, house.unit, house.timer(case, "t"))
    resumed(house, case)
    assert house.run_due() == 1
    assert house.open(case) == ["a", "b"]


def test_a_job_is_not_handed_out_and_one_that_is_held_may_end(house: House) -> None:
    house.deploy(WORKS)
    held, idle = house.start().instance_key, house.start().instance_key
    lease = job.activate(house.engine, house.unit, ["work"], "w", limit=1)[0]
    assert lease.instance_key == held
    for case in (held, idle):
        suspended(house, case)
    assert job.activate(house.engine, house.unit, ["work"], "w", limit=9) == []
    (waiting,) = [found.key for found in queries.jobs(house.unit).items if found.instance_key == idle]
    with pytest.raises(Conflict, match="is suspended"):
        job.complete(house.engine, house.unit, waiting, actor=WORKER)
    with pytest.raises(Conflict, match="is suspended"):
        job.fail(house.engine, house.unit, waiting, "no", actor=WORKER)

    job.complete(house.engine, house.unit, lease, actor=WORKER)
    assert house.state(held) == "SUSPENDED"
    assert job.activate(house.engine, house.unit, ["work"], "w", limit=9) == [], "what it led to is suspended too"
    for case in (held, idle):
        resumed(house, case)
    assert {found.element for found in job.activate(house.engine, house.unit, ["work"], "w", limit=9)} == {"w", "x"}


def test_a_held_job_may_fail_and_waits_for_the_case(house: House) -> None:
    house.deploy(WORKS)
    case = house.start().instance_key
    lease = house.lease()
    suspended(house, case)
    job.fail(house.engine, house.unit, lease, "the system is away", retries_left=2, actor=WORKER)
    assert job.activate(house.engine, house.unit, ["work"], "w") == []
    resumed(house, case)
    assert house.lease().retries == 2


def test_a_message_waits_until_it_goes_on(house: House) -> None:
    house.deploy(LISTENS)
    case = house.start(key="k").instance_key
    suspended(house, case)
    kept = message.publish(house.engine, house.unit, "msg", "k", actor=LI, ttl_s=3600)
    assert list(kept.instances) == []
    assert house.open(case) == []
    resumed(house, case)
    assert house.open(case) == ["a"]


def test_a_message_without_time_to_live_passes_it_by(house: House) -> None:
    house.deploy(LISTENS)
    asleep, awake = house.start(key="k").instance_key, house.start(key="k").instance_key
    suspended(house, asleep)
    assert list(message.publish(house.engine, house.unit, "msg", "k", actor=LI).instances) == [awake]
    resumed(house, asleep)
    assert house.open(asleep) == []


def test_a_signal_passes_it_by(house: House) -> None:
    house.deploy(HEARS)
    asleep, awake = house.start().instance_key, house.start().instance_key
    suspended(house, asleep)
    signal.broadcast(house.engine, house.unit, "sig", actor=LI)
    resumed(house, asleep)
    assert (house.open(asleep), house.open(awake)) == ([], ["a"])


def tree(house: House) -> list[int]:
    """A case that calls a case that calls a case."""
    house.deploy(calls("one", "q", "p"), calls("two", "r", "q"), process(ENDS + user("a"), "s a e", id="r"))
    keys = [house.start().instance_key]
    while children := house.children(keys[-1]):
        keys.append(children[0][0])
    assert len(keys) == 3
    return keys


def test_the_whole_tree_stands_still_and_goes_on(house: House) -> None:
    keys = tree(house)
    with pytest.raises(Conflict, match=f"Suspend {keys[0]}, which began it all"):
        suspended(house, keys[2])
    suspended(house, keys[0])
    assert [house.state(key) for key in keys] == ["SUSPENDED"] * 3
    with pytest.raises(Conflict, match=f"Resume instance {keys[0]} first"):
        house.done(keys[2], "a")
    with pytest.raises(Conflict, match=f"Resume {keys[0]}, which began it all"):
        resumed(house, keys[1])
    resumed(house, keys[0])
    assert [house.state(key) for key in keys] == ["ACTIVE"] * 3
    house.done(keys[2], "a")
    assert house.open(keys[1]) == ["after"]


def test_errands_done_in_the_wrong_order_end_the_same(house: House) -> None:
    """A process died before the called ones followed; the case was resumed since."""
    keys = tree(house)
    for act, state in ((suspend.suspend, "SUSPENDED"), (suspend.resume, "ACTIVE"), (suspend.suspend, "SUSPENDED")):
        with house.database.transaction() as unit:
            act(house.engine, unit, keys[0], actor=ZHANG)
        assert [house.state(key) for key in keys[1:]] == ["ACTIVE", "ACTIVE"]
        assert house.state(keys[0]) == state
    house.unit.run(
        "update follow_up set lease_until = now() + interval '1 h' where key = (select min(key) from follow_up)"
    )
    follow_up.drain(house.engine, house.unit)
    house.unit.run("update follow_up set lease_until = null")
    follow_up.drain(house.engine, house.unit)
    assert [house.state(key) for key in keys] == ["SUSPENDED"] * 3


def test_the_end_of_a_called_process_reaches_its_suspended_caller(house: House) -> None:
    """The job that was held ends the called process; its caller goes on to what stands still."""
    house.deploy(calls("one", "q", "p"), process(ENDS + work("w"), "s w e", id="q"))
    case = house.start().instance_key
    lease = house.lease()
    suspended(house, case)
    assert job.complete(house.engine, house.unit, lease, actor=WORKER).ended == "COMPLETED"
    assert house.state(case) == "SUSPENDED"
    assert house.open(case) == ["after"]


def test_a_process_called_by_a_suspended_case_stands_still_too(house: House) -> None:
    called = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
    house.deploy(process(ENDS + work("w") + called, "s w c e"), process(ENDS + work("x"), "s x e", id="q"))
    case = house.start().instance_key
    lease = house.lease()
    suspended(house, case)
    job.complete(house.engine, house.unit, lease, actor=WORKER)
    ((child, state),) = house.children(case)
    assert state == "SUSPENDED"
    assert job.activate(house.engine, house.unit, ["work"], "w") == []
    resumed(house, case)
    job.complete(house.engine, house.unit, house.lease(), actor=WORKER)
    assert (house.state(child), house.state(case)) == ("COMPLETED", "COMPLETED")


def test_a_suspended_case_is_mended_and_cancelled(house: House) -> None:
    house.deploy(WORKS)
    case = house.start().instance_key
    job.fail(house.engine, house.unit, house.lease(), "broken", retries_left=0, actor=WORKER)
    suspended(house, case)
    operate.retry_incident(house.engine, house.unit, house.incident(case, "w"), actor=LI)
    operate.set_variables(house.engine, house.unit, case, {"x": 1}, actor=LI)
    assert house.state(case) == "SUSPENDED"
    assert job.activate(house.engine, house.unit, ["work"], "w") == []
    operate.cancel(house.engine, house.unit, case, actor=LI)
    assert house.state(case) == "TERMINATED"
    with pytest.raises(Conflict, match="is over"):
        resumed(house, case)


def test_what_outside_depends_on_may_refuse(house: House) -> None:
    def refuse(_: Unit, key: int) -> None:
        raise Conflict(say("Instance {key} has a clock that never stops.", key=key))

    house.engine.suspend_check = refuse
    house.deploy(REMINDED)
    case = house.start().instance_key
    with pytest.raises(Conflict, match="never stops"):
        suspended(house, case)
    assert house.state(case) == "ACTIVE"


def race(house: House, *acts: Callable[[Engine], object]) -> None:
    gate = Barrier(len(acts))

    def run(act: Callable[[Engine], object]) -> None:
        engine = Engine(house.database, house.clock)
        gate.wait()
        act(engine)

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def test_suspending_races_with_resuming(house: House) -> None:
    """Whoever comes last: the called process is as its caller is, in the end."""
    house.deploy(calls("one", "q", "p"), process(ENDS + user("a"), "s a e", id="q"))
    case = house.start().instance_key
    ((child, _),) = house.children(case)

    def toggle(engine: Engine) -> None:
        for _ in range(15):
            suspend.suspend(engine, house.unit, case, actor=ZHANG)
            suspend.resume(engine, house.unit, case, actor=LI)

    def once(engine: Engine) -> None:
        suspend.suspend(engine, house.unit, case, actor=ZHANG)

    for _ in range(3):
        race(house, toggle, toggle, toggle)
        race(house, toggle, once)
        while house.run_due():
            pass
        assert house.state(child) == house.state(case)


def test_suspending_races_with_a_call_that_begins(house: House) -> None:
    """Whichever comes first: the called process stands still in the end, and goes on with its caller."""
    called = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
    house.deploy(process(ENDS + work("w") + called, "s w c e"), process(ENDS + user("a"), "s a e", id="q"))
    for _ in range(10):
        case = house.start().instance_key
        lease = house.lease()
        race(
            house,
            lambda engine, lease=lease: job.complete(engine, house.unit, lease, actor=WORKER),
            lambda engine, case=case: suspend.suspend(engine, house.unit, case, actor=ZHANG),
        )
        while house.run_due():
            pass
        ((child, state),) = house.children(case)
        assert state == "SUSPENDED"
        race(
            house,
            lambda engine, case=case: suspend.resume(engine, house.unit, case, actor=ZHANG),
            lambda engine, case=case: suspend.resume(engine, house.unit, case, actor=LI),
        )
        assert house.state(child) == "ACTIVE"
