"""Keys: 64-bit integers from blocks that a sequence hands to this process, so that most keys cost no round trip."""

import threading
from collections.abc import Iterator

from kernel.db import Database

BLOCK = 1000
SEQUENCE = "key_block"


class Keys:
    """Hands out keys that grow with time in each process and are unique across all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left: Iterator[int] = iter(())
        self._lock = threading.Lock()

    def next(self) -> int:
        """A new key, never given out before and never again."""
        with self._lock:
            key = next(self._left, None)
            if key is None:
                first: int = self._database.once().one(f"select nextval('{SEQUENCE}')")[0]
                self._left = iter(range(first + 1, first + BLOCK))
                key = first
            return key
