"""Who is to learn what: assigned once, joined by whoever asks again, waived or ended with a reason."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hr.evidence import log
from hr.people import staff
from hr.people.staff import Hire
from hr.privacy import Cipher
from hr.training import enrolments
from hr.training.tables import Course, CourseVersion, Enrolment
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from tests.hr.conftest import actor

HR = actor("chen", "hr")


@pytest.fixture
def school(unit: Unit, cipher: Cipher, clock: ManualClock) -> Unit:
    """One person, a published course, and one that is not."""
    staff.add_department(unit, "sales", "销售一部")
    hire = Hire(
        no="QM5",
        login="zhao",
        name="赵𬎆",
        department="sales",
        position="销售代表",
        manager=None,
        hired_on=date(2026, 9, 1),
        family="sales",
    )
    staff.hire(unit, cipher, hire)
    for slug in ("storage", "draft"):
        unit.session.add(Course(slug=slug, title=f"课程 {slug}", kind="confidentiality"))
        unit.flush()
        row: dict[str, Any] = {"source": "", "source_hash": "h", "saved_at": clock.now(), "saved_by": "hr"}
        unit.session.add(CourseVersion(slug=slug, version=3, **row))
        unit.flush()
    unit.run("update course set published = 3 where slug = 'storage'")
    unit.session.expire_all()
    return unit


def assigned(unit: Unit, clock: ManualClock, **more: Any) -> Enrolment:
    due = clock.now() + timedelta(days=14)
    told = {"employee": "zhao", "slug": "storage", "reason": "entry", "due_at": due, "clock": clock, "actor": HR}
    return enrolments.assign(unit, **{**told, **more})


@pytest.mark.requirement("F76")
def test_a_course_is_assigned_in_the_version_that_is_published(school: Unit, clock: ManualClock) -> None:
    made = assigned(school, clock)
    assert (made.number, made.version, made.title) == ("PX-2026-000001", 3, "课程 storage")
    assert (made.name, made.department, made.status, made.round) == ("赵𬎆", "销售一部", "learning", 1)
    (row,) = log.rows(school, "training/PX-2026-000001")
    assert row.event == "training.assigned"
    assert enrolments.of(school, "zhao") == [made]


def test_the_number_bears_the_year_of_the_organisation(school: Unit, clock: ManualClock) -> None:
    clock.set("2026-12-31T17:00:00+00:00")
    assert assigned(school, clock, zone=ZoneInfo("Asia/Shanghai")).number == "PX-2027-000001"


def test_who_is_learning_it_already_goes_on_and_a_process_joins(school: Unit, clock: ManualClock) -> None:
    first = assigned(school, clock)
    again = assigned(school, clock, reason="make-up", case_number="OFF-2026-0001", instance_key=7)
    assert again.number == first.number
    assert (again.instance_key, again.case_number, again.reason) == (7, "OFF-2026-0001", "entry")
    third = assigned(school, clock, instance_key=8)
    assert (third.number, third.instance_key) == (first.number, 7)


@pytest.mark.parametrize(
    ("more", "kind", "words"),
    [
        ({"employee": "nobody"}, NotFound, "nobody"),
        ({"slug": "unknown"}, NotFound, "no course unknown"),
        ({"slug": "draft"}, Conflict, "课程 draft is not published"),
        ({"reason": "whim"}, Invalid, "not whim"),
    ],
)
def test_what_cannot_be_assigned_is_told(
    school: Unit, clock: ManualClock, more: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        assigned(school, clock, **more)
    assert enrolments.of(school, "zhao") == []


def test_an_archived_course_is_assigned_to_nobody(school: Unit, clock: ManualClock) -> None:
    school.run("update course set archived_at = now() where slug = 'storage'")
    school.session.expire_all()
    with pytest.raises(Conflict, match="not published"):
        assigned(school, clock)


@pytest.mark.parametrize(("act", "status"), [(enrolments.waive, "waived"), (enrolments.end, "ended")])
def test_it_ends_with_a_reason_and_once(school: Unit, clock: ManualClock, act: Any, status: str) -> None:
    made = assigned(school, clock)
    with pytest.raises(Invalid, match="Say why"):
        act(school, made, "  ", actor=HR, clock=clock)
    act(school, made, "已持有证书", actor=HR, clock=clock)
    assert (made.status, made.ended_reason, made.ended_by) == (status, "已持有证书", "chen")
    assert log.rows(school, f"training/{made.number}")[-1].event == f"training.{status}"
    with pytest.raises(Conflict, match="is over"):
        act(school, made, "again", actor=HR, clock=clock)
    with pytest.raises(Conflict, match="is over"):
        enrolments.relearn(school, made, [])
    assert assigned(school, clock).number == "PX-2026-000002"


def test_an_unknown_number_is_not_found(school: Unit) -> None:
    with pytest.raises(NotFound, match="no training PX-1"):
        enrolments.find(school, "PX-1")
