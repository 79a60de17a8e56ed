"""Documents between the API and the file store: each is one use of a content, with what was said of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say
from tasks.house import House

_COLUMNS = "id, hash, name, media_type, size, expires_at, process_id, instance_key, properties"
_ADD = f"""insert into document ({_COLUMNS}, added_by, added_at)
  values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a caller says of a file."""

    name: str
    expires_at: datetime | None
    process_id: str | None
    instance_key: int | None
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept. `hash` is the SHA-256 of its bytes."""

    id: str
    hash: str
    name: str
    media_type: str
    size: int
    expires_at: datetime | None
    process_id: str | None
    instance_key: int | None
    properties: dict[str, Any]


def keep(house: House, unit: Unit, content: bytes, told: Told, id: str | None, actor: Actor) -> Kept:
    """Take a file in. Raises FileRefused for one of a kind that is not, Conflict for an id that is taken."""
    now, key = house.clock.now(), id or uuid.uuid4().hex
    if told.expires_at is not None and told.expires_at <= now:
        raise Invalid(say("{name} expires before it is kept. Give a later instant.", name=told.name))
    stored = house.world.files.put(
        unit, content, name=told.name, actor=actor, at=now, subject=_subject(key), purpose="document"
    )
    made = Kept(
        key, stored.hash, stored.name, stored.media_type, stored.size, told.expires_at, told.process_id,
        told.instance_key, dict(told.properties),
    )  # fmt: skip
    row = (made.id, made.hash, made.name, made.media_type, made.size, made.expires_at, made.process_id)
    try:
        unit.run(_ADD, (*row, made.instance_key, Jsonb(made.properties), actor.id, now))
    except UniqueViolation:
        raise Conflict(say("There is a document {id} already. Give another id, or none.", id=key)) from None
    return made


def kept(house: House, unit: Unit, id: str) -> Kept:
    """Raises NotFound, also for one whose time is over."""
    row = unit.one(f"select {_COLUMNS} from document where id = %s", (id,))
    found = None if row is None else Kept(*row)
    if found is None or (found.expires_at is not None and found.expires_at <= house.clock.now()):
        raise NotFound(_missing(id))
    return found


def read(house: House, unit: Unit, found: Kept) -> bytes:
    """The bytes of a document, checked against their hash."""
    return house.world.files.read(unit, found.hash).content


def remove(house: House, unit: Unit, found: Kept) -> None:
    unit.run("delete from document where id = %s", (found.id,))
    house.world.files.forget(unit, _subject(found.id))


def _subject(id: str) -> str:
    return f"document/{id}"


def _missing(id: str) -> Text:
    return say("There is no document {id}. It never was, or its time is over.", id=id[:200])
