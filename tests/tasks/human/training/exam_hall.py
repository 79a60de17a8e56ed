"""A small company whose people take exams: real database and process engine, a course with every kind of question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.turn import Engine
from hr.documents.files import Files
from hr.evidence import log
from hr.evidence.tables import Evidence
from hr.people import accounts
from hr.people.calendar import WorkCalendar
from hr.privacy import Cipher
from hr.training import enrolments, exams, paper, reader, texts
from hr.training.course import CourseText, Lesson, Option, Question, Stratum
from hr.training.tables import Enrolment, Exam
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human.training import exam
from tasks.human.training.exam import Attempt, Sitting
from tests.hr.conftest import found as company

SLUG = "customer-secrets"
GROUPS = {"chen": ("employee", "hr"), "li": ("employee", "admin")}
BODY = (
    "客户信息是公司的商业秘密，记录、保存和移交都只在授权的系统里进行，不得私自复制、外传，也不得留在个人手机和网盘中。"
    "离职前应当把手上的客户资料完整移交给接手人，双方确认之后，系统收回访问权限。"
)


def _options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option("abcdefgh"[n], text) for n, text in enumerate(texts))


def _single(key: str, lesson: str, stem: str, difficulty: str = "easy") -> Question:
    return Question(
        key=key,
        kind="single",
        lesson=lesson,
        difficulty=difficulty,  # type: ignore[arg-type]  # a difficulty
        stem=stem,
        options=_options("公司授权的系统", "个人手机相册", "私人网盘", "家里的电脑"),
        answer=("a",),
        explanation=f"解析{key}：只有授权的系统受公司保护。",
        law="《反不正当竞争法》第九条",
    )


def _several(key: str, lesson: str, difficulty: str = "medium") -> Question:
    return Question(
        key=key,
        kind="multiple",
        lesson=lesson,
        difficulty=difficulty,  # type: ignore[arg-type]  # a difficulty
        stem=f"以下哪些行为属于违反保密协议？（{key}）",
        options=_options("将源码传到私人网盘", "向第三方透露技术细节", "带走客户清单", "在授权目录归档文档"),
        answer=("a", "b", "c"),
        explanation=f"解析{key}：在授权目录归档是规定的做法。",
    )


def _order(key: str, lesson: str, difficulty: str = "medium") -> Question:
    steps = ("填写客户清单", "上传系统", "交接人核对", "补充缺项", "双方电子签名", "CRM 收回权限")
    return Question(
        key=key,
        kind="ordering",
        lesson=lesson,
        difficulty=difficulty,  # type: ignore[arg-type]  # a difficulty
        stem=f"客户信息交接的流程是什么？（{key}）",
        options=_options(*steps),
        answer=tuple("abcdef"),
        explanation=f"解析{key}：先核对补全，再签名，最后收回权限。",
    )


def _case(key: str, lesson: str) -> Question:
    parts = (
        replace(_single("p1", "", "清单应当存放在哪里？"), explanation="解析p1"),
        replace(_several("p2", ""), explanation="解析p2"),
        Question(
            key="p3",
            kind="true-false",
            stem="小王可以把清单留作纪念。",
            options=_options("正确", "错误"),
            answer=("b",),
            explanation="解析p3：客户清单属于公司。",
        ),
    )
    return Question(
        key=key,
        kind="case",
        lesson=lesson,
        difficulty="hard",
        stem="请根据案例作答。",
        passage=f"销售小王将于月底离职，手机里存有三百位客户的联系方式（{key}）。",
        parts=parts,
    )


COURSE = CourseText(
    slug=SLUG,
    title="客户信息保密",
    summary="学完之后，您知道客户信息该放在哪里、怎样移交。",
    minutes=30,
    lessons=tuple(
        Lesson(key=key, title=title, kind="text", body=BODY)
        for key, title in (("where", "存放在哪里"), ("talk", "沟通时注意什么"), ("leave", "离职怎样交接"))
    ),
    bank=(
        _single("e1", "where", "客户名单应当存放在哪里？"),
        _single("e2", "talk", "通话录音应当存放在哪里？"),
        _single("e3", "leave", "交接清单应当存放在哪里？"),
        Question(
            key="e4",
            kind="true-false",
            lesson="talk",
            difficulty="easy",
            stem="可以向第三方透露技术细节。",
            options=_options("正确", "错误"),
            answer=("b",),
            explanation="解析e4：不可以，除非另有书面授权。",
        ),
        _several("m1", "where"),
        _several("m2", "talk"),
        _order("m3", "leave"),
        _single("m4", "leave", "离职后的客户资料应当留在哪里？", "medium"),
        _case("h1", "leave"),
        _order("h2", "leave", "hard"),
        _several("h3", "where", "hard"),
    ),
    draw=(Stratum("easy", 3, 10), Stratum("medium", 4, 10), Stratum("hard", 3, 10)),
)


@dataclass
class Hall:
    """The house, and what people do at an exam."""

    house: House
    clock: ManualClock

    @property
    def database(self) -> Database:
        return self.house.database

    def actor(self, login: str) -> Actor:
        return Actor(id=login, name=login, groups=frozenset(GROUPS.get(login, ("employee",))), ip="10.1.2.3")

    def enrol(self, login: str = "zhao", *, learned: bool = True, instance: int | None = None) -> str:
        """Someone's training in the course, learned as far as the exam; its number."""
        with self.database.transaction() as unit:
            made = enrolments.assign(
                unit,
                employee=login,
                slug=SLUG,
                reason="manual",
                instance_key=instance,
                due_at=self.clock.now() + timedelta(days=14),
                clock=self.clock,
                actor=self.actor("chen"),
            )
            number = made.number
        if learned:
            self.learned(number)
        return number

    def learned(self, number: str) -> None:
        """All lessons are done, as learning leaves it."""
        self.database.once().run("update enrolment set status = 'examining' where number = %s", (number,))

    def sit(self, number: str, login: str = "zhao", token: str = "", *, take: bool = False) -> Sitting:
        return exam.sit(self.house, self.actor(login), number, token, take=take)

    def save(self, sitting: Sitting, answers: Mapping[str, Sequence[int]], login: str = "zhao") -> float:
        return exam.save(self.house, self.actor(login), sitting.number, sitting.attempt, sitting.token, answers)

    def submit(self, sitting: Sitting, answers: Mapping[str, Sequence[int]], login: str = "zhao") -> Attempt:
        return exam.submit(self.house, self.actor(login), sitting.number, sitting.attempt, sitting.token, answers)

    def right(self, number: str, attempt: int = 1, *, but: Iterable[str] = ()) -> dict[str, list[int]]:
        """The right answers by places, without those to the questions of these keys."""
        left_out = set(but)
        drawn = paper.read(self.exam(number, attempt).paper)
        return {
            one.place: [one.options.index(key) + 1 for key in one.question.answer]
            for one in paper.asked(COURSE, drawn)
            if one.path[0] not in left_out
        }

    def drawn(self, number: str, attempt: int = 1) -> list[str]:
        """The keys of the questions of a paper."""
        return [one["question"] for one in self.exam(number, attempt).paper]

    def exam(self, number: str, attempt: int = 1) -> Exam:
        with self.database.transaction() as unit:
            found = exams.find(unit, number, attempt)
            unit.session.expunge_all()
            return found

    def enrolment(self, number: str) -> Enrolment:
        with self.database.transaction() as unit:
            found = enrolments.find(unit, number)
            unit.session.expunge_all()
            return found

    def chain(self, number: str) -> list[Evidence]:
        with self.database.transaction() as unit:
            assert log.walk(unit, f"training/{number}").broken_at is None
            found = log.rows(unit, f"training/{number}")
            unit.session.expunge_all()
            return found

    def events(self, number: str) -> list[str]:
        return [row.event.removeprefix("training.") for row in self.chain(number)]

    def rows(self, sql: str, args: Any = ()) -> list[Any]:
        return self.database.once().all(sql, args)

    def untouched(self, number: str) -> tuple[Any, ...]:
        """Everything that an exam changes, to be compared before and after something that is refused."""
        asked = (
            "select status, round, score, ended_at from enrolment where number = %s",
            "select attempt, answers, saved_at, submitted_at, score, sitting from exam where enrolment = %s",
            "select m.* from exam_mark m join exam x on x.id = m.exam_id where x.enrolment = %s order by question",
            "select event, hash from evidence where subject = 'training/' || %s order by sequence",
        )
        courses = self.rows("select employee, course, score from course_record order by id")
        return (*(self.rows(sql, (number,)) for sql in asked), courses)


@pytest.fixture
def hall(database: Database, clock: ManualClock, tmp_path: Path) -> Hall:
    settings = Settings(home=tmp_path, organisation="启明智能", public_url="https://hr.example", secret="of the test")
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(tmp_path, Cipher(["of the test"])),
        calendar=WorkCalendar(),
    )
    house = House(settings=settings, database=database, clock=clock, engine=Engine(database, clock), world=world)
    made = Hall(house, clock)
    with database.transaction() as unit:
        company(unit, world.files.cipher)
        for login in ("chen", "li", "zhang", "wu", "zhao"):
            groups = GROUPS.get(login, ("employee",))
            accounts.create(unit, login, password_hash="x", groups=groups, name=login, employee=login, clock=clock)
        saved = texts.save(unit, SLUG, reader.write(COURSE), actor=made.actor("chen"), clock=clock)
        texts.publish(unit, SLUG, saved.version, actor=made.actor("chen"), clock=clock)
    return made
