"""The demo organisation behind the application, with a resignation in it, for tests of who may do what."""

import base64
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import psycopg
import uvicorn
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api import bootstrap
from api.app import create_app
from demo import organisation
from hr.agreements import texts
from hr.offboarding.cases import Filing
from hr.people import accounts
from hr.privacy import cipher
from hr.training import texts as courses
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes import catalog, publish
from tasks import worker
from tasks.house import House
from tasks.human import start

PASSWORD = "handover-2026"
TODAY = date(2026, 11, 2)
ROLES = ("employee", "hr", "hr-head", "it", "administration", "finance", "designer", "admin", "client")


@dataclass(frozen=True, slots=True)
class Company:
    """The demo organisation behind the application, and a resignation in it."""

    house: House
    site: httpx.Client
    cast: organisation.Cast
    stranger: str
    number: str
    instance: int
    task: int
    file: str


@contextmanager
def database_of_its_own(server: str, template: str) -> Iterator[str]:
    """The address of a database for all tests of a file."""
    name = f"jiaojie_access_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        named = sql.Identifier(name)
        connection.execute(sql.SQL("create database {} template {}").format(named, sql.Identifier(template)))
        yield make_conninfo(server, dbname=name)
        connection.execute(sql.SQL("drop database {} with (force)").format(named))


@contextmanager
def opened(server: str, template: str, home: Path) -> Iterator[Company]:
    """The company over a database of its own, served, with a person of every role and one program."""
    with database_of_its_own(server, template) as address:
        settings = Settings(home=home, database_url=address, secret="for tests alone", language="en")
        database = Database(address)
        try:
            with _peopled(settings, database) as found:
                yield found
        finally:
            database.close()


@contextmanager
def _peopled(settings: Settings, database: Database) -> Iterator[Company]:
    clock = ManualClock("2026-11-02T01:00:00+00:00")
    with database.transaction() as unit:
        organisation.seed(unit, 30, today=TODAY, password=PASSWORD, cipher=cipher(settings), clock=clock)
        cast = organisation.people_for_cases(unit, TODAY)[0]
        for group in ROLES[:-1]:
            hashed = accounts.hash_password(PASSWORD)
            accounts.create(unit, f"role.{group}", password_hash=hashed, groups=("employee", group), clock=clock)
        unit.run(
            "insert into api_client(id, name, secret_hash, groups, active) values('program', 'Program', %s, %s, true)",
            (PasswordHasher().hash(PASSWORD), ["client"]),
        )
    house = bootstrap.build(settings, database, clock)
    with served(house) as url, httpx.Client(base_url=url, timeout=30) as site:
        yield Company(house, site, cast, "role.employee", *_case(house, cast))


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address of the running application."""
    server = uvicorn.Server(uvicorn.Config(create_app(house), port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def _case(house: House, cast: organisation.Cast) -> tuple[str, int, int, str]:
    """A resignation that waits for the manager, with a file in its conversation."""
    employee = Actor(id=cast.employee.login, groups=frozenset({"employee"}))
    filing = Filing(employee=employee.id, reason="growth", leaving_on=date(2026, 12, 31), filed_at=house.clock.now())
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
        courses.ship(unit, clock=house.clock)
        publish.publish(house.engine, unit, [catalog.home()], employee)
    with house.database.transaction() as unit:
        case = start.file(house, unit, filing, employee)
    worker.drain(house)
    with house.database.transaction() as unit:
        instance = unit.one("select instance_key from offboarding_case where number = %s", (case.number,))[0]
        task = unit.one("select key from user_task where element = 'manager_confirm' and state = 'CREATED'")[0]
        stored = house.world.files.keep(
            unit, b"a plan", "text/plain", name="plan.txt", subject=case.number, purpose="comment",
            actor=employee, at=house.clock.now(),
        )  # fmt: skip
    return case.number, instance, task, stored.hash


def basic(login: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()}
