"""Ways to change a sealed PDF by appending to it, as somebody would who has no key: each returns the whole file."""

import io
from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

WHITE_BOX = b"q 1 1 1 rg 60 700 400 40 re f Q"
WORDS = b"BT /F1 12 Tf 70 500 Td (liability: none) Tj ET"


def _changed(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.find_page_for_modification(0)[0].get_object()
    return page


def _drawn(writer: IncrementalPdfFileWriter, content: bytes) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=content))
    writer.add_stream_to_page(0, stream)


def white_box(pdf: bytes) -> bytes:
    """A white rectangle over a line."""
    return _changed(pdf, lambda writer: _drawn(writer, WHITE_BOX))


def more_words(pdf: bytes) -> bytes:
    """Words on a page that were not there."""
    return _changed(pdf, lambda writer: _drawn(writer, WORDS))


def hidden_words(pdf: bytes) -> bytes:
    """Words that nobody sees (rendering mode 3), but every search and copy finds."""
    return _changed(pdf, lambda writer: _drawn(writer, b"BT 3 Tr /F1 12 Tf 70 500 Td (void) Tj ET"))


def annotation(pdf: bytes) -> bytes:
    """A text box in front of a clause."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        entries = {
            "/Type": pdf_name("/Annot"),
            "/Subtype": pdf_name("/FreeText"),
            "/Rect": generic.ArrayObject(map(generic.NumberObject, (60, 700, 460, 740))),
            "/Contents": generic.pdf_string("作废"),
        }
        box = generic.DictionaryObject({pdf_name(name): value for name, value in entries.items()})
        writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(box))

    return _changed(pdf, change)


def _field(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    fields = (one.get_object() for one in writer.root["/AcroForm"]["/Fields"])
    return next(one for one in fields if one["/T"] == name)


def changed_form_field(pdf: bytes) -> bytes:
    """A slice of the seal over the edges shows something else."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = _field(writer, "Seam-1")
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): _form(writer)})
        writer.update_container(field)

    return _changed(pdf, change)


def replaced_mark(pdf: bytes) -> bytes:
    """The field of a signature shows another hand."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = _field(writer, "Employee")
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): _form(writer)})
        writer.update_container(field)

    return _changed(pdf, change)


def moved_mark(pdf: bytes) -> bytes:
    """A signature stands in another place."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = _field(writer, "Employee")
        field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 10, 10)))
        writer.update_container(field)

    return _changed(pdf, change)


def _form(writer: IncrementalPdfFileWriter) -> generic.IndirectObject:
    entries = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 50))),
    }
    return writer.add_object(generic.StreamObject(entries, stream_data=b"0 0 100 50 re f"))


def appended_page(pdf: bytes) -> bytes:
    """One page more at the end."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        entries = {
            "/Type": pdf_name("/Page"),
            "/Parent": writer.root.raw_get("/Pages"),
            "/MediaBox": generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
            "/Contents": writer.add_object(generic.StreamObject(stream_data=WORDS)),
            "/Resources": generic.DictionaryObject(),
        }
        page = generic.DictionaryObject({pdf_name(name): value for name, value in entries.items()})
        pages["/Kids"].append(writer.add_object(page))
        pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
        writer.update_container(pages["/Kids"])
        writer.update_container(pages)

    return _changed(pdf, change)


def swapped_pages(pdf: bytes) -> bytes:
    """The first page and the second one the other way round."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        kids = writer.root["/Pages"]["/Kids"]
        first, second = kids.raw_get(0), kids.raw_get(1)
        kids[0], kids[1] = second, first
        writer.update_container(kids)

    return _changed(pdf, change)


def replaced_object(pdf: bytes) -> bytes:
    """The content of a page under its old number: the page itself stays as it was."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        content = _page(writer).raw_get("/Contents")
        reference = content if isinstance(content, generic.IndirectObject) else content[0]
        stream = reference.get_object()
        stream._data = stream._encoded_data = None
        stream._data = WORDS
        writer.mark_update(reference)

    return _changed(pdf, change)


def changed_proofs(pdf: bytes) -> bytes:
    """The store of certificates and revocation lists emptied."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        store = writer.root["/DSS"]
        for name in ("/Certs", "/CRLs"):
            store[pdf_name(name)] = generic.ArrayObject()
        writer.update_container(store)

    return _changed(pdf, change)


def new_signature_field(pdf: bytes) -> bytes:
    """A place for one more to sign."""
    return _changed(pdf, lambda writer: append_signature_field(writer, SigFieldSpec("Witness", box=(10, 10, 90, 50))))


def script_on_open(pdf: bytes) -> bytes:
    """Something that runs when the file is opened."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(action)
        writer.update_root()

    return _changed(pdf, change)


def another_table(pdf: bytes) -> bytes:
    """A new table of objects at the end, which makes the last object that it names one of ours."""
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    size = len(pdf)
    table = (
        b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n1 1\n%010d 00000 n \n"
        b"trailer\n<< /Root 1 0 R /Size 2 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    )
    return pdf + table % (size + 1, start, size + 1 + len(b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"))


def bytes_behind(pdf: bytes) -> bytes:
    """Bytes behind the end that no reader looks at."""
    return pdf + b"\n% nothing to see\n"


OVERLAYS: tuple[Callable[[bytes], bytes], ...] = (
    white_box,
    more_words,
    hidden_words,
    annotation,
    changed_form_field,
    replaced_mark,
    moved_mark,
    appended_page,
    swapped_pages,
    replaced_object,
    changed_proofs,
    new_signature_field,
    script_on_open,
    another_table,
    bytes_behind,
)
