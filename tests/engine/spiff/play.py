"""One instance played through: every step loads the state, changes it and saves it again, as the product does."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.model import Call, Incident, Job, Outcome, Reference, Resource, Subscription, Timer, UserTask, Values, Work
from engine.spiff.compile import Model, compile_models
from engine.spiff.runtime import Run
from engine.spiff.runtime.codec import dump, load
from engine.spiff.runtime.instance import Instance
from engine.spiff.turn import Turn
from kernel.clock import ManualClock


class Stepped(Run):
    """Saves and loads after every node, not only at the end of a turn."""

    def advance(self, nodes: int = 0) -> bool:
        while not self.instance.advance(1):
            state = dump(self.instance)
            self.instance = load(state, self.model, self.instance.turn)
            assert dump(self.instance) == state
        return True


class Play:
    """`work` is what stands open by (token, index), kept from the differences that the turns tell."""

    watchful = True  # looks at the shared model and at the state after every turn

    def __init__(
        self,
        xml: str | Model,
        *,
        stepped: bool,
        start: str | None = None,
        payload: Values | None = None,
        **variables: Any,
    ) -> None:
        self.model: Model = xml if isinstance(xml, Model) else drawn(xml)
        self.clock = ManualClock("2026-11-02T01:00:00+00:00")
        self.kind = Stepped if stepped else Run
        self.work: dict[tuple[int, int], Work] = {}
        self.decisions: dict[str, Any] = {}
        self.history: list[tuple[str, str]] = []
        self.before = fingerprint(self.model) if self.watchful else None
        run = self.kind(self.model, Instance(self.model, Turn(self)))
        run.begin(variables, start, payload)
        self.outcome = self._take(run)

    # -- the host that the run asks

    def now(self) -> datetime:
        return self.clock.now()

    def decide(self, reference: Reference, inputs: Values) -> tuple[Any, Values]:
        if reference.id not in self.decisions:
            raise LookupError(f"There is no decision {reference.id}.")
        return self.decisions[reference.id](inputs), {"decision": reference.id}

    # -- steps

    def turn(self, command: str, *args: Any) -> Outcome:
        run = self.kind.load(self.outcome.state, self.model, self)
        getattr(run, command)(*args)
        return self._take(run)

    def _take(self, run: Run) -> Outcome:
        return self.note(run.outcome())

    def note(self, outcome: Outcome) -> Outcome:
        """A turn has come to this."""
        self.outcome = outcome
        for key in outcome.closed:
            del self.work[key]
        for work in outcome.opened:
            key = (work.token, getattr(work, "index", 0))
            assert key not in self.work
            self.work[key] = work
        self.history += [(event.kind, event.element) for event in outcome.events]
        if self.watchful:
            assert dump(load(outcome.state, self.model, Turn(self))) == outcome.state
            assert fingerprint(self.model) == self.before, "a run changed the shared model"
        return outcome

    def find(self, element: str, nth: int = 0) -> Work:
        return [work for work in self.work.values() if work.element == element][nth]

    def do(self, element: str, nth: int = 0, **variables: Any) -> list[str]:
        """Complete a user task, job or call."""
        work = [w for w in self.work.values() if w.element == element and isinstance(w, UserTask | Job | Call)][nth]
        self.turn("call_ended" if isinstance(work, Call) else "complete", work.token, variables)
        return self.open

    def error(self, element: str, code: str, **variables: Any) -> list[str]:
        self.turn("throw_error", self.find(element).token, code, "", variables)
        return self.open

    def send(self, key: str, name: str = "msg", **variables: Any) -> list[str]:
        """A message reaches the first who waits for it."""
        for work in list(self.work.values()):
            if isinstance(work, Subscription) and (work.kind, work.name, work.correlation_key) == (
                "message",
                name,
                key,
            ):
                self.turn("trigger", work.token, work.index, variables)
                break
        return self.open

    def signal(self, name: str = "sig", **variables: Any) -> list[str]:
        """A signal from elsewhere reaches everyone who waits for it."""
        for key, work in list(self.work.items()):
            if isinstance(work, Subscription) and work.kind == "signal" and work.name == name and key in self.work:
                self.turn("trigger", work.token, work.index, variables)
        return self.open

    def wait(self, **span: float) -> list[str]:
        """Time passes; timers fire as they come due."""
        end = self.clock.now() + timedelta(**span)
        while due := self._next_timer(end):
            self.clock.set(max(due.due_at, self.clock.now()))
            self.turn("trigger", due.token, due.index)
        self.clock.set(end)
        return self.open

    def _next_timer(self, end: datetime) -> Timer | None:
        timers = [work for work in self.work.values() if isinstance(work, Timer) and work.due_at <= end]
        return min(timers, key=lambda timer: timer.due_at, default=None)

    def retry(self, element: str) -> list[str]:
        self.turn("retry", self.incidents[element].token)
        return self.open

    # -- what stands

    @property
    def open(self) -> list[str]:
        """User tasks, jobs and calls, by element."""
        return sorted(w.element for w in self.work.values() if isinstance(w, UserTask | Job | Call))

    @property
    def incidents(self) -> Mapping[str, Incident]:
        return {w.element: w for w in self.work.values() if isinstance(w, Incident)}

    @property
    def variables(self) -> dict[str, Any]:
        return self.kind.load(self.outcome.state, self.model, self).variables()

    @property
    def ended(self) -> bool:
        assert self.outcome.ended is None or not self.work, "an ended instance has no open work"
        return self.outcome.ended == "COMPLETED"

    def count(self, kind: str) -> Counter[str]:
        return Counter(element for event, element in self.history if event == kind)


def drawn(xml: str) -> Model:
    """The one model of a file."""
    return compile_models(Resource("story.bpmn", xml.encode()))[0]


def fingerprint(model: Model) -> set[tuple[str, str, str]]:
    """Every attribute of every shared node."""
    return {(name, key, repr(value)) for name, node in model.nodes.items() for key, value in vars(node).items()}
