"""Time counts by the server's clock alone, whatever a page tells and however often."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.training import pace

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
HEARTBEATS = st.lists(
    st.tuples(st.floats(min_value=0, max_value=120), st.floats(allow_nan=True, allow_infinity=True)), max_size=60
)


@given(HEARTBEATS)
def test_all_together_never_count_more_than_went_by(beats: list[tuple[float, float]]) -> None:
    since, now, counted = START, START, 0.0
    for passed, told in beats:
        now += timedelta(seconds=passed)
        credit = pace.credit(since, now, told)
        assert 0.0 <= credit.seconds <= pace.CAP + pace.GRACE
        assert since <= credit.since <= now
        since, counted = credit.since, counted + credit.seconds
    assert counted <= (now - START).total_seconds() + 1e-3


@given(st.lists(st.floats(min_value=0, max_value=pace.GRACE - 0.1), min_size=2, max_size=40))
def test_a_heartbeat_that_is_late_on_its_way_loses_nothing(delays: list[float]) -> None:
    """The page tells of ten seconds each ten seconds; each message takes its own time."""
    since, counted, now = START, 0.0, START
    for place, delay in enumerate(delays, start=1):
        now = max(now, START + timedelta(seconds=pace.BEAT * place + delay))
        credit = pace.credit(since, now, pace.BEAT)
        since, counted = credit.since, counted + credit.seconds
    assert counted == pytest.approx(pace.BEAT * len(delays), abs=1e-3)


def test_who_is_silent_for_long_was_not_there() -> None:
    hour = START + timedelta(hours=1)
    credit = pace.credit(START, hour, 3600.0)
    assert credit.seconds == pace.CAP + pace.GRACE
    assert pace.credit(credit.since, hour, 3600.0).seconds <= pace.GRACE


def test_a_clock_that_was_put_back_counts_nothing() -> None:
    credit = pace.credit(START, START - timedelta(hours=1), 10.0)
    assert (credit.seconds, credit.since) == (0.0, START - timedelta(hours=1))


@pytest.mark.parametrize(
    ("before", "after", "asked"), [(0, 299.9, False), (295, 300, True), (300, 310, False), (590, 605, True)]
)
def test_it_is_asked_every_five_minutes(before: float, after: float, asked: bool) -> None:
    assert pace.to_ask(before, after) is asked
