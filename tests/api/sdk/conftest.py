"""The product in a process of its own, for Camunda's own clients: over a database of its own, with a trial's clock."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hr.people import accounts
from kernel.clock import SystemClock
from kernel.db import Database
from tests.conftest import drop
from tests.peers import free_port

PASSWORD = "handover-2026"
CLIENT, SECRET = "payroll", "a client's secret"
PEOPLE = {"admin": ("admin",), "designer": ("designer",), "hr": ("hr",), "zhang.wei": ("employee",)}
OTHERS = ("JIAOJIE_", "CAMUNDA_", "ZEEBE_")  # what the machine has set for itself


@dataclass(frozen=True, slots=True)
class Product:
    """Where it listens, and what a client's environment says to reach it."""

    url: str

    def environment(self, login: str | None = None) -> dict[str, str]:
        """Camunda's own names. With a login it is Basic, else the client credentials of a program."""
        given = {"CAMUNDA_REST_ADDRESS": self.url, "CAMUNDA_SDK_LOG_LEVEL": "silent"}
        if login is not None:
            who = {"CAMUNDA_BASIC_AUTH_USERNAME": login, "CAMUNDA_BASIC_AUTH_PASSWORD": PASSWORD}
            return {**given, **who, "CAMUNDA_AUTH_STRATEGY": "BASIC"}
        return {
            **given,
            "CAMUNDA_AUTH_STRATEGY": "OAUTH",
            "CAMUNDA_OAUTH_URL": f"{self.url}/oauth/token",
            "CAMUNDA_CLIENT_ID": CLIENT,
            "CAMUNDA_CLIENT_SECRET": SECRET,
        }


@pytest.fixture(scope="session")
def product(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`jiaojie serve` with a few accounts and one API client."""
    name = f"jiaojie_sdk_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    address = make_conninfo(server, dbname=name)
    home, port = tmp_path_factory.mktemp("home"), free_port()
    environment = {
        **clean(),
        "JIAOJIE_HOME": str(home),
        "JIAOJIE_DATABASE_URL": address,
        "JIAOJIE_TRIAL": "1",
        "JIAOJIE_LANGUAGE": "en",
    }
    log = home / "serve.log"
    command = [str(Path(sys.executable).parent / "jiaojie"), "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _await(process, f"http://127.0.0.1:{port}", log)
        _people(address)
        yield Product(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)
        drop(server, name)


def clean() -> dict[str, str]:
    """The environment of this process without what it says of any product or client."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    for _ in range(1200):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/login", trust_env=False).status_code == 200:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"The product does not start: {log.read_text()[-3000:]}")


def _people(address: str) -> None:
    database = Database(address)
    password = accounts.hash_password(PASSWORD)
    with database.transaction() as unit:
        for login, groups in PEOPLE.items():
            accounts.create(unit, login, password_hash=password, groups=groups, clock=SystemClock())
        unit.run(
            "insert into api_client(id, name, secret_hash, groups, active) values(%s, 'Payroll', %s, '{client}', true)",
            (CLIENT, PasswordHasher(time_cost=1, memory_cost=64).hash(SECRET)),
        )
    database.close()
