"""What people keep beside their tasks: the conversation of a case and who has read it, drafts, delegations.

Comments are added and read; nobody changes or removes one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from kernel.db import Instant


class CaseComment(SQLModel, table=True):
    """Something that a participant said about a case. `files` lists `{hash, name, size, media_type}`."""

    __tablename__ = "case_comment"
    __table_args__ = (Index("ix_case_comment_instance_key", "instance_key", "key"),)

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    instance_key: int = Field(sa_type=BigInteger)
    author: str
    at: datetime = Field(sa_type=Instant)
    text: str
    files: list[dict[str, Any]] = Field(sa_type=JSONB, default_factory=list)


class CaseRead(SQLModel, table=True):
    """Up to which comment a person has read the conversation of a case."""

    __tablename__ = "case_read"

    instance_key: int = Field(sa_type=BigInteger, primary_key=True)
    login: str = Field(primary_key=True)
    last_key: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)


class TaskDraft(SQLModel, table=True):
    """What somebody has filled into a task's form and not sent yet; nobody else sees it. Gone once the task is over."""

    __tablename__ = "task_draft"

    task_key: int = Field(sa_type=BigInteger, primary_key=True)
    login: str = Field(primary_key=True)
    answers: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = Field(sa_type=Instant)


class Delegation(SQLModel, table=True):
    """A task that its owner gave to somebody else and gets back: `returned_at` once the delegate is through."""

    __table_args__ = (Index("ix_delegation_task_key", "task_key"),)

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    task_key: int = Field(sa_type=BigInteger)
    owner: str
    delegate: str
    note: str = ""
    at: datetime = Field(sa_type=Instant)
    returned_at: datetime | None = Field(sa_type=Instant, default=None)
