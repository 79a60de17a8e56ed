"""Signed-in browsers and API clients. Only digests of secrets are stored, so a stolen table opens nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kernel.db import Instant


class Session(SQLModel, table=True):
    """A login that lasts: a browser's cookie or a client's bearer token, by its SHA-256."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("kind in ('browser', 'bearer')", name="kind_known"),)

    id: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    kind: str
    login: str = Field(index=True)
    csrf: str = ""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class ApiClient(SQLModel, table=True):
    """A program that calls the API with client credentials (RFC 6749 §4.4)."""

    __tablename__ = "api_client"

    id: str = Field(primary_key=True)
    name: str = ""
    secret_hash: str
    groups: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    active: bool = True


class TrialClock(SQLModel, table=True):
    """How far the trial mode's clock runs ahead of the machine's. One row at most."""

    __tablename__ = "trial_clock"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    ahead_seconds: float = 0.0


class SavedFilter(SQLModel, table=True):
    """A search of the operation pages that somebody named: theirs alone, or everybody's where it is shared."""

    __tablename__ = "saved_filter"
    __table_args__ = (Index("uq_saved_filter_name", "login", "page", "name", unique=True),)

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    login: str
    page: str
    name: str
    query: str
    shared: bool = False


class Proposal(SQLModel, table=True):
    """Files that are to be published, and what their proof has shown: see `processes.proof`.

    They are published byte for byte as they were proved. `project_key` is the project of the studio that they came
    from, `edited_by` who had changed them there since they were last published. An approval is that of one proof.
    """

    __table_args__ = (
        CheckConstraint("state in ('CREATED', 'RUNNING', 'DONE', 'FAILED', 'PUBLISHED')", name="state"),
        Index("ix_proposal_created_at", "created_at"),
        Index("ix_proposal_project_key", "project_key", "created_at"),
    )

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = "CREATED"
    comment: str = ""
    created_by: str
    created_at: datetime = Field(sa_type=Instant)
    sample: int
    result: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    deployment_key: int | None = Field(sa_type=BigInteger, default=None)
    project_key: int | None = Field(sa_type=BigInteger, default=None, foreign_key="project.key")
    edited_by: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'"))
    )
    approved_by: str | None = None
    approved_at: datetime | None = Field(sa_type=Instant, default=None)


class ScenarioRun(SQLModel, table=True):
    """The stories of a project, played or being played: see `api.rehearsals`.

    `chosen` names those that were to be played, None for all. `files` are the digests of the project's files that they
    were played on. `result` is what came of them.
    """

    __tablename__ = "scenario_run"
    __table_args__ = (
        CheckConstraint("state in ('RUNNING', 'DONE', 'FAILED')", name="state"),
        Index("ix_scenario_run_project_key", "project_key", "created_at"),
    )

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    project_key: int = Field(sa_type=BigInteger, foreign_key="project.key")
    state: str
    chosen: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text), nullable=True))
    files: dict[str, str] = Field(sa_type=JSONB)
    created_by: str
    created_at: datetime = Field(sa_type=Instant)
    result: dict[str, Any] | None = Field(sa_type=JSONB, default=None)


class ProposalFile(SQLModel, table=True):
    """A file of a proposal, byte for byte."""

    __tablename__ = "proposal_file"

    proposal_key: int = Field(sa_type=BigInteger, foreign_key="proposal.key", primary_key=True)
    name: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class Document(SQLModel, table=True):
    """A file that a program keeps for a process (`/v2/documents`); its bytes lie in the file store under `hash`."""

    __table_args__ = (Index("ix_document_expires_at", "expires_at", postgresql_where=text("expires_at is not null")),)

    id: str = Field(primary_key=True)
    hash: str
    name: str
    media_type: str
    size: int = Field(sa_type=BigInteger)
    expires_at: datetime | None = Field(sa_type=Instant, default=None)
    process_id: str | None = None
    instance_key: int | None = Field(sa_type=BigInteger, default=None)
    properties: dict[str, Any] = Field(sa_type=JSONB)
    added_by: str
    added_at: datetime = Field(sa_type=Instant)


class RateWindow(SQLModel, table=True):
    """How often something was asked in the present window, by a key such as `verify/203.0.113.7`."""

    __tablename__ = "rate_window"

    key: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=Instant)
    count: int
