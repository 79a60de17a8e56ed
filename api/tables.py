"""Signed-in browsers and API clients. Only digests of secrets are stored, so a stolen table opens nothing."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Column, LargeBinary, Text
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
