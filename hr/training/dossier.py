"""The evidence of training in one package (domain F86): of one person in all courses, or of one course and everybody.

In three steps, because a time stamp is asked outside of any transaction: the heads of the chains are anchored
(`hr.evidence.anchors`), the rows and files are read (`of_person`, `of_course`), and the package is made (`compose`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from hr.documents import typeset
from hr.documents.files import Files
from hr.evidence import anchors, bundle, log
from hr.evidence.bundle import Bundle, Chain
from hr.evidence.package import Seal
from hr.people import org
from hr.training import certificate, enrolments, report, statements, texts
from hr.training.report import Learned, Rows
from hr.training.tables import CourseVersion, Enrolment, Exam, LessonProgress
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


def numbers(unit: Unit, *, login: str = "", slug: str = "") -> list[str]:
    """The enrolments of a person or of a course, by number."""
    chosen = select(Enrolment.number).where(col(Enrolment.employee) == login if login else col(Enrolment.slug) == slug)
    return list(unit.session.exec(chosen.order_by(col(Enrolment.number))))


def of_person(unit: Unit, files: Files, login: str, *, source: bool) -> Rows:
    """Everything of a person, with their certificates; with the text of the courses, and so with the keys of their
    questions, only where `source` is asked for. Raises NotFound for an unknown person, and for one without training.
    """
    person = org.required(unit, login)
    learned = [_learned(unit, number) for number in numbers(unit, login=login)]
    if not learned:
        raise NotFound(say("{name} has no training yet: there is nothing to export.", name=person.name))
    documents = _sources(unit, [one.enrolment for one in learned]) if source else {}
    signed: dict[str, int] = {}
    for one in learned:
        if one.certificate is not None:
            name = f"{one.certificate.number}.pdf"
            documents[name] = files.read(unit, one.certificate.file_hash).content
            signed |= {name: 1} if one.certificate.sealed else {}
    unit.session.expunge_all()
    return Rows(kind="person", id=person.no, name=person.name, learned=learned, documents=documents, signed=signed)


def of_course(unit: Unit, slug: str) -> Rows:
    """Everybody's training in a course, with its text and without certificates: each of those is in the package of its
    person. Raises NotFound for an unknown course, and for one that nobody was given.
    """
    course = texts.find(unit, slug)
    learned = [_learned(unit, number) for number in numbers(unit, slug=slug)]
    if not learned:
        raise NotFound(say("Nobody was given the course {title} yet: there is nothing to export.", title=course.title))
    documents = _sources(unit, [one.enrolment for one in learned])
    unit.session.expunge_all()
    return Rows(kind="course", id=slug, name=course.title, learned=learned, documents=documents, signed={})


def _learned(unit: Unit, number: str) -> Learned:
    enrolment, subject = enrolments.find(unit, number), statements.subject(number)
    progress = select(LessonProgress).where(col(LessonProgress.enrolment) == number)
    exams = select(Exam).where(col(Exam.enrolment) == number, col(Exam.submitted_at).is_not(None))
    course = texts.version(unit, enrolment.slug, enrolment.version)
    return Learned(
        enrolment=enrolment,
        no=org.required(unit, enrolment.employee).no,
        lessons={lesson.key: lesson.title for lesson in course.lessons},
        progress=list(unit.session.exec(progress.order_by(col(LessonProgress.round), col(LessonProgress.started_at)))),
        exams=list(unit.session.exec(exams.order_by(col(Exam.attempt)))),
        certificate=certificate.of_enrolment(unit, number),
        seconds=certificate.spent(unit, enrolment),
        events=log.rows(unit, subject),
        anchors=anchors.of(unit, subject),
    )


def _sources(unit: Unit, learned: Sequence[Enrolment]) -> dict[str, bytes]:
    """The courses as they were taught: the evidence of each assignment speaks of one by its hash."""
    wanted = sorted({(one.slug, one.version) for one in learned})
    rows = [unit.session.get_one(CourseVersion, one) for one in wanted]
    return {f"course-{row.slug}-v{row.version}.yaml": row.source.encode() for row in rows}


def compose(rows: Rows, seal: Seal, *, organisation: str, zone: str, verify_url: str, at: datetime) -> bytes:
    """The package as bytes (ZIP). The last event of each chain must bear an anchor. Raises Unavailable."""
    facts = report.facts(rows, organisation=organisation, zone=zone, verify_url=verify_url, at=at)
    made = Bundle(
        subject=f"{rows.kind}/{rows.id}",
        title=f"{rows.name} · {report.TITLE}",
        made_at=at,
        report=typeset.training_report(facts, at=at),
        chains=[
            Chain(
                subject=statements.subject(one.enrolment.number),
                name=one.enrolment.number,
                events=one.events,
                anchors=one.anchors,
            )
            for one in rows.learned
        ],
        documents=rows.documents,
        signed=rows.signed,
    )
    return bundle.build(made, seal)
