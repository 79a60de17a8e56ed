"""Alembic's entry: the product's tables, and the connection that `api.schema` hands in."""

from typing import Any

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from api.schema import tables
from kernel.db import Instant


def plain(kind: str, item: Any, _: Any) -> Any:
    """Types of ours and of SQLModel by what they are in the database: a migration outlives the code that made it."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables(),
    compare_type=True,
    compare_server_default=False,
    transactional_ddl=True,
    render_item=plain,
    process_revision_directives=context.config.attributes.get("complete"),
)
with context.begin_transaction():
    context.run_migrations()
