"""The questions of a case study, answered while learning until each is right. The server alone knows what is right.

Like an exam's (`hr.training.paper`), options go out under the number of their place, in an order of the learner's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from hr.training import grade, statements
from hr.training.course import Lesson, Option, Question
from hr.training.paper import ONE
from hr.training.statements import Result
from hr.training.tables import Enrolment, LessonProgress
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A question as the learner sees it. `chosen` are the places of the last answer; `explanation` comes once right."""

    key: str
    kind: str
    stem: str
    options: tuple[str, ...]
    tries: int
    right: bool
    chosen: tuple[int, ...]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What an answer was worth, of the options of these keys. The explanation is empty until it is right."""

    right: bool
    tries: int
    explanation: str
    chosen: tuple[str, ...]


def exercises(enrolment: Enrolment, lesson: Lesson, progress: LessonProgress | None) -> tuple[Exercise, ...]:
    """All that the case study asks, in its order."""
    given = progress.answers if progress is not None else {}
    return tuple(_exercise(one, _order(enrolment, one), given.get(one.key, {})) for one in lesson.questions)


def left(lesson: Lesson, progress: LessonProgress | None) -> int:
    """How many questions are not yet answered right."""
    given = progress.answers if progress is not None else {}
    return sum(not given.get(question.key, {}).get("right") for question in lesson.questions)


def answer(
    unit: Unit,
    enrolment: Enrolment,
    lesson: Lesson,
    progress: LessonProgress,
    key: str,
    places: Sequence[int],
    *,
    actor: Actor,
    at: datetime,
) -> Marked:
    """Mark one try and keep it. Raises NotFound for what is not asked, Invalid for what cannot be chosen, Conflict for
    a question that is answered right already.
    """
    question = _asked(lesson, key)
    before: dict[str, Any] = progress.answers.get(key, {})
    if before.get("right"):
        raise Conflict(say("This question is answered right already. Go on to the next one."))
    marked = mark(enrolment, lesson, key, places, tries=before.get("tries", 0) + 1)
    kept = {"chosen": list(marked.chosen), "right": marked.right, "tries": marked.tries}
    progress.answers = {**progress.answers, key: kept}
    unit.session.add(progress)
    unit.flush()
    told = Result(success=marked.right, response=marked.chosen)
    statements.note(
        unit, enrolment, "answered", actor, at, lesson=lesson, question=question, result=told, attempt=marked.tries
    )
    return marked


def mark(enrolment: Enrolment, lesson: Lesson, key: str, places: Sequence[int], *, tries: int = 1) -> Marked:
    """What a try is worth, kept nowhere. Raises NotFound for what is not asked, Invalid for what cannot be chosen."""
    question = _asked(lesson, key)
    options = _order(enrolment, question)
    _refuse_impossible(question, options, places)
    chosen = tuple(options[place - 1].key for place in places)
    right = grade.share(question, chosen) == grade.ALL
    return Marked(right=right, tries=tries, explanation=question.explanation if right else "", chosen=chosen)


def _asked(lesson: Lesson, key: str) -> Question:
    question = next((one for one in lesson.questions if one.key == key), None)
    if question is None:
        raise NotFound(say("There is no question {key} in this lesson. Reload the page.", key=key[:40]))
    return question


def _exercise(question: Question, options: Sequence[Option], given: Mapping[str, Any]) -> Exercise:
    right = bool(given.get("right"))
    place = {option.key: n for n, option in enumerate(options, start=1)}
    return Exercise(
        key=question.key,
        kind=question.kind,
        stem=question.stem,
        options=tuple(option.text for option in options),
        tries=given.get("tries", 0),
        right=right,
        chosen=tuple(place[one] for one in given.get("chosen", ())),
        explanation=question.explanation if right else "",
    )


def _order(enrolment: Enrolment, question: Question) -> list[Option]:
    """The options as this learner sees them in this round. True comes before false."""
    if question.kind == "true-false":
        return list(question.options)
    return Random(f"{enrolment.number}/{enrolment.round}/{question.key}").sample(
        question.options, len(question.options)
    )


def _refuse_impossible(question: Question, options: Sequence[Option], places: Sequence[int]) -> None:
    known = len(set(places)) == len(places) and all(1 <= place <= len(options) for place in places)
    if not known or not places or (question.kind in ONE and len(places) > 1):
        raise Invalid(say("This is no answer to the question. Choose among what it offers, and send it again."))
