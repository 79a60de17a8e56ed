"""PDF signatures as PAdES wants them (ETSI EN 319 142-1): prepared, signed by one after another, sealed.

A document is prepared once: empty fields for every signature, and on a document of several pages a read-only field at
the edge of each for its slice of the seam seal. After that, signing and sealing fill fields and add nothing, which
every reader knows as permitted. A signature is made on level B-LT (with time stamp and everything that its validation
needs); the company's seal is on level B-LTA (a time stamp over all of it) and its field forbids any further change.
"""

import io
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import IO, Any

from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    PdfTimeStamper,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from hr.documents.awaited import awaited
from hr.documents.places import Place
from hr.documents.signing import appearances, marks, paths
from hr.documents.signing.bridge import KeySigner, stamper
from hr.documents.signing.keys import DIGEST, SigningKey, Trust
from hr.documents.signing.stamps import TimeAuthority
from kernel.errors import Conflict, Invalid, Unavailable
from kernel.text import say

# Where nothing is asked outside, what goes into the file is handed in. pyHanko would warn at every signature.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)

_DSS = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
_SPARE = 256  # hexadecimal digits: serial numbers and fractions of a second are shorter or longer
_STAMP_DSS = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


def prepare(pdf: bytes, places: Sequence[Place], *, seam: bool) -> bytes:
    """The document with empty fields at `places`, and with places for a seam seal if it has several pages and `seam`.

    The field of an organisation's seal locks the document when it is filled. Raises Invalid for a file that cannot be
    read, for a field twice, and for a page that is not there.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        pages = int(writer.root["/Pages"]["/Count"])
        _check(places, pages)
        for place in places:
            fields.append_signature_field(writer, _field(place))
        if seam and pages > 1:
            appearances.add_seams(writer, pages)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    except (PdfError, KeyError, ValueError) as fault:
        raise _unreadable(fault) from fault


def _check(places: Sequence[Place], pages: int) -> None:
    names = [place.field for place in places]
    for place in places:
        if names.count(place.field) > 1:
            raise Invalid(say("The signature field {field} is there twice.", field=place.field))
        if not 0 <= place.page < pages:
            raise Invalid(
                say(
                    "The signature field {field} is to stand on page {page} of {pages}.",
                    field=place.field,
                    page=place.page + 1,
                    pages=pages,
                )
            )


def _field(place: Place) -> SigFieldSpec:
    lock = FieldMDPSpec(FieldMDPAction.ALL) if place.kind == "seal" else None
    return SigFieldSpec(
        place.field,
        on_page=place.page,
        box=place.box,  # type: ignore[arg-type]  # whole numbers are asked for and fractions are taken
        field_mdp_spec=lock,
        doc_mdp_update_value=MDPPerm.NO_CHANGES if lock else None,
    )


def sign(
    pdf: bytes,
    *,
    field: str,
    key: SigningKey,
    time: TimeAuthority,
    trust: Trust,
    mark: bytes | None,
    name: str,
    reason: str,
    location: str,
    at: datetime,
) -> bytes:
    """Fill a signature field, level B-LT; the other fields may still be filled. `mark` is a PDF page (`marks.hand`).

    Raises Conflict if there is no such empty field, Unavailable if the key or the time authority does not answer or its
    certificate does not lead to a trusted root.
    """
    meta = _metadata(field, MDPPerm.FILL_FORMS, name=name, reason=reason, location=location or None)

    async def change() -> bytes:
        writer = _writer(pdf)
        _expect_empty(writer, field)
        return await _signed(writer, meta, key, time, trust, appearances.imported(writer, mark) if mark else None, at)

    return _run(change)


def seal(
    pdf: bytes,
    *,
    field: str,
    key: SigningKey,
    time: TimeAuthority,
    trust: Trust,
    organisation: str,
    note: str,
    reason: str,
    at: datetime,
) -> bytes:
    """Fill the seal's field and every page's slice of the seam seal, level B-LTA. Nothing may be changed afterwards.

    `note` is the line below the star, such as 测试专用章. Raises as `sign` does.
    """
    page = marks.company(organisation, note)
    meta = _metadata(field, MDPPerm.NO_CHANGES, name=organisation, reason=reason)

    async def change() -> bytes:
        writer = _writer(pdf)
        _expect_empty(writer, field, last=True)
        picture = appearances.imported(writer, page)
        appearances.fill_seams(writer, picture)
        sealed = await _signed(writer, meta, key, time, trust, picture, at)
        return await _stamped(sealed, time, trust, at)

    return _run(change)


def renew(pdf: bytes, *, time: TimeAuthority, trust: Trust, at: datetime) -> bytes:
    """One more time stamp over the whole file, with what validates the one before: level B-LTA of every signature.

    For a document that nobody seals, and before the certificate of the last time stamp ends. Raises as `sign` does.
    """
    return _run(lambda: _stamped(pdf, time, trust, at))


def _expect_empty(writer: IncrementalPdfFileWriter, field: str, *, last: bool = False) -> None:
    """Raises Conflict unless the field is there and empty, in a document that nobody has sealed; with `last`, as the
    only one that is still empty.
    """
    found = [(name, value is not None, at.get_object()) for name, value, at in fields.enumerate_sig_fields(writer)]
    empty = [name for name, filled, _ in found if not filled]
    if any(filled and _locks(widget) for _, filled, widget in found):
        raise Conflict(say("The document is sealed: nobody may sign it any more."))
    if field not in empty:
        raise Conflict(say("The signature field {field} is not there, or it is signed already.", field=field))
    if last and len(empty) > 1:
        missing = ", ".join(name for name in empty if name != field)
        raise Conflict(say("The document is sealed last: these have not signed yet: {fields}.", fields=missing))


def _locks(widget: Any) -> bool:
    return int(widget["/Lock"].get("/P", 0)) == MDPPerm.NO_CHANGES.value if "/Lock" in widget else False


def _metadata(field: str, permitted: MDPPerm, **told: str | None) -> dict[str, Any]:
    return {
        "field_name": field,
        "md_algorithm": DIGEST,
        "subfilter": SigSeedSubFilter.PADES,
        "embed_validation_info": True,
        "docmdp_permissions": permitted,
        "dss_settings": _DSS,
        **told,
    }


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(io.BytesIO(pdf))


def _run(change: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
    """Run it, and say in words what pyHanko finds wrong."""
    try:
        return awaited(change())
    except (ValidationError, PathError) as fault:
        raise _untrusted(fault) from fault
    except SigningError as fault:
        raise _untrusted(fault.__cause__ or fault) from fault
    except (PdfError, KeyError, ValueError) as fault:
        raise _unreadable(fault) from fault


async def _signed(
    writer: IncrementalPdfFileWriter,
    meta: dict[str, Any],
    key: SigningKey,
    time: TimeAuthority,
    trust: Trust,
    picture: IndirectObject | None,
    at: datetime,
) -> bytes:
    """One revision with the signature, its time stamp and what validates both."""
    context = paths.context(trust, at, known=(key.revocation(),))
    clock = stamper(time)
    signer = PdfSigner(
        PdfSignatureMetadata(validation_context=context, **meta),
        KeySigner(key),
        timestamper=clock,
        stamp_style=appearances.Imported(picture=picture),
    )
    async with aclosing(context):
        session = signer.init_signing_session(writer, existing_fields_only=True)
        session.system_time = at
        known = await session.perform_presign_validation(writer)
        before = clock.signer
        # Stamps of our own are all of one size; another authority's may be larger next time, or another authority's.
        room = await session.estimate_signature_container_size(known, tight=time.trial) + _SPARE
        document = session.prepare_tbs_document(known, room)
        digest, out = document.digest_tbs_document()
        await document.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=at))
        if clock.signer is not before:
            # Another authority than expected stamped: what validates its stamp comes in a revision of its own.
            found = [path async for path in clock.validation_paths(context)]  # type: ignore[no-untyped-call]  # untyped there
            DocumentSecurityStore.add_dss(out, None, paths=found, validation_context=context)
        return _content(out)


async def _stamped(pdf: bytes, time: TimeAuthority, trust: Trust, at: datetime) -> bytes:
    writer, clock = _writer(pdf), stamper(time)
    context = paths.context(trust, at)
    async with aclosing(context):
        # A signature's own dictionary is never compressed, so that a file without the word has no stamp.
        before = await _last_stamp(writer, context) if b"/DocTimeStamp" in pdf else []
        measured = 2 * len((await clock.async_dummy_response(DIGEST)).dump())
        room = (measured if time.trial else measured + 2 * (measured // 4)) + _SPARE
        out = await PdfTimeStamper(clock).async_timestamp_pdf(
            writer, DIGEST, context, bytes_reserved=room, validation_paths=before, dss_settings=_STAMP_DSS
        )
        return _content(out)


def _content(out: IO[bytes]) -> bytes:
    out.seek(0)
    return out.read()


async def _last_stamp(writer: IncrementalPdfFileWriter, context: ValidationContext) -> list[ValidationPath]:
    """The way from the last document time stamp, if any, to its root: a new one keeps it provable."""
    for stamp in reversed(writer.prev.embedded_timestamp_signatures):
        validator = CertificateValidator(stamp.signer_cert, stamp.other_embedded_certs, context)
        return [await validator.async_validate_usage(set(), {"time_stamping"})]
    return []


def _untrusted(fault: BaseException) -> Unavailable:
    return Unavailable(
        say(
            "The certificate of the key or of the time stamp cannot be proved good: {why} Nothing was signed. Try "
            "again; if that does not help, have the administrator look at the trusted roots and the revocation lists.",
            why=str(fault),
        )
    )


def _unreadable(fault: Exception) -> Invalid:
    return Invalid(say("The document cannot be read as a PDF that is signed: {why}.", why=str(fault)))
