"""Training in stories: a learner goes through the lessons and takes the exam, through the doors that the pages use.

Time goes by as it does before a lesson, and an exam is answered just as well as the story says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from hr.training import exams, learning, needs, paper, practice
from hr.training.counting import Told
from hr.training.course import Lesson, Question
from hr.training.grade import grade
from hr.training.paper import Asked
from hr.training.tables import Enrolment
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from processes.story.stage import Stage
from tasks.human.training import exam, waivers
from tasks.human.training import learning as room

A_BEAT = timedelta(seconds=15)
FULL = 100
MOST_BEATS = 1_000
_OPEN = """
select number from enrolment
 where employee = %(login)s and status = any(%(states)s) and %(named)s in ('', number, title, slug)
 order by assigned_at, number limit 1
"""


def learn(stage: Stage, actor: Actor, details: Mapping[str, Any]) -> None:
    """Go through every lesson that is left, to the end. `lessons` says how many at most, `heed: false` that the page
    stands open with nobody before it.
    """
    number = _number(stage, actor.id, details, ("learning",))
    for _ in range(int(details.get("lessons", MOST_BEATS))):
        with stage.house.database.transaction() as unit:
            enrolment = room.own(unit, actor, number)
            ahead = learning.standing(unit, enrolment).next if enrolment.status == "learning" else None
        if ahead is None:
            return
        _take(stage, actor, number, ahead.key, heed=bool(details.get("heed", True)))


def examine(stage: Stage, actor: Actor, details: Mapping[str, Any]) -> None:
    """Take the exam and get just so many points of 100: `score`, all of them where it says nothing."""
    number = _number(stage, actor.id, details, ("examining", "learning"))
    score = int(details.get("score", FULL))
    sitting = exam.sit(stage.house, actor, number)
    with stage.house.database.transaction() as unit:
        answers = _answers(unit, room.own(unit, actor, number), sitting.attempt, score)
    exam.submit(stage.house, actor, number, sitting.attempt, sitting.token, answers)


def waive(stage: Stage, actor: Actor, details: Mapping[str, Any]) -> None:
    """Let someone (`of`) off a course, for a `reason`."""
    number = _number(stage, str(details.get("of", "")), details, ("learning", "examining"))
    with stage.house.database.transaction() as unit:
        waivers.waive(stage.house, unit, actor, number, str(details.get("reason", "")))


ACTS: Mapping[str, Callable[[Stage, Actor, Mapping[str, Any]], None]] = {
    "learn": learn,
    "examine": examine,
    "waive": waive,
}


def _number(stage: Stage, login: str, details: Mapping[str, Any], states: Sequence[str]) -> str:
    """Which training is meant: the one that is named by number, title or short name, else the oldest that is open."""
    named = str(details.get("course", ""))
    row = stage.house.database.once().one(_OPEN, {"login": login, "states": list(states), "named": named})
    if row is None:
        raise Invalid(say("No training waits for {who} at the moment.", who=login))
    return str(row[0])


def _take(stage: Stage, actor: Actor, number: str, key: str, *, heed: bool) -> None:
    """One lesson: heartbeats until the server has counted enough, then its questions, until each is right."""
    house = stage.house
    opened = room.open_lesson(house, actor, number, key)
    word, position, completed = opened.next_word, 0.0, False
    with house.database.transaction() as unit:
        enrolment = room.own(unit, actor, number)
        lesson = learning.lesson_of(unit, enrolment, key)
        length = needs.length(unit, lesson)
        answers = list(_practised(unit, enrolment, lesson))
    for question, places in answers:
        completed = room.answer(house, actor, number, opened.visit, question, places).completed or completed
    for _ in range(MOST_BEATS):
        stage.clock.advance(A_BEAT)
        beat = room.beat(house, actor, number, opened.visit, _told(lesson, word, position, length, heed=heed))
        if completed or beat.completed or not heed:
            break
        word, position = beat.next_word, beat.position
    room.finish(house, actor, number, key)


def _told(lesson: Lesson, word: str, position: float, length: float, *, heed: bool) -> Told:
    """What the page of a lesson says after A_BEAT."""
    if not heed:
        return Told(word=word)
    if lesson.kind == "video":
        return Told(word=word, played=((position, min(length, position + A_BEAT.total_seconds())),), here=True)
    return Told(word=word, seconds=A_BEAT.total_seconds(), reached=1.0, position=1.0, here=True)


def _practised(unit: Unit, enrolment: Enrolment, lesson: Lesson) -> Iterator[tuple[str, list[int]]]:
    """The right answer to each question of a case study, as places of the options that are shown."""
    progress = learning.progress_of(unit, enrolment, lesson.key)
    known = {key: question for question in lesson.questions for key, question in _asked(question)}
    for shown in practice.exercises(enrolment, lesson, progress):
        question = known[shown.key]
        words = {option.key: option.text for option in question.options}
        if not shown.right:
            yield shown.key, [shown.options.index(words[key]) + 1 for key in question.answer]


def _asked(question: Question) -> Iterator[tuple[str, Question]]:
    if not question.parts:
        yield question.key, question
    for part in question.parts:
        yield f"{question.key}.{part.key}", part


def _answers(unit: Unit, enrolment: Enrolment, attempt: int, score: int) -> dict[str, list[int]]:
    """Right answers to as many questions as give the score, and none to the others.

    Raises Invalid where the points of this paper do not add up to it.
    """
    course = exams.course_of(unit, enrolment)
    drawn = paper.read(exams.find(unit, enrolment.number, attempt).paper)
    chosen = _adding_up([(place, one.points) for place, one in enumerate(drawn, start=1)], score)
    if chosen is None:
        raise Invalid(say("The points of this exam do not add up to {score}.", score=score))
    asked = [one for one in paper.asked(course, drawn) if int(one.place.partition(".")[0]) in chosen]
    answers = {one.place: _right(one) for one in asked}
    graded = grade(course, drawn, paper.keyed(course, drawn, answers))
    assert graded.score == score
    return answers


def _right(one: Asked) -> list[int]:
    return [one.options.index(key) + 1 for key in one.question.answer]


def _adding_up(points: Sequence[tuple[int, int]], score: int) -> set[int] | None:
    """Places of questions whose points add up to the score."""
    if not points:
        return set() if score == 0 else None
    (place, worth), rest = points[0], points[1:]
    with_it = _adding_up(rest, score - worth) if worth <= score else None
    return with_it | {place} if with_it is not None else _adding_up(rest, score)
