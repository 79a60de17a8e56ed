"""Projects as zip files: packed to be kept or sent, unpacked with mistrust.

A zip names its own sizes and paths, and may lie about both: only what is read counts, and nothing is written to a disk.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from engine.model import Resource
from kernel import zips
from kernel.errors import Invalid
from kernel.text import say
from processes.studio import rules

PACKED_MOST = 20 * 1024 * 1024  # bytes
UNPACKED_MOST = 40 * 1024 * 1024
MEMBERS_MOST = 1000
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # what desktops put into zips by themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a zip has: the files that a project can have, and the names of all others, which are left out."""

    files: list[Resource]
    left_out: list[str]


def pack(files: Sequence[Resource]) -> bytes:
    """The files as a zip. The same files make the same bytes: no member has a time."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            member = zipfile.ZipInfo(file.name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, file.content)
    return made.getvalue()


def is_zip(name: str, content: bytes) -> bool:
    """Whether a file that was sent is to be unpacked."""
    return name.lower().endswith(".zip") or content.startswith(b"PK\x03\x04")


def unpack(content: bytes) -> list[Resource]:
    """The files of a project that lie in a zip, in whatever folder, by their own names.

    Raises Invalid for what is no zip, is too large packed or unpacked, has paths that lead elsewhere, links, encrypted
    or damaged members, two files of one name, or none that a project can have.
    """
    return opened(content).files


def opened(content: bytes) -> Contents:
    """The same, with the names of what was left out because a project has no such files."""
    if len(content) > PACKED_MOST:
        raise Invalid(say("The zip has more than {most} MB. Send its files in parts.", most=PACKED_MOST >> 20))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _contents(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as fault:
        raise Invalid(say("The zip cannot be read: it is damaged, or encrypted. Make it anew.")) from fault


def _contents(archive: zipfile.ZipFile) -> Contents:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MEMBERS_MOST:
        raise Invalid(say("The zip has more than {most} files. Send only those of one project.", most=MEMBERS_MOST))
    files: dict[str, Resource] = {}
    left_out, room = [], UNPACKED_MOST
    for member in members:
        path = _path(member)
        name = path.rpartition("/")[2]
        if _is_litter(path):
            continue
        if rules.kind_of(name) is None:
            left_out.append(path)
            continue
        file = Resource(rules.checked_name(name)[0], _content(archive, member, room))
        room -= len(file.content)
        if files.setdefault(file.name, file) is not file:
            raise Invalid(say("The zip has two files called {name}. Give each a name of its own.", name=file.name))
    if not files:
        raise Invalid(say("The zip has no file of a project: .bpmn, .dmn, .form or scenarios.yaml."))
    return Contents(files=list(files.values()), left_out=left_out)


def _path(member: zipfile.ZipInfo) -> str:
    """The path of a member. Raises Invalid for one that leads out of the zip, and for a link."""
    path = zips.name(member)
    if zips.is_link(member):
        raise Invalid(say("{path} in the zip is a link. Put the file itself into it.", path=path))
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or not all(c.isprintable() for c in path):
        shown = "".join(c if c.isprintable() else "�" for c in path)
        raise Invalid(say("{path} in the zip leads elsewhere or has invisible letters. Make the zip anew.", path=shown))
    return "/".join(parts)


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return any(part in _LITTER or part.startswith("._") for part in parts)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The bytes of a member, as many as may be: the size that a zip states proves nothing."""
    most = min(rules.FILE_MOST, room)
    with archive.open(member) as reader:
        content = reader.read(most + 1)
    if len(content) > room:
        raise Invalid(say("The zip unpacks to more than {most} MB. Send its files in parts.", most=UNPACKED_MOST >> 20))
    rules.checked_size(member.filename.rpartition("/")[2], content)
    return content
