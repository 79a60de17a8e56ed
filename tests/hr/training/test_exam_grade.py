"""Marks are exact, and 79 is not 80 (F82)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.training import paper
from hr.training.course import CourseText, Question
from hr.training.draw import Drawn, draw
from hr.training.grade import Graded, grade, share
from hr.training.paper import Answers, Asked
from tests.hr.training.exam_banks import COURSES, case, question

TODAY = date(2026, 11, 2)


def right(course: CourseText, drawn: tuple[Drawn, ...]) -> dict[paper.Path, tuple[str, ...]]:
    return {one.path: one.question.answer for one in paper.asked(course, drawn)}


def one(question: Question, answers: Answers, points: int = 100) -> Graded:
    course = CourseText(slug="x", title="X", bank=(question,))
    return grade(course, (Drawn(question=question.key, points=points),), answers)


@pytest.mark.parametrize(
    ("kind", "chosen", "score"),
    [
        ("single", "a", 100),
        ("single", "b", 0),
        ("single", "", 0),
        ("true-false", "a", 100),
        ("true-false", "b", 0),
        ("multiple", "ac", 100),
        ("multiple", "ca", 100),
        ("multiple", "a", 50),
        ("multiple", "c", 50),
        ("multiple", "", 0),
        ("multiple", "ab", 0),
        ("multiple", "abc", 0),
        ("multiple", "abcd", 0),
        ("ordering", "abcd", 100),
        ("ordering", "abdc", 0),
        ("ordering", "dcba", 0),
        ("ordering", "", 0),
    ],
)
@pytest.mark.requirement("F81")
def test_each_kind_is_marked_its_own_way(kind: str, chosen: str, score: int) -> None:
    assert one(question("q", kind), {("q",): tuple(chosen)}).score == score


def test_the_parts_of_a_case_share_its_points() -> None:
    asked = case("q", 3)  # single, multiple, true-false
    assert one(asked, {("q", "p0"): ("a",), ("q", "p1"): ("c", "a"), ("q", "p2"): ("a",)}).score == 100
    some = one(asked, {("q", "p0"): ("a",), ("q", "p1"): ("a",)}, points=10)
    assert some.marks[0].got == Fraction(5)
    assert not some.marks[0].right
    assert one(asked, {("q", "p0"): ("a",)}, points=10).marks[0].got == Fraction(10, 3)


@pytest.mark.requirement("F82")
def test_79_fails_and_80_passes() -> None:
    course = CourseText(slug="x", title="X", bank=(question("most"), question("rest"), question("one")))
    drawn = tuple(Drawn(question=key, points=points) for key, points in (("most", 79), ("rest", 20), ("one", 1)))
    below = grade(course, drawn, {("most",): ("a",)})
    enough = grade(course, drawn, {("most",): ("a",), ("one",): ("a",)})
    assert (below.score, below.passed) == (79, False)
    assert (enough.score, enough.passed) == (80, True)


@pytest.mark.requirement("F82")
def test_the_mark_is_never_rounded_up() -> None:
    many = case("many", 100)
    course = CourseText(slug="x", title="X", bank=(question("most"), question("rest"), many))
    drawn = tuple(Drawn(question=key, points=points) for key, points in (("most", 79), ("rest", 20), ("many", 1)))
    answers = {("many", part.key): part.answer for part in many.parts[1:]} | {("most",): ("a",)}
    graded = grade(course, drawn, answers)
    assert sum(mark.got for mark in graded.marks) == Fraction(7999, 100)
    assert (graded.score, graded.passed) == (79, False)


@pytest.mark.parametrize(("mark", "passed"), [(60, True), (79, True), (80, False), (100, False)])
@pytest.mark.requirement("F82")
def test_the_pass_mark_is_the_course_s(mark: int, passed: bool) -> None:
    course = CourseText(slug="x", title="X", bank=(question("most"), question("rest")), pass_mark=mark)
    drawn = (Drawn(question="most", points=79), Drawn(question="rest", points=21))
    assert grade(course, drawn, {("most",): ("a",)}).passed is passed


@given(COURSES, st.integers(0, 2**64 - 1), st.data())
def test_marks_hold_for_any_paper(course: CourseText, seed: int, data: st.DataObject) -> None:
    drawn = draw(course, seed, on=TODAY)
    asked, full = list(paper.asked(course, drawn)), right(course, drawn)
    total = sum(one.points for one in drawn)
    assert grade(course, drawn, full).score == total
    assert grade(course, drawn, {}).score == 0
    answers = {one.path: data.draw(chosen(one)) for one in asked}
    graded = grade(course, drawn, answers)
    assert all(0 <= mark.got <= mark.possible for mark in graded.marks)
    assert 0 <= graded.score <= sum(mark.got for mark in graded.marks) < graded.score + 1
    better = answers | {one.path: full[one.path] for one in data.draw(st.lists(st.sampled_from(asked)))}
    assert grade(course, drawn, better).score >= graded.score
    assert set(graded.lessons()) == {mark.question.lesson for mark in graded.marks if mark.got < mark.possible}


def chosen(one: Asked) -> st.SearchStrategy[tuple[str, ...]]:
    if one.question.kind == "ordering":
        return st.permutations(one.options).map(tuple)
    most = None if one.question.kind == "multiple" else 1
    return st.lists(st.sampled_from(one.options), unique=True, max_size=most).map(tuple)


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd"), min_size=1))
def test_several_answers_bring_all_half_or_nothing(given_: set[str], right_: set[str]) -> None:
    asked = replace(question("q", "multiple"), answer=tuple(right_))
    brought = share(asked, tuple(given_))
    assert brought in (0, Fraction(1, 2), 1)
    assert (brought == 1) == (given_ == right_)
    assert (brought == Fraction(1, 2)) == (bool(given_) and given_ < right_)
