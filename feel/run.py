"""One evaluation under way: what it has spent, what it was warned of, what time it is."""

import time
from collections.abc import Mapping, Sized
from datetime import UTC, datetime
from typing import Any, Protocol

from feel.errors import FeelLimitExceeded
from feel.limits import DEFAULT, Limits
from feel.sentences import Sentence, say
from feel.warnings import Code, FeelWarning

CHECK_EVERY = 512  # steps between two looks at the clock
CHARACTERS_A_STEP = 32


class Clock(Protocol):
    """Anything that tells an aware instant. `today()` is the date in that instant's own zone."""

    def now(self) -> datetime: ...


class Run:
    """The state that the closures of an expression share while they run. Not shared between threads."""

    __slots__ = ("limits", "steps", "_checkpoint", "_deadline", "_depth", "_clock", "_now", "warnings", "types")

    def __init__(
        self, limits: Limits | None = None, clock: Clock | None = None, types: Mapping[str, Any] | None = None
    ) -> None:
        self.limits = limits or DEFAULT
        self.steps = self.limits.steps
        self._checkpoint = self.steps - CHECK_EVERY
        self._deadline: float | None = None
        self._depth = 0
        self._clock = clock
        self._now: datetime | None = None
        self.warnings: list[FeelWarning] = []
        self.types = types or {}

    def charge(self, steps: int) -> None:
        """Spend steps. Raises FeelLimitExceeded when the budget of steps or time is spent."""
        self.steps -= steps
        if self.steps < self._checkpoint:
            self._look()

    def _look(self) -> None:
        if self.steps < 0:
            raise FeelLimitExceeded(say("The expression needs more than {steps} steps.", steps=self.limits.steps))
        self._checkpoint = self.steps - CHECK_EVERY
        now = time.thread_time()
        if self._deadline is None:
            self._deadline = now + self.limits.seconds
        elif now > self._deadline:
            raise FeelLimitExceeded(
                say("The expression runs longer than {seconds} seconds.", seconds=self.limits.seconds)
            )

    def allow_string(self, length: int) -> None:
        """Called before a string of `length` characters is built."""
        if length > self.limits.string:
            raise FeelLimitExceeded(say("A string would be longer than {most} characters.", most=self.limits.string))
        if length >= CHARACTERS_A_STEP:
            self.charge(length // CHARACTERS_A_STEP)

    def allow_items(self, count: int) -> None:
        """Called before a list or context of `count` entries is built."""
        if count > self.limits.items:
            raise FeelLimitExceeded(say("A list would hold more than {most} items.", most=self.limits.items))
        self.charge(count)

    def touch(self, value: Sized) -> None:
        """A list or context is about to be walked through."""
        self.charge(len(value) + 1)

    def enter(self) -> None:
        """A function is called. Pairs with `leave`."""
        self.charge(1)
        self._depth += 1
        if self._depth > self.limits.calls:
            raise FeelLimitExceeded(say("Functions call each other more than {most} deep.", most=self.limits.calls))

    def leave(self) -> None:
        self._depth -= 1

    def warn(
        self, code: Code, position: int, template: str, /, *, place: Sentence | None = None, **values: object
    ) -> None:
        """Note why a value became null: a literal template and its values, put together when someone reads it.

        Beyond `Limits.warnings` nothing more is kept.
        """
        if len(self.warnings) < self.limits.warnings:
            self.note(code, position, Sentence(template, values), place)

    def note(self, code: Code, position: int, told: Sentence, place: Sentence | None = None) -> None:
        """The same with a sentence that stands already."""
        if len(self.warnings) < self.limits.warnings:
            self.warnings.append(FeelWarning(code, position, told, place))

    def now(self) -> datetime:
        """The instant of this evaluation: read once, so that every `now()` in an expression agrees."""
        if self._now is None:
            # This package stands alone: without a clock handed in, it reads the machine's.
            self._now = self._clock.now() if self._clock else datetime.now(UTC)  # noqa: TID251  # see above
        return self._now
