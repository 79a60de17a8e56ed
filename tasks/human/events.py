"""What just changed, for pages that are open: one listener a process, told by the database, heard by many browsers."""

import logging
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from engine.turn import CHANNEL
from kernel.db import Database

log = logging.getLogger(__name__)

MOST_WAITING = 20
RETRY_SECONDS = 1.0
LOOK_SECONDS = 1.0


class Events:
    """Tells open pages that something moved; each looks again at what it shows. Nothing personal travels here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ears: set[queue.Queue[str]] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def ear(self) -> Iterator["queue.Queue[str]"]:
        """A queue that hears every change while it is held; one that is full hears later what it missed."""
        heard: queue.Queue[str] = queue.Queue(MOST_WAITING)
        with self._lock:
            self._ears.add(heard)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="events", daemon=True)
                self._thread.start()
        try:
            yield heard
        finally:
            with self._lock:
                self._ears.discard(heard)

    def tell(self, event: str) -> None:
        """Tell every ear of this process."""
        with self._lock:
            ears = list(self._ears)
        for heard in ears:
            with suppress(queue.Full):
                heard.put_nowait(event)

    def stop(self) -> None:
        """End the listener."""
        self._stopping.set()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._database.listen(CHANNEL) as bell:
                    while not self._stopping.is_set():
                        for _ in bell.notifies(timeout=LOOK_SECONDS, stop_after=1):
                            self.tell("tasks")
            except psycopg.Error as fault:
                log.warning("the database is away, listening again: %s", fault)
                self._stopping.wait(RETRY_SECONDS)
