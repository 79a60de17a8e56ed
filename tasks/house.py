"""Everything that belongs together at run time: built once by `api/bootstrap.py`, handed to whoever needs it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from engine.turn import Engine
from kernel.clock import Clock
from kernel.config import Settings
from kernel.db import Database
from tasks.handlers.operation import World

# Work of a worker's upkeep: does a little of what is due, until it is told to stop, and tells how much there was.
Chore = Callable[["House", Callable[[], bool]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One organisation's parts: its database and clock, its engine, and the world that its handlers reach.

    `chores` are what a worker's upkeep does besides the engine's batches and retention.
    """

    settings: Settings
    database: Database
    clock: Clock
    engine: Engine
    world: World
    chores: tuple[Chore, ...] = ()

    def today(self) -> date:
        """The day where the organisation is."""
        return self.clock.now().astimezone(ZoneInfo(self.settings.zone)).date()
