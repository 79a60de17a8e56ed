"""A house of one engine, and two designers."""

import pytest

from engine.turn import Engine
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.db import Database

LIN = Actor(id="lin", name="林静")
ZHAO = Actor(id="zhao", name="赵敏")


@pytest.fixture
def engine(database: Database, clock: ManualClock) -> Engine:
    return Engine(database, clock)
