"""A case run in memory, on the version that it ran on or on another one. Nothing is written, nothing is called."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from engine.model import Outcome, Reference, Value, Values, Work
from engine.spiff.model import Model
from engine.spiff.runtime import Run
from engine.spiff.runtime.budget import STEPS_A_TURN
from engine.spiff.runtime.instance import Instance
from engine.spiff.runtime.token import READY, ROOT, Token
from engine.spiff.turn import Turn

Answer = Callable[[Reference, Values, datetime], tuple[Value, Values]]
Place = tuple[int, int]  # a token, and the index of what it waits for
Path = tuple[tuple[str, int | None], ...]
"""Where a token is: element and number of the iteration, from the inside out."""


@dataclass(slots=True)
class Scene:
    """The world as the case sees it: an instant that is set, and decisions."""

    answer: Answer
    zone: tzinfo = UTC
    at: datetime = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def decide(self, reference: Reference, inputs: Values) -> tuple[Value, Values]:
        return self.answer(reference, inputs, self.at.astimezone(self.zone))


class Twin:
    """`work` is what stands open, by the place of its token."""

    def __init__(self, model: Model, scene: Scene) -> None:
        self.model = model
        self.scene = scene
        self.work: dict[Place, Work] = {}
        self.outcome: Outcome | None = None
        self._before = b""
        self._last: tuple[str, tuple[Any, ...]] = ("", ())

    def begin(self, variables: Values, start: str | None, payload: Values) -> Outcome:
        """The first turn."""
        self._last = ("begin", (variables, start, payload))
        run = Run(self.model, Instance(self.model, Turn(self.scene)))
        run.begin(variables, start, payload)
        return self._took(run)

    def turn(self, command: str, *args: Any) -> Outcome:
        """One more turn: a command of `Run` with its arguments."""
        self._last = (command, args)
        run = self._loaded()
        self._before = self._state
        getattr(run, command)(*args)
        return self._took(run)

    @property
    def _state(self) -> bytes:
        return self.outcome.state if self.outcome is not None else b""

    def _loaded(self) -> Run:
        return Run.load(self._state, self.model, self.scene)

    def _took(self, run: Run) -> Outcome:
        self.outcome = outcome = run.outcome()
        for place in outcome.closed:
            self.work.pop(place, None)
        for work in outcome.opened:
            self.work[work.token, getattr(work, "index", 0)] = work
        return outcome

    # -- where tokens are

    def paths(self, tokens: set[int]) -> dict[int, Path]:
        """The paths of live tokens."""
        instance = self._loaded().instance
        return {id: path(token) for id in tokens if (token := instance.find(id)) is not None}

    def at_path(self, wanted: Path, known: Callable[[Path], Path]) -> list[int]:
        """The live tokens at a path, as `known` reads paths, the oldest first."""
        return sorted(token.id for token in _tokens(self._loaded().instance) if known(path(token)) == wanted)

    def variables(self) -> dict[str, Value]:
        """Those of the process, as they are now."""
        return self._loaded().variables()

    def seen_at(self, element: str, nth: int) -> Mapping[str, Value]:
        """The variables that an element saw when it ran for the nth time in the last turn, which is run once more.

        Those of the process after that turn, where the element did not run by itself.
        """
        command, args = self._last
        if command == "begin":
            run = _Watched(self.model, Instance(self.model, Turn(self.scene)), element, nth)
        else:
            instance = Run.load(self._before, self.model, self.scene).instance
            run = _Watched(self.model, instance, element, nth)
        getattr(run, command)(*args)
        return run.seen if run.seen is not None else self.variables()


class _Watched(Run):
    """Runs node by node up to the one that is watched."""

    def __init__(self, model: Model, instance: Instance, element: str, nth: int) -> None:
        super().__init__(model, instance)
        self.seen: Mapping[str, Value] | None = None
        self._element, self._left = element, nth

    def advance(self, nodes: int = 0) -> bool:
        for _ in range(STEPS_A_TURN):
            ready = self.instance.ready
            if ready and ready[0]._state == READY and ready[0].task_spec.name == self._element:
                if not self._left:
                    self.seen = ready[0].workflow.scope.visible()
                    return False
                self._left -= 1
            if self.instance.advance(1):
                break
        return True


def path(token: Token) -> Path:
    """Where a token is."""
    steps = []
    while True:
        steps.append((str(token.task_spec.name), token.internal_data.get("i")))
        if token._parent != ROOT:
            token = token.parent
        elif token.workflow is token.workflow.top_workflow:
            return tuple(steps)
        else:
            token = token.workflow.owner


def _tokens(instance: Instance) -> Iterator[Token]:
    for scope in (instance, *instance.subprocesses.values()):
        yield from (token for token in scope.tasks.values() if token.id != ROOT)
