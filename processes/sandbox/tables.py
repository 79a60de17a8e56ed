"""What is kept of a sandbox. Its data are invented; the stage that it plays on is no part of this database."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from kernel.db import Instant


class Sandbox(SQLModel, table=True):
    """A draft being tried. `beginnings` is the world that it began in (`processes.sandbox.beginnings`).

    JSON and not JSONB: what a designer wrote keeps its order, and is recorded so.
    """

    key: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    project_key: int = Field(sa_type=BigInteger, foreign_key="project.key", index=True)
    process_id: str
    beginnings: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    used_at: datetime = Field(sa_type=Instant)


class SandboxFile(SQLModel, table=True):
    """A file as it was when the sandbox was opened, byte for byte.

    `deployment` is 0 for the project's own. What these ask for and do not bring was deployed before: the files of one
    deployment have the same number, the oldest 1.
    """

    __tablename__ = "sandbox_file"

    sandbox_key: int = Field(sa_type=BigInteger, foreign_key="sandbox.key", primary_key=True)
    deployment: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class SandboxStep(SQLModel, table=True):
    """A step that was done, as the grammar of stories has it. `at` is the stage's instant after it.

    `key` is its own: a step that was taken back and another in its place are two.
    """

    __tablename__ = "sandbox_step"

    sandbox_key: int = Field(sa_type=BigInteger, foreign_key="sandbox.key", primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: int = Field(sa_type=BigInteger)
    step: dict[str, Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=Instant)
    done_by: str
