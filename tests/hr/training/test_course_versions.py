"""Versions of courses: saved as they are, published once nothing stands against them, never overwritten."""

import pytest

from hr.evidence import log
from hr.training import reader, texts
from hr.training.course import CourseText
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from tests.hr.conftest import actor
from tests.hr.training.sound import course

HR = actor("hr", "hr")


def save(unit: Unit, clock: ManualClock, made: CourseText, base: int | None = None) -> texts.Saved:
    return texts.save(unit, made.slug, reader.write(made), actor=HR, clock=clock, comment="改", base=base)


def test_saving_makes_versions_and_publishing_chooses_one(unit: Unit, clock: ManualClock) -> None:
    first = save(unit, clock, course(), base=0)
    assert (first.version, first.new, first.course) == (1, True, course())
    assert texts.published(unit) == []

    texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    assert save(unit, clock, course()).new is False
    assert save(unit, clock, course(minutes=45), base=1).version == 2

    head = texts.find(unit, "where-to-store")
    assert (head.title, head.published) == ("存储要求", 1)
    assert [row.version for row in texts.versions(unit, "where-to-store")] == [2, 1]
    assert texts.version(unit, "where-to-store", 1).minutes == 30
    assert texts.version(unit, "where-to-store", 2).minutes == 45


def test_a_version_is_read_once(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course(summary="读一次。"))

    assert texts.version(unit, "where-to-store", 1) is texts.version(unit, "where-to-store", 1)


def test_what_was_saved_and_published_is_evidence(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course())
    texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    texts.archive(unit, "where-to-store", actor=HR, clock=clock)

    rows = log.rows(unit, "course/where-to-store")
    assert [(row.event, row.actor, row.detail["version"]) for row in rows] == [
        ("course.saved", "hr", 1),
        ("course.published", "hr", 1),
        ("course.archived", "hr", 1),
    ]
    assert rows[0].content_hash == rows[1].content_hash == texts.versions(unit, "where-to-store")[0].source_hash


@pytest.mark.requirement("F81")
def test_what_stands_against_it_keeps_a_course_from_being_published(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course(bank=course().bank[:13]))

    with pytest.raises(Invalid, match=r"Version 1 cannot be published: the exam: 5 questions .* the bank has 3") as no:
        texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)

    assert [found["place"] for found in no.value.details["findings"]] == ["the exam", "the exam"]  # type: ignore[attr-defined]
    assert texts.find(unit, "where-to-store").published is None
    assert [row.event for row in log.rows(unit, "course/where-to-store")] == ["course.saved"]


def test_an_archived_course_is_assigned_no_more_until_it_is_published_again(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course())
    texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    assert [row.slug for row in texts.published(unit)] == ["where-to-store"]

    texts.archive(unit, "where-to-store", actor=HR, clock=clock)
    texts.archive(unit, "where-to-store", actor=HR, clock=clock)
    assert texts.published(unit) == []
    assert texts.titled(unit, "存储要求") is None
    assert [row.slug for row in texts.every(unit)] == ["where-to-store"]

    texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    assert [row.slug for row in texts.published(unit)] == ["where-to-store"]


def test_a_title_names_one_course(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course())

    assert texts.titled(unit, "《存储要求》") == texts.titled(unit, " 存储要求 ") == "where-to-store"
    with pytest.raises(Conflict, match="The course where-to-store has the title 存储要求 already"):
        texts.save(unit, "another", reader.write(course()), actor=HR, clock=clock)


@pytest.mark.parametrize("title", ["长" * 201, "一\n二"])
def test_a_title_is_one_short_line(title: str, unit: Unit, clock: ManualClock) -> None:
    with pytest.raises(Invalid, match="one line of at most 200 characters"):
        save(unit, clock, course(title=title))


def test_a_course_whose_title_was_taken_meanwhile_is_not_taught_again(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course())
    texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    texts.archive(unit, "where-to-store", actor=HR, clock=clock)
    texts.save(unit, "another", reader.write(course()), actor=HR, clock=clock)

    with pytest.raises(Conflict, match="The course another has the title 存储要求 already"):
        texts.publish(unit, "where-to-store", 1, actor=HR, clock=clock)
    assert texts.titled(unit, "存储要求") == "another"


def test_nobody_s_work_is_lost(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, course(), base=0)
    save(unit, clock, course(minutes=45), base=1)

    with pytest.raises(Conflict, match="was changed meanwhile: its latest version is 2"):
        save(unit, clock, course(minutes=50), base=1)


def test_what_is_not_there_is_not_found(unit: Unit, clock: ManualClock) -> None:
    with pytest.raises(NotFound, match="There is no course nowhere"):
        texts.find(unit, "nowhere")
    with pytest.raises(NotFound, match="no version 3 of the course nowhere"):
        texts.version(unit, "nowhere", 3)
    with pytest.raises(Invalid, match="“No Slug” is no name for a course"):
        texts.save(unit, "No Slug", reader.write(course()), actor=HR, clock=clock)
