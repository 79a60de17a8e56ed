"""A course written as YAML: the same course gives the same text, and what is as usual is left out."""

from typing import Any

import yaml

from hr.training.course import CourseText, Lesson, Option, Question, Slide

TRUE_FALSE = (Option("a", "正确"), Option("b", "错误"))
WIDTH = 110


def write(course: CourseText) -> str:
    """The course as YAML. What was read from it is the same course again, but for blanks around its texts."""
    head = {
        "title": course.title,
        "kind": course.kind,
        "summary": course.summary or None,
        "pass_mark": course.pass_mark,
        "minutes": course.minutes,
        "valid_months": course.valid_months,
        "ordered": course.ordered,
        "draw": [{"difficulty": row.difficulty, "count": row.count, "points": row.points} for row in course.draw],
        "lessons": [_lesson(lesson) for lesson in course.lessons],
        "bank": [_question(question) for question in course.bank],
    }
    return yaml.dump(_kept(head), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}


def _lesson(lesson: Lesson) -> dict[str, Any]:
    slides = lesson.slides
    return _kept(
        {
            "key": lesson.key,
            "title": lesson.title,
            "kind": lesson.kind,
            "seconds": lesson.seconds or None,
            "video": lesson.video,
            "scorm": lesson.scorm,
            "body": lesson.body,
            "captions": lesson.captions if not slides else None,
            "transcript": lesson.transcript if not slides else None,
            "slides": [_slide(slide) for slide in slides],
            "questions": [_question(question, part=True) for question in lesson.questions],
        }
    )


def _slide(slide: Slide) -> dict[str, Any]:
    return {"title": slide.title, "seconds": slide.seconds, "lines": list(slide.lines), "spoken": slide.spoken}


def _question(question: Question, *, part: bool = False) -> dict[str, Any]:
    usual = question.kind == "true-false" and question.options == TRUE_FALSE
    return _kept(
        {
            "key": question.key,
            "kind": question.kind,
            "lesson": question.lesson,
            "difficulty": question.difficulty if not part else None,
            "stem": question.stem,
            "passage": question.passage,
            "options": {option.key: option.text for option in question.options} if not usual else None,
            "answer": list(question.answer) if len(question.answer) != 1 else question.answer[0],
            "parts": [_question(one, part=True) for one in question.parts],
            "explanation": question.explanation,
            "law": question.law,
            "valid_from": question.valid_from,
        }
    )


class _Dumper(yaml.SafeDumper):
    """Longer texts stand in lines as they are; nothing is referred to."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    # YAML takes these for ends of lines wherever they stand as themselves.
    style = '"' if any(sign in value for sign in "\x85\u2028\u2029") else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
