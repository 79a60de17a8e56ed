"""Threads for hot doors: the one that finished last works next, so its connection and caches are warm.

The framework's own way to a thread costs twice as much as this: scopes of cancellation, copied contexts, queues and
locks in Python. All book-keeping is done on the event loop's thread, so it needs no lock.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar, cast

T = TypeVar("T")

Order = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Crew:
    """At most so many threads, each made when there is work for it; what is more waits in line."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made = 0
        self._idle: list[SimpleQueue[Order]] = []
        self._line: deque[Order] = deque()

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """What `work(*args)` gives or raises, from a thread of the crew. Called on one event loop only."""
        order: Order = (asyncio.get_running_loop().create_future(), work, args)
        if self._idle:
            self._idle.pop().put(order)
        elif self._made < self._most:
            self._hire(order)
        else:
            self._line.append(order)
        return cast(T, await order[0])

    def _hire(self, order: Order) -> None:
        self._made += 1
        orders: SimpleQueue[Order] = SimpleQueue()
        orders.put(order)
        threading.Thread(target=self._work, args=(orders,), name=f"crew-{self._made}", daemon=True).start()

    def _work(self, orders: "SimpleQueue[Order]") -> None:
        while True:
            future, work, args = orders.get()
            result, error = None, None
            try:
                result = work(*args)
            except BaseException as raised:  # not ours to judge: it is raised where `run` is awaited
                error = raised
            del work, args  # nothing of a request is held while the thread waits
            with suppress(RuntimeError):  # its loop has closed: nobody waits any more
                future.get_loop().call_soon_threadsafe(self._done, orders, future, result, error)
            del future, result, error

    def _done(
        self, orders: "SimpleQueue[Order]", future: "asyncio.Future[Any]", result: Any, error: BaseException | None
    ) -> None:
        if self._line:
            orders.put(self._line.popleft())
        else:
            self._idle.append(orders)
        if future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
