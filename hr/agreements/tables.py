"""Agreements: their texts in versions, who signs which, the will of each signer, and what was sent in batches."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Identity, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hr.evidence.tables import append_only
from hr.people.tables import one_of
from kernel.db import Instant

KINDS = ("confidentiality", "non-compete", "intellectual-property", "handover-confirmation", "other")
STATUSES = ("signing", "sealed", "declined", "expired", "withdrawn")
SIGNER_STATUSES = ("waiting", "asked", "signed", "declined", "void")
ROLES = ("employee", "manager", "witness", "company")
CHANNELS = ("sms", "mail")
PURPOSES = ("open", "sign")
BATCH_KINDS = ("send", "seal")
BATCH_STATES = ("RUNNING", "DONE", "CANCELED")
ITEM_STATES = ("WAITING", "DONE", "REFUSED")


class AgreementText(SQLModel, table=True):
    """A text that agreements are made from, such as `non-compete`. `published` is the version that is used, if any."""

    __tablename__ = "agreement_text"
    __table_args__ = (one_of("kind", KINDS),)

    slug: str = Field(primary_key=True)
    title: str
    kind: str
    published: int | None = None
    archived_at: datetime | None = Field(default=None, sa_type=Instant)


class AgreementTextVersion(SQLModel, table=True):
    """One version of a text, as it was saved, with what the linter found in it then. Never changed afterwards."""

    __tablename__ = "agreement_text_version"

    slug: str = Field(primary_key=True, foreign_key="agreement_text.slug")
    version: int = Field(primary_key=True)
    source: str
    source_hash: str
    findings: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str
    comment: str = ""


class Agreement(SQLModel, table=True):
    """One agreement with one person, from the moment on at which its pages stand fast.

    `content_sealed` is the encrypted canonical JSON of everything that is printed, `content_hash` its SHA-256.
    `prepared_hash` is the PDF without any signature, `current_hash` with those that are there; once sealed both digests
    of the final file are kept. Times of ending: `ended_at` with the reason in words.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("kind", KINDS),
        ForeignKeyConstraint(["slug", "version"], ["agreement_text_version.slug", "agreement_text_version.version"]),
        CheckConstraint("(status = 'signing') = (ended_at is null)", name="ended_if_not_signing"),
        Index("ix_agreement_status", "status", "prepared_at"),
    )

    number: str = Field(primary_key=True)
    slug: str
    version: int
    kind: str
    title: str
    employee: str = Field(foreign_key="employee.login", index=True)
    name: str
    department: str
    case_number: str | None = Field(default=None, index=True)
    instance_key: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    batch_key: int | None = Field(default=None, sa_column=Column(BigInteger, index=True))
    content_sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    content_hash: str
    pages: int
    prepared_hash: str = Field(foreign_key="stored_file.hash")
    current_hash: str = Field(foreign_key="stored_file.hash")
    sealed_sm3: str | None = None
    verify_code: str = Field(unique=True)
    status: str = "signing"
    prepared_at: datetime = Field(sa_type=Instant)
    prepared_by: str
    expires_at: datetime = Field(sa_type=Instant, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: str | None = None
    ended_reason: str = ""
    ends_on: date | None = None
    keep_until: date | None = None


class AgreementSigner(SQLModel, table=True):
    """Who signs, in which place. Equal places sign at once, a greater one after all smaller ones.

    `field` is the signature field of the PDF. A company's signer has no login until its holder of the seal signs.
    `nonce` goes into the link that only this signer gets; a new one makes the former link void.
    """

    __tablename__ = "agreement_signer"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("status", SIGNER_STATUSES),
        Index("uq_agreement_signer_field", "agreement_number", "field", unique=True),
        Index("ix_agreement_signer_login", "login", "status"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    agreement_number: str = Field(foreign_key="agreement.number")
    place: int
    role: str
    field: str
    login: str | None = None
    name: str
    nonce: str
    status: str = "waiting"
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    decline_reason: str = ""
    image_hash: str | None = Field(default=None, foreign_key="stored_file.hash")
    certificate: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class SigningCode(SQLModel, table=True):
    """A one-time code: for one signer, one document, one purpose. Only its digest is kept."""

    __tablename__ = "signing_code"
    __table_args__ = (
        one_of("channel", CHANNELS),
        one_of("purpose", PURPOSES),
        Index("ix_signing_code_signer", "signer_id", "sent_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    signer_id: int = Field(sa_type=BigInteger, foreign_key="agreement_signer.id")
    holder: str
    purpose: str
    document_hash: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    channel: str
    address_masked: str
    sent_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    void_at: datetime | None = Field(default=None, sa_type=Instant)


class SigningVisit(SQLModel, table=True):
    """A browser that a signer came in with by link and code, without a login. `id` is the SHA-256 of its cookie.

    `holder` is the login whose phone or mail got the code: a visit ends with a change of signer.
    """

    __tablename__ = "signing_visit"

    id: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    signer_id: int = Field(sa_type=BigInteger, foreign_key="agreement_signer.id")
    holder: str
    csrf: str
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class PageRead(SQLModel, table=True):
    """How long a signer had a page of a document before their eyes, in seconds as the server counted them (F74)."""

    __tablename__ = "page_read"

    signer_id: int = Field(sa_type=BigInteger, foreign_key="agreement_signer.id", primary_key=True)
    holder: str = Field(primary_key=True)
    document_hash: str = Field(primary_key=True)
    page: int = Field(primary_key=True)
    seconds: float
    first_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)


class Consent(SQLModel, table=True):
    """That a person agreed to one purpose, to which words, and until when (PIPL 14, 29; ESL 3). One row a giving."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person", "person", "purpose"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    person: str
    purpose: str
    words_hash: str
    given_at: datetime = Field(sa_type=Instant)
    ip: str | None = None
    agent: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class SecretContact(SQLModel, table=True):
    """Why a person counts as knowing secrets of the company: what was seen, since when, who says so (LCL 24).

    A non-compete rests on such a row. It is ended, never deleted.
    """

    __tablename__ = "secret_contact"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    employee: str = Field(foreign_key="employee.login", index=True)
    basis: str
    since: date
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
    ended_on: date | None = None
    ended_by: str | None = None


class AgreementBatch(SQLModel, table=True):
    """Many at once: an agreement sent to each of a list of people, or many sealed by one holder of the seal.

    For `seal` the holder's code was checked against `list_hash`, the digest of the numbers and documents listed.
    """

    __tablename__ = "agreement_batch"
    __table_args__ = (one_of("kind", BATCH_KINDS), one_of("state", BATCH_STATES))

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    title: str
    state: str = "RUNNING"
    order: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    list_hash: str = ""
    created_by: str
    created_at: datetime = Field(sa_type=Instant)
    ip: str | None = None
    agent: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class AgreementBatchItem(SQLModel, table=True):
    """One of a batch: a person to send to (`login`), or an agreement to seal (`agreement_number`), and how it went."""

    __tablename__ = "agreement_batch_item"
    __table_args__ = (one_of("state", ITEM_STATES), Index("ix_agreement_batch_item_state", "batch_key", "state"))

    batch_key: int = Field(sa_type=BigInteger, foreign_key="agreement_batch.key", primary_key=True)
    place: int = Field(primary_key=True)
    login: str
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    document_hash: str = ""
    state: str = "WAITING"
    sentence: str = ""
    agreement_number: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=Instant)


append_only(AgreementTextVersion)
