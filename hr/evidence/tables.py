"""Evidence: one chain of rows a subject, which nobody can change or take away without being found out."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import DDL
from sqlmodel import Field, SQLModel

from kernel.db import Instant

_FUNCTION = """
create or replace function refuse_to_rewrite() returns trigger language plpgsql as $$
begin
  raise exception 'Rows of %% are evidence and are only ever added.', tg_table_name
    using errcode = 'restrict_violation';
end $$
"""
_TRIGGER = """
create trigger {table}_append_only before update or delete or truncate on {table}
for each statement execute function refuse_to_rewrite()
"""


def append_only(*rows: type[SQLModel]) -> None:
    """Have the database refuse every update, delete and truncate of these tables, whoever asks."""
    for row in rows:
        table: Table = row.__table__  # type: ignore[attr-defined]  # SQLModel gives every table class its Table
        for statement in (_FUNCTION, _TRIGGER.format(table=table.name)):
            event.listen(table, "after_create", DDL(statement))  # type: ignore[no-untyped-call]  # untyped there


class Evidence(SQLModel, table=True):
    """Who did what, when, from where, about which content.

    `hash` covers every other column and `previous`, so that a changed, moved or missing row breaks the chain there.
    """

    __tablename__ = "evidence"

    subject: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    event: str
    actor: str
    actor_name: str = ""
    at: datetime = Field(sa_type=Instant)
    ip: str | None = None
    agent: str | None = None
    content_hash: str | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    previous: str
    hash: str


class Anchor(SQLModel, table=True):
    """The head of a chain at one moment, stamped by a time authority: rows cut off afterwards are missed against it.

    `head` is the hash of row `sequence`; `token` is the RFC 3161 TimeStampToken (DER) over the 32 bytes of `head`.
    """

    __tablename__ = "evidence_anchor"

    subject: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    head: str
    token: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    authority: str
    stamped_at: datetime = Field(sa_type=Instant)


append_only(Evidence, Anchor)
