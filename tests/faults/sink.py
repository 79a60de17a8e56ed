"""The log outside of the database: what was called, what was answered well, and what must not have been heard of.

One line of JSON an entry, appended and synced before anybody goes on, so that it outlives every process. It stands for
the systems outside, and for the people who were told that their click counts.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """`kind`: begin, end (a call), start, click, letter (answered well), late (a refusal), anchor, fault."""

    kind: str
    worker: str
    what: dict[str, Any]


class Sink:
    """Appends from any thread of any process."""

    def __init__(self, file: Path, worker: str = "") -> None:
        self._file, self._worker = file, worker
        self._lock = threading.Lock()
        self._open = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, kind: str, **what: Any) -> None:
        line = json.dumps([kind, self._worker, what], default=str) + "\n"
        with self._lock:
            os.write(self._open, line.encode())
            os.fdatasync(self._open)

    def read(self) -> list[Entry]:
        """Every entry so far, oldest first. A line that a killed process left unfinished is none."""
        lines = self._file.read_text().split("\n")[:-1]
        return [Entry(*json.loads(line)) for line in lines]

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.read() if entry.kind in kinds]

    def close(self) -> None:
        os.close(self._open)
