"""A company in the midst of its days: every tale of the demo is told, and operation has something of every kind."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from api import bootstrap, proposals
from demo import organisation, stories
from engine.commands import deploy, start, user_task
from engine.model import Resource
from engine.upkeep import batches
from hr.agreements import links, signers
from hr.agreements.batches import Wanted
from hr.training import enrolments, exams, paper, texts, written
from hr.training.course import Lesson
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes import catalog, publish
from processes.studio import drafts, projects
from tasks.house import House
from tasks.human import batches as sent
from tasks.human.training import exam
from tests.api.company import PASSWORD, database_of_its_own, served
from tests.api.pages.browsing import LEAVE
from tests.api.sdk import models
from tests.e2e import classroom
from tests.hr.training.scorm_packages import packed, v1_2
from tests.processes.proving import STORIES

TODAY = date(2026, 11, 20)
ADMIN = Actor(id="admin", groups=frozenset({"admin"}))
PERSONNEL = Actor(id="hr", groups=frozenset({"hr"}))
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))
NEWER = LEAVE.replace("主管审批", "部门主管审批").replace("PT72H", "PT48H")
LATER = NEWER.replace("PT48H", "PT24H")
# What somebody learns, by how far they are with it; the first is changed to have a lesson of each kind.
LEARNED = {
    "learning": classroom.SLUG,
    "locked": "trade-secret-protection",
    "examined": "technical-documents",
    "passed": "financial-access",
    "failed": "office-equipment",
}

LEARNER = (
    "select login from employee where login not in (select employee from offboarding_case) order by no desc limit 1"
)

# Something of each kind that a page's address names.
PLACES = {
    "case": "select number from offboarding_case where status = 'open' order by number limit 1",
    "closed": "select number from offboarding_case where status <> 'open' order by number limit 1",
    "code": "select verify_code from certificate where issued_at is not null order by 1 limit 1",
    "employee": "select employee from offboarding_case where status = 'open' order by number limit 1",
    "anyone": "select login from employee where login not in (select employee from offboarding_case) limit 1",
    "stopped": "select instance_key from incident where state = 'ACTIVE' order by key limit 1",
    "incident": "select key from incident where state = 'ACTIVE' order by key limit 1",
    "job": "select key from job where type = 'sdk.inner' order by key limit 1",
    "timer": "select key from timer order by key limit 1",
    "batch": "select key from batch_operation order by key limit 1",
    "filter": "select key from saved_filter order by key limit 1",
    "proposal": "select key from proposal where project_key is null",
    "proposed": "select key from proposal where project_key is not null",
    "project": "select key from project",
    "learner": LEARNER,
    **{
        place: f"select number from enrolment where employee = ({LEARNER}) and slug = '{slug}'"
        for place, slug in LEARNED.items()
    },
    "older": "select key from definition where id = 'leave' and version = 1",
    "agreement": "select number from agreement where status = 'signing' order by number limit 1",
    "signer": "select employee from agreement where status = 'signing' order by number limit 1",
    "knowing": "select employee from secret_contact where ended_on is null order by id limit 1",
    "contact": "select id from secret_contact where ended_on is null order by id limit 1",
    "ended": "select number from agreement where status = 'expired' order by number limit 1",
    "sending": "select key from agreement_batch order by key limit 1",
    "running": "select key from instance where process_id = 'leave' and state = 'ACTIVE' order by key limit 1",
}


@dataclass(frozen=True, slots=True)
class Premises:
    """The company's address, and what its pages are about, by name."""

    house: House
    url: str
    places: Mapping[str, str]
    _sessions: dict[str, str] = field(default_factory=dict)

    def session(self, login: str) -> str:
        """The cookie of somebody's session."""
        if login not in self._sessions:
            answer = httpx.post(f"{self.url}/login", data={"login": login, "password": PASSWORD}, trust_env=False)
            self._sessions[login] = answer.cookies["session"]
        return self._sessions[login]

    def tasks(self) -> dict[str, tuple[str, str]]:
        """One open task of each kind: who may do it, and its address."""
        rows = self.house.database.once().all(
            "select distinct on (process_id, element) element, key, coalesce(assignee, candidate_groups[1])"
            " from user_task where state = 'CREATED' order by process_id, element, key"
        )
        return {element: (who, f"/tasks/{key}") for element, key, who in rows}


@contextmanager
def opened(server: str, template: str, home: Path) -> Iterator[Premises]:
    with database_of_its_own(server, template) as address:
        settings = Settings(home=home, database_url=address, secret="for tests alone", trial=True)
        database = Database(address)
        house = bootstrap.build(settings, database, ManualClock("2026-11-20T03:00:00+00:00"))
        try:
            with ThreadPoolExecutor(1) as hands:  # the browser's own loop runs on this thread; signing wants one too
                hands.submit(people, house).result()
            operation(house)
            agreements(house)
            training(house)
            studio(house)
            with served(house) as url:
                unit = database.once()
                places = {name: str((unit.one(query) or ["none"])[0]) for name, query in PLACES.items()}
                yield Premises(house, url, places | {"link": link(house, places["agreement"])})
        finally:
            database.close()


def people(house: House) -> None:
    with house.database.transaction() as unit:
        publish.publish(house.engine, unit, [catalog.home()], ADMIN)
        cipher = house.world.files.cipher
        organisation.seed(unit, 100, today=TODAY, password=PASSWORD, cipher=cipher, clock=house.clock)
        organisation.teach(unit, TODAY, house.clock)
    stories.play(house, TODAY)


