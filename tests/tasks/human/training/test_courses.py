"""HR edits courses: by form or as YAML it is the same course, and nobody's work is lost."""

from datetime import date
from typing import Any

import pytest

from hr.training import reader, texts
from hr.training.course import CourseText, Option, Question, Slide
from hr.training.written import write
from kernel.errors import Conflict, Invalid, NotFound
from tasks.human.training import courses, edited, places
from tests.tasks.human.training.conftest import STORAGE, School, actor

HR = actor("hr", "hr")
CHEN = actor("chen", "hr-head")
OPTIONS = (Option("a", "填清单"), Option("c", "核对"), Option("b", "上传"))


def question(one: Question) -> dict[str, Any]:
    """A question as the form sends it."""
    told: dict[str, Any] = {
        name: str(getattr(one, name) or "") for name in ("key", "kind", "lesson", "difficulty", "stem", "passage")
    }
    told |= {"explanation": one.explanation, "law": one.law, "valid_from": str(one.valid_from or "")}
    told["options"] = [
        {"key": choice.key, "text": choice.text, "right": str(choice.right).lower()} for choice in edited.choices(one)
    ]
    return told | {"parts": [question(part) for part in one.parts]}


def form(course: CourseText) -> dict[str, Any]:
    """A course as the form sends it: everything as text, boxes as true or false."""
    lessons = [
        {name: str(getattr(one, name) or "") for name in ("key", "title", "kind", "body", "seconds", "video", "scorm")}
        | {"captions": edited.captions(one), "transcript": edited.transcript(one)}
        | {"questions": [question(part) for part in one.questions]}
        | {
            "slides": [
                {"title": s.title, "spoken": s.spoken, "seconds": str(s.seconds), "lines": "\r\n".join(s.lines)}
                for s in one.slides
            ]
        }
        for one in course.lessons
    ]
    head = ("title", "kind", "summary", "pass_mark", "minutes", "valid_months")
    return {
        **{name: str(getattr(course, name)) for name in head},
        "ordered": str(course.ordered).lower(),
        "lessons": lessons,
        "bank": [question(one) for one in course.bank],
        "draw": [
            {"difficulty": row.difficulty, "count": str(row.count), "points": str(row.points)} for row in course.draw
        ],
    }


