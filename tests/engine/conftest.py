"""Stories run on a real database; at the end of each the house has to be sound."""

from collections.abc import Iterator

import pytest

from kernel.clock import ManualClock
from kernel.db import Database
from tests.engine.house import House


@pytest.fixture
def house(database: Database, clock: ManualClock) -> Iterator[House]:
    built = House(database, clock)
    yield built
    built.sound()
