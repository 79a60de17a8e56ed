"""Time is handed in, aware, in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from kernel.clock import Clock, ManualClock, ShiftedClock, SystemClock, aware

SHANGHAI = timezone(timedelta(hours=8))
NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["2026-11-02T09:00:00+08:00", NINE, NINE.astimezone(SHANGHAI), "2026-11-02T01:00:00Z"]
)
def test_every_spelling_of_an_instant_is_the_same_in_utc(value: datetime | str) -> None:
    assert aware(value) == NINE
    assert aware(value).tzinfo is UTC


@pytest.mark.parametrize("value", ["2026-11-02T09:00:00", "2026-11-02", datetime(2026, 11, 2)])  # noqa: DTZ001  # naive on purpose
def test_an_instant_without_a_zone_is_refused_in_words(value: datetime | str) -> None:
    with pytest.raises(ValueError, match=r"has no time zone\. Write it with an offset"):
        aware(value)


def test_the_machines_clock_speaks_utc_and_goes_on() -> None:
    clock: Clock = SystemClock()
    before = clock.now()
    assert before.tzinfo is UTC
    assert clock.now() >= before


def test_a_manual_clock_stands_until_it_is_moved() -> None:
    clock = ManualClock(NINE)
    assert clock.now() == clock.now() == NINE
    clock.advance(timedelta(days=30))
    assert clock.now() == NINE + timedelta(days=30)
    clock.set("2026-11-02T09:00:00+08:00")
    assert clock.now() == NINE


def test_a_manual_clock_loses_no_step_of_any_thread() -> None:
    clock = ManualClock(NINE)
    threads = [Thread(target=lambda: [clock.advance(timedelta(seconds=1)) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == NINE + timedelta(seconds=2000)


def test_a_shifted_clock_runs_on_from_where_it_was_put() -> None:
    base = ManualClock(NINE)
    clock = ShiftedClock(base, timedelta(days=3))
    base.advance(timedelta(hours=1))
    assert clock.now() == NINE + timedelta(days=3, hours=1)


def test_an_instant_may_name_its_zone_as_feel_writes_it() -> None:
    assert aware("2026-11-02T09:00:00@Asia/Shanghai") == NINE
    with pytest.raises(ValueError, match="does not exist"):
        aware("2026-11-02T09:00:00@Asia/Nowhere")
    with pytest.raises(ValueError, match="no time zone"):
        aware("2026-11-02T09:00:00")
