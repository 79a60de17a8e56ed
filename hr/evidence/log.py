"""The evidence log: a hash chain a subject. A changed, moved or missing row is found by walking it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from hr.evidence.canonical import content_hash as hash_of
from hr.evidence.tables import Evidence
from kernel.actor import Actor
from kernel.db import Unit

FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What a walk along a chain found: its length, its head, and the first sequence number that does not hold, if any.

    Rows cut off at the end leave a shorter chain that holds: they are found by comparing `head` with one noted
    elsewhere.
    """

    length: int
    head: str
    broken_at: int | None


def append(
    unit: Unit,
    subject: str,
    event: str,
    actor: Actor,
    at: datetime,
    *,
    content_hash: str | None = None,
    **detail: Any,
) -> Evidence:
    """Add one row to the subject's chain. `detail` holds JSON values. Appends to one chain wait for each other.

    The row's time is `at`, or that of the row before it if that is later.
    """
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"evidence/{subject}",))
    last = unit.one(
        "select sequence, hash, at from evidence where subject = %s order by sequence desc limit 1", (subject,)
    )
    sequence, previous, before = last or (0, FIRST, at)
    row = Evidence(
        subject=subject,
        sequence=sequence + 1,
        event=event,
        actor=actor.id,
        actor_name=actor.name,
        # Whoever waited for the chain read the clock before they waited: the order of the rows holds, and a time that
        # ran backwards along it would tell of another.
        at=max(at, before).astimezone(UTC),
        ip=actor.ip,
        agent=actor.agent,
        content_hash=content_hash,
        detail=detail,
        previous=previous,
        hash="",
    )
    row.hash = digest(row)
    unit.session.add(row)
    unit.session.flush()
    return row


def digest(row: Evidence) -> str:
    """The hash that a row must bear: of all its other columns, `previous` among them."""
    return hash_of(
        row.model_dump(mode="json", exclude={"hash", "at"}) | {"at": row.at.isoformat(timespec="microseconds")}
    )


def rows(unit: Unit, subject: str) -> list[Evidence]:
    """The chain of a subject, from its first row on."""
    chosen = select(Evidence).where(col(Evidence.subject) == subject).order_by(col(Evidence.sequence))
    return list(unit.session.exec(chosen))


def walk(unit: Unit, subject: str) -> Walk:
    """Check a subject's chain row by row, as it is stored now."""
    unit.flush()
    unit.session.expire_all()
    return walk_rows(rows(unit, subject))


def walk_rows(chain: list[Evidence]) -> Walk:
    previous = FIRST
    for place, row in enumerate(chain, start=1):
        if row.sequence != place or row.previous != previous or row.hash != digest(row):
            return Walk(length=len(chain), head=previous, broken_at=place)
        previous = row.hash
    return Walk(length=len(chain), head=previous, broken_at=None)
