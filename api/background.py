"""Work in the background that a row tells of: begun, told how far it is, stopped, taken up by whoever starts next.

While it runs, its thread holds a lock of its database session under the row's key. A process that dies lets go of it:
whoever starts next takes up what was left, and waits for what runs elsewhere.
"""

import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from kernel.db import Unit
from kernel.errors import Refusal
from kernel.text import Text, say
from processes.proof import Stopped
from processes.proof.findings import kept_sentence
from tasks.house import House

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5
AT_ONCE = 2  # of a kind: each has a connection, a thread and databases of its own
_UNKEPT = re.compile("[\0\ud800-\udfff]")

Told = Callable[[int, int], None]
Work = Callable[[House, Unit, int, Told, Callable[[], bool]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Background:
    """Work of one kind. Its `table` has key, state and result; a row is RUNNING, then DONE or FAILED.

    `work` gets the row's key, tells what is done of how much, and asks whether it is wanted no more, for which it
    raises Stopped. Its result is kept as JSON; of a refusal the sentence is, as `failure`.
    """

    table: str
    work: Work
    _waiting: dict[int, threading.Thread] = field(default_factory=dict, init=False, repr=False, compare=False)
    _room: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(AT_ONCE), init=False, repr=False, compare=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def start(self, house: House, key: int) -> threading.Thread:
        """Do the work of a row that is RUNNING, in a thread. Where it is under way already it is waited for.

        However often it is asked for, one thread waits, and of all rows AT_ONCE are at work: the database has few
        connections. The others wait for their turn without one.
        """
        with self._lock:
            thread = self._waiting.get(key)
            if thread is None or not thread.is_alive():
                name = f"{self.table}-{key}"
                thread = self._waiting[key] = threading.Thread(
                    target=self._run, args=(house, key), name=name, daemon=True
                )
                thread.start()
        return thread

    def take_up(self, house: House) -> list[threading.Thread]:
        """Do again what a process left that died over it. For the start of the web."""
        left = house.database.once().all(f"select key from {self.table} where state = 'RUNNING' order by key")
        return [self.start(house, key) for (key,) in left]

    def _run(self, house: House, key: int) -> None:
        try:
            with self._room:
                self._have_a_turn(house, key)
        except psycopg.Error:  # the database is gone, perhaps with this process: whoever starts next takes it up
            log.warning("%s %s was left", self.table, key, exc_info=True)
        finally:
            self._goes(key)

    def _have_a_turn(self, house: House, key: int) -> None:
        unit = house.database.once()
        with closing(unit.cursor.connection):  # and with it the lock
            unit.one(f"select pg_advisory_lock(hashtextextended('jiaojie.{self.table}', %s))", (key,))
            self._goes(key)  # before the state is read: whoever asks from now on asks for another time
            if unit.one(f"select state from {self.table} where key = %s", (key,)) == ("RUNNING",):
                self._work(house, unit, key)

    def _goes(self, key: int) -> None:
        """This thread waits no more."""
        with self._lock:
            if self._waiting.get(key) is threading.current_thread():
                del self._waiting[key]

    def _work(self, house: House, unit: Unit, key: int) -> None:
        teller = _Teller(unit, self.table, key)
        try:
            result = self.work(house, unit, key, teller.told, lambda: teller.canceled)
        except Stopped:
            return
        except Refusal as refusal:
            self._failed(unit, key, refusal.message)
        except psycopg.Error:
            raise
        except Exception as fault:  # the boundary: a fault of ours ends this work in words
            log.exception("%s %s could not be done", self.table, key)
            kind = type(fault).__name__
            self._failed(
                unit, key, say("It could not be done because of a fault of ours ({kind}). Try again.", kind=kind)
            )
        else:
            self._end(unit, key, "DONE", result)

    def _failed(self, unit: Unit, key: int, sentence: Text) -> None:
        self._end(unit, key, "FAILED", {"failure": kept_sentence(sentence)})

    def _end(self, unit: Unit, key: int, state: str, result: dict[str, Any]) -> None:
        unit.run(
            f"update {self.table} set state = %s, result = %s where key = %s and state = 'RUNNING'",
            (state, Jsonb(_keepable(result)), key),
        )


def _keepable(value: Any) -> Any:
    """The same with a sign for each letter that no database keeps: names of stories come from files as they are."""
    if isinstance(value, str):
        return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {_keepable(name): _keepable(one) for name, one in value.items()}
    return [_keepable(one) for one in value] if isinstance(value, list | tuple) else value


class _Teller:
    """Tells how far the work is, for the page, and hears whether it is still wanted."""

    def __init__(self, unit: Unit, table: str, key: int) -> None:
        self._unit, self._table, self._key = unit, table, key
        self._told_at = 0.0
        self.canceled = False

    def told(self, done: int, total: int) -> None:
        if time.monotonic() - self._told_at < TELL_EVERY_S:
            return
        self._told_at = time.monotonic()
        tell = f"update {self._table} set result = %s where key = %s and state = 'RUNNING'"
        self.canceled = self._unit.run(tell, (Jsonb({"done": done, "total": total}), self._key)) == 0
