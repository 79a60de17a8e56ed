"""The zip of a SCORM package: looked through with mistrust, unpacked when it is first played.

A zip names its own paths and sizes. Paths that lead elsewhere, links and encrypted members are refused; so are more
bytes than a course needs, however small they are packed.
"""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from hr.training.scorm import manifest
from hr.training.scorm.manifest import Manifest, PackageRefused
from kernel import zips
from kernel.errors import NotFound
from kernel.text import say

MEMBERS_MOST = 5000
UNPACKED_MOST = 2 << 30  # bytes
RATIO_MOST = 200  # unpacked to packed, from `RATIO_FROM` bytes on
RATIO_FROM = 50 << 20
MANIFEST_MOST = 2 << 20
NAME_MOST = 200  # bytes of one part of a path: file systems take 255
DEPTH_MOST = 20
PATH_MOST = 2000  # bytes: systems take 4096, and the folder of the package stands before it
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def inspected(path: Path) -> Manifest:
    """The manifest of the package in this zip. Raises PackageRefused for one that is unsafe, damaged or none."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            if manifest.NAME not in members:
                raise _without_manifest(members)
            with archive.open(members[manifest.NAME]) as reader:
                content = reader.read(MANIFEST_MOST + 1)
            if archive.testzip() is not None:
                raise PackageRefused(say("The package is damaged. Export it again."))
    except _BROKEN as fault:
        raise PackageRefused(say("The package is damaged. Export it again.")) from fault
    if len(content) > MANIFEST_MOST:
        raise PackageRefused(say("{name} of the package is too large.", name=manifest.NAME))
    return manifest.read(content, members)


def unpacked(path: Path) -> Path:
    """The folder of an inspected package, beside its zip; made the first time, all at once."""
    folder = path.with_name(f"{path.name}.d")
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="unpacking-") as beside:
        made = Path(beside) / "package"
        with zipfile.ZipFile(path) as archive:
            for name, member in _members(archive).items():
                _unpack(archive, member, made / name)
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another reader was first
                raise
    return folder


def file(folder: Path, path: str) -> Path:
    """A file of an unpacked package. Raises NotFound for anything that lies elsewhere or is not there."""
    parts = path.split("/")
    sound = all(parts) and ".." not in parts and "\0" not in path and not _too_long(parts)
    found = folder.joinpath(*parts) if sound else folder
    if not found.is_file() or not found.resolve().is_relative_to(folder.resolve()):
        raise NotFound(say("The package has no file {path}.", path=path[:200]))
    return found


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by their path. Raises PackageRefused for what is unsafe."""
    found: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    size = packed = 0
    for member in archive.infolist():
        path = _path(member)
        if member.is_dir() or path.endswith("/"):
            continue
        found[path] = member
        folders |= {path[:at] for at, letter in enumerate(path) if letter == "/"}
        size += member.file_size
        packed += member.compress_size
        if len(found) > MEMBERS_MOST:
            raise PackageRefused(say("The package has more than {most} files.", most=MEMBERS_MOST))
        if size > UNPACKED_MOST:
            raise PackageRefused(say("The package unpacks to more than {most} MB.", most=UNPACKED_MOST >> 20))
    if size > RATIO_FROM and size > RATIO_MOST * packed:
        raise PackageRefused(say("The package unpacks to more than {most} times its size.", most=RATIO_MOST))
    if not folders.isdisjoint(found):
        raise PackageRefused(say("The package has a file and a folder of one name. Export it again."))
    return found


def _path(member: zipfile.ZipInfo) -> str:
    path = zips.name(member).replace("\\", "/")
    parts = path.rstrip("/").split("/")
    if zips.is_link(member):
        raise PackageRefused(say("{path} in the package is a link. Put the file itself into it.", path=path))
    if member.flag_bits & _ENCRYPTED:
        raise PackageRefused(say("The package is protected by a password. Export it without one."))
    leads_out = path.startswith("/") or ".." in parts or "." in parts or not all(parts) or ":" in parts[0]
    if leads_out or not path.isprintable():
        shown = "".join(c if c.isprintable() else "�" for c in path)
        raise PackageRefused(say("{path} in the package leads elsewhere. Export it again.", path=shown[:200]))
    if _too_long(parts):
        raise PackageRefused(say("{path} in the package is too long a path.", path=path[:100]))
    return path


def _too_long(parts: Sequence[str]) -> bool:
    sizes = [len(part.encode()) for part in parts]
    return len(parts) > DEPTH_MOST or max(sizes) > NAME_MOST or sum(sizes) > PATH_MOST


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    """Never more bytes than the member states: the reader stops there, and the sum of them was looked at."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as reader, place.open("xb") as file:
        shutil.copyfileobj(reader, file)


def _without_manifest(members: dict[str, zipfile.ZipInfo]) -> PackageRefused:
    deeper = [name for name in members if name.endswith("/" + manifest.NAME)]
    if deeper:
        return PackageRefused(
            say(
                "{name} lies in the folder {folder}. Zip what is in that folder, not the folder itself.",
                name=manifest.NAME,
                folder=deeper[0].removesuffix("/" + manifest.NAME)[:100],
            )
        )
    return PackageRefused(
        say("The zip has no {name}: it is no SCORM package. Export it as SCORM 1.2 or 2004.", name=manifest.NAME)
    )
