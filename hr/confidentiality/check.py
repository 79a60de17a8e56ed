"""The confidentiality check of a leaver (F17, F18): what the person's work asks for, against what is on record.

A gap never holds anyone up: it opens a course to make up beside everything else (LCL 37, 50).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hr.confidentiality.tables import AgreementRecord, CourseRecord
from hr.people import org
from kernel.db import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a family of work asks for: courses to have passed, agreements to have signed."""

    courses: tuple[str, ...]
    agreements: tuple[str, ...]


DUTIES = {
    "rnd": Duty(
        courses=("技术文档管理规范", "技术交流保密准则", "离职后竞业限制解读", "人工智能技术保密"),
        agreements=("技术秘密保密协议",),
    ),
    "sales": Duty(
        courses=("客户信息存储要求", "客户沟通保密技巧", "离职客户交接流程"), agreements=("客户信息保密协议",)
    ),
    "admin": Duty(
        courses=("人事信息保密规定", "财务数据访问权限管理", "办公设备使用规范"), agreements=("内部信息保密协议",)
    ),
    "other": Duty(courses=("办公设备使用规范",), agreements=("保密协议",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A record that the finding rests on."""

    kind: Literal["course", "agreement"]
    title: str
    at: datetime
    reference: str


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


def check(unit: Unit, login: str, *, on: date) -> Finding:
    """What is on record for the person's work on a day. Raises NotFound for an unknown login."""
    duty = DUTIES[org.required(unit, login).family]
    courses = _latest(unit, _COURSES, (login, list(duty.courses)), "course")
    agreements = _latest(unit, _AGREEMENTS, (login, list(duty.agreements), on), "agreement")
    return Finding(
        missing=tuple(course for course in duty.courses if course not in courses),
        unsigned=tuple(kind for kind in duty.agreements if kind not in agreements),
        sources=(*courses.values(), *agreements.values()),
    )


_COURSES = """
select distinct on (course) course, passed_at, source || ':' || reference from course_record
 where employee = %s and course = any(%s) order by course, passed_at desc
"""
_AGREEMENTS = """
select distinct on (kind) kind, signed_at, reference from agreement_record
 where employee = %s and kind = any(%s) and (ends_on is null or ends_on >= %s) order by kind, signed_at desc
"""


def _latest(unit: Unit, sql: str, args: tuple[object, ...], kind: Literal["course", "agreement"]) -> dict[str, Source]:
    rows = unit.all(sql, args)
    return {title: Source(kind=kind, title=title, at=at, reference=reference) for title, at, reference in rows}


def note_courses(
    unit: Unit,
    login: str,
    courses: Sequence[str],
    *,
    at: datetime,
    source: str,
    reference: str = "",
    score: int | None = None,
) -> None:
    """Put on record that the person has passed these courses."""
    for course in courses:
        unit.session.add(
            CourseRecord(employee=login, course=course, passed_at=at, score=score, source=source, reference=reference)
        )
    unit.flush()


def note_agreement(
    unit: Unit, login: str, kind: str, *, at: datetime, ends_on: date | None = None, reference: str = ""
) -> None:
    """Put on record that the person has signed an agreement of this kind."""
    unit.session.add(AgreementRecord(employee=login, kind=kind, signed_at=at, ends_on=ends_on, reference=reference))
    unit.flush()
