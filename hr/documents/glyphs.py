"""What a person wrote, as a document can show it: nothing that anyone types may keep a document from being set.

A character that no font of ours has is shown by its code point, 〈U+10FFFF〉, and so is one that would reorder or
control the text around it unseen (Trojan Source, CVE-2021-42574). The stored data stay as they were written.
"""

import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts
import manimgx_fonts_cjk

CJK = Path(str(manimgx_fonts_cjk.__file__)).parent / "NotoSansCJK-VF.otf.ttc"
OTHERS = Path(str(manimgx_fonts.__file__)).parent

_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_REORDERS = frozenset(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# Joiners, marks of direction, variation selectors and tags: they shape what stands beside them and have no shape.
_SHAPELESS = frozenset(
    (0x00AD, 0x034F, 0x061C, 0xFEFF, *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2060, 0x2065))
    + (*range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0))
)
_UNICODE_TABLES = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))  # platform and encoding, the widest first


def showable(value: Any, covered: Set[int]) -> Any:
    """A JSON value with every text of it as the fonts with these characters can show it."""
    if isinstance(value, str):
        return _text(value, covered)
    if isinstance(value, Mapping):
        return {name: showable(inner, covered) for name, inner in value.items()}
    return [showable(inner, covered) for inner in value] if isinstance(value, list | tuple) else value


def _text(text: str, covered: Set[int]) -> str:
    plain = text.replace("\r\n", "\n").translate(_BREAKS)
    return plain if plain.isascii() and plain.isprintable() else "".join(_character(c, covered) for c in plain)


def _character(character: str, covered: Set[int]) -> str:
    if character in "\n\t" or ord(character) in covered and unicodedata.category(character) != "Cc":
        return character
    return f"〈U+{ord(character):04X}〉"


@cache
def of_first() -> frozenset[int]:
    """The characters of the one font that every document is set in, each with a shape of its own."""
    return _characters(CJK) - _REORDERS - _SHAPELESS


@cache
def of_all() -> frozenset[int]:
    """The characters of all our fonts: CJK, emoji, symbols, and the scripts of twenty more languages."""
    others = (_characters(path) for path in sorted(OTHERS.glob("*.ttf")))
    return of_first().union(_SHAPELESS, *others) - _REORDERS


def _characters(path: Path) -> frozenset[int]:
    """The characters that every face of a font file has (OpenType, `cmap`)."""
    content = path.read_bytes()
    faces = struct.unpack_from(f">{_u32(content, 8)}I", content, 12) if content[:4] == b"ttcf" else (0,)
    tables = {_table(content, face, b"cmap") for face in faces}
    return frozenset.intersection(*(frozenset(_mapped(content, table)) for table in tables))


def _u16(content: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", content, at)[0])


def _u32(content: bytes, at: int) -> int:
    return int(struct.unpack_from(">I", content, at)[0])


def _table(content: bytes, face: int, tag: bytes) -> int:
    for at in range(face + 12, face + 12 + 16 * _u16(content, face + 4), 16):
        if content[at : at + 4] == tag:
            return _u32(content, at + 8)
    raise ValueError(f"the font has no table {tag.decode()}")


def _mapped(content: bytes, cmap: int) -> Iterator[int]:
    records = [cmap + 4 + 8 * n for n in range(_u16(content, cmap + 2))]
    subtables = {(_u16(content, at), _u16(content, at + 2)): cmap + _u32(content, at + 4) for at in records}
    chosen = next(subtables[wanted] for wanted in _UNICODE_TABLES if wanted in subtables)
    yield from _FORMATS[_u16(content, chosen)](content, chosen)


def _format_4(content: bytes, at: int) -> Iterator[int]:
    """Segments of the basic plane; a character whose glyph is 0 is not there."""
    count = _u16(content, at + 6) // 2
    ends, starts = at + 14, at + 16 + 2 * count
    deltas, offsets = starts + 2 * count, starts + 4 * count
    for n in range(count):
        start, end, offset = _u16(content, starts + 2 * n), _u16(content, ends + 2 * n), _u16(content, offsets + 2 * n)
        for code in range(start, min(end, 0xFFFE) + 1):
            if offset:
                glyph = _u16(content, offsets + 2 * n + offset + 2 * (code - start))
            else:
                glyph = (code + _u16(content, deltas + 2 * n)) & 0xFFFF
            if glyph:
                yield code


def _format_12(content: bytes, at: int) -> Iterator[int]:
    """Groups over all planes."""
    for n in range(_u32(content, at + 12)):
        first, last, glyph = struct.unpack_from(">III", content, at + 16 + 12 * n)
        yield from range(first if glyph else first + 1, last + 1)


_FORMATS: dict[int, Callable[[bytes, int], Iterator[int]]] = {4: _format_4, 12: _format_12}
