"""A worker's house without the systems of an organisation, and job types of a test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.turn import Engine
from hr.documents.files import Files
from hr.people.calendar import WorkCalendar
from hr.privacy import cipher
from kernel.clock import Clock
from kernel.config import Settings
from kernel.db import Database, Unit
from tasks.handlers.operation import HANDLERS, Job, World, handles
from tasks.house import House

Call = Callable[[Job], dict[str, Any]]
Record = Callable[[Job, dict[str, Any], Unit], None]


def house(database: Database, clock: Clock, home: Path, **given: Any) -> House:
    """Over a database with tables; `given` are settings."""
    settings = Settings(home=home, secret="a secret for this test", **given)
    files = Files(home, cipher(settings), limit=1)
    world = World(clock=clock, settings=settings, database=database, files=files, calendar=WorkCalendar())
    return House(settings=settings, database=database, clock=clock, engine=Engine(database, clock), world=world)


def register(type: str, call: Call, record: Record | None = None) -> None:
    """A job type whose call gives the variables; `record` writes beside them."""

    def perform(order: dict[str, Any], job: Job, world: World) -> dict[str, Any]:
        return call(job)

    def keep(order: dict[str, Any], result: dict[str, Any], job: Job, unit: Unit, world: World) -> dict[str, Any]:
        if record is not None:
            record(job, result, unit)
        return result

    handles(type, title=("", ""), help=("", ""))(perform).then(keep)


@contextmanager
def performing(type: str, call: Call, record: Record | None = None) -> Iterator[None]:
    """The same while a test runs."""
    register(type, call, record)
    try:
        yield
    finally:
        del HANDLERS[type]
