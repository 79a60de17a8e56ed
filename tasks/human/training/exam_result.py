"""An exam that is over, question by question: what was answered, what is right, why, and what to learn again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hr.training import exams, grade, paper
from hr.training.course import CourseText, Question
from hr.training.draw import Drawn
from hr.training.paper import Answers, Path
from hr.training.tables import Enrolment, Exam
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say
from tasks.house import House
from tasks.human.training.exam import lapse, own


@dataclass(frozen=True, slots=True)
class Choice:
    """An option in the place where it was shown. Of an order, `chosen` and `right` are the places it got and has."""

    text: str
    chosen: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question as it was answered. `lesson` is the title of the one that teaches it, empty where there is none."""

    place: str
    kind: str
    stem: str
    passage: str
    options: tuple[Choice, ...]
    answered: bool
    right: bool
    got: float
    possible: float
    explanation: str
    law: str
    lesson: str
    parts: tuple["Answered", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`lapsed`: nobody handed it in, it was graded when its time was over. `lessons` are titles of what to learn again.

    `status` is that of the training now.
    """

    number: str
    title: str
    attempt: int
    begun_at: datetime
    submitted_at: datetime
    lapsed: bool
    score: int
    passed: bool
    pass_mark: int
    status: str
    questions: tuple[Answered, ...]
    lessons: tuple[str, ...]

    @property
    def right(self) -> int:
        """How many questions were fully right."""
        return sum(question.right for question in self.questions)


def result(house: House, actor: Actor, number: str, attempt: int) -> Result | None:
    """One of the actor's own attempts; None while it is not handed in. Raises NotFound for others' and unknown ones.

    Raises Conflict while the person has an exam of this course open: old answers would help with the new one.
    """
    lapse(house, number)
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number)
        exam = exams.find(unit, number, attempt)
        if exam.submitted_at is None:
            return None
        if exams.sat_by(unit, actor.id, enrolment.slug):
            raise Conflict(
                say(
                    "An exam of {title} is under way. What was right in earlier ones is shown again when it is over.",
                    title=enrolment.title,
                )
            )
        return _result(unit, enrolment, exam, exam.submitted_at)


def _result(unit: Unit, enrolment: Enrolment, exam: Exam, at: datetime) -> Result:
    course = exams.course_of(unit, enrolment)
    questions = tuple(_answered(course, exam, _marks(unit, exam)))
    again = dict.fromkeys(question.lesson for question in questions if question.lesson and not question.right)
    return Result(
        number=enrolment.number,
        title=enrolment.title,
        attempt=exam.attempt,
        begun_at=exam.begun_at,
        submitted_at=at,
        lapsed=exams.over(exam, at),
        score=exam.score or 0,
        passed=bool(exam.passed),
        pass_mark=course.pass_mark,
        status=enrolment.status,
        questions=questions,
        lessons=tuple(lesson.title for lesson in course.lessons if lesson.title in again),
    )


def _marks(unit: Unit, exam: Exam) -> dict[str, tuple[float, float]]:
    rows = unit.all("select question, got, possible from exam_mark where exam_id = %s", (exam.id,))
    return {question: (got, possible) for question, got, possible in rows}


def _answered(course: CourseText, exam: Exam, marks: Mapping[str, tuple[float, float]]) -> Iterator[Answered]:
    drawn, bank = paper.read(exam.paper), paper.by_key(course.bank)
    answers = paper.keyed(course, drawn, exam.answers)
    titles = {lesson.key: lesson.title for lesson in course.lessons}
    for n, one in enumerate(drawn, start=1):
        question, (got, possible) = bank[one.question], marks[one.question]
        parts = paper.by_key(question.parts)
        yield _told(
            question,
            one,
            (question.key,),
            answers,
            place=str(n),
            got=got,
            possible=possible,
            lesson=titles.get(question.lesson, ""),
            parts=tuple(
                _part(parts[part.question], part, question.key, answers, f"{n}.{m}", possible / len(parts))
                for m, part in enumerate(one.parts, start=1)
            ),
        )


def _part(question: Question, drawn: Drawn, case: str, answers: Answers, place: str, possible: float) -> Answered:
    path = (case, question.key)
    got = float(grade.share(question, answers.get(path, ()))) * possible
    return _told(question, drawn, path, answers, place=place, got=got, possible=possible)


def _told(
    question: Question,
    drawn: Drawn,
    path: Path,
    answers: Answers,
    *,
    place: str,
    got: float,
    possible: float,
    lesson: str = "",
    parts: tuple[Answered, ...] = (),
) -> Answered:
    chosen = answers.get(path, ())
    return Answered(
        place=place,
        kind=question.kind,
        stem=question.stem,
        passage=question.passage,
        options=tuple(_choice(question, key, chosen) for key in drawn.options),
        answered=bool(chosen) or any(part.answered for part in parts),
        right=got == possible,
        got=got,
        possible=possible,
        explanation=question.explanation,
        law=question.law,
        lesson=lesson,
        parts=parts,
    )


def _choice(question: Question, key: str, chosen: Sequence[str]) -> Choice:
    option = question.option(key)
    return Choice(option.text if option else key, _place(question, key, chosen), _place(question, key, question.answer))


def _place(question: Question, key: str, keys: Sequence[str]) -> int:
    """Of an order the place from 1 on; of a choice 1 for what is among the keys. 0 for what is not."""
    if key not in keys:
        return 0
    return keys.index(key) + 1 if question.kind == "ordering" else 1