def operation(house: House) -> None:
    """Two versions of a small process, cases that wait and one that stopped, and what an operator leaves behind."""
    unit = house.database.once()
    deploy.deploy(house.engine, unit, [Resource("leave.bpmn", LEAVE.encode())], ADMIN, comment="第一版")
    deploy.deploy(house.engine, unit, [Resource("called.bpmn", models.CALLED.encode())], ADMIN)
    begun = [begin(house, "leave", {"days": days}) for days in (3, 5, None)]
    begin(house, "called", {"order": "1"})
    key = unit.one("select key from user_task where instance_key = %s and element = 'approve'", (begun[2],))[0]
    user_task.complete(house.engine, unit, key, variables={}, actor=ADMIN)
    deploy.deploy(house.engine, unit, [Resource("leave.bpmn", NEWER.encode())], ADMIN, comment="第二版")
    batches.create(house.engine, unit, "SUSPEND_PROCESS_INSTANCE", actor=ADMIN, reason="盘点", keys=begun[1:2])
    while batches.run_some(house.engine, house.database, 10):
        pass
    unit.run(
        "insert into saved_filter(key, login, page, name, query, shared) values(1, 'admin', 'instances', '停住的',"
        " 'state=INCIDENT', true)"
    )
    later = [Resource("leave.bpmn", LATER.encode())]
    proposals.begin(house, proposals.create(house, later, actor=ADMIN, sample=2, comment="更早提醒")).join()


def agreements(house: House) -> None:
    """A batch that was sent and dropped before anything of it was done."""
    with house.database.transaction() as unit:
        key = sent.send(house, unit, PERSONNEL, "confidentiality", [Wanted(who="hr"), Wanted(who="nobody")])
        sent.cancel(house, unit, PERSONNEL, key)


def training(house: House) -> None:
    """Somebody who learns a lesson of each kind, is to learn, to take an exam, has passed one and failed one."""
    cut = replace(classroom.small(), ordered=False)
    with house.database.transaction() as unit:
        package = house.world.media.add(unit, "p.zip", packed(v1_2()), actor=PERSONNEL, at=house.clock.now())
        played = Lesson(key="played", title="互动课", kind="scorm", scorm=package.hash)
        source = written.write(replace(cut, lessons=(*cut.lessons, played)))
        saved = texts.save(unit, cut.slug, source, actor=PERSONNEL, clock=house.clock)
        texts.publish(unit, cut.slug, saved.version, actor=PERSONNEL, clock=house.clock)
        login = unit.one(LEARNER)[0]
        told: dict[str, Any] = {"reason": "manual", "due_at": house.clock.now() + timedelta(days=14)}
        told |= {"employee": login, "clock": house.clock, "actor": PERSONNEL}
        numbers = {place: enrolments.assign(unit, slug=slug, **told).number for place, slug in LEARNED.items()}
        learned = [numbers[place] for place in ("examined", "passed", "failed")]
        unit.run("update enrolment set status = 'examining' where number = any(%s)", (learned,))
    examine(house, login, numbers["passed"], right=True)
    examine(house, login, numbers["failed"], right=False)


def examine(house: House, login: str, number: str, *, right: bool) -> None:
    """Hand an exam in with every answer right, or with none."""
    actor = Actor(id=login, groups=frozenset({"employee"}))
    sitting = exam.sit(house, actor, number)
    with house.database.transaction() as unit:
        course = exams.course_of(unit, enrolments.find(unit, number))
        drawn = paper.read(exams.find(unit, number, sitting.attempt).paper)
    asked = paper.asked(course, drawn) if right else ()
    answers = {one.place: [one.options.index(key) + 1 for key in one.question.answer] for one in asked}
    exam.submit(house, actor, number, sitting.attempt, sitting.token, answers)


def link(house: House, number: str) -> str:
    """The token by which the first signer of an agreement comes in without a login."""
    with house.database.transaction() as unit:
        return links.link(house.settings.secret, signers.of(unit, number)[0])


def studio(house: House) -> None:
    """A project with a file of each kind, of which the model was changed once, and a proposal made from it."""
    unit, stories = house.database.once(), STORIES.replace("apply", "approve").replace("boss", "archive")
    files = {"leave.bpmn": NEWER, "pay.dmn": models.BONUS.decode(), "reason.form": models.FORM.decode()}
    given = [Resource(name, text.encode()) for name, text in {**files, "scenarios.yaml": stories}.items()]
    key = projects.create(house.engine, unit, "长期休假", given, actor=DESIGNER)
    draft = drafts.read(unit, key, "leave.bpmn")
    drafts.save(
        house.engine, unit, key, draft.name, LATER.encode(), expected=draft.digest, actor=DESIGNER, comment="更早提醒"
    )
    files_now = projects.resources(unit, key)
    made = proposals.create(house, files_now, actor=DESIGNER, sample=2, comment="更早提醒", project=key)
    proposals.begin(house, made).join()


def begin(house: House, process: str, variables: dict[str, object]) -> int:
    given = {name: value for name, value in variables.items() if value is not None}
    unit = house.database.once()
    return start.start(house.engine, unit, process_id=process, variables=given, actor=ADMIN).instance_key
