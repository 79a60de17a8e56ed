"""Nothing but `kernel/db.py` ends a transaction, so it is never a question when something is written."""

import ast
import re

from tests.architecture.tree import Source, dotted, sources, strings

DOOR = "kernel/db.py"
# Servers and databases are made outside of any transaction: PostgreSQL has it so.
CONNECTING = {DOOR, "kernel/postgres.py", "processes/story/stage.py"}
ENDINGS = {"commit", "rollback"}
STATEMENT = re.compile(
    r"\s*(begin|start transaction|commit|rollback|savepoint|end)\b[\s;]*(work|transaction)?[\s;]*", re.I
)


def ends_a_transaction(source: Source) -> list[str]:
    found = [call for call in source.calls() if isinstance(call.func, ast.Attribute) and call.func.attr in ENDINGS]
    return [f"{source.name}:{call.lineno}" for call in found]


def test_only_the_unit_of_work_commits() -> None:
    assert [line for source in sources() if source.name != DOOR for line in ends_a_transaction(source)] == []
    assert ends_a_transaction(next(source for source in sources() if source.name == DOOR)) != []


def test_no_statement_begins_or_ends_a_transaction() -> None:
    found = [
        f"{source.name}:{line}"
        for source in sources("kernel", "engine", "hr", "tasks", "processes", "api", "demo")
        for line, text in strings(source)
        if STATEMENT.fullmatch(text) and text.strip().lower() not in ("end", "begin")
    ]
    assert found == []


def test_connections_are_opened_by_the_kernel() -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        if source.name not in CONNECTING
        for call in source.calls()
        if dotted(call.func) in ("psycopg.connect", "psycopg.Connection.connect", "create_engine")
    ]
    assert found == []
