"""A trial's clock is moved once for every process, and runs on from there."""

from datetime import UTC, datetime, timedelta

import pytest

from api.trial import TrialTime
from kernel.clock import ManualClock
from kernel.db import Database

LAST_DAY = datetime(2026, 12, 2, 10, tzinfo=UTC)

pytestmark = pytest.mark.requirement("F126")


def test_without_a_move_it_is_the_machines_clock(database: Database, clock: ManualClock) -> None:
    assert TrialTime(database, clock).now() == clock.now()


def test_a_moved_clock_runs_on_from_there(database: Database, clock: ManualClock) -> None:
    trial = TrialTime(database, clock)
    trial.move(LAST_DAY)
    assert trial.now() == LAST_DAY
    clock.advance(timedelta(minutes=5))
    assert trial.now() == LAST_DAY + timedelta(minutes=5)


def test_every_process_sees_the_move_and_the_way_back(database: Database, clock: ManualClock) -> None:
    web = TrialTime(database, clock)
    web.move(LAST_DAY)
    assert TrialTime(database, clock).now() == LAST_DAY
    web.reset()
    assert TrialTime(database, clock).now() == web.now() == clock.now()


def test_moving_again_counts_from_the_machines_clock(database: Database, clock: ManualClock) -> None:
    trial = TrialTime(database, clock)
    trial.move(LAST_DAY)
    trial.move(LAST_DAY + timedelta(days=1))
    assert trial.now() == LAST_DAY + timedelta(days=1)
