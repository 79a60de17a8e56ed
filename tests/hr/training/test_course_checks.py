"""What stands against publishing a course, one thing at a time, beside the same course without it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hr.training import checks
from hr.training.course import CourseText, Lesson, Option, Question, Slide, Stratum
from hr.training.tables import CourseMedia
from tests.hr.training.sound import OPTIONS, WORDS, course, film, question, text

HASH = "ab" * 32
PART = question("when", lesson="")
CASE = question("lost", kind="case", passage="电脑丢了。", options=(), answer=(), parts=(PART,))
STEPS = (*OPTIONS, Option("c", "共享目录"))


def against(made: CourseText, media: Mapping[str, CourseMedia] | None = None, on: date | None = None) -> list[str]:
    return [str(found.told) for found in checks.findings(made, media or {}, on)]


def medium(kind: str, seconds: float | None = None) -> dict[str, CourseMedia]:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    row = CourseMedia(
        hash=HASH, kind=kind, media_type="x/y", name="x", size=1, seconds=seconds, added_at=at, added_by="hr"
    )
    return {HASH: row}


def with_question(**changes: Any) -> CourseText:
    made = course()
    return replace(made, bank=(question("one", **changes), *made.bank))


def test_a_sound_course_has_nothing_against_it() -> None:
    assert against(course()) == []
    assert against(replace(course(), bank=(CASE, *course().bank))) == []


@pytest.mark.requirement("F81")
def test_a_bank_too_small_for_a_draw_is_refused_with_the_numbers() -> None:
    small = course(bank=course().bank[:13])  # ten easy, three of the middle, none hard

    assert against(small) == [
        "the exam: 5 questions of the difficulty medium are drawn, and the bank has 3. Write 2 more, or draw fewer.",
        "the exam: 2 questions of the difficulty hard are drawn, and the bank has 0. Write 2 more, or draw fewer.",
    ]


def test_questions_that_hold_only_later_are_not_counted() -> None:
    later = tuple(replace(one, valid_from=date(2027, 1, 1)) for one in course().bank[-9:])
    made = course(bank=(*course().bank[:-9], *later))

    assert against(made, on=date(2027, 1, 1)) == []
    assert "2 questions of the difficulty hard are drawn, and the bank has 1" in against(made, on=date(2026, 12, 31))[0]


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        ((), "bring 0 points together"),
        ((Stratum("easy", 3, 33),), "bring 99 points together: make them 100"),
        ((Stratum("easy", 5, 10), Stratum("easy", 5, 10)), "The difficulty easy is drawn in two rows"),
        ((Stratum("easy", 10, 10), Stratum("hard", 0, 10)), "A row of hard draws nothing"),
        ((Stratum("easy", 1, 100),), "One question brings 100 points"),
    ],
)
def test_points_are_a_hundred_and_rows_draw_something(draw: tuple[Stratum, ...], says: str) -> None:
    assert any(says in told for told in against(course(draw=draw)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer": ("c",)}, "question one: The answer “c” is none of the options."),
        ({"answer": ()}, "question one: It has one right answer. Name one."),
        ({"answer": ("a", "b")}, "question one: It has one right answer. Name one."),
        ({"kind": "multiple", "answer": ()}, "question one: No option is right. Name those that are."),
        ({"kind": "multiple", "answer": ("a", "a")}, "question one: An option stands twice in the answer."),
        ({"kind": "ordering", "options": STEPS, "answer": ("b", "a")}, "The right order names every option once."),
        ({"kind": "ordering", "options": STEPS, "answer": ("b", "a", "b")}, "An option stands twice in the answer."),
        ({"kind": "true-false", "options": STEPS}, "True or false has two options."),
        ({"options": OPTIONS[:1]}, "It has fewer than two options."),
        ({"options": (OPTIONS[0], Option("a", "另一个"))}, "Two options have the same letter."),
        ({"options": (OPTIONS[0], Option("b", "授权的系统"))}, "Two options say the same."),
        ({"stem": ""}, "It asks nothing."),
        ({"explanation": ""}, "The explanation is missing"),
        ({"lesson": "nowhere"}, "There is no lesson “nowhere” that it belongs to."),
        ({"key": "easy-1"}, "the bank: 2 questions have the key easy-1."),
        ({"parts": (PART,)}, "Only a case has parts."),
    ],
)
def test_a_question_is_answered_among_its_options(changes: dict[str, object], says: str) -> None:
    made = course()
    asked = replace(question("one"), **changes)  # type: ignore[arg-type]

    assert any(says in told for told in against(replace(made, bank=(asked, *made.bank))))


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (replace(CASE, passage=""), "A case tells what happened."),
        (replace(CASE, parts=()), "The case has no parts."),
        (replace(CASE, answer=("a",)), "A case has its options and answers in its parts."),
        (replace(CASE, parts=(PART, PART)), "Two parts have the same key."),
        (replace(CASE, parts=(replace(PART, kind="ordering", answer=("a", "b")),)), "Part when is ordering"),
        (replace(CASE, parts=(replace(PART, answer=("x",)),)), "Part when: The answer “x” is none of the options."),
    ],
)
def test_a_case_is_what_happened_and_what_is_asked(case: Question, says: str) -> None:
    assert any(says in told for told in against(replace(course(), bank=(case, *course().bank))))


@pytest.mark.requirement("F79")
@pytest.mark.parametrize(
    ("lesson", "says"),
    [
        (text(body="太短。"), "lesson 存在哪里: The text has 2 characters"),
        (text(key="film"), "Another lesson has the key film already."),
        (text(kind="case"), "The case study asks nothing."),
        (text(kind="case", questions=(question("q", answer=("x",)),)), "lesson 存在哪里, question q: The answer “x”"),
        (text(kind="scorm"), "The lesson has no SCORM package."),
        (film(key="f", captions=""), "The video has no captions."),
        (film(key="f", captions="WEBVTT\n\n00:05 --> 00:06\n早"), "Captions, line 3: a time is written as"),
        (film(key="f", captions="WEBVTT\n\n00:00.000 --> 00:09.500\n久"), "They belong to another film."),
        (film(key="f", transcript=""), "The video has no transcript"),
        (film(key="f", video=None), "The lesson has no video."),
        (
            film(key="f", slides=(Slide(title="满", lines=("行",) * 5, spoken="话", seconds=6),)),
            "The slide 满 is too full",
        ),
        (
            film(key="f", slides=(Slide(title="满", lines=("行" * 25,), spoken="话", seconds=6),)),
            "4 lines of 24 charac",
        ),
        (film(key="f", slides=()), "The video is to be made of slides, and there are none."),
        (film(key="f", video=HASH), f"The video {HASH[:12]} is not here."),
        (text(body=WORDS + f"\n\n![图](media:{HASH})"), f"The picture {HASH[:12]} is not here."),
    ],
)
def test_a_lesson_has_what_its_kind_needs(lesson: Lesson, says: str) -> None:
    made = course(lessons=(lesson, *course().lessons[1:], text(key="where", title="又")))

    assert any(says in told for told in against(made))


def test_media_are_named_and_have_to_be_of_their_kind() -> None:
    lesson = text(body=WORDS + f"\n\n![图](media:{HASH})")
    shown, played = course(lessons=(lesson, film())), course(lessons=(text(), film(video=HASH, slides=())))

    assert checks.named_media(shown) == checks.named_media(played) == {HASH}
    assert against(shown, medium("picture")) == against(played, medium("video", 6.0)) == []
    assert f"The video {HASH[:12]} is not here" in against(played, medium("picture"))[0]
    assert "The video lasts 3.0 s" in against(played, medium("video", 3.0))[0]


@pytest.mark.requirement("F75", "F76", "F77")
@pytest.mark.parametrize(
    "sentence",
    [
        "参加培训后员工应当服务满两年服务期，提前离职的返还培训费用。",
        "未通过考试的，罚款二百元。",
        "泄露客户信息的，员工应当支付违约金五万元。",
        "未完成培训的，从当月工资中扣除五百元。",
        "未完成交接的，公司暂停发放工资。",
        "考试未达标的，不予出具离职证明。",
        "员工须缴纳设备押金一千元。",
    ],
)
def test_a_text_that_threatens_what_the_law_forbids_is_refused(sentence: str) -> None:
    """Domain L11: LCL 22, 23, 25; and the red lines of agreements."""
    taught = text(body=f"{WORDS}\n\n- {sentence}")

    assert against(course(lessons=(taught, film())))
    assert against(course(lessons=(text(), film(transcript=sentence))))
    assert against(with_question(explanation=sentence))
    assert against(with_question(options=(Option("a", sentence), OPTIONS[1])))


@pytest.mark.parametrize(
    "sentence",
    [
        "保密培训不约定服务期，公司不得因此罚款。",
        "没有交接完，工资照常发，公司不能扣发工资。",
        "竞业限制可以约定违约金，补偿按月支付。",
        "除了竞业限制和专项技术培训的服务期，公司不得与员工约定由员工承担的违约金。",
        "员工违反保密义务造成损失的，依法赔偿实际损失。",
    ],
)
def test_a_text_that_says_what_the_law_says_is_not(sentence: str) -> None:
    assert against(course(lessons=(text(body=f"{WORDS}\n\n- {sentence}"), film()))) == []
    assert against(with_question(explanation=sentence)) == []


def test_what_is_wrong_on_purpose_teaches_nothing() -> None:
    """A stem asks, a wrong option is wrong, and who asks for the unlawful has it as the right answer."""
    unlawful = Option("a", "从工资里扣除五百元")

    assert against(with_question(options=(unlawful, OPTIONS[1]), answer=("b",))) == []
    assert against(with_question(stem="哪些做法违法？", options=(unlawful, OPTIONS[1]))) == []
    assert against(with_question(stem="未交接，公司可以？", options=(unlawful, OPTIONS[1])))


def test_a_course_says_what_it_is_for() -> None:
    assert against(course(summary="")) != []
    assert against(course(minutes=2)) != []
    assert any("has no lessons" in told for told in against(course(lessons=())))
