"""The engine's tables. What happens to their rows is said in `store`; what they mean is said here.

Keys are 64-bit integers of one sequence. `token` and `index` name open work as `engine.model` does. What a search asks
of work beside its own columns (`definition_key`, `process_id`) is repeated in the work tables, since it never changes.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, BigInteger, CheckConstraint, Identity, Index, LargeBinary, Sequence, Text, event, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from kernel.db import Instant
from kernel.ids import BLOCK, SEQUENCE

Sequence(SEQUENCE, increment=BLOCK, metadata=SQLModel.metadata)

OPEN = text("state = 'CREATED'")


def _words() -> Any:
    return Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}, default_factory=list)


def _key() -> Any:
    return Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})


def _of_instance() -> Any:
    return Field(sa_type=BigInteger, foreign_key="instance.key")


class Deployment(SQLModel, table=True):
    """One act of deploying. Its rows in `deployment_entry` name what it brought, new or unchanged."""

    key: int = _key()
    at: datetime = Field(sa_type=Instant)
    actor: str


class Resource(SQLModel, table=True):
    """A file as it was deployed, byte for byte."""

    key: int = _key()
    deployment_key: int = Field(sa_type=BigInteger, foreign_key="deployment.key")
    name: str
    content: bytes = Field(sa_type=LargeBinary)


class Definition(SQLModel, table=True):
    """One version of a process, a decision or a form.

    `digest` tells whether the same is deployed again: SHA-256 of the file, and of all files beside it where the process
    binds any of them by deployment.
    """

    __table_args__ = (
        CheckConstraint("kind in ('process', 'decision', 'form')", name="kind"),
        Index("uq_definition_kind_id_version", "kind", "id", "version", unique=True),
        Index(
            "ix_definition_version_tag", "kind", "id", "version_tag", postgresql_where=text("version_tag is not null")
        ),
    )

    key: int = _key()
    kind: str
    id: str
    name: str
    version: int
    version_tag: str | None = None
    deployment_key: int = Field(sa_type=BigInteger, foreign_key="deployment.key")
    resource_key: int = Field(sa_type=BigInteger, foreign_key="resource.key")
    resource_name: str
    digest: bytes = Field(sa_type=LargeBinary)
    deployed_at: datetime = Field(sa_type=Instant)


class DeploymentEntry(SQLModel, table=True):
    """The version that counts under the binding `deployment` for everything deployed together."""

    __tablename__ = "deployment_entry"

    deployment_key: int = Field(sa_type=BigInteger, foreign_key="deployment.key", primary_key=True)
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key", primary_key=True)
    kind: str
    id: str
    new: bool


class Instance(SQLModel, table=True):
    """A process instance. `blob` is what the executor restores; `version` fences every write.

    `journal_seq` and `journal_head` are the end of its journal. `correlation_key` is of the message that started it.
    """

    __table_args__ = (
        CheckConstraint("state in ('ACTIVE', 'COMPLETED', 'TERMINATED')", name="state"),
        Index("ix_instance_process_id_started_at", "process_id", "started_at"),
        Index("ix_instance_root_key", "root_key"),
        Index("ix_instance_parent_key", "parent_key", postgresql_where=text("parent_key is not null")),
        Index("ix_instance_business_id", "business_id", postgresql_where=text("business_id is not null")),
        Index(
            "uq_instance_correlation",
            "process_id",
            "correlation_key",
            unique=True,
            postgresql_where=text("correlation_key is not null and state = 'ACTIVE'"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: int = _key()
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
    tags: list[str] = _words()
    correlation_key: str | None = None
    started_at: datetime = Field(sa_type=Instant)
    started_by: str
    ended_at: datetime | None = Field(sa_type=Instant, default=None)


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

    key: int = _key()
    instance_key: int = _of_instance()
    definition_key: int = Field(sa_type=BigInteger)
    process_id: str
    token: int
    element: str
    name: str
    state: str = "CREATED"
    assignee: str | None = None
    assigned_at: datetime | None = Field(sa_type=Instant, default=None)
    candidate_groups: list[str] = _words()
    candidate_users: list[str] = _words()
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
        Index("ix_job_due", "type", "due_at", postgresql_where=OPEN),
        Index("ix_job_instance_key", "instance_key"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: int = _key()
    uuid: UUID
    instance_key: int = _of_instance()
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
    headers: dict[str, str] = Field(sa_type=JSONB)
    variables: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(sa_type=Instant, default=None)
    ended_by: str | None = None


class Timer(SQLModel, table=True):
    """An instant that an instance waits for. The row goes when the timer fires or falls away."""

    __table_args__ = (Index("ix_timer_due_at", "due_at"), Index("ix_timer_instance_key", "instance_key"))

    key: int = _key()
    instance_key: int = _of_instance()
    token: int
    index: int
    element: str
    due_at: datetime = Field(sa_type=Instant)
    lease_until: datetime | None = Field(sa_type=Instant, default=None)


class StartTimer(SQLModel, table=True):
    """The next start of a process by a timer start event; `due_at` is null after the last.

    `expression` tells whether a new version of the process changed the timer: if not, the row stays as it is.
    """

    __tablename__ = "start_timer"
    __table_args__ = (Index("ix_start_timer_due_at", "due_at"),)

    process_id: str = Field(primary_key=True)
    element: str = Field(primary_key=True)
    key: int = Field(sa_type=BigInteger, unique=True)
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key")
    expression: str
    due_at: datetime | None = Field(sa_type=Instant)
    left: int
    period: str
    lease_until: datetime | None = Field(sa_type=Instant, default=None)


class Subscription(SQLModel, table=True):
    """A message or signal that an instance waits for. The row goes when it is over."""

    __table_args__ = (
        CheckConstraint("kind in ('message', 'signal')", name="kind"),
        Index("ix_subscription_name_correlation_key", "name", "correlation_key"),
        Index("ix_subscription_instance_key", "instance_key"),
    )

    key: int = _key()
    instance_key: int = _of_instance()
    process_id: str
    token: int
    index: int
    element: str
    kind: str
    name: str
    correlation_key: str
    created_at: datetime = Field(sa_type=Instant)


class StartSubscription(SQLModel, table=True):
    """A message or signal that starts the latest version of a process."""

    __tablename__ = "start_subscription"
    __table_args__ = (Index("ix_start_subscription_name", "name"),)

    process_id: str = Field(primary_key=True)
    element: str = Field(primary_key=True)
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key")
    kind: str
    name: str


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

    key: int = _key()
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


class Variable(SQLModel, table=True):
    """The last value of a variable; `scope` is the token that owns the scope, 0 for the process."""

    __table_args__ = ({"postgresql_with": {"fillfactor": 80}},)

    instance_key: int = Field(sa_type=BigInteger, foreign_key="instance.key", primary_key=True)
    scope: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    key: int = Field(sa_type=BigInteger)
    value: Any = Field(sa_type=JSONB)


class Incident(SQLModel, table=True):
    """An element that cannot go on until someone mends it. `job_key` names the job that ran out of retries."""

    __table_args__ = (
        CheckConstraint("state in ('ACTIVE', 'RESOLVED')", name="state"),
        Index("ix_incident_instance_key", "instance_key"),
        Index("ix_incident_active", "created_at", postgresql_where=text("state = 'ACTIVE'")),
    )

    key: int = _key()
    instance_key: int = _of_instance()
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


class Journal(SQLModel, table=True):
    """The history of an instance, a chain of hashes (`engine.journal`). Rows are never changed and never removed."""

    instance_key: int = Field(sa_type=BigInteger, primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant)
    kind: str
    element: str
    token: int
    actor: str
    actor_kind: str
    ip: str | None = None
    data: str | None = None
    hash: bytes = Field(sa_type=LargeBinary)


_REFUSE = """create or replace function refuse_change() returns trigger language plpgsql as
$$ begin raise exception 'The journal only grows: %% on %% is refused.', lower(tg_op), tg_table_name; end $$"""
_GROWS = "create trigger only_grows before update or delete on journal for each row execute function refuse_change()"
_FULL = "create trigger never_emptied before truncate on journal execute function refuse_change()"
_EXTERNAL = "alter table instance alter blob set storage external"

for _table, _statement in (("journal", _REFUSE), ("journal", _GROWS), ("journal", _FULL), ("instance", _EXTERNAL)):
    _ddl = DDL(_statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    event.listen(SQLModel.metadata.tables[_table], "after_create", _ddl)
