"""A signed PDF examined: every signature and time stamp in it, and all that happened to it since.

Nothing is asked over the network and nothing is kept. What a stranger sends may be anything: a fault of reading is a
finding like every other, and a file too tangled to be read in good time is not read (`MOST_REVISIONS`, `MOST_OBJECTS`).
"""

import io
import logging
from collections.abc import Sequence
from datetime import datetime

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from hr.documents.awaited import awaited
from hr.documents.signing import certificates
from hr.documents.signing.keys import Trust
from hr.documents.verify import chain, container, revisions
from hr.documents.verify.chain import Proofs
from hr.documents.verify.found import Examined, SignatureFound, StampFound
from hr.documents.verify.revisions import STAMP, Revision
from kernel.text import Text, say

MOST_REVISIONS = 200
MOST_OBJECTS = 50_000
_WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)

# The library tells of every odd byte of a file; what matters of it is in the finding.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def examine(pdf: bytes, trust: Trust, *, at: datetime) -> Examined:
    """Everything about the signatures of a PDF, judged by what `trust` trusts, at the moment `at`. Never raises.

    Intact is a file of which all of this holds: it has a signature; each signature and each time stamp fits the bytes
    it covers and its certificate was valid at the time that a trusted stamp proves; nothing was changed behind the
    first signature but what signing does; no byte lies outside of all of that.
    """
    try:
        return awaited(_Examination(pdf, trust, at).all())
    except Exception as fault:  # a stranger's file may break a reader in any way: that is what was found
        return _unreadable(fault)


def _unreadable(fault: Exception) -> Examined:
    why = f"{type(fault).__name__}: {fault}"[:200]
    return Examined(
        intact=False,
        problems=(say("The file cannot be read as a signed PDF from beginning to end ({why}).", why=why),),
    )


