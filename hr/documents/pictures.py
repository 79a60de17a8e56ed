"""Whether a picture is one: its parts are there, whole and in order, so that a decoder has something to read.

A header alone proves nothing: it would be kept as evidence and shown to others as a broken picture. Pixels are not
decoded; of a PNG the first of them are inflated, at most 64 KB.
"""

import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_INFLATED_MOST = 64 * 1024
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # SOF markers (ITU T.81, table B.1)
_SCAN, _BARE = 0xDA, frozenset({0x01, *range(0xD0, 0xD9)})
_WEBP = (b"VP8 ", b"VP8L", b"VP8X")


def readable(ending: str, content: bytes) -> bool:
    """Whether a decoder can read a file of this ending; true for endings that are no picture known here."""
    check = {"png": _png, "jpg": _jpeg, "jpeg": _jpeg, "webp": _webp}.get(ending)
    return check is None or check(content)


def _png(content: bytes) -> bool:
    """A header with a size, pixels that inflate, and an end (PNG 1.2, 4.1)."""
    if not content.startswith(_PNG):
        return False
    chunks = list(_chunks(content))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"]:
        return False
    header = chunks[0][1]
    pixels = b"".join(data for kind, data in chunks if kind == b"IDAT")
    return len(header) == 13 and _size(header[:4], header[4:8]) and _inflates(pixels)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of each chunk up to the end; stops at one that is cut off or whose sum is wrong."""
    at = len(_PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        body, told = content[at + 4 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        if len(told) < 4 or zlib.crc32(body) != int.from_bytes(told):
            return
        yield body[:4], body[4:]
        if body[:4] == b"IEND":
            return
        at += 12 + length


def _inflates(pixels: bytes) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(pixels, _INFLATED_MOST))
    except zlib.error:
        return False


def _size(*sides: bytes) -> bool:
    return all(int.from_bytes(side) > 0 for side in sides)


def _jpeg(content: bytes) -> bool:
    """A frame with a size, a scan behind it, and an end (ITU T.81, B.1)."""
    framed = False
    for marker, segment in _segments(content):
        if marker in _FRAMES:
            framed = len(segment) >= 5 and _size(segment[1:3], segment[3:5])
        if marker == _SCAN:
            return framed and b"\xff\xd9" in content
    return False


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while content.startswith(b"\xff\xd8") and at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _webp(content: bytes) -> bool:
    """A container that is all there, with pixels or an extended header first (RFC 9649, 2.3)."""
    told = int.from_bytes(content[4:8], "little")
    return content[8:12] == b"WEBP" and content[12:16] in _WEBP and 12 < told <= len(content) - 8
