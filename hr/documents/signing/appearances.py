"""What a signature shows on the page: an imported PDF page in its field, and slices of the seal along the edges.

A slice's field is a read-only push-button: it has an appearance and no value. Filling in its appearance is filling in a
form, which the signatures made before permit (ISO 32000-2 12.8.2.2).
"""

import io
from dataclasses import dataclass
from math import ceil
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, RawContent
from pyhanko.pdf_utils.generic import IndirectObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle

from hr.documents.signing.marks import SEAL

SEAM = "Seam-"  # and the number of the page
_MOST = 8  # pages that share one seal: with more of them, nothing is seen on a slice
_READ_ONLY_BUTTON = (1 << 0) | (1 << 16)
_PRINTED_AND_LOCKED = (1 << 2) | (1 << 6) | (1 << 7)

Box = tuple[float, float, float, float]


class Drawing(PdfContent):
    """An imported page, scaled into a box as a whole and in its middle; `offset` and `width` cut a slice of it."""

    def __init__(self, writer: BasePdfFileWriter, picture: IndirectObject, box: BoxConstraints) -> None:
        super().__init__(writer=writer, box=box)
        self._picture = picture

    def render(self) -> bytes:
        wide, high = _size(self._picture)
        scale = min(self.box.width / wide, self.box.height / high)
        left, bottom = (self.box.width - scale * wide) / 2, (self.box.height - scale * high) / 2
        self.resources.xobject[pdf_name("/Mark")] = self._picture
        return b"q %.5f 0 0 %.5f %.3f %.3f cm /Mark Do Q" % (scale, scale, left, bottom)

    def apply_appearance(self, widget: generic.DictionaryObject) -> None:
        drawn = self._ensure_writer.add_object(self.as_form_xobject())
        widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): drawn})


@dataclass(frozen=True)
class Imported(BaseStampStyle):
    """The style of a signature that shows a picture; see `imported`."""

    picture: IndirectObject | None = None

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]) -> Any:
        return Drawing(writer, self.picture, box) if self.picture is not None else None


def imported(writer: BasePdfFileWriter, page: bytes) -> IndirectObject:
    """The first page of a PDF as a form object of this one."""
    form: IndirectObject = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(page)))
    return form


def add_seams(writer: IncrementalPdfFileWriter, pages: int) -> None:
    """Give every page an empty field at its right edge, in the middle of its height."""
    form = writer.root["/AcroForm"] if "/AcroForm" in writer.root else _new_form(writer)
    listed = form.setdefault(pdf_name("/Fields"), generic.ArrayObject())
    for page in range(pages):
        reference = writer.find_page_for_modification(page)[0]
        field = writer.add_object(_seam(writer, reference, page, pages))
        listed.append(field)
        writer.register_annotation(reference, field)
    writer.update_container(listed)


def fill_seams(writer: IncrementalPdfFileWriter, picture: IndirectObject) -> None:
    """Let every seam field show its slice of the picture."""
    listed = [reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"]]
    found = [(_page_of(field), field) for field in listed if _is_seam(field)]
    pages = len(found)
    for page, field in found:
        part, parts = _share(page, pages)
        left, bottom, right, top = (float(edge) for edge in field["/Rect"])
        wide, high = _size(picture)
        scale = (top - bottom) / high
        command = b"q %.5f 0 0 %.5f %.3f 0 cm /Mark Do Q" % (scale, scale, -part * wide * scale / parts)
        drawn = RawContent(command, box=BoxConstraints(width=right - left, height=top - bottom))
        drawn.resources.xobject[pdf_name("/Mark")] = picture
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawn.as_form_xobject())})
        writer.update_container(field)


def _new_form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    form = generic.DictionaryObject()
    writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
    writer.update_root()
    return form


def _seam(
    writer: IncrementalPdfFileWriter, reference: IndirectObject, page: int, pages: int
) -> generic.DictionaryObject:
    box = _edge(reference.get_object(), _share(page, pages)[1])
    empty = RawContent(b"", box=BoxConstraints(width=box[2] - box[0], height=box[3] - box[1])).as_form_xobject()
    entries = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Widget"),
        "/FT": pdf_name("/Btn"),
        "/Ff": generic.NumberObject(_READ_ONLY_BUTTON),
        "/F": generic.NumberObject(_PRINTED_AND_LOCKED),
        "/T": generic.pdf_string(f"{SEAM}{page + 1}"),
        "/TU": generic.pdf_string(f"骑缝章：第 {page + 1} 页，共 {pages} 页"),
        "/Rect": generic.ArrayObject(generic.FloatObject(round(edge, 3)) for edge in box),
        "/P": reference,
        "/AP": generic.DictionaryObject({pdf_name("/N"): writer.add_object(empty)}),
    }
    return generic.DictionaryObject({pdf_name(name): value for name, value in entries.items()})


def _edge(page: generic.DictionaryObject, parts: int) -> Box:
    """The right edge of a page, as wide as one of `parts` slices of the seal."""
    _, bottom, right, top = _visible(page)
    middle = (bottom + top) / 2
    return right - SEAL / parts, middle - SEAL / 2, right, middle + SEAL / 2


def _visible(page: Any) -> list[float]:
    node = page
    while "/CropBox" not in node and "/MediaBox" not in node:
        node = node["/Parent"]
    return [float(edge) for edge in node["/CropBox" if "/CropBox" in node else "/MediaBox"]]


def _share(page: int, pages: int) -> tuple[int, int]:
    """Which slice a page carries, of how many: the pages are dealt to as few seals as possible, evenly."""
    seals = ceil(pages / _MOST)
    first, group = 0, 0
    for number in range(seals):
        group = pages // seals + (number < pages % seals)
        if page < first + group:
            break
        first += group
    return page - first, group


def _is_seam(field: Any) -> bool:
    return str(field.get("/T", "")).startswith(SEAM)


def _page_of(field: Any) -> int:
    return int(str(field["/T"]).removeprefix(SEAM)) - 1


def _size(picture: IndirectObject) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in picture.get_object()["/BBox"])
    return right - left, top - bottom
