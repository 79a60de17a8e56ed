"""Training: courses in versions, who learns what and how far, exams, certificates, and statements of every step."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hr.evidence.tables import append_only
from hr.people.tables import one_of
from kernel.db import Instant

COURSE_KINDS = ("confidentiality", "other")
REASONS = ("role", "entry", "change", "yearly", "recertify", "make-up", "manual")
STATUSES = ("learning", "examining", "passed", "waived", "ended")
MEDIA_KINDS = ("video", "picture", "scorm")
LESSON_KINDS = ("text", "video", "case", "scorm")
QUESTION_KINDS = ("single", "multiple", "ordering", "true-false", "case")
DIFFICULTIES = ("easy", "medium", "hard")


class Course(SQLModel, table=True):
    """A course, such as `customer-information`. `published` is the version that is assigned, if any."""

    __tablename__ = "course"
    __table_args__ = (one_of("kind", COURSE_KINDS),)

    slug: str = Field(primary_key=True)
    title: str
    kind: str
    published: int | None = None
    archived_at: datetime | None = Field(default=None, sa_type=Instant)


class CourseVersion(SQLModel, table=True):
    """One version of a course as it was saved (`hr.training.course`), answers of its questions among it.

    Never changed afterwards. `source_hash` is the SHA-256 of `source`, the course as YAML.
    """

    __tablename__ = "course_version"

    slug: str = Field(primary_key=True, foreign_key="course.slug")
    version: int = Field(primary_key=True)
    source: str
    source_hash: str
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str
    comment: str = ""


class CourseMedia(SQLModel, table=True):
    """A video, picture or SCORM package of courses; its bytes lie under their SHA-256 in the folder of media.

    `seconds` is the length of a video as the server measured it. `facts` tells of a package: standard, title, start
    page, items.
    """

    __tablename__ = "course_media"
    __table_args__ = (one_of("kind", MEDIA_KINDS),)

    hash: str = Field(primary_key=True)
    kind: str
    media_type: str
    name: str
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    seconds: float | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    added_at: datetime = Field(sa_type=Instant)
    added_by: str


class Enrolment(SQLModel, table=True):
    """One person's training in one version of a course, from its assignment to its end.

    `round` counts how often the course was gone through: it grows with each failed exam. `score` is the best one.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        one_of("reason", REASONS),
        one_of("status", STATUSES),
        ForeignKeyConstraint(["slug", "version"], ["course_version.slug", "course_version.version"]),
        CheckConstraint("(status in ('learning', 'examining')) = (ended_at is null)", name="ended_if_not_learning"),
        CheckConstraint("score is null or score between 0 and 100", name="score_in_percent"),
        Index("ix_enrolment_employee", "employee", "slug"),
        Index(
            "uq_enrolment_open",
            "employee",
            "slug",
            unique=True,
            postgresql_where=text("status in ('learning', 'examining')"),
        ),
    )

    number: str = Field(primary_key=True)
    slug: str
    version: int
    title: str
    employee: str = Field(foreign_key="employee.login")
    name: str
    department: str
    reason: str
    case_number: str | None = Field(default=None, index=True)
    instance_key: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    status: str = "learning"
    round: int = 1
    assigned_at: datetime = Field(sa_type=Instant, index=True)
    assigned_by: str
    due_at: datetime = Field(sa_type=Instant)
    begun_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = None
    ended_reason: str = ""
    score: int | None = None


