"""The paper of an exam: stratified, spread over the lessons, shuffled, the same for the same seed (F81)."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.training import paper
from hr.training.course import CourseText, Stratum
from hr.training.draw import draw
from kernel.errors import Invalid
from tests.hr.training.exam_banks import COURSES, case, question

TODAY = date(2026, 11, 2)
SEEDS = st.integers(0, 2**64 - 1)


@pytest.mark.requirement("F81")
@given(COURSES, SEEDS)
def test_each_difficulty_has_its_count_and_points_and_no_question_comes_twice(course: CourseText, seed: int) -> None:
    drawn = draw(course, seed, on=TODAY)
    bank = paper.by_key(course.bank)
    assert len({one.question for one in drawn}) == len(drawn)
    found = Counter((bank[one.question].difficulty, one.points) for one in drawn)
    assert found == {(row.difficulty, row.points): row.count for row in course.draw}


def test_the_points_of_a_paper_are_those_of_the_draw() -> None:
    course = CourseText(
        slug="x",
        title="X",
        bank=tuple(question(f"{d}{n}", difficulty=d) for d in ("easy", "medium", "hard") for n in range(9)),
        draw=(Stratum("easy", 3, 8), Stratum("medium", 4, 10), Stratum("hard", 2, 18)),
    )
    assert sum(one.points for one in draw(course, 1, on=TODAY)) == 100


@given(COURSES, SEEDS)
def test_lessons_share_a_difficulty_as_evenly_as_the_bank_lets_them(course: CourseText, seed: int) -> None:
    bank = paper.by_key(course.bank)
    drawn = [bank[one.question] for one in draw(course, seed, on=TODAY)]
    for row in course.draw:
        there = Counter(q.lesson for q in course.bank if q.difficulty == row.difficulty)
        taken = Counter(q.lesson for q in drawn if q.difficulty == row.difficulty)
        for lesson in there:
            short = taken[lesson] < there[lesson]
            assert not short or taken[lesson] + 1 >= max(taken.values())


@given(COURSES, SEEDS)
def test_the_same_seed_draws_the_same_paper(course: CourseText, seed: int) -> None:
    drawn = draw(course, seed, on=TODAY)
    assert drawn == draw(course, seed, on=TODAY)
    assert paper.read(paper.stored(drawn)) == drawn


def test_other_seeds_draw_other_papers_in_another_order() -> None:
    course = CourseText(
        slug="x", title="X", bank=tuple(question(f"q{n}") for n in range(12)), draw=(Stratum("medium", 10, 10),)
    )
    papers = [draw(course, seed, on=TODAY) for seed in range(20)]
    assert len({tuple(one.question for one in drawn) for drawn in papers}) == 20
    assert len({one.options for drawn in papers for one in drawn}) == 24


@given(COURSES, SEEDS)
def test_options_are_all_there_true_before_false_and_no_order_is_shown_as_the_right_one(
    course: CourseText, seed: int
) -> None:
    for one in paper.asked(course, draw(course, seed, on=TODAY)):
        keys = tuple(option.key for option in one.question.options)
        assert sorted(one.options) == sorted(keys)
        if one.question.kind == "true-false":
            assert one.options == keys
        if one.question.kind == "ordering":
            assert one.options != one.question.answer


def test_a_question_is_asked_from_the_day_on_which_it_holds() -> None:
    later = question("later", valid_from=date(2026, 11, 3))
    course = CourseText(slug="x", title="X", bank=(question("now"), later), draw=(Stratum("medium", 2, 50),))
    with pytest.raises(Invalid, match="bank has 1 that hold on 2026-11-02"):
        draw(course, 1, on=TODAY)
    assert {one.question for one in draw(course, 1, on=date(2026, 11, 3))} == {"now", "later"}


def test_a_paper_leans_on_the_lessons_that_it_has_least_of_so_far() -> None:
    bank = [question(f"{d}-{n}", difficulty=d, lesson=f"l{n}") for d in ("easy", "medium", "hard") for n in range(6)]
    rows = tuple(Stratum(d, 2, 10) for d in ("easy", "medium", "hard"))  # type: ignore[arg-type]  # difficulties
    course = CourseText(slug="x", title="X", bank=tuple(bank), draw=rows)
    by_key = paper.by_key(bank)
    for seed in range(20):
        assert len({by_key[one.question].lesson for one in draw(course, seed, on=TODAY)}) == 6


def test_what_is_shown_of_a_paper_holds_neither_keys_nor_what_is_right() -> None:
    order = replace(question("secret-key", "ordering"), explanation="because", law="LCL 23", stem="Which order?")
    course = CourseText(slug="x", title="X", bank=(order, case("secret-case")), draw=(Stratum("medium", 2, 50),))
    shown = paper.shown(course, draw(course, 3, on=TODAY))
    assert [one.place for one in shown] == ["1", "2"]
    assert {part.place[1:] for one in shown for part in one.parts} == {".1", ".2", ".3"}
    words = repr(shown)
    assert "Which order?" in words
    for secret in ("secret", "because", "LCL", "medium", "answer", "'a'"):
        assert secret not in words


@given(COURSES, SEEDS, st.data())
def test_places_lead_back_to_the_keys_that_were_shown_there(course: CourseText, seed: int, data: st.DataObject) -> None:
    drawn = draw(course, seed, on=TODAY)
    asked = list(paper.asked(course, drawn))
    told = {}
    for one in asked:
        places = data.draw(st.permutations(range(1, len(one.options) + 1)))
        told[one.place] = places if one.question.kind == "ordering" else places[:1]
    answers = paper.keyed(course, drawn, paper.checked(course, drawn, told))
    assert answers == {one.path: tuple(one.options[n - 1] for n in told[one.place]) for one in asked}


@pytest.mark.parametrize(
    "told",
    [
        {"3": [1]},
        {"1.1": [1]},
        {"": [1]},
        {"secret": [1]},
        {"1": [0]},
        {"1": [5]},
        {"1": [-1]},
        {"1": [10**30]},
        {"1": [1, 2]},
        {"2": [1, 1]},
        {"1": [1], "2": [9]},
        {"x" * 5000: [1]},
    ],
)
def test_answers_that_the_paper_does_not_have_are_refused_as_a_whole(told: dict[str, list[int]]) -> None:
    bank = (question("one", "single"), question("two", "multiple", difficulty="hard"))
    course = CourseText(slug="x", title="X", bank=bank, draw=(Stratum("medium", 1, 50), Stratum("hard", 1, 50)))
    drawn = tuple(sorted(draw(course, 1, on=TODAY), key=lambda one: one.question))
    with pytest.raises(Invalid, match="none of them were taken"):
        paper.checked(course, drawn, told)


def test_an_order_is_answered_as_a_whole_or_not_at_all() -> None:
    course = CourseText(slug="x", title="X", bank=(question("o", "ordering"),), draw=(Stratum("medium", 1, 50),))
    drawn = draw(course, 1, on=TODAY)
    assert paper.checked(course, drawn, {"1": []}) == {}
    assert paper.checked(course, drawn, {"1": [4, 3, 2, 1]}) == {"1": [4, 3, 2, 1]}
    with pytest.raises(Invalid):
        paper.checked(course, drawn, {"1": [1, 2, 3]})
