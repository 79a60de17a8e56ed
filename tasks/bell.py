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
    """Hangs in one loop and is rung from anywhere in this process. A ring that comes while nobody waits is kept.

    `rang` is set when the database has rung; whoever cares takes it back.
    """

    def __init__(self) -> None:
        self._heard, self._rope = os.pipe()
        self._connection: Connection | None = None
        self.rang = False
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
        if self._connection is None or self._connection.fileno() not in found:
            return False
        rung = bool(list(self._connection.notifies(timeout=0)))
        self.rang = self.rang or rung
        return rung
