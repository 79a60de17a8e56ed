"""A small school: a course of text, film, case study and another text; learners; devices that tell of what they do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.turn import Engine
from hr.documents.files import Files
from hr.evidence import log
from hr.people import staff
from hr.people.calendar import WorkCalendar
from hr.people.staff import Hire
from hr.privacy import Cipher
from hr.training import enrolments, learning, practice, statements, written
from hr.training.counting import Told
from hr.training.course import CourseText, Lesson, Option, Question, Stratum
from hr.training.standing import Answered, Beat, Standing
from hr.training.tables import Course, CourseMedia, CourseVersion, Enrolment, LearningVisit, LessonProgress
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.adapters.outside import in_memory
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human.training import learning as lessons
from tasks.human.training.learning import Opened
from tests.api.company import database_of_its_own

FILM = "f" * 64
LENGTH = 40.0
OPTIONS = (Option("a", "在公司授权的目录归档"), Option("b", "传到私人网盘"), Option("c", "发给朋友"))
STUDY = (
    Question(
        key="keep", kind="single", stem="应当怎样做？", options=OPTIONS, answer=("a",), explanation="归档后删除私存。"
    ),
    Question(key="breach", kind="multiple", stem="哪些违反约定？", options=OPTIONS, answer=("b", "c")),
    Question(key="tell", kind="true-false", stem="可以告诉第三方。", options=written.TRUE_FALSE, answer=("b",)),
)
RIGHT = {"keep": ("a",), "breach": ("b", "c"), "tell": ("b",)}
SAID = "WEBVTT\n\n00:00.000 --> 00:04.000\n一天早上，名单不见了。\n"
STORAGE = CourseText(
    slug="storage",
    title="客户信息存储要求",
    summary="知道客户信息存在哪里。",
    lessons=(
        Lesson(key="where", title="存在哪里", kind="text", body="客户信息存放在授权的系统中。" * 8, seconds=30),
        Lesson(
            key="film", title="一次泄露", kind="video", video=FILM, captions=SAID, transcript="一天早上，名单不见了。"
        ),
        Lesson(key="case", title="手机里的名单", kind="case", body="小王离职了。" * 20, seconds=20, questions=STUDY),
        Lesson(key="last", title="记住三件事", kind="text", body="不外传，不私存，不带走。" * 10, seconds=20),
    ),
    draw=(Stratum("easy", 1, 100),),
)


@dataclass
class School:
    """The house, and what learners do in it. Time goes on when a device tells."""

    house: House
    clock: ManualClock
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def database(self) -> Database:
        return self.house.database

    def learner(self) -> str:
        """Someone new, by login."""
        number = next(self.numbers)
        with self.database.transaction() as unit:
            hire = Hire(
                no=f"P{number}",
                login=f"pupil{number}",
                name=f"学员{number}",
                department="sales",
                position="销售代表",
                manager=None,
                hired_on=date(2026, 9, 1),
                family="sales",
            )
            staff.hire(unit, self.house.world.files.cipher, hire)
        return f"pupil{number}"

    def enrol(self, login: str, slug: str = "storage", **more: Any) -> str:
        """The number of a training that begins."""
        with self.database.transaction() as unit:
            due = self.clock.now() + timedelta(days=14)
            told = {"reason": "entry", "due_at": due, "clock": self.clock, "actor": actor("hr", "hr"), **more}
            return enrolments.assign(unit, employee=login, slug=slug, **told).number

    def publish(self, course: CourseText) -> None:
        with self.database.transaction() as unit:
            unit.session.add(Course(slug=course.slug, title=course.title, kind=course.kind))
            unit.flush()
            row: dict[str, Any] = {"source": written.write(course), "source_hash": course.slug, "saved_by": "hr"}
            unit.session.add(CourseVersion(slug=course.slug, version=1, saved_at=self.clock.now(), **row))
            unit.flush()
            unit.run("update course set published = 1 where slug = %s", (course.slug,))

    def film(self) -> None:
        """The row of a film whose length is known; nobody plays it here."""
        told: dict[str, Any] = {
            "kind": "video",
            "media_type": "video/webm",
            "name": "film.webm",
            "size": 1,
            "added_by": "hr",
        }
        with self.database.transaction() as unit:
            unit.session.add(CourseMedia(hash=FILM, seconds=LENGTH, added_at=self.clock.now(), **told))

    def opened(self, login: str, number: str, key: str, after: str = "") -> "Device":
        """A device that opens a lesson."""
        return Device(self, login, number, key, lessons.open_lesson(self.house, actor(login), number, key, after))

    def finish(self, login: str, number: str, key: str) -> Standing:
        return lessons.finish(self.house, actor(login), number, key)

    def done(self, login: str, number: str, *keys: str) -> None:
        """Learn lessons honestly to their end."""
        for key in keys:
            device = self.opened(login, number, key)
            device.watch(LENGTH) if key == "film" else device.read(40.0)
            if key == "case":
                device.answer_all()

    def enrolment(self, number: str) -> Enrolment:
        with self.database.transaction() as unit:
            found = enrolments.find(unit, number)
            unit.session.expunge_all()
            return found

    def progress(self, number: str, key: str) -> LessonProgress | None:
        with self.database.transaction() as unit:
            found = learning.progress_of(unit, enrolments.find(unit, number), key)
            unit.session.expunge_all()
            return found

    def counted(self, number: str, key: str) -> float:
        """The seconds of a lesson that count."""
        found = self.progress(number, key)
        return found.seconds if found is not None else 0.0

    def standing(self, number: str) -> Standing:
        with self.database.transaction() as unit:
            return learning.standing(unit, enrolments.find(unit, number))

    def states(self, number: str) -> list[str]:
        return [lesson.state for lesson in self.standing(number).lessons]

    def visit(self, id: str) -> LearningVisit:
        with self.database.transaction() as unit:
            found = unit.session.get(LearningVisit, id)
            assert found is not None
            unit.session.expunge_all()
            return found

    def statements(self, number: str) -> list[tuple[str, dict[str, Any]]]:
        """What the evidence tells: the events with their statements, in a chain that holds."""
        with self.database.transaction() as unit:
            subject = statements.subject(number)
            assert log.walk(unit, subject).broken_at is None
            return [(row.event.removeprefix("training."), row.detail["statement"]) for row in log.rows(unit, subject)]

    def events(self, number: str) -> list[str]:
        return [event for event, _ in self.statements(number)]


@dataclass
class Device:
    """A lesson that is open on one device, with the word that its next heartbeat brings."""

    school: School
    login: str
    number: str
    key: str
    opened: Opened
    word: str = ""

    def __post_init__(self) -> None:
        self.word = self.opened.next_word

    @property
    def visit(self) -> str:
        return self.opened.visit

    def beat(self, passed: float = 10.0, **told: Any) -> Beat:
        """A heartbeat after so many seconds; `word` can be another than the one that is due."""
        self.school.clock.advance(timedelta(seconds=passed))
        words = Told(**{"word": self.word, **told})
        found = lessons.beat(self.school.house, actor(self.login), self.number, self.visit, words)
        self.word = found.next_word
        return found

    def read(self, seconds: float, reached: float = 1.0) -> Beat:
        """Somebody is before the text for so long, and reads so much of it."""
        found = Beat()
        for _ in range(round(seconds / 10)):
            found = self.beat(10.0, seconds=10.0, reached=reached, position=reached)
            if found.completed:
                break
        return found

    def watch(self, to: float, start: float = 0.0) -> Beat:
        """Play the film in its order and at its pace."""
        found = Beat()
        while start < to and not found.completed:
            end = min(to, start + 10.0)
            found = self.beat(end - start, played=((start, end),))
            start = end
        return found

    def answer(self, question: str, *places: int) -> Answered:
        return lessons.answer(self.school.house, actor(self.login), self.number, self.visit, question, places)

    def answer_all(self) -> Answered:
        """Answer what the case study asks as the course has it."""
        with self.school.database.transaction() as unit:
            enrolment = enrolments.find(unit, self.number)
            lesson = learning.lesson_of(unit, enrolment, self.key)
            asked = practice.exercises(enrolment, lesson, None)
        for one in asked:
            words = {option.key: option.text for option in (written.TRUE_FALSE if one.key == "tell" else OPTIONS)}
            told = self.answer(one.key, *(one.options.index(words[key]) + 1 for key in RIGHT[one.key]))
        return told


def actor(login: str, *groups: str) -> Actor:
    return Actor(id=login, name=login, groups=frozenset(groups or ("employee",)), ip="10.1.2.3", agent="Mobile Safari")


@pytest.fixture(scope="module")
def school(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One for the tests of a file: each has its own learners."""
    home: Path = tmp_path_factory.mktemp("school")
    with database_of_its_own(server, template) as url:
        database, clock = Database(url), ManualClock("2026-11-02T01:00:00+00:00")
        try:
            yield founded(database, clock, home)
        finally:
            database.close()


def founded(database: Database, clock: ManualClock, home: Path) -> School:
    """A school without learners, its course published."""
    outside = in_memory(clock)
    settings = Settings(home=home, organisation="启明智能", secret="a secret of the test")
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(home, Cipher(["a secret of the test"])),
        calendar=WorkCalendar(),
        mailer=outside.mailer,
        sms=outside.sms,
    )
    house = House(settings=settings, database=database, clock=clock, engine=Engine(database, clock), world=world)
    made = School(house, clock)
    with database.transaction() as unit:
        staff.add_department(unit, "sales", "销售一部")
    made.film()
    made.publish(STORAGE)
    return made
