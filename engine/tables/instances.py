"""Instances: their state, their variables, and what one owes another."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from engine.tables.columns import brings, own_key, words
from kernel.db import Instant


class Instance(SQLModel, table=True):
    """A process instance. `blob` is what the executor restores; `version` fences every write.

    `journal_seq` and `journal_head` are the end of its journal. `correlation_key` is of the message that started it.
    While it is SUSPENDED nothing new begins in it; work that somebody holds already may end.
    """

    __table_args__ = (
        CheckConstraint("state in ('ACTIVE', 'SUSPENDED', 'COMPLETED', 'TERMINATED')", name="state"),
        Index("ix_instance_process_id_started_at", "process_id", "started_at"),
        Index("ix_instance_definition_key_state", "definition_key", "state"),
        Index("ix_instance_ended_at", "process_id", "ended_at", postgresql_where=text("ended_at is not null")),
        Index("ix_instance_root_key", "root_key"),
        Index("ix_instance_parent_key", "parent_key", postgresql_where=text("parent_key is not null")),
        Index("ix_instance_business_id", "business_id", postgresql_where=text("business_id is not null")),
        Index(
            "uq_instance_correlation",
            "process_id",
            "correlation_key",
            unique=True,
            postgresql_where=text("correlation_key is not null and ended_at is null"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: int = own_key()
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key")
    process_id: str
    process_version: int
    version: int
    state: str
    blob: bytes = Field(sa_type=LargeBinary)
    journal_seq: int
    journal_head: bytes = Field(sa_type=LargeBinary)
    parent_key: int | None = Field(sa_type=BigInteger, default=None)
    parent_token: int | None = None
    root_key: int = Field(sa_type=BigInteger)
    depth: int = 0
    business_id: str | None = None
    tags: list[str] = words()
    correlation_key: str | None = None
    started_at: datetime = Field(sa_type=Instant)
    started_by: str
    ended_at: datetime | None = Field(sa_type=Instant, default=None)


class Variable(SQLModel, table=True):
    """The last value of a variable; `scope` is the token that owns the scope, 0 for the process."""

    __table_args__ = ({"postgresql_with": {"fillfactor": 80}},)

    instance_key: int = Field(sa_type=BigInteger, foreign_key="instance.key", primary_key=True)
    scope: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    key: int = Field(sa_type=BigInteger)
    value: Any = Field(sa_type=JSONB)


class FollowUp(SQLModel, table=True):
    """What one turn owes another instance: written with that turn, done in a turn of its own, gone with its commit.

    `kind` is one of `commands.follow_up`. A row is held by `lease` until `lease_until` (the database's time).
    """

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_instance_key", "instance_key"),)

    key: int = Field(sa_type=BigInteger, sa_column_args=(Identity(always=True),), primary_key=True, default=None)
    kind: str
    instance_key: int | None = Field(sa_type=BigInteger, default=None)
    token: int | None = None
    payload: dict[str, Any] = Field(sa_type=JSONB)
    lease: int | None = Field(sa_type=BigInteger, default=None)
    lease_until: datetime | None = Field(sa_type=Instant, default=None)
    attempts: int = 0
    error: str | None = None


brings("instance", "alter table instance alter blob set storage external")
