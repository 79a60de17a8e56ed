"""The certificate of a course: what it states, until when it holds, and that there is one of an enrolment."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from hr.documents.files import Files
from hr.evidence import log
from hr.people import staff
from hr.privacy import Cipher
from hr.training import certificate, enrolments, printed, statements, written
from hr.training.certificate import Made
from hr.training.course import CourseText
from hr.training.printed import Letterhead
from hr.training.tables import Course, CourseVersion, Enrolment, LessonProgress, TrainingCertificate
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from tests.hr.conftest import actor

HEAD = Letterhead(organisation="上海启明智能科技有限公司", verify_url="https://hr.qiming.example/verify")
COURSE = CourseText(slug="storage", title="客户信息存储要求", valid_months=12)
ZONE = "Asia/Shanghai"
HR = actor("hr", "hr")


@pytest.fixture
def enrolment(company: Unit, clock: ManualClock) -> Enrolment:
    company.session.add(Course(slug=COURSE.slug, title=COURSE.title, kind=COURSE.kind, published=1))
    company.flush()
    row = {"source": written.write(COURSE), "source_hash": COURSE.slug, "saved_by": "hr"}
    company.session.add(CourseVersion(slug=COURSE.slug, version=1, saved_at=clock.now(), **row))
    company.flush()
    due = clock.now() + timedelta(days=14)
    return enrolments.assign(
        company, employee="zhao", slug=COURSE.slug, reason="entry", due_at=due, clock=clock, actor=HR
    )


def passed(unit: Unit, enrolment: Enrolment, clock: ManualClock, score: int = 92) -> None:
    enrolment.status, enrolment.score, enrolment.ended_at = "passed", score, clock.now()
    unit.session.add(enrolment)
    unit.flush()


def learned(unit: Unit, enrolment: Enrolment, lesson: str, round: int, minutes: int, at: int) -> None:
    """A lesson of a round that took so many minutes, begun `at` hours after the assignment."""
    start = enrolment.assigned_at + timedelta(hours=at)
    told: dict[str, Any] = {"started_at": start, "last_at": start, "seconds": 60.0 * minutes}
    unit.session.add(LessonProgress(enrolment=enrolment.number, round=round, lesson=lesson, **told))
    unit.flush()


def issued(unit: Unit, files: Files, enrolment: Enrolment, clock: ManualClock) -> TrainingCertificate:
    stated = certificate.content(unit, enrolment.number, clock=clock, zone=ZONE)
    pdf = certificate.document(stated, HEAD, at=clock.now())
    return certificate.issue(unit, files, Made(content=stated, pdf=pdf), clock=clock, actor=HR)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


@pytest.mark.requirement("F83")
def test_it_states_who_passed_what_when_and_how_and_for_how_long(
    enrolment: Enrolment, company: Unit, files: Files, clock: ManualClock
) -> None:
    learned(company, enrolment, "where", 1, 45, 0)
    learned(company, enrolment, "talk", 1, 20, 1)
    learned(company, enrolment, "where", 2, 45, 0)  # counts on after a failed exam, and is not learned twice
    learned(company, enrolment, "talk", 2, 20, 9)
    clock.set("2026-11-02T16:30:00+00:00")  # the 3rd in Shanghai
    passed(company, enrolment, clock)
    row = issued(company, files, enrolment, clock)
    assert row.number == enrolment.number.replace("PX", "PXZS")
    assert (row.passed_at, row.valid_until, row.score) == (clock.now(), date(2027, 11, 2), 92)
    text = text_of(files.read(company, row.file_hash).content)
    for words in (
        "培训合格证书",
        "赵𬎆",
        "QM5",
        "客户信息存储要求",
        "1小时25分钟",
        "92分",
        "2026年11月3日",
        "2027年11月2日",
        "上海启明智能科技有限公司",
        row.number,
        row.verify_code,
    ):
        assert words in text, words
    assert len(PdfReader(io.BytesIO(files.read(company, row.file_hash).content)).pages) == 1


def test_there_is_one_of_an_enrolment_and_none_of_what_is_not_passed(
    enrolment: Enrolment, company: Unit, files: Files, clock: ManualClock
) -> None:
    with pytest.raises(Conflict, match="not passed"):
        certificate.content(company, enrolment.number, clock=clock, zone=ZONE)
    passed(company, enrolment, clock)
    stated = certificate.content(company, enrolment.number, clock=clock, zone=ZONE)
    pdf = certificate.document(stated, HEAD, at=clock.now())
    row = certificate.issue(company, files, Made(content=stated, pdf=pdf), clock=clock, actor=HR)
    with pytest.raises(Conflict, match="issued already"):
        certificate.issue(company, files, Made(content=stated, pdf=pdf), clock=clock, actor=HR)
    with pytest.raises(Conflict, match="issued already"):
        certificate.content(company, enrolment.number, clock=clock, zone=ZONE)
    found = certificate.of_code(company, row.verify_code.lower())
    assert found is not None
    assert (found.number, certificate.find(company, row.number).number) == (row.number, row.number)
    with pytest.raises(NotFound):
        certificate.find(company, "PXZS-2026-999999")


@pytest.mark.requirement("F115")
def test_what_it_states_is_sealed_in_the_table_and_told_in_the_evidence(
    enrolment: Enrolment, company: Unit, files: Files, clock: ManualClock
) -> None:
    passed(company, enrolment, clock)
    row = issued(company, files, enrolment, clock)
    (sealed,) = company.one("select content_sealed from training_certificate")
    assert "赵".encode() not in sealed
    stated = certificate.stated(files, row)
    assert (stated["name"], stated["score"], stated["valid_until"]) == ("赵𬎆", 92, "2027-11-01")
    last = log.rows(company, statements.subject(enrolment.number))[-1]
    assert (last.event, last.content_hash) == ("training.earned", row.file_hash)


@pytest.mark.parametrize("name", ["欧阳龘", "司马㛃", "王𬎆", "Ünal-Ørsted 🎓"])
def test_names_of_every_kind_are_set(
    name: str, enrolment: Enrolment, company: Unit, files: Files, cipher: Cipher, clock: ManualClock
) -> None:
    staff.change(company, cipher, "zhao", name=name)
    passed(company, enrolment, clock)
    row = issued(company, files, enrolment, clock)
    assert name.replace(" ", "") in text_of(files.read(company, row.file_hash).content)


@pytest.mark.parametrize(
    ("passed_on", "months", "last"),
    [
        (date(2026, 11, 2), 12, date(2027, 11, 1)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 11, 2), 0, None),
    ],
)
def test_it_holds_for_whole_months_with_the_day_of_passing_in_them(
    passed_on: date, months: int, last: date | None
) -> None:
    assert certificate.valid_until(passed_on, months) == last


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1分钟"), (89, "1分钟"), (91, "2分钟"), (3600, "1小时"), (5100, "1小时25分钟")]
)
def test_the_time_of_learning_in_words(seconds: int, words: str) -> None:
    assert printed.learned(seconds) == words
