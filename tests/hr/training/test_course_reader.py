"""Courses as YAML: what is wrong is told at its place, and what is written can be read again."""

from dataclasses import replace
from datetime import date
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hr.training import reader
from hr.training.course import CourseText, Lesson, Option, Question, Slide, Stratum, reading_seconds
from hr.training.nodes import Fault
from hr.training.slides import spoken
from hr.training.written import TRUE_FALSE
from kernel.errors import Invalid

WHOLE = """
title: 存储要求
kind: other
summary: 存在哪里。
pass_mark: 90
minutes: 20
valid_months: 24
ordered: false
draw: [{difficulty: easy, count: 10, points: 10}]
lessons:
  - key: where
    title: 存在哪里
    kind: text
    body: |
      ## 一个家

      授权的系统。
  - key: film
    title: 一分钟
    kind: video
    video: shipped:home
    slides:
      - {title: 只有一个家, seconds: 6, lines: [CRM, 合同库], spoken: 只有一个家。}
  - key: what-happened
    title: 案例
    kind: case
    body: 经过。
    questions:
      - {key: right, kind: true-false, stem: 对吗？, answer: b, explanation: 不对。}
bank:
  - key: breach
    kind: multiple
    lesson: where
    difficulty: easy
    stem: 哪些违反？
    options:
      a: 带走清单
      b: 归档文档
      c: 传到网盘
    answer: [a, c]
    explanation: 带走和外传。
    law: 《劳动合同法》第二十三条
    valid_from: 2026-01-01
  - key: lost
    kind: case
    lesson: where
    passage: 电脑丢了。
    parts:
      - {key: when, kind: single, stem: 何时报告？, options: {a: 立即, b: 周一}, answer: a}
"""


def faults(source: str) -> list[Fault]:
    with pytest.raises(Invalid) as refused:
        reader.read(source, "where")
    return refused.value.details["faults"]  # type: ignore[return-value]


def test_a_course_is_read_as_it_is_written() -> None:
    course = reader.read(WHOLE, "where")

    assert (course.slug, course.title, course.kind) == ("where", "存储要求", "other")
    assert (course.pass_mark, course.minutes, course.valid_months, course.ordered) == (90, 20, 24, False)
    assert course.draw == (Stratum("easy", 10, 10),)
    assert [lesson.kind for lesson in course.lessons] == ["text", "video", "case"]
    assert course.lessons[0].body == "## 一个家\n\n授权的系统。"
    breach = course.question("breach")
    assert breach is not None
    assert breach.answer == ("a", "c")
    assert [option.text for option in breach.options] == ["带走清单", "归档文档", "传到网盘"]
    assert (breach.law, breach.valid_from) == ("《劳动合同法》第二十三条", date(2026, 1, 1))


def test_a_film_of_slides_has_its_captions_and_transcript_from_them() -> None:
    film = reader.read(WHOLE, "where").lessons[1]

    assert film.captions == "WEBVTT\n\n00:00:00.000 --> 00:00:06.000\n只有一个家。"
    assert film.transcript == "## 只有一个家\n\n只有一个家。"


def test_true_or_false_needs_no_options() -> None:
    asked = reader.read(WHOLE, "where").lessons[2].questions[0]

    assert [option.text for option in asked.options] == ["正确", "错误"]
    assert asked.answer == ("b",)


@pytest.mark.parametrize(
    ("before", "after", "line", "place", "says"),
    [
        ("title: 存储要求", "titel: 存储要求", 2, "the head of the course", "“titel” is not known here"),
        ("pass_mark: 90", "pass_mark: 101", 5, "the head of the course", "a whole number from 1 to 100"),
        ("ordered: false", "ordered: perhaps", 8, "the head of the course", "Take one of: true, false"),
        ("draw: [{d", "draw: [{d: 1, d", 9, "the head of the course", "“d” is not known here"),
        ("kind: text", "kind: book", 13, "lesson 1 (where)", "“book” is no kind"),
        ("key: where", "key: Where 1", 11, "lesson 1 (Where 1)", "“Where 1” is no key"),
        ("seconds: 6", "seconds: 0", 23, "lesson 2 (film)", "a whole number from 1 to 600"),
        ("kind: true-false", "kind: ordering", 29, "lesson 3 (what-happened), question 1 (right)", "is no kind"),
        ("      b: 归档文档", "      bb: 归档文档", 38, "the bank, question 1 (breach)", "“bb” is no key of an option"),
        ("      b: 归档文档", "      a: 归档文档", 38, "the head of the course", "“a” stands here twice"),
        ("2026-01-01", "2026-02-30", 43, "the bank, question 1 (breach)", "is no day of the calendar"),
        ("answer: [a, c]", "answer: {a: c}", 40, "the bank, question 1 (breach)", "is a list"),
        ("kind: single", "kind: case", 49, "the bank, question 2 (lost), question 1 (when)", "“case” is no kind"),
    ],
)
def test_a_fault_is_told_at_its_line_and_place(before: str, after: str, line: int, place: str, says: str) -> None:
    assert before in WHOLE
    found = faults(WHOLE.replace(before, after, 1))

    told = next(fault for fault in found if says in str(fault.sentence))
    assert (told.line, str(told.place)) == (line, place)


