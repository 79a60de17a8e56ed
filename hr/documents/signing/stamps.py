"""Time stamps (RFC 3161): asked for a digest, and told what they say. Whoever stamps is behind `TimeAuthority`."""

import secrets
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any, Protocol

from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus

from hr.documents.awaited import awaited
from hr.documents.signing import paths
from hr.documents.signing.keys import DIGEST, Trust
from kernel.errors import Invalid, Unavailable
from kernel.text import say

_GRANTED = ("granted", "granted_with_mods")
_NONCE_BITS = 63


class TimeAuthority(Protocol):
    """Answers TimeStampReq with TimeStampResp, both DER."""

    @property
    def name(self) -> str: ...

    @property
    def trial(self) -> bool:
        """True if nobody outside this installation vouches for its clock."""

    def stamp(self, request: bytes) -> bytes:
        """The answer to a request, whether it grants a stamp or not. Raises Unavailable if there is none."""


class Response(core.Sequence):  # type: ignore[misc]  # untyped there
    """TimeStampResp; a rejection has no stamp (RFC 3161 2.4.2), which asn1crypto's own class does not know."""

    _fields = [  # asn1crypto fills it in
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", core.Any, {"optional": True}),
    ]


class Unstamped(Invalid):
    """A time stamp does not fit what it is said to be for, or is damaged."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a stamp says: at that instant this digest existed; by whom, and whether that leads to a trusted root."""

    at: datetime
    authority: str
    trusted: bool


def token(authority: TimeAuthority, digest: bytes) -> bytes:
    """A TimeStampToken (DER) over a SHA-256 digest, made for this very request. Raises Unavailable."""
    return ask(authority, digest, DIGEST)


def ask(authority: TimeAuthority, digest: bytes, algorithm: str) -> bytes:
    """The same for a digest by any algorithm."""
    nonce = secrets.randbits(_NONCE_BITS)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer = authority.stamp(request.dump())
    try:
        response = Response.load(answer, strict=True)
        status = response["status"]
        if status["status"].native not in _GRANTED:
            raise _unanswered(authority, _refusal(status))
        made = bytes(response["time_stamp_token"].dump())
        told = _info(cms.ContentInfo.load(made, strict=True))
        fits = told["nonce"].native == nonce and _covers(told, digest, algorithm)
    except (ValueError, TypeError, KeyError) as fault:
        raise _unanswered(authority, str(fault)) from fault
    if not fits:
        raise _unanswered(authority, "the answer is for another request")
    return made


def _refusal(status: tsp.PKIStatusInfo) -> str:
    words = [*(status["status_string"].native or ()), *(status["fail_info"].native or ())]
    return "; ".join(map(str, words)) or str(status["status"].native)


def _unanswered(authority: TimeAuthority, why: str) -> Unavailable:
    return Unavailable(
        say(
            "The time authority {name} gave no time stamp: {why}. Nothing was signed. Try again in a minute.",
            name=authority.name,
            why=why,
        )
    )


def told(token: bytes, digest: bytes, trust: Trust, at: datetime) -> Stamped:
    """What a TimeStampToken says of a SHA-256 digest, judged as of `at`. Raises Unstamped if it is not for this digest,
    if its signature does not hold, or if it cannot be read; a stamp of an unknown authority is merely not trusted.
    """
    try:
        content = cms.ContentInfo.load(token, strict=True)
        if not _covers(_info(content), digest, DIGEST):
            raise Unstamped(say("The time stamp was made for something else."))
        status = awaited(_checked(content["content"], digest, trust, at))
        signer = signer_of(content)
    except (ValueError, TypeError, KeyError, SignatureValidationError) as fault:
        raise Unstamped(say("The time stamp cannot be read: {why}.", why=str(fault))) from fault
    if not status.intact or not status.valid:
        raise Unstamped(say("The time stamp was altered: its signature does not hold."))
    return Stamped(status.timestamp, common_name(signer), bool(status.trusted))


async def _checked(content: cms.SignedData, digest: bytes, trust: Trust, at: datetime) -> TimestampSignatureStatus:
    async with aclosing(paths.context(trust, at, essential=False)) as context:
        found = await validate_tst_signed_data(content, context, expected_tst_imprint=lambda _: digest)
    return TimestampSignatureStatus(**found)


def signer_of(content: cms.ContentInfo) -> x509.Certificate:
    """The certificate that a CMS signature names as its signer's. Raises ValueError if it does not carry it."""
    return extract_certificate_info(content["content"]).signer_cert


def common_name(certificate: x509.Certificate) -> str:
    """How the holder of a certificate is called: common name, else organisation, else the whole name."""
    names: dict[str, Any] = certificate.subject.native
    return str(names.get("common_name") or names.get("organization_name") or certificate.subject.human_friendly)


def _info(content: cms.ContentInfo) -> tsp.TSTInfo:
    if content["content_type"].native != "signed_data":
        raise ValueError("it is no signed data")
    inner = content["content"]["encap_content_info"]
    told = inner["content"].parsed if isinstance(inner["content"], core.ParsableOctetString) else None
    if not isinstance(told, tsp.TSTInfo):
        raise ValueError("it holds no time stamp")
    return told


def _covers(info: tsp.TSTInfo, digest: bytes, algorithm: str) -> bool:
    imprint = info["message_imprint"]
    same = compare_digest(imprint["hashed_message"].native, digest)
    return same and imprint["hash_algorithm"]["algorithm"].native == algorithm
