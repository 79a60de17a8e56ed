"""Alembic's entry: the product's tables, and the connection that `api.schema` hands in."""

from alembic import context

from api.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables(),
    compare_type=True,
    compare_server_default=False,
    transactional_ddl=True,
    process_revision_directives=context.config.attributes.get("complete"),
)
with context.begin_transaction():
    context.run_migrations()
