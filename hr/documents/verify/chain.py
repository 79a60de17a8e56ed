"""Whether a certificate was valid when it was used: the chain to a root, at the time that a stamp proves.

A certificate for one signature is valid for a day at most, a stamp's for years: each is judged at the earliest moment
at which it provably existed, by revocation data in the file or at hand, and without asking anyone (ETSI EN 319 102-1,
5.6.3: proof of existence).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from hr.documents.signing import certificates
from hr.documents.signing.keys import Trust

TRIAL = "测试"
SKEW = timedelta(minutes=5)  # between our clock and that of an authority outside


@dataclass(frozen=True, slots=True)
class Proofs:
    """Certificates and revocation lists that came with the file, and those at hand."""

    certificates: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]


def proofs(reader: PdfFileReader, trust: Trust) -> Proofs:
    """Those of the document security store, and ours."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Proofs(tuple(trust.others), tuple(trust.crls), ())
    return Proofs(
        (*trust.others, *store.load_certs()),
        (*trust.crls, *(_bytes(one, DecodePurpose.CRL) for one in store.crls)),
        tuple(_bytes(one, DecodePurpose.OCSP_RESPONSE) for one in store.ocsps),
    )


def _bytes(reference: object, purpose: DecodePurpose) -> bytes:
    content: bytes = reference.get_object().read_data(purpose)  # type: ignore[attr-defined]  # an indirect object
    return content


def context(trust: Trust, known: Proofs, moment: datetime, mode: str) -> ValidationContext:
    """What a chain is judged by at a moment. Lists made later than that count too: they know more."""
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=known.certificates,
        crls=known.crls,
        ocsps=known.ocsps,
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,
        time_tolerance=SKEW,
    )


async def signature(
    one: EmbeddedPdfSignature, trust: Trust, known: Proofs, existed: datetime
) -> tuple[PdfSignatureStatus, datetime | None]:
    """The signature judged at the time of its own stamp, and that time; None where no trusted stamp is on it.

    `existed`: when the file provably existed with this signature in it, at which the stamp itself is judged.
    """
    told = stamped_at(one)
    status = await async_validate_pdf_signature(
        one,
        context(trust, known, told or existed, "require"),
        context(trust, known, existed, "soft-fail"),
        skip_diff=True,
    )
    stamp = status.timestamp_validity
    proven = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    return status, told if proven and told is not None and told <= existed + SKEW else None


async def stamp(one: EmbeddedPdfSignature, trust: Trust, known: Proofs, existed: datetime) -> DocumentTimestampStatus:
    """A time stamp over the document, judged at the time of the next one, or now."""
    return await async_validate_pdf_timestamp(one, context(trust, known, existed, "soft-fail"), skip_diff=True)


def stamped_at(one: EmbeddedPdfSignature) -> datetime | None:
    """What the time stamp on a signature says, trusted or not."""
    tokens: Iterable[cms.SignedData] = extract_tst_data_iter(one.signer_info, signed=False)
    return next((time_of(token) for token in tokens), None)


def time_of(token: cms.SignedData) -> datetime:
    """The time that a token states."""
    at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def is_trial(certificate: x509.Certificate) -> bool:
    """Whether the certificate or its issuer says of itself that it is for trial."""
    return certificates.is_trial(certificate) or any(
        TRIAL in name.human_friendly for name in (certificate.subject, certificate.issuer)
    )


def named(name: x509.Name, what: str) -> str:
    """One part of a name, such as `common_name`; empty where it is not there, the first where it is there twice."""
    value = name.native.get(what, "")
    return str(value[0] if isinstance(value, list) else value)
