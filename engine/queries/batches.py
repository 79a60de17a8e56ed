"""Batch operations, how far they are, and what each did to its items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.queries.nouns import noun
from engine.queries.search import Condition, Search
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True)
class Batch:
    """The same act on many: `completed` and `failed` of `total` are done."""

    key: int
    kind: str
    state: str
    payload: dict[str, Any]
    filter: dict[str, Any]
    reason: str
    total: int
    completed: int
    failed: int
    created_at: datetime
    created_by: str
    actor_kind: str
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One of a batch. `message` says why it failed."""

    batch_key: int
    item_key: int
    kind: str
    instance_key: int | None
    root_key: int | None
    state: str
    message: str | None
    ended_at: datetime | None


def _count(state: str) -> str:
    return f"(select count(*) from batch_item i where i.batch_key = b.key and i.state = '{state}')"


BATCH = noun(
    Batch,
    "batch_operation b",
    "b.key",
    completed=_count("COMPLETED"),
    failed=_count("FAILED"),
    beside={
        "actor_type": "(case b.actor_kind when 'person' then 'USER' when 'client' then 'CLIENT' else 'UNKNOWN' end)"
    },
)
ITEM = noun(
    Item,
    "batch_item i join batch_operation b on b.key = i.batch_key",
    "i.batch_key",
    "i.item_key",
    kind="b.kind",
)


batches = Search(BATCH)


def batch(unit: Unit, key: int) -> Batch:
    """Raises NotFound."""
    found = batches(unit, [Condition("key", key)]).items
    if not found:
        raise NotFound(say("There is no batch operation {key}. Check the key.", key=key))
    return found[0]


items = Search(ITEM)
