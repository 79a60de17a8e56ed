"""How a paper is marked. All sums are exact: 79.99 points are 79, which is not 80.

single, true-false   the one right option, or nothing
multiple             all the right options bring all points, some of them and no wrong one half of the points
ordering             the right order, or nothing: nobody can say how much two exchanged places are worth
case                 its parts share its points alike, each marked by its own kind
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from hr.training.course import CourseText, Question
from hr.training.draw import Drawn
from hr.training.paper import Answers, by_key

NOTHING, HALF, ALL = Fraction(0), Fraction(1, 2), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one question of the paper brought, of how much it could."""

    question: Question
    got: Fraction
    possible: Fraction

    @property
    def right(self) -> bool:
        """Nothing of it was wrong or missing."""
        return self.got == self.possible


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A paper marked: whole points of 100, rounded down, and each question in the order of the paper."""

    score: int
    passed: bool
    marks: tuple[Mark, ...]

    def lessons(self) -> tuple[str, ...]:
        """The lessons to learn again: those with a question that was not fully right."""
        return tuple(dict.fromkeys(mark.question.lesson for mark in self.marks if not mark.right))


def grade(course: CourseText, paper: Sequence[Drawn], answers: Answers) -> Graded:
    """Mark the answers to a paper of this version of the course. What was not answered brings nothing.

    Whoever reaches the course's `pass_mark` has passed.
    """
    bank = by_key(course.bank)
    marks = tuple(_mark(bank[drawn.question], drawn.points, answers) for drawn in paper)
    score = floor(sum((mark.got for mark in marks), NOTHING))
    return Graded(score=score, passed=score >= course.pass_mark, marks=marks)


def _mark(question: Question, points: int, answers: Answers) -> Mark:
    possible = Fraction(points)
    if question.parts:
        shares = [share(part, answers.get((question.key, part.key), ())) for part in question.parts]
        return Mark(question=question, got=possible * sum(shares, NOTHING) / len(shares), possible=possible)
    return Mark(question=question, got=possible * share(question, answers.get((question.key,), ())), possible=possible)


def share(question: Question, chosen: Sequence[str]) -> Fraction:
    """Which share of its points an answer to a question without parts brings."""
    if question.kind == "ordering":
        return ALL if tuple(chosen) == question.answer else NOTHING
    right, given = set(question.answer), set(chosen)
    if given == right:
        return ALL
    return HALF if question.kind == "multiple" and given and given < right else NOTHING
