"""What each revision of a PDF changed, and whether signing does that (ISO 32000-2, 12.8.2; PAdES, ETSI EN 319 142-1).

A PDF is changed by appending to it. A signature covers the file up to its own revision, so whatever stands behind one
must be looked at: another signature in a field that was there already, its validation data and document time stamps are
what signing does. Everything else is a change, however harmless it calls itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from hr.documents.signing.appearances import SEAM
from hr.documents.verify.found import Since
from kernel.text import Text, say

STAMP = "/DocTimeStamp"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision behind the first signature: `level` None for a change that signing does not make."""

    number: int
    level: ModificationLevel | None
    fields: frozenset[str] = frozenset()


def changes(reader: PdfFileReader, found: Sequence[EmbeddedPdfSignature]) -> list[Revision]:
    """Each revision after the first signature, compared with the one before it."""
    total = reader.xrefs.total_revisions
    return [_compared(reader, number) for number in range(found[0].signed_revision + 1, total)] if found else []


def _compared(reader: PdfFileReader, number: int) -> Revision:
    old, new = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    try:
        diff = DEFAULT_DIFF_POLICY.apply(old, new)
    except (SuspiciousModification, PdfError):
        return Revision(number, None)
    return Revision(number, diff.modification_level, frozenset(diff.changed_form_fields))


def problems(reader: PdfFileReader, found: Sequence[EmbeddedPdfSignature], revisions: Sequence[Revision]) -> list[Text]:
    """What was changed that signing does not change, a sentence a revision; and fields that appeared afterwards."""
    total = reader.xrefs.total_revisions
    changed = [
        say(
            "Revision {number} of {total} changes the document after it was signed.",
            number=revision.number + 1,
            total=total,
        )
        for revision in revisions
        if not _permitted(revision, found)
    ]
    return changed + _new_fields(reader, found)


def since(one: EmbeddedPdfSignature, found: Sequence[EmbeddedPdfSignature], revisions: Sequence[Revision]) -> Since:
    """What happened to the document behind this signature."""
    later = [revision for revision in revisions if revision.number > one.signed_revision]
    if not later:
        return "none"
    return "signatures-only" if all(_permitted(revision, found) for revision in later) else "other"


def _permitted(revision: Revision, found: Sequence[EmbeddedPdfSignature]) -> bool:
    if revision.level is None or revision.level > ModificationLevel.FORM_FILLING:
        return False
    if revision.level <= ModificationLevel.LTA_UPDATES:
        return True
    filled = {one.field_name for one in found if one.signed_revision == revision.number}
    locked = any(one.signed_revision < revision.number and _locks(one) for one in found)
    return not locked and bool(filled) and all(name in filled or name.startswith(SEAM) for name in revision.fields)


def _locks(one: EmbeddedPdfSignature) -> bool:
    """Whether this signature permits no change of the document any more, other than what keeps it provable."""
    return one.docmdp_level == MDPPerm.NO_CHANGES


def _new_fields(reader: PdfFileReader, found: Sequence[EmbeddedPdfSignature]) -> list[Text]:
    """Signature fields that were not there at the first signature, and hold no time stamp of the document."""
    if not found:
        return []
    then = reader.get_historical_resolver(found[0].signed_revision)
    known = {name for name, _, _ in enumerate_sig_fields(then)}
    stamps = {one.field_name for one in found if one.sig_object_type == STAMP}
    new = sorted({name for name, _, _ in enumerate_sig_fields(reader)} - known - stamps)
    return [say("The signature field {field} was added after the document was signed.", field=name) for name in new]
