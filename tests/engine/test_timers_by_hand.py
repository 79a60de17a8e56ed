"""An operator gives a timer another due date, or lets it fire now; the state and the row agree at every moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from engine import due, queries
from engine.commands import suspend, timer
from engine.turn import Engine
from kernel.errors import Conflict, Invalid, NotFound
from tests.engine.house import LI, ZHANG, House
from tests.engine.spiff.drawing import ENDS, boundary, catch, listener, process, user
from tests.engine.spiff.drawing import timer as clock_event

HOUR = timedelta(hours=1)
DRAWN = {
    "a boundary": process(ENDS + user("a b") + boundary("t", "a", clock_event("Duration", "P3D")), "s a e", "t b e"),
    "a catch event": process(ENDS + user("b") + catch("t", clock_event("Duration", "P3D")), "s t b e"),
    "an event sub-process": process(ENDS + user("a") + listener("l", clock_event("Duration", "P3D"), "b"), "s a e")
    .replace('id="ls"', 'id="t"')
    .replace('"ls"', '"t"'),
}


def move(house: House, key: int, to: datetime, reason: str = "the holiday") -> datetime:
    return timer.move(house.engine, house.unit, key, to, actor=LI, reason=reason)


def told(house: House, case: int, kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in queries.history(house.unit, case) if entry.kind == kind]


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN.keys())
@pytest.mark.parametrize("hours", [2, 24 * 9])
def test_a_moved_timer_fires_at_its_new_date(house: House, drawn: str, hours: int) -> None:
    house.deploy(drawn)
    case, began = house.start().instance_key, house.clock.now()
    key = house.timer(case, "t")
    assert move(house, key, began + hours * HOUR) == began + hours * HOUR
    assert due.next_due(house.unit) == began + hours * HOUR
    assert house.timer(case, "t") == key

    house.clock.advance(hours * HOUR - timedelta(seconds=1))
    assert house.run_due() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.run_due() == 1
    assert house.open(case) == ["b"]
    (entry,) = told(house, case, "TIMER_MOVED")
    assert (entry["from"], entry["to"], entry["reason"]) == (
        (began + timedelta(days=3)).isoformat(),
        (began + hours * HOUR).isoformat(),
        "the holiday",
    )


def test_a_date_that_has_passed_means_now(house: House) -> None:
    house.deploy(DRAWN["a boundary"])
    case = house.start().instance_key
    move(house, house.timer(case, "t"), house.clock.now() - timedelta(days=30))
    assert house.run_due() == 1
    assert house.open(case) == ["b"]


def test_who_held_the_timer_finds_it_moved(house: House) -> None:
    house.deploy(DRAWN["a boundary"])
    case = house.start().instance_key
    house.clock.advance(timedelta(days=3))
    (held,) = due.due_timers(house.engine, house.unit)
    move(house, held.key, house.clock.now() + HOUR)
    assert not timer.fire(house.engine, house.unit, held.key)
    house.clock.advance(HOUR)
    assert house.run_due() == 1, "it is not held any more"
    assert house.open(case) == ["b"]


def test_of_a_cycle_the_next_firing_is_moved_and_the_rest_follows_it(house: House) -> None:
    cycle = boundary("t", "a", clock_event("Cycle", "R3/PT1H"), interrupting=False)
    house.deploy(process(ENDS + user("a b") + cycle, "s a e", "t b e"))
    case, began = house.start().instance_key, house.clock.now()
    move(house, house.timer(case, "t"), began + 5 * HOUR)
    for hours, opened in ((4, 0), (5, 1), (6, 2), (7, 3), (99, 3)):
        house.clock.set(began + hours * HOUR)
        house.run_due()
        assert house.open(case).count("b") == opened, hours


def test_a_timer_of_a_suspended_case_is_moved_and_fires_when_it_is_resumed(house: House) -> None:
    house.deploy(DRAWN["a boundary"])
    case = house.start().instance_key
    suspend.suspend(house.engine, house.unit, case, actor=ZHANG)
    key = house.timer(case, "t")
    move(house, key, house.clock.now())
    assert house.run_due() == 0
    with pytest.raises(Conflict, match="suspended, by zhang"):
        timer.fire_now(house.engine, house.unit, key, actor=LI)
    suspend.resume(house.engine, house.unit, case, actor=ZHANG)
    assert house.run_due() == 1
    assert house.open(case) == ["b"]


def test_a_timer_is_fired_by_hand(house: House) -> None:
    house.deploy(DRAWN["a boundary"])
    case = house.start().instance_key
    key = house.timer(case, "t")
    timer.fire_now(house.engine, house.unit, key, actor=LI, reason="everything is there")
    assert house.open(case) == ["b"]
    (fired,) = [entry for entry in queries.history(house.unit, case) if entry.kind == "TIMER_FIRED_BY_HAND"]
    assert (fired.actor, fired.data["reason"]) == ("li", "everything is there")
    with pytest.raises(NotFound, match="It has fired or fallen away"):
        timer.fire_now(house.engine, house.unit, key, actor=LI)
    with pytest.raises(NotFound, match="It has fired or fallen away"):
        move(house, key, house.clock.now())


def test_an_instant_without_a_zone_is_refused(house: House) -> None:
    house.deploy(DRAWN["a boundary"])
    key = house.timer(house.start().instance_key, "t")
    with pytest.raises(Invalid, match="no time zone"):
        move(house, key, datetime(2026, 11, 30, 9))  # noqa: DTZ001  # the very thing that is refused


@pytest.mark.parametrize("to", ["9999-12-31T23:59:59.999999+00:00", "9999-12-31T23:00:00-12:00", "0001-01-01T00:00+12"])
def test_an_instant_out_of_the_calendar_is_refused(house: House, to: str) -> None:
    house.deploy(DRAWN["a boundary"])
    key = house.timer(house.start().instance_key, "t")
    with pytest.raises(Invalid, match="out of reach. Give a date from the year 1 to the year 9998"):
        move(house, key, datetime.fromisoformat(to))


def race(house: House, *acts: Callable[[Engine], object]) -> list[object]:
    gate = Barrier(len(acts))

    def run(act: Callable[[Engine], object]) -> object:
        engine = Engine(house.database, house.clock)
        gate.wait()
        try:
            return act(engine)
        except NotFound as gone:
            return gone

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_moving_races_with_firing(house: House) -> None:
    """Either it was moved and has not fired, or it has fired and the mover is told so."""
    house.deploy(DRAWN["a boundary"])
    for _ in range(12):
        case = house.start().instance_key
        key, later = house.timer(case, "t"), house.clock.now() + timedelta(days=9)
        house.clock.advance(timedelta(days=3))

        def put_off(engine: Engine, key: int = key, later: datetime = later) -> object:
            return timer.move(engine, house.unit, key, later, actor=LI)

        def come_due(engine: Engine, key: int = key) -> object:
            return timer.fire(engine, house.unit, key)

        moved, fired = race(house, put_off, come_due)
        assert (moved == later) is not fired
        assert house.open(case) == (["b"] if fired else ["a"])


def starts_hourly(house: House) -> int:
    start = f'<startEvent id="t">{clock_event("Cycle", "R2/PT1H")}</startEvent><endEvent id="e"/>'
    house.deploy(process(start + user("a"), "t a e"))
    key: int = house.unit.one("select key from start_timer")[0]
    return key


def started(house: House) -> int:
    count: int = house.unit.one("select count(*) from instance")[0]
    return count


def test_a_start_by_a_timer_is_moved(house: House) -> None:
    key, began = starts_hourly(house), house.clock.now()
    move(house, key, began + 5 * HOUR)
    house.clock.advance(4 * HOUR)
    assert house.run_due() == 0
    house.clock.advance(HOUR)
    assert house.run_due() == 1
    house.clock.advance(HOUR)
    assert house.run_due() == 1
    assert started(house) == 2
    with pytest.raises(Conflict, match="made its last start of p"):
        move(house, key, began)
    entity, operation, process_id, data = house.unit.one(
        "select entity, operation, process_id, data from audit where entity_key = %s", (key,)
    )
    assert (entity, operation, process_id, data["reason"]) == ("TIMER", "UPDATE", "p", "the holiday")
    assert data["to"] == (began + 5 * HOUR).isoformat()


def test_a_moved_start_is_held_by_nobody(house: House) -> None:
    key = starts_hourly(house)
    house.clock.advance(HOUR)
    assert [held.key for held in due.due_timers(house.engine, house.unit)] == [key]
    move(house, key, house.clock.now() + HOUR)
    house.clock.advance(HOUR)
    assert house.run_due() == 1


def test_a_start_by_a_timer_is_made_now(house: House) -> None:
    key = starts_hourly(house)
    timer.fire_now(house.engine, house.unit, key, actor=LI, reason="a trial")
    assert started(house) == 1
    operation, data = house.unit.one("select operation, data from audit where entity_key = %s", (key,))
    assert (operation, data["reason"]) == ("TRIGGER", "a trial")
    house.clock.advance(2 * HOUR)
    assert house.run_due() == 1
    assert started(house) == 2, "of two starts one was brought forward"
    with pytest.raises(NotFound, match="There is no timer 70000"):
        timer.fire_now(house.engine, house.unit, 70_000, actor=LI)
