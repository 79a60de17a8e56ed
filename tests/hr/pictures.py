"""The smallest pictures that a decoder reads."""

import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def png(shade: int = 0) -> bytes:
    """One grey pixel."""
    header = chunk(b"IHDR", (1).to_bytes(4) + (1).to_bytes(4) + bytes([8, 0, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The markers of a picture of one pixel; its scan says nothing that is looked at here."""
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + scan + b"\x7f\xff\xd9"


def webp() -> bytes:
    held = b"WEBPVP8L" + (10).to_bytes(4, "little") + b"\x2f" + b"\x00" * 9
    return b"RIFF" + len(held).to_bytes(4, "little") + held
