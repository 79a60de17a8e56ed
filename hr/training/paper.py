"""A paper as it is stored, as it is shown, and what is answered on it.

Whoever sits the exam sees places alone: `3` is the third question, `3.2` the second part of a case at its place, and an
option is the number of its place. Keys stay with the server: those of an order are often written in the right one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hr.training.course import CourseText, Question
from hr.training.draw import Drawn
from kernel.errors import Invalid
from kernel.text import say

Path = tuple[str, ...]  # the key of a question; of a case and its part
Answers = Mapping[Path, tuple[str, ...]]  # the keys of the options chosen; of an order all of them
Placed = dict[str, list[int]]  # the same by places, as the page sends it and the exam keeps it
ONE = ("single", "true-false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as whoever sits the exam sees it: no key, no answer, no explanation, no difficulty.

    `options` are their words from place 1 on. A case has `passage` and `parts`, and no options.
    """

    place: str
    kind: str
    stem: str
    points: int
    options: tuple[str, ...]
    passage: str
    parts: tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is answered by itself: a question without parts, or a part of a case."""

    place: str
    path: Path
    options: tuple[str, ...]
    question: Question


def stored(paper: Sequence[Drawn]) -> list[dict[str, Any]]:
    """A paper as JSON."""
    return [
        {
            "question": drawn.question,
            "points": drawn.points,
            "options": list(drawn.options),
            "parts": stored(drawn.parts),
        }
        for drawn in paper
    ]


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Drawn, ...]:
    """A paper as it was stored."""
    return tuple(
        Drawn(
            question=row["question"],
            points=row["points"],
            options=tuple(row["options"]),
            parts=read(row["parts"]),
        )
        for row in rows
    )


def shown(course: CourseText, paper: Sequence[Drawn]) -> tuple[Shown, ...]:
    """What whoever sits the exam sees of the paper."""
    bank = by_key(course.bank)
    return tuple(_shown(bank[drawn.question], drawn, str(n)) for n, drawn in enumerate(paper, start=1))


def _shown(question: Question, drawn: Drawn, place: str) -> Shown:
    words, parts = {option.key: option.text for option in question.options}, by_key(question.parts)
    return Shown(
        place=place,
        kind=question.kind,
        stem=question.stem,
        points=drawn.points,
        options=tuple(words[key] for key in drawn.options),
        passage=question.passage,
        parts=tuple(_shown(parts[part.question], part, f"{place}.{n}") for n, part in enumerate(drawn.parts, start=1)),
    )


def by_key(questions: Sequence[Question]) -> dict[str, Question]:
    """Questions by their keys."""
    return {question.key: question for question in questions}


def asked(course: CourseText, paper: Sequence[Drawn]) -> Iterator[Asked]:
    """All that can be answered on the paper, in its order."""
    bank = by_key(course.bank)
    for place, drawn in enumerate(paper, start=1):
        question = bank[drawn.question]
        if not question.parts:
            yield Asked(str(place), (question.key,), drawn.options, question)
        parts = by_key(question.parts)
        for n, part in enumerate(drawn.parts, start=1):
            yield Asked(f"{place}.{n}", (question.key, part.question), part.options, parts[part.question])


def checked(course: CourseText, paper: Sequence[Drawn], told: Mapping[str, Sequence[int]]) -> Placed:
    """Answers as the page sends them, if the paper can be answered so. An empty answer is one that was taken back.

    Raises Invalid, for the whole of them, where one answers what is not asked, or with what cannot be chosen.
    """
    known = {one.place: one for one in asked(course, paper)}
    for place, chosen in told.items():
        if place not in known or not _possible(known[place], list(chosen)):
            raise Invalid(
                say(
                    "The answers do not fit this paper at {place}, so none of them were taken. Reload the exam: what "
                    "was saved before is still there.",
                    place=place[:12],
                )
            )
    return {place: list(told[place]) for place in known if told.get(place)}


def _possible(one: Asked, chosen: list[int]) -> bool:
    """Places of options, each once; one for one choice; of an order all."""
    if not chosen:
        return True
    if len(set(chosen)) < len(chosen) or not all(1 <= place <= len(one.options) for place in chosen):
        return False
    if one.question.kind in ONE:
        return len(chosen) == 1
    return one.question.kind != "ordering" or len(chosen) == len(one.options)


def keyed(course: CourseText, paper: Sequence[Drawn], placed: Mapping[str, Sequence[int]]) -> Answers:
    """What was answered, by keys. What was not answered is not among it."""
    return {
        one.path: tuple(one.options[place - 1] for place in placed[one.place])
        for one in asked(course, paper)
        if placed.get(one.place)
    }
