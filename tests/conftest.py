"""Fixtures for every test: real PostgreSQL, a clock that stands still, a fresh database each."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from kernel import db
from kernel.clock import ManualClock
from kernel.db import Database, Unit

pytest_plugins = ["tests.peers", "tests.browser", "tests.authorities"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
ROOM = 2 << 30  # bytes that the databases of a run, and what it writes ahead, fit in
HASTY = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "256MB"}  # nothing of it outlives the run
SELDOM = (50_000, 20, 50)  # garbage is looked for more rarely than by default: it costs a thirtieth of all time
PACKAGES = ("engine", "hr", "tasks", "processes", "api")

gc.set_threshold(*SELDOM)

LONG = (
    "test_every_page_is_accessible",
    "test_a_resignation_on_the_phone",
    "test_a_designer_publishes",
    "test_openapi_by_schemathesis",
    "test_agreements_are_signed_on_the_phone",
    "test_a_course_on_the_phone",
    "test_faults",
    "test_access",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files begin first where several processes share the suite, so that none is left with one at the end."""
    if hasattr(config, "workerinput"):
        places = {name: place for place, name in enumerate(LONG)}
        items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that JIAOJIE_TEST_DATABASE_URL names, else an embedded one."""
    url = os.environ.get("JIAOJIE_TEST_DATABASE_URL")
    if url:
        yield url
        return
    from kernel.postgres import Server

    home = Path(tempfile.mkdtemp(prefix="jiaojie-test-", dir=in_memory()))
    home.chmod(0o711)  # a system user of its own runs the server where the tests run as root
    embedded = Server(home)
    try:
        yield hasty(embedded.start())
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


def in_memory() -> Path | None:
    """The folder that is memory, where it has room: a database a test is hundreds of small files a test."""
    memory = Path("/dev/shm")
    there = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM
    return memory if there else None


def hasty(url: str) -> str:
    """A server that waits for no disk. What waits for one is tested on servers of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in HASTY.items():
            connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("select pg_reload_conf()")
    return url


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a database with every table, copied for each test."""
    name = f"jiaojie_template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    make_tables(make_conninfo(server, dbname=name))
    yield name
    drop(server, name)


def make_tables(url: str) -> None:
    """Every table of every package, as the models have them."""
    database = Database(url)
    with database.transaction() as unit:
        unit.run("create sequence if not exists key_block increment 1000")
        db.metadata(PACKAGES).create_all(unit.session.connection())
    database.close()


@pytest.fixture
def database_url(server: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database of the test's own: with tables alone, or with what `furnished` has where a test asks for it."""
    furnished = "furnished" in request.fixturenames
    with copied(server, request.getfixturevalue("furnished") if furnished else template) as url:
        yield url


@contextmanager
def copied(server: str, template: str) -> Iterator[str]:
    """The address of a copy of a database, which nobody may be connected to."""
    name = f"jiaojie_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield make_conninfo(server, dbname=name)
    drop(server, name)


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def unit(database: Database) -> Iterator[Unit]:
    """A unit of work in a transaction that commits at the end of the test."""
    with database.transaction() as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    """Monday, 2 November 2026, 09:00 in Shanghai."""
    return ManualClock("2026-11-02T01:00:00+00:00")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of models that others wrote; the test is skipped where it is absent."""
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent: models that others wrote are not part of this repository")
    return SHARED
