"""What the marks say of the questions: how many had them right, whom they tell apart, what misleads most."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import correlation

import pytest

from hr.training import statistics
from hr.training.course import CourseText, Lesson, Stratum
from hr.training.reader import write
from hr.training.tables import Course, CourseVersion, Enrolment, Exam, ExamMark
from kernel.db import Unit
from tests.hr.training.exam_banks import case, question

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
COURSE = CourseText(
    slug="secrets",
    title="客户信息保密",
    lessons=(Lesson(key="where", title="存放在哪里", kind="text", body="正文"),),
    bank=(
        question("one", lesson="where", stem="One?"),
        question("many", "multiple", lesson="where", stem="Many?"),
        question("order", "ordering", lesson="where", stem="Order?", difficulty="hard"),
        case("case", 2, lesson="where"),
        question("lucky", lesson="where", stem="Lucky?"),
    ),
    draw=(Stratum("medium", 4, 20), Stratum("hard", 1, 20)),
)
# What each of six exams brought, of 20 points a question.
GOT = {
    "one": (20, 20, 20, 20, 0, 0),
    "many": (20, 20, 10, 10, 10, 0),
    "order": (20, 0, 0, 0, 0, 0),
    "case": (20, 20, 20, 10, 10, 0),
    "lucky": (0, 0, 0, 20, 20, 20),
}
ANSWERS: Mapping[str, Sequence[object]] = {
    "one": (["a"], ["a"], ["a"], ["a"], ["b"], ["d"]),
    "many": (["a", "c"], ["a", "c"], ["a"], ["c"], ["a"], ["a", "b"]),
    "order": (["a", "b", "c", "d"], ["b", "a", "c", "d"], ["b", "a", "c", "d"], ["d", "c", "b", "a"], [], []),
    "case": (
        *({"p0": ["a"], "p1": ["a", "c"]},) * 3,
        {"p0": ["c"], "p1": ["a", "c"]},
        {"p0": ["c"], "p1": ["a", "c"]},
        {"p0": [], "p1": ["b"]},
    ),
    "lucky": (["c"], ["c"], ["b"], ["a"], ["a"], ["a"]),
}


@pytest.fixture
def marked(company: Unit) -> Unit:
    """Six exams of one course, all marked."""
    publish(company, COURSE)
    for n in range(6):
        exam(company, COURSE.slug, n + 1, {key: (ANSWERS[key][n], got[n]) for key, got in GOT.items()})
    return company


def publish(unit: Unit, course: CourseText) -> None:
    unit.session.add(Course(slug=course.slug, title=course.title, kind="confidentiality"))
    unit.flush()
    saved = {"saved_at": NOW, "saved_by": "hr", "source": write(course), "source_hash": f"hash of {course.slug}"}
    unit.session.add(CourseVersion(slug=course.slug, version=1, **saved))
    unit.flush()
    told = {"assigned_by": "hr", "ended_at": NOW, "name": "赵𬎆", "department": "销售一部", "reason": "manual"}
    moments = {"assigned_at": NOW, "due_at": NOW}
    unit.session.add(
        Enrolment(
            number=course.slug,
            slug=course.slug,
            version=1,
            title=course.title,
            employee="zhao",
            status="ended",
            **told,
            **moments,
        )
    )
    unit.flush()


def exam(unit: Unit, slug: str, attempt: int, marks: Mapping[str, tuple[object, float]]) -> None:
    made = Exam(
        enrolment=slug,
        round=attempt,
        attempt=attempt,
        paper=[],
        sitting="",
        begun_at=NOW,
        deadline_at=NOW,
        submitted_at=NOW,
        score=int(sum(got for _, got in marks.values())),
        passed=False,
    )
    unit.session.add(made)
    unit.flush()
    for key, (answer, got) in marks.items():
        unit.session.add(
            ExamMark(
                exam_id=made.id or 0,
                question=key,
                slug=slug,
                version=1,
                lesson="where",
                difficulty="medium",
                answer=answer,
                got=got,
                possible=20,
            )
        )
    unit.flush()


def test_the_weakest_come_first_with_their_share_of_right_answers(marked: Unit) -> None:
    found = statistics.items(marked)
    assert [(item.question, item.asked, round(item.p, 3)) for item in found] == [
        ("order", 6, 0.167),
        ("many", 6, 0.333),
        ("case", 6, 0.5),
        ("lucky", 6, 0.5),
        ("one", 6, 0.667),
    ]
    assert found[0].lesson == "存放在哪里"
    assert found[0].course == "客户信息保密"
    assert found[2].stem == "what happened"


def test_discrimination_is_the_correlation_with_the_rest_of_the_paper(marked: Unit) -> None:
    whole = [sum(got[n] for got in GOT.values()) for n in range(6)]
    for item in statistics.items(marked):
        got = GOT[item.question]
        right = [float(one == 20) for one in got]
        rest = [float(total - one) for total, one in zip(whole, got, strict=True)]
        assert item.discrimination == pytest.approx(correlation(right, rest))
    by_key = {item.question: item.discrimination or 0 for item in statistics.items(marked)}
    assert by_key["one"] > 0.2
    assert by_key["lucky"] < 0


def test_the_wrong_answer_that_was_given_most_is_told_in_words(marked: Unit) -> None:
    told = {item.question: (item.most_wrong, item.most_wrong_count) for item in statistics.items(marked)}
    assert told["one"][1] == 1
    assert told["many"] == ("option 1", 1)
    assert told["order"] == ("option 1 → option 0 → option 2 → option 3", 2)
    assert told["case"] == ("option 2", 2)
    assert told["lucky"] == ("option 2", 2)


def test_what_was_asked_seldom_says_little_and_comes_last(marked: Unit) -> None:
    other = CourseText(slug="other", title="其他", bank=(question("new", stem="New?"),))
    publish(marked, other)
    exam(marked, "other", 1, {"new": (["b"], 0)})
    found = statistics.items(marked)
    assert (found[-1].question, found[-1].p, found[-1].few, found[-1].discrimination) == ("new", 0, True, None)
    assert [item.question for item in statistics.items(marked, "other")] == ["new"]
    assert len(statistics.items(marked, "secrets")) == 5
    assert statistics.items(marked, "unknown") == []
    assert statistics.courses(marked) == [("other", "其他"), ("secrets", "客户信息保密")]


def test_without_exams_there_is_nothing(company: Unit) -> None:
    assert statistics.items(company) == []
    assert statistics.courses(company) == []
