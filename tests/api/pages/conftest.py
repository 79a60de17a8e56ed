"""A company behind its pages: the demo organisation, the offboarding process, a real server, people who sign in."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from starlette.datastructures import State

from api import assets, bootstrap, errors
from api.auth import Gate
from api.headers import Headers
from api.pages import failure, router
from demo import organisation
from engine.commands import deploy
from engine.model import Resource
from hr.privacy import Cipher
from kernel.actor import system
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks import worker
from tasks.house import House
from tests.api.pages.browsing import PASSWORD, entering, opens
from tests.conftest import copied

__all__ = ["opens"]  # fixtures of the stories that need a browser

ROOT = Path(__file__).parents[3]
SECRET = "a secret for tests alone"
TODAY, MORNING = date(2026, 11, 2), "2026-11-02T01:00:00+00:00"


@pytest.fixture(scope="session")
def furnished(server: str, template: str) -> Iterator[str]:
    """The name of a database of a small company, with the offboarding family deployed."""
    with copied(server, template) as url:
        database, clock = Database(url), ManualClock(MORNING)
        with database.transaction() as unit:
            organisation.seed(unit, 30, today=TODAY, password=PASSWORD, cipher=Cipher([SECRET]), clock=clock)
        engine = bootstrap.build(Settings(home=Path(), database_url=url, secret=SECRET), database, clock).engine
        files = [*(ROOT / "processes" / "offboarding").glob("*.*mn"), *(ROOT / "forms" / "offboarding").glob("*.form")]
        with database.transaction() as unit:
            found = [Resource(name=file.name, content=file.read_bytes()) for file in sorted(files)]
            deploy.deploy(engine, unit, found, system("test"))
        database.close()
        yield str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
def house(furnished: str, database: Database, database_url: str, clock: ManualClock, tmp_path: Path) -> House:
    """The parts of the company, over a copy of its database."""
    return bootstrap.build(Settings(home=tmp_path, database_url=database_url, secret=SECRET), database, clock)


@cache
def routed() -> FastAPI:
    """The pages alone, behind their door, with the errors and headers of the product.

    Each route is worked out at its first request: once, since that takes longer than most of these tests.
    """
    app = FastAPI()
    errors.install(app)
    app.include_router(router)
    app.mount("/static", assets.Assets(directory=assets.STATIC))
    app.add_middleware(Headers)
    return app


@pytest.fixture
def application(house: House) -> FastAPI:
    app, gate = routed(), Gate(house.database, house.clock)
    app.state = State({"house": house, "gate": gate, "failure_page": failure.page})
    app.middleware_stack = None
    return app


@pytest.fixture
def site(application: FastAPI) -> Iterator[str]:
    """The address of a running server."""
    config = uvicorn.Config(application, port=0, log_level="warning", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def sign_in(site: str) -> Iterator[Callable[[str], httpx.Client]]:
    """Signs someone in; their client sends the CSRF token that their pages carry."""
    with entering(site) as signed_in:
        yield signed_in


@pytest.fixture
def cast(house: House) -> organisation.Cast:
    """Who plays: someone who leaves, their manager, a colleague who takes over."""
    with house.database.transaction() as unit:
        return organisation.people_for_cases(unit, date(2026, 11, 2))[0]


@pytest.fixture
def work(house: House) -> Callable[[], int]:
    """Has the worker do what is due now."""
    return lambda: worker.drain(house)
