"""The journal: the history of an instance as a chain of hashes, so that a changed, removed or added row shows.

`hash = SHA-256(hash of the row before ‖ JSON of [seq, at, kind, element, token, actor, actor_kind, ip, data])`, the
first row follows on 32 zero bytes. `at` is ISO 8601 in UTC, `data` is the JSON text as stored. The instance row holds
the end of the chain; a chain that was cut short shows only against that end, or against one anchored elsewhere.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from engine.model import Event
from kernel.actor import Actor
from kernel.db import Unit

START = bytes(32)

READ = """select seq, at, kind, element, token, actor, actor_kind, ip, data, hash from journal where instance_key = %s
  order by seq"""
HEAD = "select journal_seq, journal_head from instance where key = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain does not hold: the first row that is wrong, and what is wrong with it."""

    seq: int
    reason: str


def link(head: bytes, fields: list[Any]) -> bytes:
    """The hash of the row with these fields that follows on `head`."""
    return sha256(head + orjson.dumps(fields)).digest()


def rows(
    events: Iterable[Event], seq: int, head: bytes, now: datetime, actor: Actor
) -> tuple[int, bytes, list[dict[str, Any]]]:
    """The new end of the chain (`seq`, `head`) and the rows that lead there."""
    made, at = [], now.isoformat()
    for event in events:
        seq += 1
        data = None if event.data is None else text(event.data)
        fields = [seq, at, event.kind, event.element, event.token, actor.id, actor.kind, actor.ip, data]
        head = link(head, fields)
        made.append(
            {
                "seq": seq,
                "kind": event.kind,
                "element": event.element,
                "token": event.token,
                "data": data,
                "hash": "\\x" + head.hex(),
            }
        )
    return seq, head, made


def text(data: Any) -> str:
    """JSON as the journal keeps it: keys in order, instants in UTC."""
    try:
        return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # orjson stops at integers of 64 bits and at 254 levels
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def verify(unit: Unit, instance_key: int) -> Break | None:
    """None where the chain of an instance holds and ends where the instance says, else the first break."""
    head, expected = START, 0
    for seq, at, *fields, found in unit.all(READ, (instance_key,)):
        expected += 1
        if seq != expected:
            return Break(seq=expected, reason="missing")
        head = link(head, [seq, at.astimezone(UTC).isoformat(), *fields])
        if head != found:
            return Break(seq=seq, reason="changed")
    end = unit.one(HEAD, (instance_key,))
    if end is not None and tuple(end) != (expected, head):
        return Break(seq=expected + 1, reason="cut")
    return None
