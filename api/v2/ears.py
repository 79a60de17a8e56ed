"""Hearing the workers' bell for requests that wait: one connection for all of them, open as long as one does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg

from engine.turn import CHANNEL
from kernel.db import Database

Connection = psycopg.Connection[Any]


class Ears:
    """Used on one event loop only. Where the database is away nothing is heard: whoever waits asks after a pause."""

    def __init__(self) -> None:
        self._waiting = 0
        self._connection: Connection | None = None
        self._next: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def open(self, database: Database) -> AsyncIterator[None]:
        self._waiting += 1
        try:
            if self._waiting == 1:
                await self._listen(database)
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._close()

    def next(self) -> "asyncio.Future[None]":
        """Done when the bell rings next."""
        if self._next is None or self._next.done():
            self._next = asyncio.get_running_loop().create_future()
        return self._next

    async def _listen(self, database: Database) -> None:
        with suppress(psycopg.OperationalError):
            connection = await asyncio.to_thread(database.listen, CHANNEL)
            if not self._waiting or self._connection is not None:  # all have gone meanwhile, or come back already
                connection.close()
                return
            self._connection = connection
            asyncio.get_running_loop().add_reader(connection.fileno(), self._heard)
            self._ring()  # what happened before it was open

    def _heard(self) -> None:
        if self._connection is None:
            return
        try:
            rang = bool(list(self._connection.notifies(timeout=0)))
        except psycopg.OperationalError:
            self._close()
            return
        if rang:
            self._ring()

    def _ring(self) -> None:
        if self._next is not None and not self._next.done():
            self._next.set_result(None)

    def _close(self) -> None:
        if self._connection is not None:
            asyncio.get_running_loop().remove_reader(self._connection.fileno())
            self._connection.close()
            self._connection = None
