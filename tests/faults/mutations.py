"""Safeguards taken away one at a time, to show that the bench notices. Only the test's own processes run these."""

from collections.abc import Callable
from typing import Any

from engine.commands import job
from engine.store import turns as sql
from engine.store.parts import Write
from tasks import worker
from tasks.handlers import registry


def without(statement: Write, text: str) -> None:
    """The same statement without a condition."""
    assert text in statement._head, "the statement has changed: change the mutation with it"
    statement._head = statement._head.replace(text, "")


def no_fence() -> None:
    """Whoever comes with the result of a job is believed, whoever holds it by now."""
    without(sql.CHANGE_HELD, "and exists (select from held)")
    holds = job._hold
    job._hold = lambda row, lease: holds(row, row.key)  # a bare key is believed


def no_version() -> None:
    """A turn is written on whatever stands there by now."""
    for statement in (sql.CHANGE, sql.CHANGE_HELD):
        without(statement, "and version = %(version)s")


def two_transactions() -> None:
    """What a handler records is committed before the turn that completes its job."""

    def perform(house: Any, lease: Any) -> None:
        handler = registry.find(lease.type)
        result = handler.call(lease, house.world)
        with house.database.transaction() as unit:
            variables = handler.record(lease, result, unit, house.world)
        with house.database.transaction() as unit:
            job.complete(house.engine, unit, lease, variables, actor=worker.actor_of(lease))

    worker._perform = perform


MUTATIONS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "no fence": no_fence,
    "no version": no_version,
    "two transactions": two_transactions,
}
