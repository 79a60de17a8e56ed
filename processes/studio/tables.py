"""Projects, drafts, and what drafts once were. Contents are bytes as they came; a digest is SHA-256 in hex.

What is removed keeps its rows, so that it can be brought back.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from kernel.db import Instant


class Project(SQLModel, table=True):
    """A family's files together. `family` names the shipped family that it was made from."""

    __tablename__ = "project"
    __table_args__ = (
        Index("uq_project_name", "name", unique=True, postgresql_where=text("removed_at is null")),
        Index("uq_project_family", "family", unique=True, postgresql_where=text("family is not null")),
    )

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    family: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    removed_at: datetime | None = Field(sa_type=Instant, default=None)
    removed_by: str | None = None


class Draft(SQLModel, table=True):
    """A file of a project as it stands. `revision` is the number of its newest revision.

    `base` is the digest that it was taken from what is deployed with, or that it was last published as.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("kind in ('bpmn', 'dmn', 'form', 'scenarios')", name="kind_known"),
        Index("uq_draft_name", "project_key", "name", unique=True, postgresql_where=text("removed_at is null")),
    )

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    project_key: int = Field(sa_type=BigInteger, foreign_key="project.key", index=True)
    name: str
    kind: str
    digest: str
    content: bytes = Field(sa_type=LargeBinary)
    revision: int
    base: str | None = None
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str
    comment: str = ""
    removed_at: datetime | None = Field(sa_type=Instant, default=None)
    removed_by: str | None = None


class DraftRevision(SQLModel, table=True):
    """A state of a draft that is kept. `folds` lets the next save of the same person go into it (see `drafts.save`).

    `name` is what the file was called then; `begun_at` the first of the saves that it holds, `changed_at` the last.
    """

    __tablename__ = "draft_revision"

    draft_key: int = Field(sa_type=BigInteger, foreign_key="draft.key", primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str
    digest: str
    content: bytes = Field(sa_type=LargeBinary)
    folds: bool
    begun_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str
    comment: str = ""


class DraftAside(SQLModel, table=True):
    """What somebody wrote and could not save, because the draft had been changed by someone else meanwhile."""

    __tablename__ = "draft_aside"
    __table_args__ = (Index("uq_draft_aside", "project_key", "name", "written_by", "digest", unique=True),)

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    project_key: int = Field(sa_type=BigInteger, foreign_key="project.key")
    name: str
    digest: str
    content: bytes = Field(sa_type=LargeBinary)
    expected: str | None = None
    written_at: datetime = Field(sa_type=Instant)
    written_by: str
