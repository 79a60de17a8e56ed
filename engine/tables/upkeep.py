"""What operators do to many instances, how long instances are kept, and who works on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from engine.tables.columns import own_key
from kernel.db import Instant


class BatchOperation(SQLModel, table=True):
    """The same act on many instances. Its items are done one by one, each in a commit of its own.

    `payload` is what the act needs (a migration plan, a reason), `filter` what the instances were chosen by. A batch
    acts in the name of who made it: `created_by`, `actor_kind`, `ip`. Suspended, it keeps what is left.
    """

    __tablename__ = "batch_operation"
    __table_args__ = (
        CheckConstraint(
            "state in ('CREATED', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED', 'CANCELED')",
            name="state",
        ),
        Index("ix_batch_operation_open", "key", postgresql_where=text("state in ('CREATED', 'ACTIVE')")),
    )

    key: int = own_key()
    kind: str
    state: str = "CREATED"
    payload: dict[str, Any] = Field(sa_type=JSONB)
    filter: dict[str, Any] = Field(sa_type=JSONB)
    reason: str = ""
    total: int
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    actor_kind: str
    ip: str | None = None
    started_at: datetime | None = Field(sa_type=Instant, default=None)
    ended_at: datetime | None = Field(sa_type=Instant, default=None)


class BatchItem(SQLModel, table=True):
    """One instance (or job, or decision) of a batch. `message` says why it failed, in the words of the refusal."""

    __tablename__ = "batch_item"
    __table_args__ = (
        CheckConstraint("state in ('ACTIVE', 'COMPLETED', 'FAILED', 'CANCELED')", name="state"),
        Index("ix_batch_item_open", "batch_key", "item_key", postgresql_where=text("state = 'ACTIVE'")),
        Index("ix_batch_item_instance_key", "instance_key"),
    )

    batch_key: int = Field(sa_type=BigInteger, foreign_key="batch_operation.key", primary_key=True)
    item_key: int = Field(sa_type=BigInteger, primary_key=True)
    instance_key: int | None = Field(sa_type=BigInteger, default=None)
    root_key: int | None = Field(sa_type=BigInteger, default=None)
    state: str = "ACTIVE"
    message: str | None = None
    ended_at: datetime | None = Field(sa_type=Instant, default=None)


class Retention(SQLModel, table=True):
    """How long finished instances of a process are kept, in days from their end. Without a row they are kept."""

    process_id: str = Field(primary_key=True)
    days: int
    set_by: str
    set_at: datetime = Field(sa_type=Instant)


class LegalHold(SQLModel, table=True):
    """What must not be removed, whatever its age: an instance with all that it called. Lifted, it stays as a record."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("uq_legal_hold_open", "root_key", unique=True, postgresql_where=text("lifted_at is null")),)

    key: int = own_key()
    root_key: int = Field(sa_type=BigInteger)
    reason: str
    placed_by: str
    placed_at: datetime = Field(sa_type=Instant)
    lifted_by: str | None = None
    lifted_at: datetime | None = Field(sa_type=Instant, default=None)
    lifted_why: str | None = None


class WorkerSeen(SQLModel, table=True):
    """A worker that asked for jobs of a type, and when it last did."""

    __tablename__ = "worker_seen"

    name: str = Field(primary_key=True)
    type: str = Field(primary_key=True)
    first_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
