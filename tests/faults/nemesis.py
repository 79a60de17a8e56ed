"""What goes wrong, and when: a plan that is a function of the seed, and the hand that carries it out.

kill: -9, and another worker takes its place · stop: SIGSTOP until after its leases, then it wakes up as a zombie ·
lapse: every lease runs out at once, as if all had been slow · restart: the database goes down without a word to anyone
and comes back · clock: one worker's clock is moved.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kernel.db import AWAY, Database
from kernel.postgres import Server
from tests.faults.workers import LEASE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 4
STEPS_S = (-3600.0, -30.0, -2.0, -0.5, 0.0, 0.0, 0.5, 2.0, 30.0, 3600.0)
WEIGHTS = {"kill": 5, "stop": 4, "lapse": 3, "clock": 4}
PAUSE_S = 0.35
# But for rows that somebody is writing just now: he may be asleep, and it is the nemesis who has to wake him.
LAPSE = """update {0} set lease_until = now() - interval '1 s'
  where key in (select key from {0} where lease_until is not null for update skip locked)"""
LEASED = ("job", "timer", "start_timer", "follow_up")


class Act(NamedTuple):
    """Something goes wrong `at` seconds after the beginning, with a worker, by an amount."""

    at: float
    kind: str
    worker: int = 0
    amount: float = 0.0


def plan(seed: int, seconds: float) -> list[Act]:
    """The same for the same seed, however long it lasts: two restarts in 20 seconds, something else thrice a second."""
    chance, acts, at = random.Random(seed), [], 0.0
    restart = chance.uniform(5, 7)
    while True:
        at += chance.uniform(0.5, 1.5) * PAUSE_S
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        act = Act(at, kind, chance.randrange(WORKERS), chance.choice(STEPS_S))
        if at > restart:
            act, restart = act._replace(kind="restart"), restart + chance.uniform(8, 9.5)
        if at > seconds:
            return acts
        acts.append(act)


class Workers:
    """Worker processes by name, made by a nursery that is ours; all of them end with `close`."""

    def __init__(self, url: str, folder: Path, mutation: str = "") -> None:
        command = [sys.executable, "-m", "tests.faults.workers", url, str(folder), mutation]
        self._nursery = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._folder = folder
        self._pids: dict[str, int] = {}

    def begin(self, name: str) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{name}\n")
        self._pids[name] = int(self._nursery.stdout.readline())

    def signal(self, name: str, sign: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pids[name], sign)

    def kill(self, name: str) -> None:
        self.signal(name, signal.SIGKILL)
        until_gone(self._pids.pop(name))

    def kill_all(self) -> None:
        for name in list(self._pids):
            self.kill(name)

    def move_clock(self, name: str, seconds: float) -> None:
        file = self._folder / f"clock-{name}"
        new = file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(file)

    def close(self) -> None:
        self.kill_all()
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait(10)
        self._nursery.stdout.close()


def until_gone(pid: int) -> None:
    for _ in range(5000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)
    raise RuntimeError(f"process {pid} does not go")


def lapse(database: Database) -> None:
    """Every lease is over, as if time had passed."""
    with suppress(*AWAY):
        for table in LEASED:
            database.once().run(LAPSE.format(table))


class Nemesis:
    """Carries a plan out on workers and their database."""

    def __init__(
        self, workers: Workers, server: Server, database: Database, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        self._workers, self._server, self._database, self._meanwhile = workers, server, database, meanwhile
        self._asleep: dict[str, float] = {}
        self.done: dict[str, int] = {}

    def run(self, acts: list[Act]) -> None:
        began = time.monotonic()
        for act in acts:
            while (left := began + act.at - time.monotonic()) > 0:
                time.sleep(min(left, 0.05))
                self._wake()
            getattr(self, f"_{act.kind}")(f"w{act.worker}", act.amount)
            self.done[act.kind] = self.done.get(act.kind, 0) + 1
            with suppress(*AWAY):
                self._meanwhile()

    def _wake(self) -> None:
        for name in [name for name, until in self._asleep.items() if time.monotonic() > until]:
            del self._asleep[name]
            self._workers.signal(name, signal.SIGCONT)

    def _kill(self, name: str, _: float) -> None:
        self._asleep.pop(name, None)
        self._workers.kill(name)
        self._workers.begin(name)

    def _stop(self, name: str, _: float) -> None:
        if name not in self._asleep and len(self._asleep) < WORKERS - 1:
            self._asleep[name] = time.monotonic() + LEASE_SECONDS + 0.5
            self._workers.signal(name, signal.SIGSTOP)

    def _lapse(self, name: str, _: float) -> None:
        lapse(self._database)

    def _clock(self, name: str, amount: float) -> None:
        self._workers.move_clock(name, amount)

    def _restart(self, name: str, _: float) -> None:
        pid = int((self._server.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGQUIT)  # immediate shutdown: what was not committed is lost, what was is recovered
        for _ in range(1000):
            if not running(pid):
                break
            time.sleep(0.01)
        self._server.ensure()


def running(pid: int) -> bool:
    """Whether it lives; a dead one that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
