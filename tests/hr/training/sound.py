"""A small course with nothing against it, to be changed by each test in one place."""

from dataclasses import replace
from typing import Any

from hr.training.course import CourseText, Lesson, Option, Question, Slide, Stratum
from hr.training.slides import spoken

WORDS = "客户资料只有一个家，就是公司授权的系统。联系人写进客户关系系统，合同放进合同库，纪要放进共享目录。" * 3
OPTIONS = (Option("a", "授权的系统"), Option("b", "私人网盘"))


def question(key: str, difficulty: str = "easy", **changes: Any) -> Question:
    made = Question(
        key=key,
        kind="single",
        stem="客户资料存在哪里？",
        options=OPTIONS,
        answer=("a",),
        explanation="授权的系统有权限，有记录。",
        lesson="where",
        difficulty=difficulty,  # type: ignore[arg-type]  # one of the three
    )
    return replace(made, **changes)


def text(**changes: Any) -> Lesson:
    return replace(Lesson(key="where", title="存在哪里", kind="text", body=WORDS), **changes)


def film(**changes: Any) -> Lesson:
    slides = (Slide(title="只有一个家", lines=("授权的系统",), spoken="客户资料只有一个家。", seconds=6),)
    made = Lesson(
        key="film",
        title="一分钟",
        kind="video",
        video="shipped:home",
        captions=spoken.vtt(slides),
        transcript=spoken.transcript(slides),
        slides=slides,
    )
    return replace(made, **changes)


def course(**changes: Any) -> CourseText:
    """Two lessons; ten questions of each difficulty, of which ten are drawn for 100 points."""
    made = CourseText(
        slug="where-to-store",
        title="存储要求",
        summary="客户资料存在哪里。",
        lessons=(text(), film()),
        bank=tuple(question(f"{word}-{n}", word) for word in ("easy", "medium", "hard") for n in range(10)),
        draw=(Stratum("easy", 3, 8), Stratum("medium", 5, 10), Stratum("hard", 2, 13)),
    )
    return replace(made, **changes)
