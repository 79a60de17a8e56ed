"""What a person has learnt and signed about confidentiality: the records that the check of F17 reads."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index
from sqlmodel import Field, SQLModel

from hr.people.tables import one_of
from kernel.db import Instant

SOURCES = ("exam", "import", "declared", "waiver")


class CourseRecord(SQLModel, table=True):
    """A course that a person has passed. `declared` means made up in an offboarding case, on the person's own word;
    `waiver` that HR has excused the person from it.

    `reference` says where the proof lies: an enrolment, a file, a case. It holds to the end of the day `valid_until`,
    without one for good.
    """

    __tablename__ = "course_record"
    __table_args__ = (
        one_of("source", SOURCES),
        CheckConstraint("score is null or score between 0 and 100", name="score_in_percent"),
        Index("ix_course_record_employee", "employee", "course"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    employee: str = Field(foreign_key="employee.login")
    course: str
    passed_at: datetime = Field(sa_type=Instant)
    score: int | None = None
    source: str
    reference: str = ""
    valid_until: date | None = None


class AgreementRecord(SQLModel, table=True):
    """An agreement on confidentiality that a person has signed. Without `ends_on` it has no end."""

    __tablename__ = "agreement_record"
    __table_args__ = (Index("ix_agreement_record_employee", "employee", "kind"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    employee: str = Field(foreign_key="employee.login")
    kind: str
    signed_at: datetime = Field(sa_type=Instant)
    ends_on: date | None = None
    reference: str = ""
