"""What a training text may not say: that a breach costs a fine, a part of the wage, a service period or a paper.

Training on secrecy is no special training (专项培训) of LCL 22: nobody pays for leaving after it, and nothing but a
non-compete may carry a penalty (LCL 23, 25; domain L11). The rules are those of agreements (`hr.agreements.law`).
"""

import re
from collections.abc import Iterator

from hr.agreements.law import lines, penalties
from hr.agreements.law.wording import Finding, of_lines
from hr.training import markdown
from hr.training.course import Lesson, Question

Passage = tuple[int, str, str]  # line, kind and words, as `of_lines` reads them
# A stem that asks for what is wrong has unlawful things as its right answers.
_ASKS_FOR_WRONG = re.compile(r"不|违|错|禁|无效|侵|泄")


def of_lesson(lesson: Lesson) -> Iterator[Finding]:
    """What the law has against what the lesson says: its text, or what is spoken and shown in its video."""
    shown = [(0, "paragraph", line) for slide in lesson.slides for line in (slide.title, *slide.lines)]
    yield from _found([*markdown.plain(lesson.body), *markdown.plain(lesson.transcript), *shown])
    for question in lesson.questions:
        yield from of_question(question)


def of_question(question: Question) -> Iterator[Finding]:
    """What the law has against what a question teaches: its explanation and its right answers.

    Stems ask and other options are wrong on purpose: they say nothing.
    """
    told = [(0, "paragraph", question.explanation)]
    if question.kind != "true-false" and not _ASKS_FOR_WRONG.search(question.stem):
        right = [option for key in question.answer if (option := question.option(key))]
        told += [(0, "paragraph", option.text) for option in right]
    yield from _found(told)
    for part in question.parts:
        yield from of_question(part)


def _found(passages: list[Passage]) -> Iterator[Finding]:
    sentences = of_lines(passages)
    yield from penalties.found(sentences, non_compete=False)
    yield from (found for found in lines.found(sentences) if found.severity == "error")
