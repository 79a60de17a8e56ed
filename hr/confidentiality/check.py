"""The confidentiality check of a leaver (F17, F18): what the person's work asks for, against what is on record.

Which courses that is says the decision `courses-due`. A gap never holds anyone up: it opens a course to make up beside
everything else (LCL 37, 50).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hr.confidentiality.tables import AgreementRecord, CourseRecord
from hr.people import org
from kernel.db import Unit

AGREEMENTS = {
    "rnd": ("技术秘密保密协议",),
    "sales": ("客户信息保密协议",),
    "admin": ("内部信息保密协议",),
    "other": ("保密协议",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A record that the finding rests on. `reference` is the number of what proves it: an enrolment, an agreement.

    `by` tells how a course came on record (`CourseRecord.source`), and is empty for an agreement; `score` is of 100.
    `until` is the last day on which the record holds, null for good.
    """

    kind: Literal["course", "agreement"]
    title: str
    at: datetime
    reference: str
    by: str = ""
    score: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`missing` are courses to make up. `unsigned` are agreements for HR to bring: learning cannot mend them."""

    missing: tuple[str, ...]
    unsigned: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def passed(self) -> bool:
        """True if no course is missing."""
        return not self.missing


def check(unit: Unit, login: str, courses: Sequence[str], *, on: date) -> Finding:
    """What is on record of these courses, and of the agreements that the person's work asks for, on a day.

    Raises NotFound for an unknown login.
    """
    agreements, wanted = AGREEMENTS[org.required(unit, login).family], list(dict.fromkeys(courses))
    passed = {row[0]: _course(row) for row in unit.all(_COURSES, (login, wanted, on))}
    signed = {row[0]: _agreement(row) for row in unit.all(_AGREEMENTS, (login, list(agreements), on))}
    return Finding(
        missing=tuple(course for course in wanted if course not in passed),
        unsigned=tuple(kind for kind in agreements if kind not in signed),
        sources=(*passed.values(), *signed.values()),
    )


_COURSES = """
select distinct on (course) course, passed_at, reference, source, score, valid_until from course_record
 where employee = %s and course = any(%s) and (valid_until is null or valid_until >= %s)
 order by course, valid_until desc nulls first, passed_at desc
"""
_AGREEMENTS = """
select distinct on (kind) kind, signed_at, reference, ends_on from agreement_record
 where employee = %s and kind = any(%s) and (ends_on is null or ends_on >= %s) order by kind, signed_at desc
"""


def _course(row: tuple[str, datetime, str, str, int | None, date | None]) -> Source:
    title, at, reference, by, score, until = row
    return Source(kind="course", title=title, at=at, reference=reference, by=by, score=score, until=until)


def _agreement(row: tuple[str, datetime, str, date | None]) -> Source:
    title, at, reference, until = row
    return Source(kind="agreement", title=title, at=at, reference=reference, until=until)


def note_courses(
    unit: Unit,
    login: str,
    courses: Sequence[str],
    *,
    at: datetime,
    source: str,
    reference: str = "",
    score: int | None = None,
    valid_until: date | None = None,
) -> None:
    """Put on record that the person has passed these courses, or need not."""
    for course in courses:
        unit.session.add(
            CourseRecord(
                employee=login,
                course=course,
                passed_at=at,
                score=score,
                source=source,
                reference=reference,
                valid_until=valid_until,
            )
        )
    unit.flush()


def holds_until(unit: Unit, reference: str, day: date | None) -> None:
    """Put on record how long what was passed under this reference holds, once its certificate says so."""
    unit.run("update course_record set valid_until = %s where reference = %s and source = 'exam'", (day, reference))


def note_agreement(
    unit: Unit, login: str, kind: str, *, at: datetime, ends_on: date | None = None, reference: str = ""
) -> None:
    """Put on record that the person has signed an agreement of this kind."""
    unit.session.add(AgreementRecord(employee=login, kind=kind, signed_at=at, ends_on=ends_on, reference=reference))
    unit.flush()
