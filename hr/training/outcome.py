"""What follows from an exam that is handed in: marks, score, statements; passed, or learned again (domain F82–F87)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from hr.confidentiality import check
from hr.training import certificate, enrolments, exams, paper, statements
from hr.training.course import Question
from hr.training.grade import Graded, Mark, grade, share
from hr.training.paper import Answers
from hr.training.statements import Result
from hr.training.tables import Enrolment, Exam, ExamMark
from kernel.actor import Actor
from kernel.db import Unit


def hand_in(unit: Unit, enrolment: Enrolment, exam: Exam, *, at: datetime, actor: Actor, zone: tzinfo = UTC) -> Graded:
    """Grade what is saved. Enrolment and exam are locked, and the exam is open.

    Whoever passes has the course on record for the check of F17, for as long as it holds from the day in `zone` on.
    Whoever fails learns again the lessons of what was not fully right. The answers of a training that ended meanwhile
    are marked, and nothing follows from them.
    """
    course, drawn = exams.course_of(unit, enrolment), paper.read(exam.paper)
    answers = paper.keyed(course, drawn, exam.answers)
    graded = grade(course, drawn, answers)
    exam.submitted_at, exam.score, exam.passed = at, graded.score, graded.passed
    unit.session.add(exam)
    unit.flush()
    for mark in graded.marks:
        unit.session.add(_kept(enrolment, exam, mark, answers))
    if enrolment.status == "examining":
        _note(unit, enrolment, exam, graded, answers, actor)
        _follow(unit, enrolment, graded, at, actor)
        if graded.passed:
            _record(unit, enrolment, certificate.valid_until(at.astimezone(zone).date(), course.valid_months))
    unit.flush()
    return graded


def _kept(enrolment: Enrolment, exam: Exam, mark: Mark, answers: Answers) -> ExamMark:
    key, parts = mark.question.key, mark.question.parts
    chosen = {part.key: list(answers.get((key, part.key), ())) for part in parts}
    return ExamMark(
        exam_id=exam.id or 0,
        question=key,
        slug=enrolment.slug,
        version=enrolment.version,
        lesson=mark.question.lesson,
        difficulty=mark.question.difficulty,
        answer=chosen if parts else list(answers.get((key,), ())),
        got=float(mark.got),
        possible=float(mark.possible),
    )


def _note(unit: Unit, enrolment: Enrolment, exam: Exam, graded: Graded, answers: Answers, actor: Actor) -> None:
    """A statement a question, one a part of a case, and one of the whole."""
    at = exam.submitted_at or exam.begun_at
    for question, path in _answered(graded):
        chosen = answers.get(path, ())
        result = Result(success=share(question, chosen) == 1, response=chosen)
        statements.note(unit, enrolment, "answered", actor, at, question=question, result=result, attempt=exam.attempt)
    result = Result(
        success=graded.passed,
        completion=True,
        score=graded.score,
        seconds=(min(at, exam.deadline_at) - exam.begun_at).total_seconds(),
    )
    verb = "passed" if graded.passed else "failed"
    lapsed = exams.over(exam, at) or None
    statements.note(unit, enrolment, verb, actor, at, result=result, attempt=exam.attempt, lapsed=lapsed)


def _answered(graded: Graded) -> Iterator[tuple[Question, paper.Path]]:
    """What was answered by itself. A part of a case is known by both keys."""
    for mark in graded.marks:
        key = mark.question.key
        if not mark.question.parts:
            yield mark.question, (key,)
        for part in mark.question.parts:
            yield replace(part, key=f"{key}.{part.key}"), (key, part.key)


def _follow(unit: Unit, enrolment: Enrolment, graded: Graded, at: datetime, actor: Actor) -> None:
    enrolment.score = max(enrolment.score or 0, graded.score)
    unit.session.add(enrolment)
    if not graded.passed:
        enrolments.relearn(unit, enrolment, graded.lessons())
        return
    enrolment.status, enrolment.ended_at, enrolment.ended_by = "passed", at, actor.id


def _record(unit: Unit, enrolment: Enrolment, until: date | None) -> None:
    check.note_courses(
        unit,
        enrolment.employee,
        [enrolment.title],
        at=enrolment.ended_at or enrolment.assigned_at,
        source="exam",
        reference=enrolment.number,
        score=enrolment.score,
        valid_until=until,
    )
