"""One database, one engine and a clock that stands still, for a model that is driven from outside."""

from dataclasses import dataclass, field
from typing import Any

from engine import due
from engine.commands import job, message, operate, signal, start, user_task
from engine.turn import Engine
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.db import Database, Unit

ACTOR = system("conformance")
MOST_STEPS = 300

_INSTANCES = "select key, state from instance where parent_key is null order by key"
_TYPES = "select distinct type from job where state = 'CREATED'"
_TASKS = "select key from user_task where state = 'CREATED' order by key"
_WAITING = "select kind, name, correlation_key from subscription order by key"
_INCIDENTS = "select element, kind, message from incident where state = 'ACTIVE' order by key"
_HISTORY = "select kind, element from journal where element <> '' order by instance_key, seq"
_VARIABLE = "select value from variable where name = %s order by instance_key limit 1"


@dataclass
class World:
    """The engine with what is known from outside: every instance, job, task and subscription of its database."""

    database: Database
    variables: dict[str, Any] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock("2026-11-02T01:00:00Z"))

    def __post_init__(self) -> None:
        self.engine = Engine(self.database, self.clock)

    @property
    def unit(self) -> Unit:
        return self.database.once()

    def settle(self) -> None:
        """Do everything that is due now and needs nobody."""
        for _ in range(MOST_STEPS):
            if not due.run(self.engine, self.unit):
                return

    def begin(self, process_id: str, variables: dict[str, Any] | None = None) -> int:
        begun = start.start(
            self.engine,
            self.unit,
            process_id=process_id,
            variables=self.variables if variables is None else variables,
            actor=ACTOR,
        )
        self.settle()
        return begun.instance_key

    def publish(self, name: str, key: str, variables: dict[str, Any] | None = None) -> None:
        given = self.variables if variables is None else variables
        message.publish(self.engine, self.unit, name, key, variables=given, actor=ACTOR)
        self.settle()

    def signal(self, name: str) -> None:
        signal.broadcast(self.engine, self.unit, name, variables=self.variables, actor=ACTOR)
        self.settle()

    def leases(self, *types: str) -> list[job.Lease]:
        wanted = types or tuple(row[0] for row in self.unit.all(_TYPES))
        return job.activate(self.engine, self.unit, wanted, "conformance", 60, 1) if wanted else []

    def finish_job(self, lease: job.Lease, variables: dict[str, Any]) -> None:
        job.complete(self.engine, self.unit, lease, variables, actor=ACTOR)
        self.settle()

    def throw(self, lease: job.Lease, code: str) -> None:
        job.throw_error(self.engine, self.unit, lease, code, actor=ACTOR)
        self.settle()

    def cancel(self, instance: int) -> None:
        operate.cancel(self.engine, self.unit, instance, actor=ACTOR)
        self.settle()

    def pass_time(self) -> bool:
        """Move the clock to what comes due next. False if nothing will."""
        ahead = due.next_due(self.unit)
        if ahead is None:
            return False
        self.clock.set(max(ahead, self.clock.now()))
        self.settle()
        return True

    def step(self) -> bool:
        """Do one thing that somebody outside could do: a job, a task, a message, a signal, or waiting."""
        leases = self.leases()
        tasks = self.unit.all(_TASKS)
        if leases:
            self.finish_job(leases[0], {})
        elif tasks:
            user_task.complete(self.engine, self.unit, tasks[0][0], variables={}, actor=ACTOR)
            self.settle()
        elif waiting := self.unit.all(_WAITING):
            kind, name, key = waiting[0]
            if kind == "message":
                self.publish(name, key)
            else:
                self.signal(name)
        else:
            return self.pass_time()
        return True

    def instances(self) -> list[tuple[int, str]]:
        return [(key, state) for key, state in self.unit.all(_INSTANCES)]

    def incidents(self) -> list[tuple[str, str, str]]:
        return [(element, kind, text) for element, kind, text in self.unit.all(_INCIDENTS)]

    def history(self) -> list[tuple[str, str]]:
        return [(kind, element) for kind, element in self.unit.all(_HISTORY)]

    def variable(self, name: str) -> Any:
        row = self.unit.one(_VARIABLE, (name,))
        return row[0] if row else None
