"""What the file store holds, and who brought each file for what."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Identity, UniqueConstraint
from sqlmodel import Field, SQLModel

from kernel.db import Instant


class StoredFile(SQLModel, table=True):
    """One content, kept once, encrypted on disk. `hash` is the SHA-256 of the plain bytes in lower-case hex."""

    __tablename__ = "stored_file"

    hash: str = Field(primary_key=True)
    media_type: str
    size: int
    stored_at: datetime = Field(sa_type=Instant)


class FileUse(SQLModel, table=True):
    """One use of a content: for which subject (a case number, a login), under what name, brought by whom."""

    __tablename__ = "file_use"
    __table_args__ = (UniqueConstraint("hash", "subject", "purpose", "added_by"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    hash: str = Field(foreign_key="stored_file.hash", index=True)
    subject: str = Field(index=True)
    purpose: str
    name: str
    added_by: str
    added_at: datetime = Field(sa_type=Instant)
