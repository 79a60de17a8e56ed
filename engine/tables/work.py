"""Open work of an instance: tasks, jobs, timers, subscriptions, incidents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from engine.tables.columns import OPEN, no, of_instance, own_key, words
from kernel.db import Instant


class UserTask(SQLModel, table=True):
    """Work for a person, kept when it is over. `ended_by` is who completed it, or whose act made it fall away."""

    __tablename__ = "user_task"
    __table_args__ = (
        CheckConstraint("state in ('CREATED', 'COMPLETED', 'CANCELED')", name="state"),
        Index("ix_user_task_instance_key", "instance_key"),
        Index(
            "ix_user_task_open_assignee",
            "assignee",
            postgresql_where=text("state = 'CREATED' and assignee is not null"),
        ),
        Index("ix_user_task_open_groups", "candidate_groups", postgresql_using="gin", postgresql_where=OPEN),
        Index("ix_user_task_ended_by", "ended_by", "ended_at", postgresql_where=text("state = 'COMPLETED'")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: int = own_key()
    instance_key: int = of_instance()
    definition_key: int = Field(sa_type=BigInteger)
    process_id: str
    token: int
    element: str
    name: str
    state: str = "CREATED"
    assignee: str | None = None
    assigned_at: datetime | None = Field(sa_type=Instant, default=None)
    candidate_groups: list[str] = words()
    candidate_users: list[str] = words()
    due_at: datetime | None = Field(sa_type=Instant, default=None)
    follow_up_at: datetime | None = Field(sa_type=Instant, default=None)
    priority: int = 50
    form_key: int | None = Field(sa_type=BigInteger, default=None)
    form_id: str | None = None
    external_form: str | None = None
    headers: dict[str, str] = Field(sa_type=JSONB)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(sa_type=Instant, default=None)
    ended_by: str | None = None


class Job(SQLModel, table=True):
    """Work for a handler. `lease` is the token of who holds it until `lease_until`, which is the database's time.

    `uuid` is the idempotency key towards outside systems: it survives retries, incidents and a restored backup.
    `variables` are dropped when the job is over.
    """

    __table_args__ = (
        CheckConstraint("state in ('CREATED', 'FAILED', 'COMPLETED', 'ERROR_THROWN', 'CANCELED')", name="state"),
        Index("ix_job_due", "type", "due_at", postgresql_where=text("state = 'CREATED' and not suspended")),
        Index("ix_job_instance_key", "instance_key"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: int = own_key()
    uuid: UUID
    instance_key: int = of_instance()
    definition_key: int = Field(sa_type=BigInteger)
    process_id: str
    token: int
    element: str
    type: str
    state: str = "CREATED"
    due_at: datetime = Field(sa_type=Instant)
    retries: int
    attempts: int = 0
    worker: str | None = None
    lease: int | None = Field(sa_type=BigInteger, default=None)
    lease_until: datetime | None = Field(sa_type=Instant, default=None)
    suspended: bool = no()
    headers: dict[str, str] = Field(sa_type=JSONB)
    variables: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(sa_type=Instant, default=None)
    ended_by: str | None = None


class Timer(SQLModel, table=True):
    """An instant that an instance waits for. The row goes when the timer fires or falls away."""

    __table_args__ = (
        Index("ix_timer_due_at", "due_at", postgresql_where=text("not suspended")),
        Index("ix_timer_instance_key", "instance_key"),
    )

    key: int = own_key()
    instance_key: int = of_instance()
    token: int
    index: int
    element: str
    due_at: datetime = Field(sa_type=Instant)
    lease_until: datetime | None = Field(sa_type=Instant, default=None)
    suspended: bool = no()


class Subscription(SQLModel, table=True):
    """A message or signal that an instance waits for. The row goes when it is over."""

    __table_args__ = (
        CheckConstraint("kind in ('message', 'signal')", name="kind"),
        Index("ix_subscription_name_correlation_key", "name", "correlation_key"),
        Index("ix_subscription_instance_key", "instance_key"),
    )

    key: int = own_key()
    instance_key: int = of_instance()
    process_id: str
    token: int
    index: int
    element: str
    kind: str
    name: str
    correlation_key: str
    created_at: datetime = Field(sa_type=Instant)


class Incident(SQLModel, table=True):
    """An element that cannot go on until someone mends it. `job_key` names the job that ran out of retries."""

    __table_args__ = (
        CheckConstraint("state in ('ACTIVE', 'RESOLVED')", name="state"),
        Index("ix_incident_instance_key", "instance_key"),
        Index("ix_incident_active", "created_at", postgresql_where=text("state = 'ACTIVE'")),
    )

    key: int = own_key()
    instance_key: int = of_instance()
    definition_key: int = Field(sa_type=BigInteger)
    process_id: str
    token: int
    element: str
    kind: str
    message: str
    state: str = "ACTIVE"
    job_key: int | None = Field(sa_type=BigInteger, default=None)
    created_at: datetime = Field(sa_type=Instant)
    resolved_at: datetime | None = Field(sa_type=Instant, default=None)
    resolved_by: str | None = None
