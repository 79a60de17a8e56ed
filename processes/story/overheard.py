"""What is asked of the outside systems of a stage, written down as it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from inspect import signature
from typing import Any

from kernel.errors import Refusal
from kernel.text import Text
from tasks import wire
from tasks.adapters.memory import Twin

HIDDEN = ("key", "last_word")  # of the machinery, not of what is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `detail` are its arguments as JSON; `refused` says why the system did not do it."""

    at: datetime
    system: str
    operation: str
    detail: dict[str, Any]
    refused: Text | None = None


class Overheard:
    """A twin whose every call is written down. It has the operations of the twin and nothing else."""

    def __init__(self, system: str, twin: Twin, calls: list[Call]) -> None:
        self._system, self._twin, self._calls = system, twin, calls

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        asked = getattr(self._twin, operation)

        def listened(*args: Any, **more: Any) -> Any:
            detail = _detail(asked, args, more)
            try:
                answer = asked(*args, **more)
            except Refusal as refusal:
                self._note(operation, detail, refusal.message)
                raise
            self._note(operation, detail, None)
            return answer

        return listened

    def _note(self, operation: str, detail: dict[str, Any], refused: Text | None) -> None:
        at = self._twin.clock.now()
        self._calls.append(Call(at=at, system=self._system, operation=operation, detail=detail, refused=refused))


def _detail(asked: Callable[..., Any], args: tuple[Any, ...], more: dict[str, Any]) -> dict[str, Any]:
    given = signature(asked).bind(*args, **more).arguments
    return {name: wire.write(value) for name, value in given.items() if name not in HIDDEN}
