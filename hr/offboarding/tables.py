"""What an offboarding case leaves behind: the case, its handover, signatures, assets, certificate and records."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Identity, Index, LargeBinary
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, UniqueConstraint

from hr.evidence.tables import append_only
from hr.people.tables import one_of
from kernel.db import Instant

CASE_STATUSES = ("open", "closed", "withdrawn")
REASONS = ("pay", "overtime", "growth", "family", "study", "other")
LIST_STATUSES = ("draft", "submitted", "returned", "confirmed", "sealed")
ITEM_KINDS = ("work", "document", "asset", "customer", "account", "other")
ITEM_STATUSES = ("open", "confirmed", "returned")
SIDES = ("employee", "recipient")
ASSET_STATUSES = ("held", "returned", "lost", "cost")


class Case(SQLModel, table=True):
    """One person's leaving. `facts` are the person's master data on the day of filing, without the identity number."""

    __tablename__ = "offboarding_case"
    __table_args__ = (
        one_of("status", CASE_STATUSES),
        one_of("reason", REASONS),
        Index("ix_offboarding_case_grams", "grams", postgresql_using="gin"),
        Index("uq_offboarding_case_one_open", "employee", unique=True, postgresql_where="status = 'open'"),
    )

    number: str = Field(primary_key=True)
    external_id: str | None = Field(default=None, unique=True)
    channel: str
    employee: str = Field(foreign_key="employee.login", index=True)
    name: str
    department: str = Field(index=True)
    facts: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str
    reason_text: str = ""
    leaving_on: date = Field(index=True)
    leaving_type: str
    mutual_consent: bool = False
    filed_at: datetime = Field(sa_type=Instant, index=True)
    filed_by: str
    notice: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    plan: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    recipient: str | None = Field(default=None, foreign_key="employee.login")
    absent: bool = False
    confidentiality: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    finance: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    crm: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    instance_key: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    status: str = "open"
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    keep_until: date | None = None
    grams: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(SqlText), nullable=False))


class HandoverList(SQLModel, table=True):
    """One version of a case's handover list. `content_hash` is set on submission and binds comments and signatures."""

    __tablename__ = "handover_list"
    __table_args__ = (one_of("status", LIST_STATUSES),)

    case_number: str = Field(primary_key=True, foreign_key="offboarding_case.number")
    version: int = Field(primary_key=True)
    status: str = "draft"
    opened_at: datetime = Field(sa_type=Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_by: str | None = None
    on_behalf: bool = False
    content_hash: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = None
    sealed_at: datetime | None = Field(default=None, sa_type=Instant)


def _of_list() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["case_number", "version"], ["handover_list.case_number", "handover_list.version"])


class HandoverItem(SQLModel, table=True):
    """One thing handed over, in one version of the list. `key` stays the same from version to version."""

    __tablename__ = "handover_item"
    __table_args__ = (one_of("kind", ITEM_KINDS), one_of("status", ITEM_STATUSES), _of_list())

    case_number: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    place: int
    title: str
    kind: str
    required: bool = False
    content: str = ""
    path: str = ""
    files: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    status: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class ItemComment(SQLModel, table=True):
    """What someone wrote about an item, in the version they saw. Never changed, never deleted."""

    __tablename__ = "item_comment"
    __table_args__ = (_of_list(), Index("ix_item_comment_item", "case_number", "item_key"))

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    case_number: str
    version: int
    item_key: str
    author: str
    at: datetime = Field(sa_type=Instant)
    text: str
    returns_item: bool = False


class Signature(SQLModel, table=True):
    """A hand-drawn signature under one version of the handover list: one a side, bound to the hash that was shown."""

    __tablename__ = "signature"
    __table_args__ = (
        one_of("side", SIDES),
        UniqueConstraint("case_number", "version", "side", name="uq_signature_side"),
        _of_list(),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    case_number: str
    version: int
    side: str
    signer: str
    on_behalf: bool = False
    content_hash: str
    image_hash: str = Field(foreign_key="stored_file.hash")
    signed_at: datetime = Field(sa_type=Instant)
    ip: str | None = None
    agent: str | None = None


class AssetLine(SQLModel, table=True):
    """A thing the leaver holds, and what administration found when it was due back."""

    __tablename__ = "asset_line"
    __table_args__ = (
        one_of("status", ASSET_STATUSES),
        CheckConstraint("(status = 'held') = (checked_by is null)", name="checked_by_someone"),
    )

    case_number: str = Field(primary_key=True, foreign_key="offboarding_case.number")
    tag: str = Field(primary_key=True)
    kind: str
    name: str
    serial: str = ""
    status: str = "held"
    cost_cents: int = 0
    photo_hash: str | None = Field(default=None, foreign_key="stored_file.hash")
    note: str = ""
    checked_by: str | None = None
    checked_at: datetime | None = Field(default=None, sa_type=Instant)


class AssetNote(SQLModel, table=True):
    """A message about one thing between leaver and administration, with a photo if need be. Never changed."""

    __tablename__ = "asset_note"
    __table_args__ = (ForeignKeyConstraint(["case_number", "tag"], ["asset_line.case_number", "asset_line.tag"]),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    case_number: str = Field(index=True)
    tag: str
    author: str
    at: datetime = Field(sa_type=Instant)
    text: str
    photo_hash: str | None = Field(default=None, foreign_key="stored_file.hash")


class Certificate(SQLModel, table=True):
    """The certificate of LCL 50: prepared by the product, reviewed and issued by HR, once a case.

    `content_sealed` is the encrypted canonical JSON of what is printed, `content_hash` its SHA-256.
    """

    __tablename__ = "certificate"

    number: str = Field(primary_key=True)
    case_number: str = Field(foreign_key="offboarding_case.number", unique=True)
    verify_code: str = Field(unique=True)
    content_sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    content_hash: str
    pdf_hash: str = Field(foreign_key="stored_file.hash")
    prepared_at: datetime = Field(sa_type=Instant)
    prepared_by: str
    issued_at: datetime | None = Field(default=None, sa_type=Instant)
    issued_by: str | None = None


class OpenRecord(SQLModel, table=True):
    """What was open in a case at one moment: who was asked, since when, how often. JSON and PDF by hash."""

    __tablename__ = "open_record"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    case_number: str = Field(foreign_key="offboarding_case.number", index=True)
    taken_at: datetime = Field(sa_type=Instant)
    taken_by: str
    nodes: int
    json_hash: str = Field(foreign_key="stored_file.hash")
    pdf_hash: str = Field(foreign_key="stored_file.hash")


append_only(ItemComment, Signature, AssetNote, OpenRecord)
