"""The database: one unit of work around every change, and the only commit in the product.

A `Unit` is what commands and queries take. It carries a psycopg cursor for statements on the hot path and, where rows
are read and written as objects, a SQLModel session on the very same connection, so that both commit together or not at
all.

`Database.once()` gives a unit in autocommit: each statement is a transaction of its own, with no begin, no commit and
no lock held while Python works. `Database.transaction()` gives a unit whose statements commit together at the end.
"""

import importlib
import re
import select
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper
from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator, create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, InternalError, OperationalError
from sqlmodel import Session, SQLModel

from kernel.errors import Invalid
from kernel.text import say

# Generic plans: the statements of a turn are prepared once a connection, and their plan does not depend on the values.
# Whoever stands still in the midst of a transaction (a stopped process, a network that is gone) holds others up for so
# long at most: then the server ends its session, and with it its locks.
SETUP = ("set plan_cache_mode = force_generic_plan", "set idle_in_transaction_session_timeout = '30s'")

# The server is gone, or has ended this session because it stood still in a transaction.
AWAY = (
    psycopg.OperationalError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    OperationalError,
    InternalError,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class Instant(TypeDecorator[Any]):
    """A moment: `timestamptz` in the table, an aware UTC datetime in Python. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; the database stores instants.")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)


def _set_up(connection: psycopg.Connection[Any]) -> None:
    """Every integer goes as bigint: its size would else choose between prepared statements of the same text."""
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    for setting in SETUP:
        connection.execute(setting)


def _unfit() -> Invalid:
    """For a text with a NUL character, a number beyond 64 bits, and what else no column can hold."""
    return Invalid(
        say("A value of the request can be neither kept nor looked for. Leave out control characters and huge numbers.")
    )


_PLACE = re.compile(r"%\((\w+)\)s")


class Statement:
    """A long statement that runs often: its places `%(name)s` are numbered once, when the module is loaded.

    psycopg would read a text of more than 4 KB anew at each execution, which costs more than the statement itself.
    """

    __slots__ = ("_names", "_text")

    def __init__(self, text: str) -> None:
        self._names = tuple(dict.fromkeys(_PLACE.findall(text)))
        places = {name: f"${n}" for n, name in enumerate(self._names, 1)}
        self._text = _PLACE.sub(lambda place: places[place[1]], text).encode()

    def one(self, unit: "Unit", args: Mapping[str, Any]) -> Any:
        """The first row as a tuple, or None. Values that have no place are left out."""
        unit.flush()
        try:
            return unit.raw.execute(self._text, [args[name] for name in self._names], binary=True).fetchone()
        except (psycopg.DataError, OverflowError) as fault:
            raise _unfit() from fault


class Unit:
    """One unit of work on one connection: `cursor` for raw statements, `session` for objects."""

    def __init__(self, cursor: psycopg.Cursor[Any], connection: Connection | None) -> None:
        self.cursor = cursor
        self._connection = connection
        self._raw: psycopg.RawCursor[Any] | None = None
        self._session: Session | None = None

    @property
    def autocommit(self) -> bool:
        """True where each statement is a transaction of its own, so that what it wrote is already kept."""
        return self._connection is None

    @property
    def raw(self) -> psycopg.RawCursor[Any]:
        """A cursor for statements whose places are numbered already."""
        if self._raw is None:
            self._raw = psycopg.RawCursor(self.cursor.connection)
        return self._raw

    @property
    def session(self) -> Session:
        """The session of this unit. Only in a transaction: an object's rows are never half written."""
        if self._connection is None:
            raise RuntimeError("This unit is in autocommit. Rows as objects need Database.transaction().")
        if self._session is None:
            self._session = Session(bind=self._connection, join_transaction_mode="control_fully", autoflush=True)
        return self._session

    def flush(self) -> None:
        """Send the session's pending rows, so that raw statements see them."""
        if self._session is not None:
            self._session.flush()

    def _execute(self, sql: str, args: Any) -> psycopg.Cursor[Any]:
        try:
            return self.cursor.execute(sql, args)
        except (psycopg.DataError, OverflowError) as fault:
            raise _unfit() from fault

    def one(self, sql: str, args: Any = ()) -> Any:
        """The first row of a raw statement as a tuple, or None. Values go in by `%s` or `%(name)s` only."""
        self.flush()
        return self._execute(sql, args).fetchone()

    def all(self, sql: str, args: Any = ()) -> list[Any]:
        """All rows of a raw statement as tuples."""
        self.flush()
        return self._execute(sql, args).fetchall()

    def run(self, sql: str, args: Any = ()) -> int:
        """Execute a raw statement and tell how many rows it touched."""
        self.flush()
        return self._execute(sql, args).rowcount


class Database:
    """Connections to one PostgreSQL database, by its URL (`postgresql://…`, libpq's form)."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self._local = threading.local()
        self._own: list[psycopg.Connection[Any]] = []
        self._closed = False
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
        )

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url, prepare_threshold=0)
        _set_up(connection)
        connection.commit()
        return connection

    def once(self) -> Unit:
        """A unit in autocommit on this thread's own connection, for turns and queries of one statement each.

        Raises OperationalError once the database was closed: nobody would close what a late thread opens.
        """
        unit: Unit | None = getattr(self._local, "unit", None)
        if unit is not None and hung_up(unit.cursor.connection):
            unit.cursor.connection.close()
            with suppress(ValueError):  # close() took it out
                self._own.remove(unit.cursor.connection)
            unit = None
        if unit is None:
            connection = psycopg.connect(self.url, autocommit=True, prepare_threshold=0)
            _set_up(connection)
            self._own.append(connection)
            if self._closed:
                connection.close()
                raise psycopg.OperationalError("The database was closed.")
            unit = self._local.unit = Unit(connection.cursor(binary=True), None)
        return unit

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """A unit whose changes commit together when the block ends well, and leave no trace when it raises."""
        with self._engine.connect() as connection:
            begun = connection.begin()
            driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
            unit = Unit(driver.cursor(binary=True), connection)
            try:
                yield unit
                unit.flush()
                begun.commit()
            except BaseException as fault:
                if begun.is_active:  # a failed flush has taken it back already
                    begun.rollback()
                if isinstance(fault, DataError):
                    raise _unfit() from fault
                raise

    def listen(self, channel: str) -> psycopg.Connection[Any]:
        """A connection of its own that hears `NOTIFY channel`. The caller closes it."""
        connection = psycopg.connect(self.url, autocommit=True)
        connection.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(channel)))
        return connection

    def close(self) -> None:
        """Close the pool and the connections that threads hold for single statements."""
        self._closed = True
        self._engine.dispose()
        while self._own:
            self._own.pop().close()


def hung_up(connection: psycopg.Connection[Any]) -> bool:
    """The connection is closed, or the server has ended it: while idle there is nothing else to read on it."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def metadata(packages: Iterable[str] = ()) -> MetaData:
    """The tables of every package imported so far, and of these: each module or folder in them that is named `tables`.

    A product that opens its own database needs them all; a part of it imports what it uses.
    """
    for package in packages:
        root = Path(str(files(package)))
        for found in sorted((*root.rglob("tables.py"), *root.rglob("tables/__init__.py"))):
            inside = found.parent if found.name == "__init__.py" else found.with_suffix("")
            importlib.import_module(".".join((package, *inside.relative_to(root).parts)))
    return SQLModel.metadata
