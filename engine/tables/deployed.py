"""What is deployed, and what it starts."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from engine.tables.columns import own_key
from kernel.db import Instant


class Deployment(SQLModel, table=True):
    """One act of deploying. Its rows in `deployment_entry` name what it brought, new or unchanged."""

    key: int = own_key()
    at: datetime = Field(sa_type=Instant)
    actor: str
    comment: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Resource(SQLModel, table=True):
    """A file as it was deployed, byte for byte."""

    key: int = own_key()
    deployment_key: int = Field(sa_type=BigInteger, foreign_key="deployment.key")
    name: str
    content: bytes = Field(sa_type=LargeBinary)


class Definition(SQLModel, table=True):
    """One version of a process, a decision or a form.

    `digest` tells whether the same is deployed again: SHA-256 of the file, and of all files beside it where the process
    binds any of them by deployment. A version that was withdrawn starts nothing new; what runs on it goes on. The
    latest version is the highest that is not withdrawn.
    """

    __table_args__ = (
        CheckConstraint("kind in ('process', 'decision', 'form')", name="kind"),
        Index("uq_definition_kind_id_version", "kind", "id", "version", unique=True),
        Index(
            "ix_definition_version_tag", "kind", "id", "version_tag", postgresql_where=text("version_tag is not null")
        ),
    )

    key: int = own_key()
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
    withdrawn_at: datetime | None = Field(sa_type=Instant, default=None)
    withdrawn_by: str | None = None


class DeploymentEntry(SQLModel, table=True):
    """The version that counts under the binding `deployment` for everything deployed together."""

    __tablename__ = "deployment_entry"

    deployment_key: int = Field(sa_type=BigInteger, foreign_key="deployment.key", primary_key=True)
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key", primary_key=True)
    kind: str
    id: str
    new: bool


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


class StartSubscription(SQLModel, table=True):
    """A message or signal that starts the latest version of a process."""

    __tablename__ = "start_subscription"
    __table_args__ = (Index("ix_start_subscription_name", "name"),)

    process_id: str = Field(primary_key=True)
    element: str = Field(primary_key=True)
    definition_key: int = Field(sa_type=BigInteger, foreign_key="definition.key")
    kind: str
    name: str
