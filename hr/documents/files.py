"""The file store: contents under their hash, encrypted, outside the web root; who brought them for what in the
database.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from hr.documents.kinds import FileRefused, examine
from hr.documents.tables import StoredFile
from hr.privacy import Cipher, Unreadable
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say

UNFILED = "unfiled"  # the subject of an upload whose form is not accepted yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file in the store, as one subject uses it. `hash` is the SHA-256 of the plain bytes."""

    hash: str
    name: str
    media_type: str
    size: int
    purpose: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """The plain bytes of a file with their media type."""

    content: bytes
    media_type: str


def uses(unit: Unit, subject: str) -> list[Stored]:
    """The files of a subject, in the order in which they came."""
    rows = unit.all(
        "select f.hash, u.name, f.media_type, f.size, u.purpose, u.added_by, u.added_at"
        "  from file_use u join stored_file f on f.hash = u.hash where u.subject = %s order by u.id",
        (subject,),
    )
    names = Stored.__dataclass_fields__
    return [Stored(**dict(zip(names, row, strict=True))) for row in rows]


def attach(unit: Unit, hash: str, *, name: str, subject: str, purpose: str, actor: Actor, at: datetime) -> Stored:
    """Note one more use of a stored content. The same use twice is one. Raises NotFound for an unknown content.

    Knowing a hash gives no right to the content: ask `may_attach` first where the hash came from outside.
    """
    if unit.one("select 1 from stored_file where hash = %s", (hash,)) is None:
        raise NotFound(say("There is no file {hash}. Send it again.", hash=hash))
    unit.run(
        "insert into file_use (hash, subject, purpose, name, added_by, added_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (hash, subject, purpose, name, actor.id, at),
    )
    wanted = (hash, purpose, actor.id)
    return next(use for use in uses(unit, subject) if (use.hash, use.purpose, use.added_by) == wanted)


def may_attach(unit: Unit, hash: str, *, login: str, subject: str) -> bool:
    """True if this person brought the content, or the subject uses it already."""
    asked = "select 1 from file_use where hash = %s and (added_by = %s or subject = %s) limit 1"
    return unit.one(asked, (hash, login, subject)) is not None


def belongs(unit: Unit, hash: str, subject: str) -> bool:
    """True if the subject uses this content: who may see the subject may read it."""
    return unit.one("select 1 from file_use where hash = %s and subject = %s", (hash, subject)) is not None


class Files:
    """The store under `home/files`. `limit` is the largest upload in bytes; `scan`, where set, raises FileRefused.

    Bytes are written before the row that names them, so that a row never lacks its bytes; a unit that fails leaves at
    most bytes that nothing names.
    """

    def __init__(
        self, home: Path, cipher: Cipher, *, limit: int = 20 * 1024 * 1024, scan: Callable[[bytes], None] | None = None
    ) -> None:
        self.cipher = cipher
        self._folder = home.expanduser() / "files"
        self._limit = limit
        self._scan = scan

    def put(
        self,
        unit: Unit,
        content: bytes,
        *,
        name: str,
        actor: Actor,
        at: datetime,
        subject: str = UNFILED,
        purpose: str = "upload",
    ) -> Stored:
        """Take in an upload. The same content for the same subject and purpose is one use. Raises FileRefused."""
        if len(content) > self._limit:
            raise FileRefused(
                say(
                    "{name} has {size} MB; at most {limit} MB are taken in. Send a smaller file.",
                    name=name,
                    size=f"{len(content) / 1024 / 1024:.1f}",
                    limit=f"{self._limit / 1024 / 1024:.0f}",
                )
            )
        named = examine(name, content)
        if self._scan is not None:
            self._scan(content)
        return self.keep(
            unit, content, named.media_type, name=named.name, subject=subject, purpose=purpose, actor=actor, at=at
        )

    def keep(
        self,
        unit: Unit,
        content: bytes,
        media_type: str,
        *,
        name: str,
        subject: str,
        purpose: str,
        actor: Actor,
        at: datetime,
    ) -> Stored:
        """Store what the product itself made or has already checked."""
        hashed = sha256(content).hexdigest()
        self._write(hashed, content)
        unit.run(
            "insert into stored_file (hash, media_type, size, stored_at) values (%s, %s, %s, %s)"
            " on conflict do nothing",
            (hashed, media_type, len(content), at),
        )
        return attach(unit, hashed, name=name, subject=subject, purpose=purpose, actor=actor, at=at)

    def read(self, unit: Unit, hash: str) -> Content:
        """The plain bytes, checked against their hash. Raises NotFound, or Unreadable for bytes that were altered."""
        row = unit.session.get(StoredFile, hash)
        path = self._path(hash)
        if row is None or not path.exists():
            raise NotFound(say("There is no file {hash}.", hash=hash))
        content = self.cipher.open(path.read_bytes(), about=f"file/{hash}")
        if sha256(content).hexdigest() != hash:
            raise Unreadable(say("The file {hash} is not what was stored. Restore it from a snapshot.", hash=hash))
        return Content(content, row.media_type)

    def forget(self, unit: Unit, subject: str) -> int:
        """Drop the subject's uses and the contents that nothing uses any more. Tells how many contents went."""
        unit.run("delete from file_use where subject = %s", (subject,))
        gone = unit.all(
            "delete from stored_file f where not exists (select 1 from file_use u where u.hash = f.hash) returning hash"
        )
        for (hashed,) in gone:
            self._path(hashed).unlink(missing_ok=True)
        return len(gone)

    def _path(self, hashed: str) -> Path:
        return self._folder / hashed[:2] / hashed

    def _write(self, hashed: str, content: bytes) -> None:
        path = self._path(hashed)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=path.parent) as beside:
            written = Path(beside) / hashed
            written.touch(mode=0o600)
            with written.open("wb") as file:
                file.write(self.cipher.seal(content, about=f"file/{hashed}"))
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