class _Examination:
    """One file under examination; `problems` grows as it is read."""

    def __init__(self, pdf: bytes, trust: Trust, at: datetime) -> None:
        self.pdf = pdf
        self.trust = trust
        self.at = at
        self.problems: list[Text] = []

    async def all(self) -> Examined:
        reader = PdfFileReader(io.BytesIO(self.pdf), strict=True)
        self._refuse_tangles(reader)
        found: Sequence[EmbeddedPdfSignature] = reader.embedded_signatures
        if not any(one.sig_object_type != STAMP for one in found):
            self.problems.append(say("The file bears no signature."))
        known = chain.proofs(reader, self.trust)
        changed = revisions.changes(reader, found)
        stamps = await self._stamps(found, known)
        signed = [await self._signature(one, found, known, stamps, changed) for one in found if not _is_stamp(one)]
        self.problems += revisions.problems(reader, found, changed)
        covered = self._covered(found, changed)
        return Examined(
            intact=not self.problems,
            signatures=tuple(signed),
            stamps=tuple(stamps),
            problems=tuple(self.problems),
            last_revision_covered=covered,
            revisions=reader.xrefs.total_revisions,
            trial=any(one.trial for one in signed) or any(one.trial for one in stamps),
        )

    def _refuse_tangles(self, reader: PdfFileReader) -> None:
        if reader.encrypted or reader.xrefs.total_revisions > MOST_REVISIONS or self.pdf.count(b" obj") > MOST_OBJECTS:
            raise ValueError("encrypted, or of more revisions or objects than are read")

    async def _stamps(self, found: Sequence[EmbeddedPdfSignature], known: Proofs) -> list[StampFound]:
        """The stamps in order; each is judged at the time of the one behind it, the last one now."""
        made: list[StampFound] = []
        existed = self.at
        for one in reversed([one for one in found if _is_stamp(one)]):
            made.append(await self._stamp(one, known, existed))
            existed = min(existed, made[-1].at)
        return made[::-1]

    async def _stamp(self, one: EmbeddedPdfSignature, known: Proofs, existed: datetime) -> StampFound:
        status = await chain.stamp(one, self.trust, known, existed)
        told, certificate = chain.time_of(one.signed_data), one.signer_cert
        stamp = StampFound(
            at=told,
            authority=chain.named(certificate.subject, "common_name"),
            signed=status.intact and status.valid,
            trusted=bool(status.trusted) and told <= existed + chain.SKEW,
            covers_whole=one.coverage in _WHOLE,
            trial=chain.is_trial(certificate),
            revision=one.signed_revision + 1,
        )
        self._check_container(one, status.validation_path)
        if not stamp.signed or not stamp.covers_whole:
            self._note(
                say("The time stamp in revision {number} does not fit the bytes it covers.", number=stamp.revision)
            )
        elif not stamp.trusted:
            self._note(
                say("The time stamp in revision {number} is of no authority trusted here.", number=stamp.revision)
            )
        return stamp

    async def _signature(
        self,
        one: EmbeddedPdfSignature,
        found: Sequence[EmbeddedPdfSignature],
        known: Proofs,
        stamps: Sequence[StampFound],
        changed: Sequence[Revision],
    ) -> SignatureFound:
        later = (stamp.at for stamp in stamps if stamp.trusted and stamp.revision > one.signed_revision)
        status, at = await chain.signature(one, self.trust, known, min(later, default=self.at))
        certificate = one.signer_cert
        signature = SignatureFound(
            field=one.field_name,
            signer=chain.named(certificate.subject, "common_name"),
            organisation=chain.named(certificate.subject, "organization_name"),
            issuer=chain.named(certificate.issuer, "common_name"),
            at=at,
            signed=status.intact and status.valid,
            trusted=bool(status.trusted) and at is not None,
            covers_whole=one.coverage in _WHOLE,
            changed_since=revisions.since(one, found, changed),
            trial=chain.is_trial(certificate),
            revision=one.signed_revision + 1,
            bound=certificates.bound_facts(certificate) or {},
        )
        self._check_container(one, status.validation_path)
        self._judge(signature, bool(status.trusted))
        return signature

    def _judge(self, one: SignatureFound, chained: bool) -> None:
        if not one.signed or not one.covers_whole:
            self._note(
                say("The signature {field} in revision {number} does not fit the bytes it covers.", **_place(one))
            )
        elif not chained:
            self._note(
                say("The certificate of the signature {field} is not of an authority trusted here, or was not valid.",
                    field=one.field)
            )  # fmt: skip
        elif one.at is None:
            self._note(say("The signature {field} bears no time stamp that is trusted here.", field=one.field))

    def _check_container(self, one: EmbeddedPdfSignature, path: object) -> None:
        chained = tuple(path.iter_certs(include_root=True)) if path is not None else ()  # type: ignore[attr-defined]  # a ValidationPath
        clean = container.gap_is_clean(self.pdf, one)
        if not clean or not container.unsigned_parts_are_plain(one.signed_data, (*chained, *self.trust.roots)):
            self._note(
                say("The signature {field} in revision {number} was altered where it covers nothing.",
                    field=one.field_name, number=one.signed_revision + 1)
            )  # fmt: skip

    def _covered(self, found: Sequence[EmbeddedPdfSignature], changed: Sequence[Revision]) -> bool:
        """Whether the last signature reaches to the end. Behind a time stamp of the document nothing may stand; behind
        a mere signature what proves it may, in a revision of its own.
        """
        if not found:
            return False
        last = found[-1]
        behind = len(self.pdf) - int(last.byte_range[2]) - int(last.byte_range[3])
        revised = any(revision.number > last.signed_revision for revision in changed)
        if behind and (_is_stamp(last) or not revised):
            self._note(say("{count} bytes stand behind the last signature.", count=behind))
        return behind == 0

    def _note(self, problem: Text) -> None:
        self.problems.append(problem)


def _is_stamp(one: EmbeddedPdfSignature) -> bool:
    return bool(one.sig_object_type == STAMP)


def _place(one: SignatureFound) -> dict[str, object]:
    return {"field": one.field, "number": one.revision}
