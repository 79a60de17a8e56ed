"""Processes that work: a real worker each, and a hand that starts cases, completes tasks and sends letters.

`python -m tests.faults.workers URL FOLDER [MUTATION]` imports everything once; each line `NAME` on its input makes a
process, whose number it prints. A worker's clock is the machine's and the seconds in FOLDER/clock-NAME. While
FOLDER/hold-NAME-POINT exists, that worker stands still at POINT and says so by FOLDER/at-NAME-POINT: at `call` before
it answers, at `complete` between a handler's record and the completing turn, at `write` between a turn's reading and
its writing.

MUTATION takes a safeguard away, here and never in the product: see `mutations`.
"""

import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine import due, turn
from engine.commands import job, message, start, user_task
from kernel import db
from kernel.actor import Actor
from kernel.clock import SystemClock
from kernel.db import Database, Unit
from kernel.errors import Refusal
from tasks import worker as product
from tasks.house import House
from tests.faults import models, mutations
from tests.faults.sink import Sink
from tests.tasks import shop

LEASE_SECONDS = 1
LONGEST_CALL = 0.06
STARTS_A_SECOND = 2


class Broken(Exception):
    """What the handler of a broken case raises until FOLDER/mended exists."""


class FileClock(SystemClock):
    """The machine's clock, moved by what stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        try:
            return super().now() + timedelta(seconds=float(self._file.read_text()))
        except (FileNotFoundError, ValueError):  # nobody has moved it; or it is being written just now
            return super().now()


class Post:
    """One worker's place: its name, the folder that it shares with whoever runs the test, its log outside."""

    def __init__(self, url: str, folder: Path, name: str) -> None:
        self.url, self.folder, self.name = url, folder, name
        self.sink = Sink(folder / "sink", name)
        self.clock = FileClock(folder / f"clock-{name}")

    def gate(self, point: str) -> None:
        hold = self.folder / f"hold-{self.name}-{point}"
        if hold.exists():
            (self.folder / f"at-{self.name}-{point}").touch()
            while hold.exists():
                time.sleep(0.002)

    def call(self, order: Any) -> dict[str, Any]:
        """The effect outside: told before and after, under the job's own key."""
        told = {"key": order.uuid, "instance": order.instance_key, "element": order.element, "attempt": order.attempts}
        self.sink.write("begin", **told)
        self.gate("call")
        time.sleep(random.Random(order.uuid.int).random() * LONGEST_CALL)
        broken = order.element == "broken" and models.is_broken(order.variables["case"])
        if broken and not (self.folder / "mended").exists():
            raise Broken
        self.sink.write("end", **told)
        return {order.element: {"key": str(order.uuid), "attempt": order.attempts}}

    def record(self, order: Any, result: dict[str, Any], unit: Unit) -> None:
        unit.run("insert into recorded (uuid, attempt) values (%s, %s)", (order.uuid, order.attempts))

    def house(self) -> House:
        database = Database(self.url)
        shop.register(models.EFFECT, self.call, self.record)
        return shop.house(database, self.clock, self.folder, lease_seconds=LEASE_SECONDS, poll_seconds=0.2)


class Faults(logging.Handler):
    """What the product logs as an error stands in the log outside, but for broken cases and an absent database."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(logging.WARNING)
        self._sink = sink

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if record.levelno >= logging.ERROR and not isinstance(error, (Broken, *product.AWAY)):
            self._sink.write("fault", text=f"{record.getMessage()}: {error!r}")
        elif "too late" in record.getMessage() or "leased by another" in record.getMessage():
            self._sink.write("late", text=record.getMessage())


class Hand:
    """Does what people and other systems do, and writes down what was answered well."""

    def __init__(self, post: Post, house: House) -> None:
        self._post, self._house = post, house
        self._actor = Actor(id=post.name)
        self._random = random.Random(post.name)
        self._started = 0
        self._began = time.monotonic()

    def run(self) -> None:
        while True:
            for act in (self._start, self._click, self._send):
                self._told(act)
            time.sleep(0.02)

    def _told(self, act: Callable[[Unit], None]) -> None:
        try:
            act(self._house.database.once())
        except (Refusal, *product.AWAY):
            return
        except Exception as error:  # anything but a refusal is a fault, and is told to whoever judges the run
            self._post.sink.write("fault", text=f"{act.__name__}: {error!r}")

    def _start(self, unit: Unit) -> None:
        late = (time.monotonic() - self._began) * STARTS_A_SECOND
        if self._started > late or (self._post.folder / "enough").exists():
            return
        self._started += 1
        case = f"{self._post.name}-{os.getpid()}-{self._started}"
        given = models.variables(case, self._random.random())
        start.start(self._house.engine, unit, actor=self._actor, process_id="faults", variables=given, business_id=case)
        self._post.sink.write("start", case=case)

    def _click(self, unit: Unit) -> None:
        for (key,) in unit.all("select key from user_task where state = 'CREATED' order by random() limit 3"):
            user_task.complete(self._house.engine, unit, key, variables={"by": "somebody"}, actor=self._actor)
            self._post.sink.write("click", key=key)

    def _send(self, unit: Unit) -> None:
        found = unit.all("select key, correlation_key from subscription order by random() limit 3")
        for key, wanted in found:
            published = message.publish(
                self._house.engine, unit, models.MESSAGE, wanted, message_id=str(key), ttl_s=86400, actor=self._actor
            )
            self._post.sink.write("letter", key=published.key, case=wanted)


def gated(function: Callable[..., Any], gate: Callable[[], None]) -> Callable[..., Any]:
    def first(*args: Any, **given: Any) -> Any:
        gate()
        return function(*args, **given)

    return first


def work(url: str, folder: Path, name: str) -> None:
    """One worker process, until it is killed."""
    post = Post(url, folder, name)
    logging.basicConfig(handlers=[Faults(post.sink)], force=True)
    due.HOLD_SECONDS = LEASE_SECONDS
    db.SETUP += (f"set idle_in_transaction_session_timeout = '{LEASE_SECONDS}s'",)
    job.complete = gated(job.complete, lambda: post.gate("complete"))
    turn._write = gated(turn._write, lambda: post.gate("write"))
    house = post.house()
    if not (folder / "scripted").exists():
        threading.Thread(target=Hand(post, house).run, daemon=True).start()
    product.Worker(house, name, threads=1 if (folder / "scripted").exists() else 3).run()


def nursery(url: str, folder: Path) -> None:
    """Everything is imported already: a fork is a new worker within milliseconds."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                work(url, folder, line.strip())
            finally:
                os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    mutations.MUTATIONS[sys.argv[3] if len(sys.argv) > 3 else ""]()
    nursery(sys.argv[1], Path(sys.argv[2]))
