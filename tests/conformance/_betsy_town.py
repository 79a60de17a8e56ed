"""A few instances in memory, with what they need of the world: handlers, messages, signals, calls, a clock to move.

It drives `engine.spiff` as the engine does, by turns that save and load, but without a database.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.model import Call, Incident, Job, Outcome, Reference, Resource, Subscription, Timer, Values, Work
from engine.spiff.compile import Model, compile_models
from engine.spiff.runtime import Run
from engine.spiff.runtime.instance import Instance
from engine.spiff.turn import Turn
from kernel.clock import ManualClock
from tests.engine.spiff.play import Stepped

STAMPS = ("CREATE_TIMESTAMP_LOG_1", "CREATE_TIMESTAMP_LOG_2")
SLOW = ("WAIT_TEN_SECONDS", *STAMPS)
NAP = timedelta(seconds=10)
MOST_TURNS = 3000


@dataclass(slots=True)
class Life:
    """One instance: its model, its last outcome, its open work, and the call that started it."""

    model: Model
    outcome: Outcome
    caller: tuple[int, int] | None = None
    work: dict[tuple[int, int], Work] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)


class Town:
    """`incidents` are what nobody mends. With `every_node` the state is saved and loaded after every node."""

    def __init__(self, start_variables: Values, *, every_node: bool = False) -> None:
        self.kind = Stepped if every_node else Run
        self.clock = ManualClock("2030-01-01T00:00:00+00:00")
        self.models: dict[str, Model] = {}
        self.lives: list[Life] = []
        self.start_variables = start_variables
        self.messages: list[str] = []
        self.naps: dict[tuple[int, int], datetime] = {}
        self.stamps: list[datetime] = []
        self.turns = 0

    # -- the host of every run

    def now(self) -> datetime:
        return self.clock.now()

    def decide(self, reference: Reference, inputs: Values) -> tuple[Any, Values]:
        raise LookupError(f"There is no decision {reference.id}.")

    # -- what happens

    def deploy(self, xml: bytes) -> None:
        for model in compile_models(Resource("betsy.bpmn", xml)):
            self.models[model.process_id] = model

    def start(
        self, process: str, variables: Values, element: str | None = None, caller: tuple[int, int] | None = None
    ) -> None:
        model = self.models[process]
        self.lives.append(Life(model, Outcome(state=b""), caller))
        run = self.kind(model, Instance(model, Turn(self)))
        run.begin(variables, element)
        self._take(len(self.lives) - 1, run.outcome())

    def turn(self, index: int, command: str, *args: Any) -> None:
        life = self.lives[index]
        run = self.kind.load(life.outcome.state, life.model, self)
        getattr(run, command)(*args)
        self._take(index, run.outcome())

    def _take(self, index: int, outcome: Outcome) -> None:
        life = self.lives[index]
        self.turns += 1
        life.outcome = outcome
        for key in outcome.closed:
            life.work.pop(key, None)
        for work in outcome.opened:
            life.work[work.token, getattr(work, "index", 0)] = work
        life.variables = Run.load(outcome.state, life.model, self).variables()
        for signal in outcome.signals:
            self._signal(index, signal.name)
        if outcome.ended and life.caller:
            self._answer(life)
        for thrown in outcome.thrown:
            if life.caller and self._catches(life.caller, thrown.code):
                self.turn(life.caller[0], "throw_error", life.caller[1], thrown.code)

    def _answer(self, life: Life) -> None:
        assert life.caller is not None
        caller, token = life.caller
        if life.outcome.ended == "COMPLETED" and (token, 0) in self.lives[caller].work:
            self.turn(caller, "call_ended", token, life.outcome.result)

    def _catches(self, caller: tuple[int, int], code: str) -> bool:
        life = self.lives[caller[0]]
        return Run.load(life.outcome.state, life.model, self).catches(caller[1], "error", code)

    def _signal(self, sender: int, name: str) -> None:
        for index, life in enumerate(list(self.lives)):
            for key, work in list(life.work.items()):
                if index != sender and _waits(work, "signal", name) and key in life.work:
                    self.turn(index, "trigger", *key)
        self._start_by("signal", name)

    def _start_by(self, kind: str, name: str) -> bool:
        starts = [(m, s) for m in self.models.values() for s in m.starts if (s.kind, s.name) == (kind, name)]
        for model, found in starts:
            self.start(model.process_id, self.start_variables, found.element)
        return bool(starts)

    # -- until nothing is left to do

    def run(self) -> None:
        """Deliver and work; where nothing moves, let the clock jump to what is due next."""
        while self.turns < MOST_TURNS and (self._deliver() or self._work() or self._jump()):
            pass

    def _deliver(self) -> bool:
        for name in self.messages:
            for index, life in enumerate(self.lives):
                key = next((key for key, work in life.work.items() if _waits(work, "message", name)), None)
                if key is not None:
                    self.messages.remove(name)
                    self.turn(index, "trigger", *key)
                    return True
            if self._start_by("message", name):
                self.messages.remove(name)
                return True
        return False

    def _work(self) -> bool:
        for index, life in enumerate(self.lives):
            for (token, _), work in list(life.work.items()):
                if isinstance(work, Job) and (index, token) not in self.naps:
                    self._job(index, work)
                    return True
                if isinstance(work, Call) and (index, token) not in {other.caller for other in self.lives}:
                    self._call(index, work)
                    return True
        return False

    def _call(self, index: int, work: Call) -> None:
        if work.process.id in self.models:
            self.start(work.process.id, work.variables, caller=(index, work.token))
        else:
            self.turn(index, "fail", work.token, "CALLED_ELEMENT_ERROR", "There is no such process.")

    def _job(self, index: int, job: Job) -> None:
        if job.type == "PUBLISH":
            self.messages.append(job.headers["name"])
            self.turn(index, "complete", job.token, {})
        elif job.type == "THROW_ERROR":
            self.turn(index, "throw_error", job.token, "ERR_CODE")
        elif job.type in SLOW:
            if job.type in STAMPS:
                self.stamps.append(self.now())
            self.naps[index, job.token] = self.now() + NAP
        else:
            self.turn(index, "fail", job.token, "JOB_NO_RETRIES", f"No handler knows {job.type}.")

    def _jump(self) -> bool:
        timers = [
            (work.due_at, index, key)
            for index, life in enumerate(self.lives)
            for key, work in life.work.items()
            if isinstance(work, Timer)
        ]
        naps = [
            (at, index, (token, 0)) for (index, token), at in self.naps.items() if (token, 0) in self.lives[index].work
        ]
        if not timers and not naps:
            return False
        at, index, key = min(timers + naps)
        self.clock.set(max(at, self.now()))
        if (at, index, key) in timers:
            self.turn(index, "trigger", *key)
        else:
            del self.naps[index, key[0]]
            self.turn(index, "complete", key[0], {})
        return True

    @property
    def incidents(self) -> list[str]:
        """A join that waits in vain is none of them: the model is drawn so, and its trace ends there as expected."""
        found = [work for life in self.lives for work in life.work.values() if isinstance(work, Incident)]
        return [work.message for work in found if work.kind != "DEADLOCK"]

    @property
    def trace(self) -> list[str]:
        return [entry for life in self.lives if not life.caller for entry in life.variables.get("trace", [])]


def _waits(work: Work, kind: str, name: str) -> bool:
    return isinstance(work, Subscription) and (work.kind, work.name) == (kind, name)
