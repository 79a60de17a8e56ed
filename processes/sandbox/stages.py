"""The stages that sandboxes play on: made when they are asked for, kept while they are used, made again anywhere.

A stage is a database of its own on the same server, with everything outside in memory. Nothing of the house that asks
is handed in: a stage could not write to it, call anybody or send anything if it tried.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import psycopg
from sqlalchemy.exc import OperationalError

from kernel.actor import Actor, system
from kernel.errors import Conflict, Refusal, Unavailable
from kernel.text import say
from processes.sandbox import store
from processes.sandbox.live import Live
from processes.sandbox.room import Room
from processes.sandbox.store import Done, Files, Sandbox
from processes.story import script
from processes.story.player import Player, refusal_told
from processes.story.script import Step
from processes.story.sight import Failed
from processes.story.stage import Stage

MOST_LIVE = 8
AWAY = (psycopg.OperationalError, OperationalError)  # a stage's database: the next who asks gets a new one
IDLE_S = 30 * 60.0
LOOKS_EVERY_S = 60.0
STEP_MOST_S = 20.0
WAITS_S = 30.0  # for whoever takes a step in the same sandbox
DESIGNER = system("sandbox")


@dataclass(frozen=True, slots=True)
class Shown:
    """A sandbox whose stage stands where its steps led, while nobody else takes one."""

    kept: Sandbox
    done: Sequence[Done]
    files: Files
    stage: Stage
    player: Player


class Stages:
    """The stages of one web process. `database`, `keys` and `clock` are those of the rows, never of a stage."""

    def __init__(
        self,
        engine: store.Rows,
        *,
        most_live: int = MOST_LIVE,
        idle_s: float = IDLE_S,
        step_most_s: float = STEP_MOST_S,
    ) -> None:
        self._engine = engine
        self.room = Room(engine.database.url)
        self._most_live, self._idle_s, self.step_most_s = most_live, idle_s, step_most_s
        self._lock = threading.Lock()
        self._live: dict[int, Live] = {}
        # A turn is there while somebody has it or wants it.
        self._turns: WeakValueDictionary[int, threading.RLock] = WeakValueDictionary()
        self._closed = threading.Event()
        self._reaper: threading.Thread | None = None

    @property
    def live(self) -> frozenset[int]:
        """The sandboxes whose stages are at hand."""
        return frozenset(self._live)

    # -- what is done with a sandbox

    @contextmanager
    def shown(self, key: int) -> Iterator[Shown]:
        """The sandbox as it stands. Others who ask for the same one wait for their turn. Raises NotFound."""
        with self._turn(key):
            kept, done, files = self._read(key)
            live = self._caught_up(kept, done, files)
            try:
                yield Shown(kept, done, files, live.stage, live.player)
            except AWAY:
                self._drop(key)
                raise

    def take(self, key: int, written: Any, after: int, *, actor: Actor) -> None:
        """Take a step as the grammar of stories has it, where `after` steps were done.

        Raises Moved where others were done meanwhile, and whatever refuses the step: then nothing has happened.
        """
        with self._turn(key):
            kept, done, files = self._read(key)
            if len(done) != after:
                raise store.moved()
            if len(done) >= store.STEPS_MOST:
                raise Conflict(
                    say("A sandbox takes {n} steps. Record what you have, or open a new one.", n=store.STEPS_MOST)
                )
            step = script.step(written, after + 1, kept.beginnings.story)
            live = self._caught_up(kept, done, files)
            self._try(kept.key, live, step)
            self._keep(kept.key, live, step.number, step.written(), actor)

    def back(self, key: int, after: int | None = None) -> None:
        """Undo the last step: the others are taken again. Raises Moved as `take` does, Conflict where there is none."""
        with self._turn(key):
            _, done, _ = self._read(key)
            if after is not None and len(done) != after:
                raise store.moved()
            if not done:
                raise Conflict(say("There is no step to take back: the sandbox stands where it began."))
            with self._engine.database.transaction() as unit:
                store.take_back(self._engine, unit, key, done[-1])

    def play(self, key: int, steps: Sequence[Step], *, actor: Actor) -> Failed | None:
        """Take the steps of a story, as far as it comes out; how it does not, if so."""
        with self._turn(key):
            kept, done, files = self._read(key)
            live = self._caught_up(kept, done, files)
            for place, step in enumerate(steps):
                following = steps[place + 1] if place + 1 < len(steps) else None
                try:
                    self._try(key, live, step)
                except Failed as failed:
                    return failed
                except Refusal as refusal:
                    return Failed(step, say("that it is done"), refusal_told(refusal))
                self._keep(key, live, step.number, step.written(), actor)
                stood = live.standing()
                try:
                    live.check(step, following)
                except Failed as failed:
                    return failed
                finally:
                    if following is None and live.standing() != stood:  # a job was answered that is still to be seen
                        self._drop(key)
            return None

    def forget(self, *keys: int) -> None:
        """Put the stages of these away, and not their rows."""
        for key in keys:
            with self._turn(key):
                self._drop(key)

    def close(self) -> None:
        """Put every stage away. For the end of the process."""
        self._closed.set()
        self.forget(*list(self._live))
        self.room.close()

    # -- one at a time

    @contextmanager
    def _turn(self, key: int) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(key, threading.RLock())
        if not turn.acquire(timeout=WAITS_S):
            raise Unavailable(say("This sandbox is busy with a long step. Wait for it, then look again."))
        try:
            yield
        finally:
            turn.release()

    def _read(self, key: int) -> tuple[Sandbox, list[Done], Files]:
        with self._engine.database.transaction() as unit:
            return store.read(unit, key), store.steps(unit, key), store.files(unit, key)

    def _keep(self, key: int, live: Live, number: int, written: Any, actor: Actor) -> None:
        at = live.stage.clock.now()
        try:
            with self._engine.database.transaction() as unit:
                done = store.add_step(self._engine, unit, key, number, written, at, actor=actor)
        except BaseException:  # the stage is one step ahead of what is kept
            self._drop(key)
            raise
        live.done.append(done.key)

    def _try(self, key: int, live: Live, step: Step) -> None:
        """A step that is refused half way leaves a stage that is good for nothing."""
        try:
            before = live.standing()
            try:
                live.take(step)
            finally:
                same = live.standing() == before
        except (Refusal, Failed):
            if not same:
                self._drop(key)
            raise
        except BaseException:
            self._drop(key)
            raise

    # -- the stage of a sandbox

    def _caught_up(self, kept: Sandbox, done: Sequence[Done], files: Files) -> Live:
        """The stage after these steps: the one at hand where it has taken the first of them, else a new one."""
        keys = [step.key for step in done]
        live = self._live.get(kept.key)
        if live is not None and live.done != keys[: len(live.done)]:
            self._drop(kept.key)
            live = None
        if live is None:
            live = self._opened(kept, files)
        live.used = time.monotonic()
        for step in done[len(live.done) :]:
            self._again(kept, live, step)
        return live

    def _again(self, kept: Sandbox, live: Live, done: Done) -> None:
        try:
            live.take(script.step(done.step, done.number, kept.beginnings.story))
        except (Refusal, Failed) as fault:
            self._drop(kept.key)
            raise Conflict(
                say(
                    "Step {n} does not come out as it did: {why} Take it back, or open a new sandbox.",
                    n=done.number,
                    why=getattr(fault, "message", None) or getattr(fault, "sentence", ""),
                )
            ) from fault
        live.done.append(done.key)

    def _opened(self, kept: Sandbox, files: Files) -> Live:
        self._make_room()
        with ExitStack() as made:
            stage = made.enter_context(self.room.stage(kept.beginnings.told(), files))
            thread = made.enter_context(ThreadPoolExecutor(1, thread_name_prefix=f"sandbox-{kept.key}"))
            player = Player(kept.beginnings.told(), stage, self.step_most_s)
            live = Live(player, stage, thread, made.pop_all())
        with self._lock:
            self._live[kept.key] = live
            if self._reaper is None:
                self._reaper = threading.Thread(target=self._reap, name="sandboxes", daemon=True)
                self._reaper.start()
        return live

    def _drop(self, key: int) -> None:
        with self._lock:
            live = self._live.pop(key, None)
        if live is not None:
            live.cleanup.close()

    # -- stages that nobody uses

    def _make_room(self) -> None:
        """Put the longest unused away until there is room for one more. Those that are in use are left alone."""
        with self._lock:
            unused = sorted(self._live, key=lambda key: self._live[key].used)
        for key in unused:
            if len(self._live) < self._most_live:
                return
            self._put_away(key)

    def _reap(self) -> None:
        while not self._closed.wait(min(LOOKS_EVERY_S, self._idle_s)):
            since = time.monotonic() - self._idle_s
            for key in [key for key, live in list(self._live.items()) if live.used < since]:
                self._put_away(key)

    def _put_away(self, key: int) -> None:
        with self._lock:
            turn = self._turns.setdefault(key, threading.RLock())
        if turn.acquire(blocking=False):
            try:
                self._drop(key)
            finally:
                turn.release()
