"""Schemathesis reads the OpenAPI document and asks for everything in it, rightly and wrongly, as every role.

`JIAOJIE_TEST_FUZZ_EXAMPLES=200 JIAOJIE_TEST_FUZZ_SEED=7` lets it go on for longer, on a path of its own.
"""

import base64
import os
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
import requests
import schemathesis
import uvicorn
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import make_conninfo
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from schemathesis.specs.openapi.schemas import OpenApiSchema

from api import bootstrap
from api.app import create_app
from demo import organisation
from engine.commands import job, start
from engine.model import Resource
from hr.people import accounts
from hr.privacy import cipher
from kernel.actor import Actor
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.db import Database
from processes import publish
from tasks.house import House
from tests.api.sdk import models
from tests.architecture.routes import bare_application

PASSWORD = "handover-2026"
ROLES = ("admin", "designer", "hr", "hr-head", "it", "employee", "client", "nobody")
EXAMPLES = int(os.environ.get("JIAOJIE_TEST_FUZZ_EXAMPLES", "3"))
SEED = os.environ.get("JIAOJIE_TEST_FUZZ_SEED")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
WAIT_MS = 20  # at most: what is asked for may be a long poll

PLACES = {
    "process-instances": "select key from instance",
    "user-tasks": "select key from user_task",
    "jobs": "select key from job",
    "incidents": "select key from incident",
    "process-definitions": "select key from definition where kind = 'process'",
    "decision-definitions": "select key from definition where kind = 'decision'",
    "forms": "select key from definition where kind = 'form'",
    "element-instances": "select instance_key * 10000000 + token from user_task union"
    " select instance_key * 10000000 + token from job union select key * 10000000 from instance",
    "variables": "select key from variable",
    "batch-operations": "select key from batch_operation",
    "audit-logs": "select instance_key * 10000000 + seq from journal",
    "timers": "select key from timer",
    "resources": "select key from resource",
    "decision-requirements": "select key from resource",
    "conversations": "select root_key from instance",
    "cases": "select root_key from instance",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The running product, what each role sends, and the keys of what there is."""

    url: str
    schema: OpenApiSchema
    headers: Mapping[str, dict[str, str]]
    house: House
    session: requests.Session

    def keys(self, path: str) -> list[str]:
        """Keys of the noun in a path, such as `/v2/jobs/{key}/failure`."""
        noun = path.split("/")[2]
        if noun not in PLACES:
            return ["1"]
        found = [str(row[0]) for row in self.house.database.once().all(f"{PLACES[noun]} order by 1 desc limit 40")]
        return found or ["1"]


@pytest.fixture(scope="module")
def site(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name = f"jiaojie_fuzz_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        named = sql.Identifier(name)
        connection.execute(sql.SQL("create database {} template {}").format(named, sql.Identifier(template)))
    address = make_conninfo(server, dbname=name)
    database = Database(address)
    found = Settings(
        home=tmp_path_factory.mktemp("home"), database_url=address, secret="for tests alone", language="en", trial=True
    )
    people(database, found)
    house = bootstrap.build(found, database)
    work(house)
    with served(house) as url, requests.Session() as session:
        session.trust_env = False
        schema = schemathesis.openapi.from_dict(session.get(f"{url}/openapi.json", timeout=30).json())
        schema.config.update(base_url=url)
        yield Site(url, schema, {role: credentials(session, url, role) for role in ROLES}, house, session)
    database.close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(named))


def people(database: Database, found: Settings) -> None:
    with database.transaction() as unit:
        organisation.seed(
            unit, 30, today=date(2026, 11, 2), password=PASSWORD, cipher=cipher(found), clock=SystemClock()
        )
        hashed = accounts.hash_password(PASSWORD)
        for role in ROLES[:-2]:
            accounts.create(unit, f"role.{role}", password_hash=hashed, groups=("employee", role), clock=SystemClock())
        unit.run(
            "insert into api_client(id, name, secret_hash, groups, active)"
            " values('program', 'Program', %s, '{client}', true)",
            (PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD),),
        )


def work(house: House) -> None:
    """Definitions of every kind, and instances that wait in every way."""
    actor = Actor(id="role.admin", groups=frozenset({"admin"}))
    files = {"reason.form": models.FORM, "pay.dmn": models.BONUS}
    names = ("ERRAND", "FORMAL", "PAID", "HEARD", "CALLED", "CALLING", "DESK", "PAUSE", "DECIDING")
    files |= {f"{name.lower()}.bpmn": getattr(models, name).encode() for name in names}
    with house.database.transaction() as unit:
        publish.publish_files(house.engine, unit, [Resource(name, body) for name, body in files.items()], actor, "")
    for process in ("errand", "formal", "paid", "heard", "calling", "desk", "pause", "deciding"):
        for number in range(4):
            variables = {"order": f"F-{number}", "level": number}
            start.start(house.engine, house.database.once(), actor=actor, process_id=process, variables=variables)
    with house.database.transaction() as unit:
        later = [Resource("desk.bpmn", models.DESK_LATER.encode())]
        publish.publish_files(house.engine, unit, later, actor, "")
    leases = job.activate(house.engine, house.database.once(), ["sdk.call"], "tests", timeout_s=60, limit=2)
    for lease in leases:
        job.fail(house.engine, house.database.once(), lease.key, "It is down.", retries_left=0, actor=actor)


@contextmanager
def served(house: House) -> Iterator[str]:
    listening = uvicorn.Server(uvicorn.Config(create_app(house), port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=listening.run)
    thread.start()
    while not listening.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{listening.servers[0].sockets[0].getsockname()[1]}"
    listening.should_exit = True
    thread.join()


def credentials(session: requests.Session, url: str, role: str) -> dict[str, str]:
    told = {"accept-language": "en"}
    if role == "nobody":
        return told
    if role == "client":
        grant = {"grant_type": "client_credentials", "client_id": "program", "client_secret": PASSWORD}
        token = session.post(f"{url}/oauth/token", data=grant, timeout=30).json()["access_token"]
        return {**told, "authorization": f"Bearer {token}"}
    return {**told, "authorization": "Basic " + base64.b64encode(f"role.{role}:{PASSWORD}".encode()).decode()}


DOCUMENT = bare_application().openapi()
OPERATIONS = [(path, method) for path, found in DOCUMENT["paths"].items() for method in found]
ASKING = [  # those that take something that can be wrong
    (path, method)
    for path, method in OPERATIONS
    if {"parameters", "requestBody"} & DOCUMENT["paths"][path][method].keys()
]


def asking(site: Site, path: str, method: str, mode: GenerationMode) -> st.SearchStrategy[Any]:
    """Requests for an operation; those that are right have keys of what there is, more often than not."""
    strategy = site.schema[path][method.upper()].as_strategy(generation_mode=mode)
    if mode.is_negative or "{key}" not in path:
        return strategy.map(soon)
    keys = st.sampled_from(site.keys(path))
    return st.tuples(strategy, keys, st.integers(0, 3)).map(lambda drawn: soon(known(*drawn)))


def known(case: Any, key: str, dice: int) -> Any:
    if dice:
        case.path_parameters["key"] = key
    return case


def soon(case: Any) -> Any:
    """The same, with no long wait in it."""
    if isinstance(case.body, dict) and isinstance(case.body.get("requestTimeout"), int):
        case.body["requestTimeout"] = min(case.body["requestTimeout"], WAIT_MS)
    return case


def answer(site: Site, case: Any, role: str, judged: list[Any]) -> None:
    answered = case.call(base_url=site.url, session=site.session, headers=site.headers[role], timeout=30)
    assert answered.status_code != 401 or role == "nobody" or case.path.startswith("/oauth"), answered.text
    case.validate_response(answered, checks=judged, headers=site.headers[role])


def explore(
    site: Site, path: str, method: str, mode: GenerationMode, judged: list[Any], roles: tuple[str, ...]
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=SEED is None,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asking(site, path, method, mode))
    def ask(case: Any) -> None:
        for role in roles:
            answer(site, case, role, judged)

    (ask if SEED is None else seed(int(SEED))(ask))()


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_every_answer_is_one_of_the_documents(site: Site, path: str, method: str) -> None:
    explore(site, path, method, GenerationMode.POSITIVE, CHECKS, ROLES)


@pytest.mark.parametrize(("path", "method"), ASKING, ids=[f"{method} {path}" for path, method in ASKING])
def test_what_the_document_forbids_is_refused(site: Site, path: str, method: str) -> None:
    judged = [*CHECKS, checks.negative_data_rejection]
    explore(site, path, method, GenerationMode.NEGATIVE, judged, ("admin",))