class LessonProgress(SQLModel, table=True):
    """How far one lesson of one round is. What counts is what the server counted.

    `covered` lists the stretches of a video that were played, in seconds: [[from, to], …], apart and in order; of a
    text the share that was read: [[0, share]]. `position` is where to go on: seconds of a video, the share (0 to 1) of
    a text. `answers` are those of a case study, by question; of a package, that it has reported.
    """

    __tablename__ = "lesson_progress"

    enrolment: str = Field(primary_key=True, foreign_key="enrolment.number")
    round: int = Field(primary_key=True)
    lesson: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    seconds: float = 0.0
    position: float = 0.0
    covered: list[list[float]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    completed_at: datetime | None = Field(default=None, sa_type=Instant)


class LearningVisit(SQLModel, table=True):
    """One device that has one lesson open. Only the latest visit of an enrolment counts: `ended_why` tells of others.

    `next_word` is the word that the next heartbeat has to bring; each is good once.
    """

    __tablename__ = "learning_visit"
    __table_args__ = (Index("ix_learning_visit_enrolment", "enrolment", "ended_at"),)

    id: str = Field(primary_key=True)
    enrolment: str = Field(foreign_key="enrolment.number")
    round: int
    lesson: str
    login: str
    next_word: str
    beats: int = 0
    position: float = 0.0
    opened_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_why: str = ""
    ip: str = ""
    agent: str = ""


class ScormState(SQLModel, table=True):
    """What a SCORM package has stored of one learner in one round: its data model as it committed it last."""

    __tablename__ = "scorm_state"

    enrolment: str = Field(primary_key=True, foreign_key="enrolment.number")
    round: int = Field(primary_key=True)
    lesson: str = Field(primary_key=True)
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    committed_at: datetime = Field(sa_type=Instant)


class Exam(SQLModel, table=True):
    """One attempt. `paper` is what was drawn, in the order in which it is shown, with points and the order of options.

    `sitting` names the one window that may answer; opening the exam anew in another takes it over. `marks` are there
    once it is handed in: points got and possible of each question.
    """

    __tablename__ = "exam"
    __table_args__ = (
        Index("uq_exam_attempt", "enrolment", "attempt", unique=True),
        Index("uq_exam_open", "enrolment", unique=True, postgresql_where=text("submitted_at is null")),
        CheckConstraint("score is null or score between 0 and 100", name="score_in_percent"),
        CheckConstraint("(submitted_at is null) = (score is null)", name="scored_if_handed_in"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    enrolment: str = Field(foreign_key="enrolment.number")
    round: int
    attempt: int
    paper: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    sitting: str
    begun_at: datetime = Field(sa_type=Instant)
    deadline_at: datetime = Field(sa_type=Instant)
    saved_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    score: int | None = None
    passed: bool | None = None


class ExamMark(SQLModel, table=True):
    """How one question of one exam was answered, for the person's explanations and the statistics of the question."""

    __tablename__ = "exam_mark"
    __table_args__ = (Index("ix_exam_mark_question", "slug", "question"),)

    exam_id: int = Field(sa_column=Column(BigInteger, ForeignKey("exam.id"), primary_key=True))
    question: str = Field(primary_key=True)
    slug: str
    version: int
    lesson: str
    difficulty: str
    answer: Any = Field(sa_column=Column(JSONB, nullable=False))
    got: float
    possible: float


class TrainingCertificate(SQLModel, table=True):
    """The sealed certificate of a passed course. Printed facts are of the day of issue; the file is in the store."""

    __tablename__ = "training_certificate"

    number: str = Field(primary_key=True)
    enrolment: str = Field(foreign_key="enrolment.number", unique=True)
    employee: str = Field(foreign_key="employee.login", index=True)
    name: str
    course: str
    score: int
    passed_at: datetime = Field(sa_type=Instant)
    issued_at: datetime = Field(sa_type=Instant)
    valid_until: date | None = Field(default=None, index=True)
    content_sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    file_hash: str = Field(foreign_key="stored_file.hash")
    sealed: bool = True
    verify_code: str = Field(unique=True)


class LearningStatement(SQLModel, table=True):
    """Which row of the evidence is which xAPI statement, and when a learning record store took it. No content here."""

    __tablename__ = "learning_statement"
    __table_args__ = (
        Index("ix_learning_statement_unsent", "at", postgresql_where=text("sent_at is null")),
        Index("uq_learning_statement_row", "subject", "sequence", unique=True),
    )

    id: str = Field(primary_key=True)
    subject: str
    sequence: int
    at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


append_only(CourseVersion, ExamMark)
