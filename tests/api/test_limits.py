"""A stranger may ask so many times in a window; then they are told how long to wait."""

from datetime import timedelta

from api.limits import Limit, spend
from kernel.clock import ManualClock
from kernel.db import Unit

THREE = Limit("verify", 3)


def test_beyond_the_limit_the_seconds_until_the_end_of_the_window_are_told(unit: Unit, clock: ManualClock) -> None:
    assert [spend(unit, THREE, "203.0.113.7", clock.now()) for _ in range(3)] == [0, 0, 0]
    clock.advance(timedelta(minutes=4))
    assert spend(unit, THREE, "203.0.113.7", clock.now()) == 360
    assert spend(unit, THREE, "203.0.113.8", clock.now()) == 0
    clock.advance(timedelta(minutes=6))
    assert spend(unit, THREE, "203.0.113.7", clock.now()) == 0


def test_a_clock_that_was_set_back_does_not_shut_anyone_out(unit: Unit, clock: ManualClock) -> None:
    before = clock.now()
    clock.advance(timedelta(days=30))
    assert [spend(unit, THREE, "203.0.113.7", clock.now()) for _ in range(4)][-1] > 0
    assert spend(unit, THREE, "203.0.113.7", before) == 0


def test_windows_of_long_ago_go(unit: Unit, clock: ManualClock) -> None:
    spend(unit, THREE, "203.0.113.7", clock.now())
    clock.advance(timedelta(days=2))
    spend(unit, THREE, "203.0.113.8", clock.now())
    assert unit.all("select key from rate_window") == [("verify/203.0.113.8",)]
