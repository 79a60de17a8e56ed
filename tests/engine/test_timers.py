"""A timer costs nothing until it is due, and fires once however many look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from engine import due, queries
from engine.commands import timer
from engine.turn import Engine
from tests.engine.house import House
from tests.engine.spiff.drawing import ENDS, boundary, catch, process, script, user
from tests.engine.spiff.drawing import timer as clock_event


def reminded(text: str, kind: str = "Duration", interrupting: bool = False) -> str:
    return process(ENDS + user("a b") + boundary("t", "a", clock_event(kind, text), interrupting), "s a e", "t b e")


@pytest.mark.requirement("F33")
def test_a_timer_fires_when_its_time_has_come(house: House) -> None:
    house.deploy(reminded("PT1H"))
    case = house.start().instance_key
    key = house.timer(case, "t")
    assert not timer.fire(house.engine, house.unit, key)
    assert due.due_timers(house.engine, house.unit) == []
    assert due.next_due(house.unit) == house.clock.now() + timedelta(hours=1)

    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 1
    assert house.open(case) == ["a", "b"]
    assert not timer.fire(house.engine, house.unit, key)
    fired = [entry for entry in queries.history(house.unit, case) if entry.kind == "TIMER_FIRED"]
    assert [(entry.actor, entry.actor_kind) for entry in fired] == [("timer", "system")]


def test_two_workers_fire_it_once(house: House) -> None:
    house.deploy(reminded("PT1H"))
    cases = [house.start().instance_key for _ in range(10)]
    keys = [house.timer(case, "t") for case in cases]
    house.clock.advance(timedelta(hours=1))
    gate = Barrier(2)

    def work(_: int) -> int:
        engine, unit = Engine(house.database, house.clock), house.database.once()
        gate.wait()
        return sum(timer.fire(engine, unit, key) for key in keys)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 10
    assert [house.open(case) for case in cases] == [["a", "b"]] * 10


def test_whoever_looks_holds_what_is_due(house: House) -> None:
    house.deploy(reminded("PT1H"))
    first, second = house.start(), house.start()
    house.clock.advance(timedelta(hours=1))
    held = due.due_timers(house.engine, house.unit, limit=1)
    rest = due.due_timers(house.engine, house.unit, limit=5)
    assert [found.key for found in held + rest] == [
        house.timer(first.instance_key, "t"),
        house.timer(second.instance_key, "t"),
    ]
    assert due.due_timers(house.engine, house.unit) == []
    assert due.next_due(house.unit) is None
    house.unit.run("update timer set lease_until = now() - interval '1 s'")
    again = due.due_timers(house.engine, house.unit)
    assert [found.key for found in again] == [found.key for found in held + rest]
    due.free_timers(house.unit, held + rest)
    assert due.due_timers(house.engine, house.unit) == [], "others hold them by now"
    due.free_timers(house.unit, again)
    assert len(due.due_timers(house.engine, house.unit)) == 2


def test_a_cycle_opens_its_next_timer(house: House) -> None:
    house.deploy(reminded("R3/PT1H", "Cycle"))
    case = house.start().instance_key
    for times in (1, 2, 3):
        house.clock.advance(timedelta(hours=1))
        assert house.run_due() == 1
        assert house.open(case).count("b") == times
    house.clock.advance(timedelta(hours=9))
    assert house.run_due() == 0


def test_a_timer_that_leads_to_what_cannot_be_kept_stops_with_an_incident(house: House) -> None:
    waits = catch("t", clock_event("Duration", "PT1H"))
    house.deploy(process(ENDS + waits + script("c", '="\\u0000"', "x"), "s t c e"))
    case = house.start().instance_key
    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 1
    assert "U+0000" in queries.incident(house.unit, house.incident(case, "c")).message
    assert house.run_due() == 0


def starts_every_hour(count: str = "R2", name: str = "a") -> str:
    return process(
        f'<startEvent id="t">{clock_event("Cycle", f"{count}/PT1H")}</startEvent><endEvent id="e"/>' + user(name),
        f"t {name} e",
    )


def started(house: House) -> list[tuple[int]]:
    return house.unit.all("select process_version from instance order by key")


def test_a_timer_starts_a_process_and_survives_redeployment(house: House) -> None:
    house.deploy(starts_every_hour())
    house.clock.advance(timedelta(minutes=30))
    house.deploy(starts_every_hour(name="b"))
    house.clock.advance(timedelta(minutes=30))
    assert house.run_due() == 1
    assert started(house) == [(2,)]

    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 1
    house.deploy(starts_every_hour(name="c"))
    house.clock.advance(timedelta(hours=5))
    assert house.run_due() == 0, "two starts were asked for, whatever was deployed since"
    assert started(house) == [(2,), (2,)]


def test_a_changed_timer_begins_anew(house: House) -> None:
    house.deploy(starts_every_hour("R1"))
    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 1
    house.deploy(starts_every_hour("R5"))
    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 1
    house.deploy(process(ENDS + user("a"), "s a e"))
    house.clock.advance(timedelta(hours=1))
    assert house.run_due() == 0, "the latest version has no timer"


def test_starts_that_went_by_are_not_made_up_for(house: House) -> None:
    """As Camunda 8 has it (camunda/camunda pull request 10054): one start, and the next a whole period from now."""
    house.deploy(starts_every_hour("R"))
    house.clock.advance(timedelta(hours=10, minutes=30))
    assert house.run_due() == 1
    assert house.run_due() == 0
    assert due.next_due(house.unit) == house.clock.now() + timedelta(hours=1)


def test_a_start_that_is_a_little_late_keeps_the_hour(house: House) -> None:
    house.deploy(starts_every_hour("R"))
    hour = house.clock.now()
    house.clock.advance(timedelta(hours=1, minutes=20))
    assert house.run_due() == 1
    assert due.next_due(house.unit) == hour + timedelta(hours=2)


def test_reminders_that_went_by_are_not_made_up_for(house: House) -> None:
    house.deploy(reminded("R/PT1H", "Cycle"))
    case = house.start().instance_key
    house.clock.advance(timedelta(hours=5, minutes=30))
    assert house.run_due() == 1
    assert house.run_due() == 0
    assert house.open(case) == ["a", "b"]
    assert due.next_due(house.unit) == house.clock.now() + timedelta(hours=1)


def test_two_workers_start_it_once(house: House) -> None:
    house.deploy(starts_every_hour())
    house.clock.advance(timedelta(hours=1))
    ((key, *_),) = due.due_timers(house.engine, house.unit)
    gate = Barrier(2)

    def work(_: int) -> bool:
        engine, unit = Engine(house.database, house.clock), house.database.once()
        gate.wait()
        return timer.fire(engine, unit, key)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert len(started(house)) == 1


AT_NINE = process(
    '<startEvent id="s"/><endEvent id="e"/>'
    f'<startEvent id="daily">{clock_event("Cycle", "0 0 9 * * *")}</startEvent>'
    + user("a")
    + script("day", "=string(today()) + string(now())", "day"),
    "s day a e",
    "daily a",
)


def test_cron_and_today_are_read_where_the_organisation_is(house: House) -> None:
    """At one in the night in Shanghai it is still yesterday in UTC."""
    house.clock.set("2026-11-01T17:00:00+00:00")
    house.engine = Engine(house.database, house.clock, zone=ZoneInfo("Asia/Shanghai"))
    house.deploy(AT_NINE)
    (due_at,) = house.unit.one("select due_at from start_timer")
    assert due_at.isoformat() == "2026-11-02T01:00:00+00:00"
    case = house.start().instance_key
    assert queries.variables(house.unit, case) == {"day": "2026-11-022026-11-02T01:00:00+08:00"}
    house.clock.set("2026-11-02T01:00:00+00:00")
    assert house.run_due() == 1
    (due_at,) = house.unit.one("select due_at from start_timer")
    assert due_at.isoformat() == "2026-11-03T01:00:00+00:00"
