"""A stage at hand, and the one thread that takes its steps."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from processes.story.player import Player
from processes.story.script import Step
from processes.story.stage import Stage

_STANDING = """select (select count(*) from journal), (select count(*) from message), (select count(*) from definition),
  (select count(*) from job where attempts > 0), (select count(*) from delivery)"""


@dataclass(slots=True)
class Live:
    """A stage with the steps that were taken on it, by their keys, and what remains of it to be cleared away.

    One thread takes all its steps, so that it has one connection and not one for each thread of the web.
    """

    player: Player
    stage: Stage
    thread: ThreadPoolExecutor
    cleanup: ExitStack
    done: list[int] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)

    def take(self, step: Step) -> None:
        """See `Player.take`."""
        self.thread.submit(self.player.take, step).result()

    def check(self, step: Step, following: Step | None) -> None:
        """What the step expects. Raises Failed."""
        self.thread.submit(self.player.settle, following).result()
        self.thread.submit(self.player.check, step).result()

    def standing(self) -> Any:
        """What tells whether anything happened on the stage."""
        counted = self.thread.submit(lambda: self.stage.house.database.once().one(_STANDING)).result()
        return counted, self.stage.clock.now(), [twin.down for twin in self.stage.twins.values()], self.player.instance
