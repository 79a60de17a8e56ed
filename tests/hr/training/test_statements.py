"""Statements of learning: valid xAPI by an implementation that is not ours, and evidence as they are written."""

from datetime import timedelta
from typing import Any

import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from hr.evidence import log
from hr.training import enrolments, statements, written
from hr.training.course import CourseText, Lesson, Option, Question
from hr.training.statements import Result
from hr.training.tables import Course, CourseVersion, Enrolment
from kernel.clock import ManualClock
from kernel.db import Unit
from tests.hr.conftest import actor

OPTIONS = (Option("a", "在公司授权的目录归档"), Option("b", "传到私人网盘"), Option("c", "发给朋友"))
LESSON = Lesson(key="where", title="存在哪里", kind="text", body="客户信息存放在授权的系统中。")
COURSE = CourseText(slug="storage", title="客户信息存储要求", lessons=(LESSON,))
LEARNER = actor("zhao")


def asked(kind: str, *answer: str) -> Question:
    return Question(key=f"q-{kind}", kind=kind, stem="应当怎样做？", options=OPTIONS, answer=answer)  # type: ignore[arg-type]  # a kind


@pytest.fixture
def enrolment(company: Unit, clock: ManualClock) -> Enrolment:
    company.session.add(Course(slug=COURSE.slug, title=COURSE.title, kind=COURSE.kind, published=1))
    company.flush()
    row = {"source": written.write(COURSE), "source_hash": "5" * 64, "saved_by": "hr"}
    company.session.add(CourseVersion(slug=COURSE.slug, version=1, saved_at=clock.now(), **row))
    company.flush()
    due = clock.now() + timedelta(days=14)
    return enrolments.assign(
        company, employee="zhao", slug=COURSE.slug, reason="entry", due_at=due, clock=clock, actor=actor("hr", "hr")
    )


def noted(unit: Unit, enrolment: Enrolment, clock: ManualClock, verb: str, **more: Any) -> dict[str, Any]:
    """The statement as the evidence holds it."""
    told = statements.note(unit, enrolment, verb, LEARNER, clock.now(), **more)
    row = log.rows(unit, statements.subject(enrolment.number))[-1]
    statement: dict[str, Any] = row.detail["statement"]
    assert statement["id"] == told
    return statement


MORE: dict[str, dict[str, Any]] = {
    "opened": {"lesson": LESSON},
    "resumed": {"lesson": LESSON, "device": "phone"},
    "progressed": {"lesson": LESSON, "result": Result(seconds=92.46, progress=0.5), "position": 12.5},
    "completed": {"lesson": LESSON, "result": Result(completion=True, seconds=3600)},
    "attempted": {"attempt": 1},
    "answered": {"question": asked("multiple", "b", "c"), "result": Result(success=True, response=("b", "c"))},
    "passed": {"result": Result(success=True, completion=True, score=80, seconds=600), "attempt": 2},
    "failed": {"result": Result(success=False, completion=True, score=79), "attempt": 1, "lapsed": None},
    "earned": {"certificate": "PXZS-2026-000001", "content_hash": "c" * 64},
    "waived": {"reason": "产假"},
}


@pytest.mark.requirement("F85")
@pytest.mark.parametrize("verb", statements.VERBS)
def test_every_statement_is_valid_by_an_independent_implementation(
    verb: str, enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    made = noted(company, enrolment, clock, verb, **MORE.get(verb, {}))
    read = BaseXapiStatement.model_validate(made)
    assert str(read.verb.id) == statements.VERBS[verb].iri
    assert read.version == "1.0.3"
    assert read.timestamp == clock.now()
    assert str(read.context.registration) == str(statements.registration(enrolment.number))


@pytest.mark.parametrize(
    ("kind", "answer"), [("single", "a"), ("multiple", "bc"), ("ordering", "cab"), ("true-false", "b")]
)
def test_a_question_is_an_interaction_with_its_key_and_the_answer_in_one_form(
    kind: str, answer: str, enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    keys = tuple(answer)
    made = noted(
        company, enrolment, clock, "answered", question=asked(kind, *keys), result=Result(success=True, response=keys)
    )
    definition = made["object"]["definition"]
    assert definition["type"].endswith("/cmi.interaction")
    assert definition["interactionType"] == ("sequencing" if kind == "ordering" else "choice")
    assert definition["correctResponsesPattern"] == [made["result"]["response"]] == ["[,]".join(keys)]
    assert {one["id"] for one in definition["choices"]} >= set(keys)
    assert made["context"]["contextActivities"]["parent"][0]["id"].endswith(":exam")


def test_a_statement_names_the_learner_by_number_and_nobody_by_name(
    enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    made = noted(company, enrolment, clock, "opened", lesson=LESSON)
    assert made["actor"]["account"] == {"homePage": "urn:jiaojie:employees", "name": "QM5"}
    assert "赵" not in str(made)
    assert made["object"]["id"] == "urn:jiaojie:course:storage:1:lesson:where"
    assert made["context"]["contextActivities"]["parent"][0]["id"] == "urn:jiaojie:course:storage:1"


def test_a_score_is_told_raw_and_scaled_and_a_time_as_a_duration(
    enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    made = noted(company, enrolment, clock, "failed", result=Result(success=False, score=79, seconds=61.4999))
    score = {"scaled": 0.79, "raw": 79, "min": 0, "max": 100}
    assert made["result"] == {"score": score, "success": False, "duration": "PT61.5S"}


def test_what_is_not_known_is_left_out(enrolment: Enrolment, company: Unit, clock: ManualClock) -> None:
    made = noted(company, enrolment, clock, "answered", question=asked("single", "a"), result=Result(response=()))
    assert "result" not in made
    names = set(noted(company, enrolment, clock, "passed", attempt=2, lapsed=None)["context"]["extensions"])
    assert names == {"urn:jiaojie:extension:round", "urn:jiaojie:extension:attempt"}


@pytest.mark.requirement("F86")
def test_each_statement_is_one_row_of_the_chain_and_waits_to_be_sent_on(
    enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    noted(company, enrolment, clock, "progressed", lesson=LESSON, position=0.1 + 0.2, far=1e16, share=1.0)
    subject = statements.subject(enrolment.number)
    walk = log.walk(company, subject)
    assert (walk.length, walk.broken_at) == (2, None)
    rows = company.all("select subject, sequence, sent_at from learning_statement order by sequence")
    assert rows == [(subject, 1, None), (subject, 2, None)]


def test_an_assignment_names_the_very_text_that_is_taught(enrolment: Enrolment, company: Unit) -> None:
    (row,) = log.rows(company, statements.subject(enrolment.number))
    assert (row.event, row.content_hash, row.actor) == ("training.assigned", "5" * 64, "hr")


def test_why_somebody_was_let_off_stays_in_the_evidence(
    enrolment: Enrolment, company: Unit, clock: ManualClock
) -> None:
    made = noted(company, enrolment, clock, "waived", reason="产假")
    assert "产假" not in str(made)
    assert log.rows(company, statements.subject(enrolment.number))[-1].detail["reason"] == "产假"
    entry = log.rows(company, statements.subject(enrolment.number))[0].detail["statement"]
    assert entry["context"]["extensions"]["urn:jiaojie:extension:reason"] == "entry"


def test_a_verb_that_is_none_is_a_fault_of_the_program(enrolment: Enrolment, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="no verb cheated"):
        statements.note(company, enrolment, "cheated", LEARNER, clock.now())
