"""Videos, pictures and SCORM packages of courses: taken in by their content, kept under their SHA-256.

They are not encrypted: course material holds no personal data, and a video is read in pieces, from the middle too.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from hr.documents import pictures
from hr.training import videos
from hr.training.scorm import package
from hr.training.tables import CourseMedia
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import say

_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_PICTURES = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
PICTURE_MOST = 10 * 1024 * 1024  # bytes; larger ones make a page of a course slow on a phone
NAME_MOST = 200


class MediaRefused(Invalid):
    """Course material is too large, of a kind that is not taken in, or damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What some bytes are. `seconds` is the length of a video, `facts` as `CourseMedia` has them."""

    kind: str
    media_type: str
    seconds: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class Media:
    """The folder of course material. `limit` is the largest file in bytes.

    Bytes are written before the row that names them, so that a row never lacks its bytes; a unit that fails leaves at
    most bytes that nothing names.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder.expanduser()
        self._limit = limit

    def add(self, unit: Unit, name: str, content: bytes | BinaryIO, *, actor: Actor, at: datetime) -> CourseMedia:
        """Take material in; the same content twice is one, under its first name. Raises MediaRefused, or
        PackageRefused for a zip that is no SCORM package.

        The kind is told by the content, never by the name. A stream is read once, and never into memory as a whole.
        """
        shown = _clean(name)
        with self._written(shown, BytesIO(content) if isinstance(content, bytes) else content) as (path, hashed):
            unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"media/{hashed}",))
            known = unit.session.get(CourseMedia, hashed)
            if known is not None and self._place(hashed).exists():
                return known
            found = recognised(path, shown)
            self._keep(path, hashed)
            size = self._place(hashed).stat().st_size
        if known is None:
            known = CourseMedia(
                hash=hashed,
                kind=found.kind,
                media_type=found.media_type,
                name=shown,
                size=size,
                seconds=found.seconds,
                facts=found.facts,
                added_at=at,
                added_by=actor.id,
            )
            unit.session.add(known)
            unit.session.flush()
        return known

    def path(self, hash: str) -> Path:
        """Where the bytes lie. Raises NotFound where there are none."""
        path = self._place(hash)
        if not _is_hash(hash) or not path.is_file():
            raise NotFound(say("There is no course material {hash}. Upload it again.", hash=hash))
        return path

    def folder(self, hash: str) -> Path:
        """The folder of a SCORM package, unpacked the first time it is asked for. Raises NotFound."""
        return package.unpacked(self.path(hash))

    def _place(self, hashed: str) -> Path:
        return self._folder / hashed[:2] / hashed

    @contextmanager
    def _written(self, name: str, content: BinaryIO) -> Iterator[tuple[Path, str]]:
        """The bytes in a file of their own beside their later place, with their SHA-256; gone at the end."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder) as beside:
            path, digest, size = Path(beside) / "arriving", sha256(), 0
            with path.open("wb") as file:
                while chunk := content.read(_CHUNK):
                    size += len(chunk)
                    if size > self._limit:
                        raise _too_large(name, self._limit)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            yield path, digest.hexdigest()

    def _keep(self, path: Path, hashed: str) -> None:
        place = self._place(hashed)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        path.chmod(0o600)
        path.replace(place)


def recognised(path: Path, name: str) -> Recognised:
    """What the file is, told by its bytes. Raises MediaRefused or PackageRefused in words for anything else."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise MediaRefused(say("{name} is empty. Choose the file again.", name=name))
    for ending, beginning in _PICTURES.items():
        if head.startswith(beginning):
            return _picture(path, name, ending)
    container = videos.container(head)
    if container is not None:
        return _video(path, name, container)
    if head.startswith(_ZIP):
        return Recognised(kind="scorm", media_type="application/zip", facts=package.inspected(path).facts())
    raise MediaRefused(
        say(
            "{name} is of a kind that courses do not take. Upload a video (MP4 or WebM), a picture (PNG, JPEG or WebP)"
            " or a SCORM package (a zip with imsmanifest.xml).",
            name=name,
        )
    )


def _picture(path: Path, name: str, ending: str) -> Recognised:
    if path.stat().st_size > PICTURE_MOST:
        raise _too_large(name, PICTURE_MOST)
    if not pictures.readable(ending, path.read_bytes()):
        raise MediaRefused(say("The picture {name} is damaged. Save it again and upload it.", name=name))
    return Recognised(kind="picture", media_type=f"image/{ending}")


def _video(path: Path, name: str, container: str) -> Recognised:
    try:
        video = videos.measured(path, container)
    except videos.Unplayable as why:
        raise MediaRefused(say("{name} is not taken in: {why}", name=name, why=why.sentence)) from None
    facts = {"width": video.width, "height": video.height, "codec": video.codec}
    return Recognised(kind="video", media_type=f"video/{container}", seconds=video.seconds, facts=facts)


def _too_large(name: str, limit: int) -> MediaRefused:
    return MediaRefused(
        say("{name} is larger than {limit} MB. Make it smaller and upload it again.", name=name, limit=limit >> 20)
    )


def _clean(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable()).strip()[:NAME_MOST] or "unnamed"


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)
