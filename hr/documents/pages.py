"""Pictures of a document's pages: what a signer sees is drawn from the very bytes that are signed.

PDFium draws them, with the appearances of form fields and signatures, as browsers and phones do.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pypdfium2 as pdfium

from kernel.errors import Invalid, NotFound
from kernel.text import say

WIDEST = 2400  # pixels
_HIGHEST = 4 * WIDEST
_LEVEL = 3  # zlib: text on white shrinks to nearly nothing anyway
_one_at_a_time = Lock()  # PDFium serves one thread only


def count(pdf: bytes) -> int:
    """How many pages it has. Raises Invalid for bytes that are no PDF that can be shown."""
    with _opened(pdf) as document:
        return len(document)


def picture(pdf: bytes, page: int, width: int) -> bytes:
    """A page (from 1) as PNG, `width` pixels wide, at most WIDEST. Raises NotFound for a page that is not there, and
    Invalid for bytes that are no PDF that can be shown.
    """
    with _opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise NotFound(say("Page {page} is not there: the document has {pages}.", page=page, pages=len(document)))
        return _png(_drawn(document[page - 1], max(1, min(width, WIDEST))))


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    with _one_at_a_time:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as fault:
            raise Invalid(say("The document cannot be shown: {why}.", why=str(fault))) from fault
        try:
            document.init_forms()
            yield document
        finally:
            document.close()


def _drawn(page: pdfium.PdfPage, width: int) -> pdfium.PdfBitmap:
    wide, high = page.get_size()
    if not wide or not high or high / wide * width > _HIGHEST:
        raise Invalid(say("The document cannot be shown: {why}.", why=f"{wide} × {high}"))
    return page.render(scale=width / wide, draw_annots=True, may_draw_forms=True, rev_byteorder=True)


def _png(bitmap: pdfium.PdfBitmap) -> bytes:
    """RGB of 8 bits as PNG (ISO/IEC 15948), every line as it is (filter 0)."""
    pixels, size, stride = memoryview(bitmap.buffer).cast("B"), bitmap.width * 3, bitmap.stride
    lines = b"".join(part for y in range(bitmap.height) for part in (b"\0", pixels[y * stride : y * stride + size]))
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, _LEVEL)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
