"""Everything that belongs together at run time: built once by `api/bootstrap.py`, handed to whoever needs it."""

from dataclasses import dataclass

from engine.turn import Engine
from kernel.clock import Clock
from kernel.config import Settings
from kernel.db import Database
from tasks.handlers.operation import World


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One organisation's parts: its database and clock, its engine, and the world that its handlers reach."""

    settings: Settings
    database: Database
    clock: Clock
    engine: Engine
    world: World
