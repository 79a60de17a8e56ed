"""What happened, and what is left of it: tables that only grow."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from engine.tables.columns import brings, own_key
from kernel.db import Instant

# The kinds of history that tell what somebody did, beside what followed of itself.
AUDITED_KINDS = (
    "BUSINESS_ID_ASSIGNED",
    "INSTANCE_CANCELED",
    "INSTANCE_MIGRATED",
    "INSTANCE_MODIFIED",
    "INSTANCE_RESUMED",
    "INSTANCE_SUSPENDED",
    "INCIDENT_RETRIED",
    "JOB_RETRIES_UPDATED",
    "JOB_UPDATED",
    "TIMER_FIRED_BY_HAND",
    "TIMER_MOVED",
    "USER_TASK_ASSIGNED",
    "USER_TASK_CLAIMED",
    "USER_TASK_COMPLETED",
    "USER_TASK_UNCLAIMED",
    "USER_TASK_UPDATED",
    "VARIABLES_SET",
)
AUDITED = text(f"kind in ({', '.join(map(repr, AUDITED_KINDS))})")


class Journal(SQLModel, table=True):
    """The history of an instance, a chain of hashes (`engine.journal`). Rows are never changed.

    They are removed only with all of an instance, once `removed_instance` keeps its end.
    """

    __table_args__ = (
        Index("ix_journal_audited_at", "at", postgresql_where=AUDITED),
        Index("ix_journal_decided_at", "at", postgresql_where=text("kind = 'DECISION_EVALUATED'")),
        Index("ix_journal_received_at", "at", postgresql_where=text("kind = 'MESSAGE_RECEIVED'")),
    )

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


class Audit(SQLModel, table=True):
    """What was done to no single instance: deployments, batches, retention, holds. The rest stands in the journal.

    `entity` and `operation` are Camunda 8's words, such as RESOURCE and CREATE. Rows are never changed, never removed.
    """

    __table_args__ = (Index("ix_audit_at", "at"),)

    key: int = own_key()
    at: datetime = Field(sa_type=Instant)
    actor: str
    actor_kind: str
    ip: str | None = None
    entity: str
    operation: str
    entity_key: int | None = Field(sa_type=BigInteger, default=None)
    process_id: str | None = None
    definition_key: int | None = Field(sa_type=BigInteger, default=None)
    data: dict[str, Any] = Field(sa_type=JSONB)


class RemovedInstance(SQLModel, table=True):
    """What is left of an instance whose time of retention is over: that it was, and the end of its journal.

    Written before its rows go. Only then does the journal let them go: see `refuse_change`.
    """

    __tablename__ = "removed_instance"
    __table_args__ = (Index("ix_removed_instance_removed_at", "removed_at"),)

    key: int = own_key()
    root_key: int = Field(sa_type=BigInteger)
    process_id: str
    process_version: int
    state: str
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime = Field(sa_type=Instant)
    journal_seq: int
    journal_head: bytes = Field(sa_type=LargeBinary)
    removed_at: datetime = Field(sa_type=Instant)
    removed_by: str
    why: str


_REFUSE = """create or replace function refuse_change() returns trigger language plpgsql as
$$ begin
  if tg_op = 'DELETE' and tg_table_name = 'journal' then
    if exists (select from removed_instance r where r.key = old.instance_key) then return old; end if;
  end if;
  raise exception '%% only grows: %% is refused.', tg_table_name, lower(tg_op);
end $$"""
GROWING = ("journal", "audit", "removed_instance")

for _table in GROWING:
    brings(
        _table,
        _REFUSE,
        f"create trigger only_grows before update or delete on {_table} for each row execute function refuse_change()",
        f"create trigger never_emptied before truncate on {_table} execute function refuse_change()",
    )
