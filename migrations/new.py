"""Write a new migration from the difference between the models and the migrations so far: `make migration NAME=add_x`.

Beside what Alembic sees, it writes the sequences and the statements that a table brings along (triggers, storage), for
tables that are new, and what takes them back. Read the file before it is committed.
"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.operations import ops
from sqlalchemy import DDL, MetaData

from api import schema
from kernel.db import Database
from kernel.postgres import Server


def main(name: str) -> None:
    metadata = schema.tables()
    with tempfile.TemporaryDirectory(prefix="jiaojie-migration-") as folder:
        Path(folder).chmod(0o711)
        server = Server(Path(folder))
        database = Database(server.start())
        try:
            _write(database, metadata, name)
        finally:
            database.close()
            server.stop()


def _write(database: Database, metadata: MetaData, name: str) -> None:
    schema.migrate(database)
    config = schema.scripts()

    def complete(context: Any, revision: Any, directives: list[Any]) -> None:
        upgrade, downgrade = directives[0].upgrade_ops, directives[0].downgrade_ops
        new = {op.table_name for op in upgrade.ops if isinstance(op, ops.CreateTableOp)}
        old = [table for table in metadata.sorted_tables if table.name not in new]
        if context.get_current_revision() is None:
            for sequence in metadata._sequences.values():  # SQLAlchemy has no public way to list them
                text = f"create sequence {sequence.name} increment {sequence.increment}"
                upgrade.ops.insert(0, ops.ExecuteSQLOp(text))
                downgrade.ops.append(ops.ExecuteSQLOp(f"drop sequence {sequence.name}"))
        statements = every([table for table in metadata.sorted_tables if table.name in new])
        upgrade.ops.extend(ops.ExecuteSQLOp(statement) for statement in statements)
        for name in sorted(functions(statements) - functions(every(old))):
            downgrade.ops.append(ops.ExecuteSQLOp(f"drop function {name}()"))

    with database.transaction() as unit:
        config.attributes["connection"] = unit.session.connection()
        config.attributes["complete"] = complete
        command.revision(config, name, autogenerate=True)


def every(tables: list[Any]) -> list[str]:
    """The statements that these tables bring along, each once, in their order."""
    return list(dict.fromkeys(statement for table in tables for statement in brought(table)))


def functions(statements: list[str]) -> set[str]:
    """The functions that the statements make."""
    made = (re.match(r"create or replace function (\w+)\(\)", statement) for statement in statements)
    return {found[1] for found in made if found}


def brought(table: Any) -> list[str]:
    """The statements that a table brings along, as it is created."""
    listeners = [listener for listener in table.dispatch.after_create if isinstance(listener, DDL)]
    return [str(listener.statement).replace("%%", "%").strip() for listener in listeners]


if __name__ == "__main__":
    main(sys.argv[1])
