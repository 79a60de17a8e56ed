"""A course as it is taught: lessons in their order, the bank of questions, and how an exam is drawn from it.

Reading and writing it as YAML is `hr.training.reader`, what stands against publishing it `hr.training.checks`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["confidentiality", "other"]
LessonKind = Literal["text", "video", "case", "scorm"]
QuestionKind = Literal["single", "multiple", "ordering", "true-false", "case"]
Difficulty = Literal["easy", "medium", "hard"]

SHIPPED = "shipped:"  # before the name of a video that is made of the slides of its lesson


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen, or put in order. Keys are small letters: a, b, …"""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`answer`: the one key (single, true-false), the keys in any order (multiple), all keys in their order (ordering).

    A case has a passage and parts, which are single, multiple or true-false, and no options of its own; other kinds
    have no parts. `lesson` is the key of the lesson that teaches it; `law` names the article, where there is one. It is
    drawn from `valid_from` on, where that is given.
    """

    key: str
    kind: QuestionKind
    stem: str
    options: tuple[Option, ...] = ()
    answer: tuple[str, ...] = ()
    explanation: str = ""
    lesson: str = ""
    difficulty: Difficulty = "medium"
    law: str = ""
    valid_from: date | None = None
    passage: str = ""
    parts: tuple["Question", ...] = ()

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One picture of a video that is made here: what stands on it, and what is said to it, for so many seconds."""

    title: str
    lines: tuple[str, ...]
    spoken: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """`body` and `transcript` are Markdown, `captions` WebVTT. `seconds` is the least reading time, 0: by its length.

    `video` and `scorm` are hashes of course media; a video may be `shipped:<name>` with `slides` instead, of which its
    captions and transcript are made. `questions` stand in a case study and are answered while learning; they are no
    part of the exam.
    """

    key: str
    title: str
    kind: LessonKind
    body: str = ""
    seconds: int = 0
    video: str | None = None
    captions: str = ""
    transcript: str = ""
    scorm: str | None = None
    questions: tuple[Question, ...] = ()
    slides: tuple[Slide, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """So many questions of a difficulty, each worth so many points."""

    difficulty: Difficulty
    count: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseText:
    """`minutes` is the time of an exam, `pass_mark` in points of 100; `valid_months` is how long a pass holds.

    Where it is `ordered`, a lesson opens when the one before it is done.
    """

    slug: str
    title: str
    kind: Kind = "confidentiality"
    summary: str = ""
    lessons: tuple[Lesson, ...] = ()
    bank: tuple[Question, ...] = ()
    draw: tuple[Stratum, ...] = ()
    pass_mark: int = 80
    minutes: int = 30
    valid_months: int = 12
    ordered: bool = True

    def lesson(self, key: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.key == key), None)

    def question(self, key: str) -> Question | None:
        """A question of the bank by its key, or of a case study."""
        return next((question for question in self.questions() if question.key == key), None)

    def questions(self) -> Iterator[Question]:
        """Those of the bank, then those of the case studies."""
        yield from self.bank
        for lesson in self.lessons:
            yield from lesson.questions


READ_PER_SECOND = 8  # characters of Chinese
LEAST_SECONDS = 20
MOST_SECONDS = 600


def reading_seconds(lesson: Lesson) -> int:
    """The least time for which a text is open before it counts as read: what the lesson asks, else by its length."""
    if lesson.seconds:
        return lesson.seconds
    signs = sum(1 for sign in lesson.body if sign.isalnum())
    return min(MOST_SECONDS, max(LEAST_SECONDS, -(-signs // READ_PER_SECOND)))
