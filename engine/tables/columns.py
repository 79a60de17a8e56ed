"""Columns that many of the engine's tables have."""

from typing import Any

from sqlalchemy import DDL, BigInteger, Text, event, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

OPEN = text("state = 'CREATED'")


def words() -> Any:
    """A list of texts, empty where nothing is said."""
    return Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}, default_factory=list)


def no() -> Any:
    """False where nothing is said."""
    return Field(default=False, sa_column_kwargs={"server_default": "false"})


def own_key() -> Any:
    """A key of the one sequence (`kernel.ids`)."""
    return Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})


def of_instance() -> Any:
    """The key of the instance that a row belongs to."""
    return Field(sa_type=BigInteger, foreign_key="instance.key")


def brings(table: str, *statements: str) -> None:
    """Statements that a table brings along when it is made: triggers, storage."""
    for statement in statements:
        ddl = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        event.listen(SQLModel.metadata.tables[table], "after_create", ddl)
