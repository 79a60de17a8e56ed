"""The process API behind its door: the whole application over one house, callers who bring their credentials."""

import base64
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx import Client, Response
from starlette.datastructures import State

from api import app, bootstrap
from hr.people import accounts
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.house import House

PASSWORD = "handover-2026"
PEOPLE = {
    "admin": ("admin",),
    "designer": ("designer",),
    "hr": ("hr",),
    "it": ("it",),
    "zhang.wei": ("employee",),
    "li.na": ("employee",),
}
CLIENT, SECRET = "payroll", "a client's secret"

Ask = Callable[..., Response]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Of PASSWORD; hashing takes its time, so once is enough."""
    return accounts.hash_password(PASSWORD)


@pytest.fixture
def house(database: Database, database_url: str, clock: ManualClock, tmp_path: Path, password_hash: str) -> House:
    """A house with accounts and one API client, and nothing deployed."""
    settings = Settings(home=tmp_path, database_url=database_url, secret="for tests alone", language="en")
    with database.transaction() as unit:
        for login, groups in PEOPLE.items():
            accounts.create(unit, login, password_hash=password_hash, groups=groups, clock=clock)
        unit.run(
            "insert into api_client(id, name, secret_hash, groups, active) values(%s, 'Payroll', %s, '{client}', true)",
            (CLIENT, PasswordHasher(time_cost=1, memory_cost=64).hash(SECRET)),
        )
    return bootstrap.build(settings, database, clock)


@pytest.fixture(scope="session")
def routed() -> FastAPI:
    """All routes, each worked out at its first request: once, since that takes longer than most of these tests."""
    return app.application()


@pytest.fixture
def application(routed: FastAPI, house: House) -> FastAPI:
    routed.state, routed.middleware_stack = State({"failure_page": routed.state.failure_page}), None
    app.settle(routed, house)
    return routed


@pytest.fixture
def site(application: FastAPI) -> Iterator[Client]:
    """A client of the running application."""
    config = uvicorn.Config(application, port=0, log_level="error", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()


def basic(login: str) -> dict[str, str]:
    """The header that a person's program sends."""
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()}


@pytest.fixture
def ask(site: Client) -> Ask:
    """`ask("hr", "POST", "/user-tasks/search", json={})`, under /v2."""

    def asked(login: str, method: str, path: str, **given: Any) -> Response:
        headers = {**basic(login), **given.pop("headers", {})}
        return site.request(method, f"/v2{path}", headers=headers, **given)

    return asked


@pytest.fixture
def post(ask: Ask) -> Ask:
    """`post("hr", "/user-tasks/search", filter={…})`: the keywords are the body."""

    def posted(login: str, path: str, **body: Any) -> Response:
        return ask(login, "POST", path, json=body)

    return posted


@pytest.fixture
def work(site: Client) -> Ask:
    """A job worker's calls, with a bearer token."""
    form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}
    granted = site.post("/oauth/token", data=form)
    assert granted.status_code == 200, granted.text
    token = granted.json()["access_token"]

    def worked(path: str, **body: Any) -> Response:
        return site.post(f"/v2{path}", json=body, headers={"Authorization": f"Bearer {token}"})

    return worked


@pytest.fixture
def deploy(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Deploy files by name: `deploy(a=MODEL)` as a.bpmn. Gives the answer's body."""

    def deployed(**files: str) -> dict[str, Any]:
        parts = [("resources", (f"{name}.bpmn", text.encode())) for name, text in files.items()]
        answer = ask("designer", "POST", "/deployments", files=parts)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return deployed


@pytest.fixture
def begin(post: Ask) -> Callable[..., str]:
    """Start an instance and give its key."""

    def begun(process: str, **variables: Any) -> str:
        answer = post("admin", "/process-instances", processDefinitionId=process, variables=variables)
        assert answer.status_code == 200, answer.text
        key: str = answer.json()["processInstanceKey"]
        return key

    return begun
