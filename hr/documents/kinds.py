"""Which kinds of file are taken in, and how their bytes prove the name."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic

from hr.documents import pictures
from kernel.errors import Invalid
from kernel.text import say

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "heic": "image/heic",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/markdown",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML_FOLDER = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_SNIFFED_AS = {"jpg": {"jpg", "jpeg", "jfif"}, "jpeg": {"jpg", "jpeg", "jfif"}, "heic": {"heic", "heif"}}


class FileRefused(Invalid):
    """A file is too large, of a kind that is not taken in, or not what its name says."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that is safe to show and to write into a header, with the media type of its ending."""

    name: str
    media_type: str


def examine(name: str, content: bytes) -> Named:
    """The media type of an upload, told by its ending and proved by its bytes. Raises FileRefused."""
    clean = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(c for c in clean if c.isprintable()).strip()[:200]
    ending = PurePosixPath(clean).suffix[1:].lower()
    if ending not in MEDIA_TYPES:
        raise FileRefused(
            say(
                "{name} is of a kind that is not taken in. Send one of: {kinds}.",
                name=clean,
                kinds=", ".join(MEDIA_TYPES),
            )
        )
    if not content:
        raise FileRefused(say("{name} is empty. Choose the file again.", name=clean))
    if not _proves(ending, content):
        raise FileRefused(
            say(
                "{name} does not hold what its name says. Save it again as .{ending} and send it.",
                name=clean,
                ending=ending,
            )
        )
    return Named(clean, MEDIA_TYPES[ending])


def _proves(ending: str, content: bytes) -> bool:
    if ending in ("txt", "csv", "md"):
        return _is_text(content)
    if ending in _OOXML_FOLDER:
        return _is_ooxml(content, _OOXML_FOLDER[ending])
    if ending in ("doc", "xls", "ppt"):
        return content.startswith(_OLE)
    return bool(_sniff(content) & _SNIFFED_AS.get(ending, {ending})) and pictures.readable(ending, content)


def _sniff(content: bytes) -> set[str]:
    try:
        return {match.extension.lstrip(".") for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        return set()


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_ooxml(content: bytes, folder: str) -> bool:
    """Office Open XML of this family, without macros."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return False
    has_part = any(name.startswith(folder) for name in names)
    return has_part and "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names)
