"""How long the faults last, from which seed, and a database that may be broken."""

import random
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from engine.commands import deploy
from engine.model import Resource
from engine.turn import Engine
from kernel.actor import system
from kernel.clock import SystemClock
from kernel.db import Database
from kernel.postgres import Server
from tests.conftest import drop, make_tables
from tests.faults import models, quiet
from tests.faults.invariants import Quiet

SECONDS = 20.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-seconds", type=float, default=SECONDS, help="how long the fault bench breaks things")
    parser.addoption("--faults-seed", type=int, help="the plan of what breaks when; by default another each time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A database with the models deployed, and the folder that workers and tests share."""

    url: str
    folder: Path
    database: Database
    engine: Engine


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Printed, so that a run can be had again: `--faults-seed N`."""
    given = request.config.getoption("--faults-seed", None)
    return random.SystemRandom().randrange(1_000_000) if given is None else given


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    found: float = request.config.getoption("--faults-seconds", SECONDS)
    return found


@pytest.fixture(scope="session")
def undisturbed(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    """How cases go when nothing goes wrong."""
    name, folder = f"jiaojie_quiet_{uuid.uuid4().hex[:12]}", tmp_path_factory.mktemp("quiet")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    database = Database(make_conninfo(server, dbname=name))
    furnish(database, folder)
    yield quiet.measure(database, folder)
    database.close()
    drop(server, name)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """An embedded server of this test's own: others do not see it fall."""
    home = Path(tempfile.mkdtemp(prefix="jiaojie-faults-"))
    home.chmod(0o711)
    server = Server(home)
    server.start()
    yield server
    server.ensure()
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def arena(database: Database, tmp_path: Path) -> Arena:
    """On the server of all tests, for what breaks workers only."""
    return furnish(database, tmp_path)


@pytest.fixture
def breakable(own_server: Server, tmp_path: Path) -> Iterator[Arena]:
    """On the server that may be broken."""
    make_tables(own_server.url)
    database = Database(own_server.url)
    yield furnish(database, tmp_path)
    database.close()


def furnish(database: Database, folder: Path) -> Arena:
    engine, unit = Engine(database, SystemClock()), database.once()
    unit.run("create table recorded (uuid uuid not null, attempt int not null)")
    drawn = {"faults": models.FAULTS, "child": models.CHILD, "pair": models.PAIR, "one": models.ONE}
    files = [Resource(f"{name}.bpmn", text.encode()) for name, text in drawn.items()]
    deploy.deploy(engine, unit, files, system("test"))
    return Arena(url=database.url, folder=folder, database=database, engine=engine)
