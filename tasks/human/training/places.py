"""Where in a course something is told: in words, and as a place of the editor that leads there.

A place is `head`, `draw`, `bank`, or a list with a number, such as `lessons.2` and `bank.0`, counted from 0.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hr.training.course import CourseText
from hr.training.findings import Finding
from hr.training.nodes import Fault
from kernel.errors import Invalid
from kernel.text import Text

HEAD, DRAW, BANK = "head", "draw", "bank"
_LESSON = re.compile(r"lesson (\d+)")
_QUESTION = re.compile(r"the bank, question (\d+)")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a place; `line` of the source where that was read as it was typed."""

    at: str
    place: Text
    sentence: Text
    line: int = 0


def of_faults(refused: Invalid) -> list[Told]:
    """What keeps a course from being read; the refusal itself where it lists no faults."""
    faults = refused.details.get("faults")
    if not isinstance(faults, list) or not faults:
        return [Told(HEAD, Text(""), refused.message)]
    return [_of_fault(fault) for fault in faults]


def _of_fault(fault: Fault) -> Told:
    place = str(fault.place)
    lesson, question = _LESSON.match(place), _QUESTION.match(place)
    at = f"lessons.{int(lesson[1]) - 1}" if lesson else f"bank.{int(question[1]) - 1}" if question else HEAD
    return Told(at, fault.place, fault.sentence, fault.line)


def of_findings(course: CourseText, findings: Iterable[Finding]) -> list[Told]:
    """What stands against publishing a course."""
    return [Told(_at(course, found.place), found.place, found.sentence) for found in findings]


def _at(course: CourseText, place: Text) -> str:
    for part in _parts(place):
        title, key = part.values.get("title"), part.values.get("key")
        for number, lesson in enumerate(course.lessons):
            if title is not None and title in (lesson.title, lesson.key):
                return f"lessons.{number}"
        for number, question in enumerate(course.bank):
            if key is not None and key == question.key:
                return f"bank.{number}"
    return {"the exam": DRAW, "the bank": BANK}.get(place.template, HEAD)


def _parts(place: Text) -> Iterator[Text]:
    """The sentence and those within it, the outer one first."""
    yield place
    for value in place.values.values():
        if isinstance(value, Text):
            yield from _parts(value)