@pytest.mark.parametrize("path", sorted(texts.SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_course_that_goes_through_the_form_untouched_is_the_same(path: Any) -> None:
    course = reader.read(path.read_text(encoding="utf-8"), path.stem)
    again = reader.read(edited.source(form(course), path.stem), path.stem)
    assert again.lessons == course.lessons
    assert write(again) == write(course)


def test_options_of_an_order_are_edited_as_they_are_right_and_keep_their_letters() -> None:
    steps = Question(key="q", kind="ordering", stem="流程？", options=OPTIONS, answer=("a", "b", "c"))
    assert [(one.key, one.text) for one in edited.choices(steps)] == [("a", "填清单"), ("b", "上传"), ("c", "核对")]
    told = question(steps)
    told["options"].insert(1, {"key": "", "text": "登记", "right": "false"})
    course = reader.read(edited.source({"title": "课", "bank": [told]}, "c"), "c")
    assert course.bank[0].answer == ("a", "d", "b", "c")
    assert course.bank[0].option("d") == Option("d", "登记")


def test_what_a_kind_has_not_is_left_out() -> None:
    told = question(Question(key="q", kind="single", stem="？", options=OPTIONS, answer=("a",), passage="旧的"))
    told |= {"parts": [{"key": "p", "kind": "single", "stem": "？"}], "kind": "multiple", "valid_from": "2026-12-01"}
    told["options"][1]["right"] = "true"
    found = reader.read(edited.source({"title": "课", "bank": [told]}, "c"), "c").bank[0]
    assert (found.passage, found.parts, found.answer) == ("", (), ("a", "c"))
    assert found.valid_from == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("told", "at", "why"),
    [
        ({"title": ""}, "head", "“title” is missing"),
        ({"title": "课", "pass_mark": "200"}, "head", "whole number from 1 to 100"),
        ({"title": "课", "lessons": [{"key": "a", "kind": "text"}]}, "lessons.0", "“title” is missing"),
        (
            {"title": "课", "bank": [{"key": "a", "kind": "single"}, {"key": "B!", "kind": "single"}]},
            "bank.1",
            "no key",
        ),
        (
            {"title": "课", "bank": [{"key": "a", "kind": "single", "options": [{"text": "x"}, {"text": ""}]}]},
            "bank.0",
            "has no text",
        ),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place_of_the_form(told: dict[str, Any], at: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        edited.source(told, "c")
    found = places.of_faults(refused.value)
    assert (found[0].at, why in str(found[0].sentence)) == (at, True)


def test_a_form_that_is_none_is_refused() -> None:
    deep: Any = "x"
    for _ in range(50):
        deep = [deep]
    with pytest.raises(Invalid, match="Reload the page"):
        edited.source({"title": "课", "lessons": deep}, "c")


def test_what_stands_against_publishing_leads_to_its_place(school: School) -> None:
    source = write(STORAGE).replace("knows", "")
    with school.database.transaction() as unit:
        course = reader.read(source, "storage")
        told = places.of_findings(course, texts.findings(unit, course, school.clock))
    assert {one.at for one in told if "draws" in str(one.sentence) or "drawn" in str(one.sentence)} == {"draw"}
    assert {one.at for one in told} <= {"head", "draw", "bank", "lessons.0", "lessons.1", "lessons.2", "lessons.3"}
    assert "lessons.2" in {one.at for one in told}


def test_two_who_save_from_the_same_version_both_keep_their_work(school: School) -> None:
    base = write(CourseText(slug="both", title="并行编辑"))
    with school.database.transaction() as unit:
        assert courses.save(unit, "both", base, base=0, actor=HR, clock=school.clock).version == 1
        first = base.replace("minutes: 30", "minutes: 40")
        assert courses.save(unit, "both", first, base=1, actor=HR, clock=school.clock).beside is None
        second = base.replace("pass_mark: 80", "pass_mark: 90")
        kept = courses.save(unit, "both", second, base=1, actor=CHEN, clock=school.clock)
        assert (kept.version, kept.beside and kept.beside.version, kept.beside and kept.beside.saved_by) == (3, 2, "hr")
        assert [one.source for one in texts.versions(unit, "both")] == [second, first, base]
        again = courses.save(unit, "both", second, base=1, actor=CHEN, clock=school.clock)
        assert (again.version, again.new, again.beside) == (3, False, None)
        with pytest.raises(Conflict, match="already"):
            courses.save(unit, "both", base, base=0, actor=CHEN, clock=school.clock)


def test_the_list_tells_who_learns_and_who_has_passed(school: School) -> None:
    login = school.learner()
    school.enrol(login)
    with school.database.transaction() as unit:
        found = next(one for one in courses.listed(unit) if one.slug == "storage")
        assert (found.published, found.version, found.passed) == (1, 1, 0)
        assert found.learning >= 1
        shown = courses.shown(unit, "storage", 0, school.clock)
        assert (shown.base, shown.published, shown.learners[1] >= 1) == (1, 1, True)
        with pytest.raises(NotFound, match="no version 9"):
            courses.shown(unit, "storage", 9, school.clock)


def test_a_lesson_is_previewed_as_its_learner_sees_it_and_nothing_is_kept(school: School) -> None:
    with school.database.transaction() as unit:
        page = courses.preview(school.house, unit, STORAGE, "case", HR)
        assert (page.place, page.counting, page.lesson.title) == (3, False, "手机里的名单")
        assert [one.key for one in page.exercises] == [one.key for one in STORAGE.lessons[2].questions]
        assert (page.before and page.before.key, page.after and page.after.key) == ("film", "last")
        assert unit.one("select count(*) from enrolment where number = 'preview'") == (0,)
        with pytest.raises(NotFound, match="no lesson gone"):
            courses.preview(school.house, unit, STORAGE, "gone", HR)


def test_slides_keep_their_lines() -> None:
    slide = Slide(title="一", lines=("甲", "乙"), spoken="说", seconds=5)
    row = {"title": "一", "lines": "甲\r\n\r\n乙\r\n", "spoken": "说", "seconds": "5"}
    told = {
        "title": "课",
        "lessons": [{"key": "v", "title": "片", "kind": "video", "video": "shipped:x", "slides": [row]}],
    }
    assert reader.read(edited.source(told, "c"), "c").lessons[0].slides == (slide,)
