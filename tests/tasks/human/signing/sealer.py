"""One worker process that carries out batches of agreements, and may be killed while it does."""

import sys
from pathlib import Path

from engine.turn import Engine
from hr.documents.files import Files
from hr.people.calendar import WorkCalendar
from hr.privacy import Cipher
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database, metadata
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human.batch_items import Batches
from tests.conftest import PACKAGES


def toil(url: str, home: str) -> None:
    metadata(PACKAGES)
    database, clock, secret = Database(url), ManualClock("2026-11-02T02:00:00+00:00"), "a secret of the test"
    settings = Settings(home=Path(home), organisation="启明智能", secret=secret)
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(settings.home, Cipher([secret])),
        calendar=WorkCalendar(),
    )
    house = House(settings=settings, database=database, clock=clock, engine=Engine(database, clock), world=world)
    chore = Batches()
    while True:
        chore(house, lambda: False)


if __name__ == "__main__":
    toil(*sys.argv[1:])
