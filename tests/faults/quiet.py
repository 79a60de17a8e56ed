"""How a case goes when nothing goes wrong: the measure for all others."""

from datetime import timedelta
from pathlib import Path

from engine.commands import message, operate, start, user_task
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.db import Database
from tasks import worker
from tasks.house import House
from tests.faults import invariants, models
from tests.faults.invariants import Quiet
from tests.tasks import shop

SOMEBODY = system("somebody")


def measure(database: Database, folder: Path) -> Quiet:
    """Turns and history of each kind of case. `database` has the models."""
    mended: list[bool] = []

    def call(job: shop.Job) -> dict[str, object]:
        if job.element == "broken" and models.is_broken(job.variables["case"]) and not mended:
            raise RuntimeError
        return {job.element: {"key": str(job.uuid), "attempt": 1}}

    clock = ManualClock("2026-11-02T01:00:00+00:00")
    house = shop.house(database, clock, folder)
    with shop.performing(models.EFFECT, call):
        begin(house)
        worker.drain(house)
        help_on(house)
        for _ in range(3):
            clock.advance(timedelta(minutes=1))
            worker.drain(house)
        mended.append(True)
        for (key,) in database.once().all("select key from incident"):
            operate.retry_incident(house.engine, database.once(), key, actor=SOMEBODY)
        worker.drain(house)
    cases = invariants.read(database.once()).values()
    assert {case.state for case in cases} == {"COMPLETED"}
    return {(case.process, case.broken): (case.version, case.history) for case in cases}


def begin(house: House) -> None:
    for case in ("quiet-1", f"quiet-{models.EVERY_BROKEN}"):
        _start(house, "faults", case)
    for process in ("pair", "one"):
        _start(house, process, "quiet-1")


def _start(house: House, process: str, case: str) -> None:
    given, unit = models.variables(case, 1), house.database.once()
    start.start(house.engine, unit, actor=SOMEBODY, process_id=process, variables=given, business_id=case)


def help_on(house: House) -> None:
    """The clicks and the letters."""
    engine, unit = house.engine, house.database.once()
    for (key,) in unit.all("select key from user_task"):
        user_task.complete(engine, unit, key, variables={"by": "somebody"}, actor=SOMEBODY)
    for key, wanted in unit.all("select key, correlation_key from subscription"):
        message.publish(engine, unit, models.MESSAGE, wanted, message_id=str(key), ttl_s=86400, actor=SOMEBODY)
