"""Time comes from a clock that is handed in, in Python and in SQL."""

import re

from tests.architecture.tree import Source, dotted, sources, strings

NAKED = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
# The clock itself; the expression language, which stands alone and may be handed none; and the counterparts, which
# stand outside the product and cannot see its clock.
ALLOWED = ("kernel/clock.py", "feel/run.py", "demo/counterparts")
SQL = re.compile(r"\b(select|insert|update|delete|default)\b", re.I)
SQL_CLOCK = re.compile(
    r"\b(now|(clock|statement|transaction)_timestamp)\(\)|\bcurrent_(timestamp|date|time)\b|\blocaltimestamp\b", re.I
)


def naked(source: Source) -> list[str]:
    return [f"{source.name}:{call.lineno} {dotted(call.func)}" for call in source.calls() if dotted(call.func) in NAKED]


def test_nobody_reads_the_machines_clock() -> None:
    assert [line for source in sources() if not source.within(*ALLOWED) for line in naked(source)] == []
    assert naked(next(source for source in sources() if source.name == "kernel/clock.py")) != []


def test_no_statement_reads_the_databases_clock() -> None:
    """Leases alone run by the database's clock: all workers share it, and a trial must not move it."""
    found = [
        f"{source.name}:{line}"
        for source in sources("kernel", "engine", "hr", "tasks", "processes", "api")
        for line, text in strings(source)
        if SQL.search(text) and SQL_CLOCK.search(text) and not is_lease(source, text)
    ]
    assert found == []


def is_lease(source: Source, text: str) -> bool:
    return source.within("engine/store") and ("lease" in text or "holder" in text)


def test_no_column_takes_the_databases_clock() -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        for call in source.calls()
        if dotted(call.func) in ("func.now", "func.current_timestamp", "sa.func.now")
    ]
    assert found == []
