"""A course as HR's form has it: the same values as its YAML, arranged as people edit them.

A form keeps a list of options with a mark on the right ones; of an order, the options stand as they belong. Values come
back as text; reading them is left to `hr.training.reader`, which tells all that is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import yaml

from hr.training import reader
from hr.training.course import CourseText, Lesson, Option, Question
from hr.training.slides import spoken
from kernel.errors import Invalid
from kernel.text import say

DEEPEST = 10
_HEAD = ("title", "kind", "summary", "pass_mark", "minutes", "valid_months", "ordered")
_LESSON = ("key", "title", "kind", "body", "seconds", "video", "captions", "transcript", "scorm")
_SLIDE = ("title", "spoken", "seconds")
_STRATUM = ("difficulty", "count", "points")
_QUESTION = ("key", "kind", "lesson", "difficulty", "stem", "passage", "explanation", "law", "valid_from")
_PART = ("key", "kind", "stem", "explanation", "law")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option in the form, with its mark."""

    key: str
    text: str
    right: bool


def choices(question: Question) -> list[Choice]:
    """The options as they are edited: of an order as it is right, else as they were written."""
    options: Iterable[Option] = question.options
    if question.kind == "ordering":
        places = {key: place for place, key in enumerate(question.answer)}
        options = sorted(options, key=lambda option: places.get(option.key, len(places)))
    return [Choice(option.key, option.text, option.key in question.answer) for option in options]


def captions(lesson: Lesson) -> str:
    """The captions as they are edited: none where they are made of the slides, whose words they follow."""
    return "" if lesson.slides and lesson.captions == spoken.vtt(lesson.slides) else lesson.captions


def transcript(lesson: Lesson) -> str:
    """The transcript in the same way."""
    return "" if lesson.slides and lesson.transcript == spoken.transcript(lesson.slides) else lesson.transcript


def source(form: Mapping[str, Any], slug: str) -> str:
    """The YAML of a course out of the values of its form. Raises Invalid with every fault at its place."""
    if not _is_shallow(form, DEEPEST):
        raise Invalid(say("The form's values could not be read. Reload the page and send it again."))
    given = {
        **_texts(form, _HEAD),
        "draw": [_texts(row, _STRATUM) for row in _rows(form, "draw")],
        "lessons": [_lesson(row) for row in _rows(form, "lessons")],
        "bank": [_question(row, _QUESTION) for row in _rows(form, "bank")],
    }
    return reader.write(reader.read(yaml.safe_dump(given, allow_unicode=True, sort_keys=False), slug))


def beginning(slug: str) -> CourseText:
    """What a new course begins as."""
    return CourseText(slug=slug, title="")


def _lesson(row: Mapping[str, Any]) -> dict[str, Any]:
    slides = [
        {**_texts(slide, _SLIDE), "lines": [line for line in _text(slide.get("lines")).splitlines() if line.strip()]}
        for slide in _rows(row, "slides")
    ]
    made = {**_texts(row, _LESSON), "questions": [_question(one, _PART) for one in _rows(row, "questions")]}
    return {**made, "slides": slides} if slides else made


def _question(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = _texts(row, names)
    if made.get("kind") == "case":
        return {**made, "parts": [_question(part, _PART) for part in _rows(row, "parts")]}
    made.pop("passage", None)
    options = _lettered(_rows(row, "options"))
    ordered = made.get("kind") == "ordering"
    answer = [key for key, option in options.items() if ordered or _text(option.get("right")) == "true"]
    return {**made, "options": {key: _text(option.get("text")) for key, option in options.items()}, "answer": answer}


def _lettered(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The options under their letters: those that they had, and the next free ones for new options."""
    taken = {_text(row.get("key")) for row in rows}
    free = iter([letter for letter in ascii_lowercase if letter not in taken])
    made: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        key = _text(row.get("key"))
        made[key if key and key not in made else next(free, f"option {len(made) + 1}")] = row
    return made


def _texts(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    found = {name: _text(row.get(name)) for name in names}
    return {name: text for name, text in found.items() if text}


def _text(value: Any) -> str:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _rows(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = of.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _is_shallow(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return most > 0 and all(_is_shallow(one, most - 1) for one in inner)
