"""An exam's paper is drawn from the bank of its course: as many questions of each difficulty as the course says.

Within a difficulty the questions come from all lessons alike, as far as the bank has them. The order of the questions
and of their options is shuffled. The same seed draws the same paper.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from random import Random

from hr.training.course import CourseText, Question, Stratum
from kernel.errors import Invalid
from kernel.text import Text, say

KEPT = "true-false"  # the kind whose options stay in their order: true stands before false
DIFFICULTY = {"easy": say("easy"), "medium": say("medium"), "hard": say("hard")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One question of a paper: its key, the points it brings, the keys of its options in the order shown.

    A case has `parts` and no options; its parts share its points and have none of their own.
    """

    question: str
    points: int = 0
    options: tuple[str, ...] = ()
    parts: tuple["Drawn", ...] = ()


def draw(course: CourseText, seed: int, *, on: date) -> tuple[Drawn, ...]:
    """The paper of one attempt on a day of the office. Whoever guesses the seed knows the paper: take it at random.

    Raises Invalid where the bank has fewer questions than a stratum asks for.
    """
    chance, taken, paper = Random(seed), Counter[str](), list[Drawn]()
    for stratum in course.draw:
        for question in _spread(chance, _enough(course, stratum, on), stratum.count, taken):
            paper.append(_shown(chance, question, stratum.points))
    chance.shuffle(paper)
    return tuple(paper)


def usable(course: CourseText, difficulty: str, *, on: date) -> list[Question]:
    """The questions of a difficulty that can be asked on a day: those that hold by then."""
    return [
        question
        for question in course.bank
        if question.difficulty == difficulty and (question.valid_from is None or question.valid_from <= on)
    ]


def _enough(course: CourseText, stratum: Stratum, on: date) -> list[Question]:
    found = usable(course, stratum.difficulty, on=on)
    if len(found) < stratum.count:
        raise Invalid(
            say(
                "The exam of {course} asks {count} {difficulty} questions; its bank has {found} that hold on {day}. "
                "Add questions, or draw fewer.",
                course=course.title,
                count=stratum.count,
                difficulty=DIFFICULTY.get(stratum.difficulty, Text(stratum.difficulty)),
                found=len(found),
                day=on.isoformat(),
            )
        )
    return found


def _spread(chance: Random, questions: list[Question], count: int, taken: Counter[str]) -> list[Question]:
    """So many questions, one of each lesson in turn. `taken` counts those of the whole paper: where a turn cannot go
    all the way round, the lessons with the fewest come first.
    """
    left = defaultdict[str, list[Question]](list)
    for question in chance.sample(questions, len(questions)):
        left[question.lesson].append(question)
    found: list[Question] = []
    while len(found) < count:
        lessons = chance.sample(sorted(left), len(left))
        for lesson in sorted(lessons, key=taken.__getitem__)[: count - len(found)]:
            found.append(left[lesson].pop())
            taken[lesson] += 1
            if not left[lesson]:
                del left[lesson]
    return found


def _shown(chance: Random, question: Question, points: int = 0) -> Drawn:
    return Drawn(
        question=question.key,
        points=points,
        options=_shuffled(chance, question),
        parts=tuple(_shown(chance, part) for part in question.parts),
    )


def _shuffled(chance: Random, question: Question) -> tuple[str, ...]:
    """An order to be found is never shown as the right one: it would be right without having been touched."""
    keys = [option.key for option in question.options]
    if question.kind == KEPT:
        return tuple(keys)
    chance.shuffle(keys)
    if question.kind == "ordering" and tuple(keys) == question.answer:
        keys = [*keys[1:], keys[0]]
    return tuple(keys)
