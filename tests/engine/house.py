"""An engine for stories: deploys drawings, starts, finds open work by element."""

from typing import Any

from engine import due, journal
from engine.commands import deploy, job, start, user_task
from engine.commands.job import Lease
from engine.commands.start import Started
from engine.model import Resource
from engine.turn import Engine
from kernel.actor import Actor, system
from kernel.clock import ManualClock
from kernel.db import Database, Unit

ZHANG = Actor(id="zhang", groups=frozenset({"hr"}), ip="10.0.0.7")
LI = Actor(id="li", groups=frozenset({"hr"}))
WORKER = system("worker")


class House:
    """One engine over a fresh database. Every command runs in autocommit, as the hot routes do."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.engine = Engine(database, clock)

    @property
    def unit(self) -> Unit:
        return self.database.once()

    def deploy(self, *files: str | tuple[str, str]) -> deploy.Deployment:
        """Files as drawings, or as (name, text)."""
        named = [(f"m{n}.bpmn", file) if isinstance(file, str) else file for n, file in enumerate(files)]
        resources = [Resource(name, text.encode()) for name, text in named]
        return deploy.deploy(self.engine, self.unit, resources, ZHANG)

    def start(self, process_id: str = "p", **variables: Any) -> Started:
        return start.start(self.engine, self.unit, process_id=process_id, variables=variables, actor=ZHANG)

    def task(self, instance: int, element: str) -> int:
        """The key of the open task at an element."""
        return self._key("user_task", instance, element, "and state = 'CREATED'")

    def timer(self, instance: int, element: str) -> int:
        return self._key("timer", instance, element)

    def incident(self, instance: int, element: str) -> int:
        return self._key("incident", instance, element, "and state = 'ACTIVE'")

    def _key(self, table: str, instance: int, element: str, more: str = "") -> int:
        row = self.unit.one(
            f"select key from {table} where instance_key = %s and element = %s {more}", (instance, element)
        )
        assert row is not None, f"no {table} at {element}"
        key: int = row[0]
        return key

    def done(self, instance: int, element: str, **variables: Any) -> user_task.Completed:
        """Complete the open task at an element."""
        key = self.task(instance, element)
        return user_task.complete(self.engine, self.unit, key, variables=variables, actor=ZHANG)

    def lease(self, type: str = "work", timeout_s: float = 60) -> Lease:
        """The one job of this type that is due."""
        (leased,) = job.activate(self.engine, self.unit, [type], "w", timeout_s, limit=5)
        return leased

    def state(self, instance: int) -> str:
        state: str = self.unit.one("select state from instance where key = %s", (instance,))[0]
        return state

    def open(self, instance: int) -> list[str]:
        """The elements with open tasks, sorted."""
        rows = self.unit.all(
            "select element from user_task where instance_key = %s and state = 'CREATED' order by element", (instance,)
        )
        return [element for (element,) in rows]

    def children(self, instance: int) -> list[tuple[int, str]]:
        return self.unit.all("select key, state from instance where parent_key = %s order by key", (instance,))

    def run_due(self) -> int:
        """What a worker's round does beside jobs."""
        return due.run(self.engine, self.unit)

    def sound(self) -> None:
        """Every journal holds, every ended instance has nothing open, and no errand is left."""
        for (key,) in self.unit.all("select key from instance"):
            assert journal.verify(self.unit, key) is None
        for table, open_ in OPEN.items():
            left = f"select count(*) from {table} t join instance i on i.key = t.instance_key"
            assert self.unit.one(f"{left} where i.ended_at is not null {open_}") == (0,), table
        assert self.unit.all("select kind, error from follow_up") == []


OPEN = {
    "user_task": "and t.state = 'CREATED'",
    "job": "and t.state in ('CREATED', 'FAILED')",
    "timer": "",
    "subscription": "",
    "incident": "and t.state = 'ACTIVE'",
}