def test_all_faults_are_told_at_once() -> None:
    found = faults(WHOLE.replace("kind: text", "kind: book").replace("minutes: 20", "minutes: soon"))

    assert [fault.line for fault in found] == [6, 13]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "“title” is missing"),
        ("- 一\n- 二", "Names with values are wanted here"),
        ("title: [", "This is no YAML"),
        ("title: &a x\nsummary: *a", "refers to another place"),
        ("title: " + "[" * 40 + "]" * 40, "nested too deep"),
        ("title: \x07", "This is no YAML"),
        ("title: \ud800", "half of a character"),
        ("title: " + "x" * 50_000, "more than 40000 characters"),
    ],
)
def test_what_is_no_course_is_refused_in_words(source: str, says: str) -> None:
    assert any(says in str(fault.sentence) for fault in faults(source))


def test_too_large_a_source_is_not_looked_at() -> None:
    with pytest.raises(Invalid, match="at most 1048576 are taken"):
        reader.read("#" * 2**20 + "#", "where")


def test_reading_takes_as_long_as_the_text_does() -> None:
    assert reading_seconds(Lesson(key="a", title="短", kind="text", body="一句话。")) == 20
    assert reading_seconds(Lesson(key="a", title="中", kind="text", body="## 标题\n\n" + "字" * 478)) == 60
    assert reading_seconds(Lesson(key="a", title="长", kind="text", body="字" * 9000)) == 600
    assert reading_seconds(Lesson(key="a", title="定", kind="text", body="字", seconds=5)) == 5


# Whatever is written is read again

edges = some.text(some.characters(codec="utf-8"), max_size=40).map(str.strip)
words = edges.filter(bool)
keys = some.text(ascii_lowercase + "0123456789", min_size=1, max_size=8)
options = some.lists(words, max_size=4).map(
    lambda texts: tuple(Option(key, text) for key, text in zip(ascii_lowercase, texts, strict=False))
)
answers = some.lists(some.sampled_from("abcd"), max_size=4).map(tuple)


def filled(question: Question) -> Question:
    """True or false without options is read with the usual two."""
    usual = question.kind == "true-false" and not question.options
    return replace(question, options=TRUE_FALSE) if usual else question


parts = some.builds(
    Question,
    key=keys,
    kind=some.sampled_from(["single", "multiple", "true-false"]),
    stem=edges,
    options=options,
    answer=answers,
    explanation=edges,
    law=edges,
    lesson=some.just(""),
    difficulty=some.just("medium"),
    valid_from=some.none(),
    passage=some.just(""),
    parts=some.just(()),
).map(filled)
questions = some.builds(
    Question,
    key=keys,
    kind=some.sampled_from(["single", "multiple", "ordering", "true-false", "case"]),
    stem=edges,
    options=options,
    answer=answers,
    explanation=edges,
    lesson=keys,
    difficulty=some.sampled_from(["easy", "medium", "hard"]),
    law=edges,
    valid_from=some.none() | some.dates(),
    passage=edges,
    parts=some.lists(parts, max_size=2).map(tuple),
).map(filled)
slides = some.lists(
    some.builds(
        Slide,
        title=words,
        lines=some.lists(words, max_size=3).map(tuple),
        spoken=words,
        seconds=some.integers(1, 600),
    ),
    max_size=2,
).map(tuple)


@some.composite
def lessons(draw: some.DrawFn) -> Lesson:
    shown = draw(slides)
    return Lesson(
        key=draw(keys),
        title=draw(words),
        kind=draw(some.sampled_from(["text", "video", "case", "scorm"])),
        body=draw(edges),
        seconds=draw(some.integers(0, 36_000)),
        video=draw(some.none() | words),
        captions=spoken.vtt(shown) or draw(edges),
        transcript=spoken.transcript(shown) or draw(edges),
        scorm=draw(some.none() | words),
        slides=shown,
        questions=tuple(draw(some.lists(parts, max_size=1))),
    )


courses = some.builds(
    CourseText,
    slug=some.just("a-course"),
    title=words,
    kind=some.sampled_from(["confidentiality", "other"]),
    summary=edges,
    lessons=some.lists(lessons(), max_size=2).map(tuple),
    bank=some.lists(questions, max_size=2).map(tuple),
    draw=some.lists(
        some.builds(Stratum, some.sampled_from(["easy", "medium", "hard"]), some.integers(0, 9), some.integers(0, 9)),
        max_size=3,
    ).map(tuple),
    pass_mark=some.integers(1, 100),
    minutes=some.integers(1, 600),
    valid_months=some.integers(0, 120),
    ordered=some.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(courses)
def test_what_is_written_is_the_same_course_when_it_is_read(course: CourseText) -> None:
    source = reader.write(course)

    again = reader.read(source, "a-course")
    assert again == course
    assert reader.write(again) == source
