"""Published messages, and whom they reached."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from engine.tables.columns import own_key
from kernel.db import Instant


class Message(SQLModel, table=True):
    """A published message. It meets subscriptions until `expires_at`; its id is refused again until `forget_at`."""

    __table_args__ = (
        Index("ix_message_name_correlation_key", "name", "correlation_key"),
        Index(
            "uq_message_id",
            "name",
            "correlation_key",
            "message_id",
            unique=True,
            postgresql_where=text("message_id is not null"),
        ),
        Index("ix_message_forget_at", "forget_at"),
    )

    key: int = own_key()
    name: str
    correlation_key: str
    message_id: str | None = None
    variables: dict[str, Any] = Field(sa_type=JSONB)
    published_at: datetime = Field(sa_type=Instant)
    published_by: str
    expires_at: datetime = Field(sa_type=Instant)
    forget_at: datetime = Field(sa_type=Instant)


class Correlation(SQLModel, table=True):
    """A message that has reached a process: once each, whatever crashes in between."""

    message_key: int = Field(sa_type=BigInteger, primary_key=True)
    process_id: str = Field(primary_key=True)
    instance_key: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
