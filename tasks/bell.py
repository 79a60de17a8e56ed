"""What wakes a loop that sleeps: a commit that rings in the database, or a thread of its own process."""

import os
import select
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from kernel.db import Database

Connection = psycopg.Connection[Any]


class Bell:
    """Hangs in one loop and is rung from anywhere in this process. A ring that comes while nobody waits is kept."""

    def __init__(self) -> None:
        self._heard, self._rope = os.pipe()
        self._connection: Connection | None = None
        for end in (self._heard, self._rope):
            weakref.finalize(self, os.close, end)

    def ring(self) -> None:
        os.write(self._rope, b"!")

    @contextmanager
    def hung(self, database: Database, channel: str) -> Iterator[None]:
        """Hear `NOTIFY channel` too. Raises psycopg.OperationalError where the database is away."""
        with database.listen(channel) as connection:
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def wait(self, seconds: float) -> bool:
        """Until it rings or the time is over. Tells whether it was the database that rang."""
        sources = [self._heard] if self._connection is None else [self._heard, self._connection.fileno()]
        found, _, _ = select.select(sources, [], [], seconds)
        if self._heard in found:
            os.read(self._heard, 4096)
        rung = self._connection is not None and self._connection.fileno() in found
        return rung and bool(list(self._connection.notifies(timeout=0)))  # type: ignore[union-attr]  # just asked
