"""The time authority on trial (RFC 3161): an RSA key of this installation, and the clock that it runs by."""

import secrets
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from hashlib import sha256

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.sign.general import as_signing_certificate_v2

from hr.documents.signing.certificates import TIME_POLICY
from hr.documents.signing.stamps import Response
from kernel.clock import Clock

_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}  # what is stamped; SHA-1 proves nothing any more
_SERIAL_BITS = 159  # RFC 3161 2.4.2: up to 160 bits


@dataclass(frozen=True, eq=False)
class TrialTime:
    """Stamps whatever it is asked for with the time of the clock, to the millisecond."""

    certificate: x509.Certificate
    key: RSAPrivateKey
    clock: Clock
    name: str
    trial: bool = True

    def stamp(self, request: bytes) -> bytes:
        """The answer to a TimeStampReq, DER: a stamp, or a rejection that says why."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            size = len(imprint["hashed_message"].native)
            policy, wants = asked["req_policy"].native, bool(asked["cert_req"].native)
        except (ValueError, TypeError, KeyError):
            return _rejected("bad_data_format", "The request cannot be read.")
        if _SIZES.get(algorithm) != size:
            return _rejected("bad_alg", "Ask for a stamp over a digest by SHA-256, SHA-384 or SHA-512.")
        if policy not in (None, TIME_POLICY):
            return _rejected("unaccepted_policy", f"The one policy here is {TIME_POLICY}.")
        return _sequence(_sequence(_integer(0)), self._token(asked, wants))  # PKIStatus granted

    def _token(self, asked: tsp.TimeStampReq, with_certificate: bool) -> bytes:
        """ContentInfo of SignedData (RFC 5652 5.1) over a TSTInfo."""
        info = self._info(asked)
        attributes = b"".join(sorted((*self._fixed, _attribute("message_digest", der(OCTETS, sha256(info).digest())))))
        signature = self.key.sign(der(SET, attributes), PKCS1v15(), hashes.SHA256())
        signer = _sequence(_integer(1), self._issuer, _SHA256, der(TAGGED, attributes), _RSA, der(OCTETS, signature))
        inner = _sequence(_identifier(cms.ContentType("tst_info")), der(TAGGED, der(OCTETS, info)))
        certificates = der(TAGGED, self.certificate.dump()) if with_certificate else b""
        signed = _sequence(_integer(3), der(SET, _SHA256), inner, certificates, der(SET, signer))
        return _sequence(_identifier(cms.ContentType("signed_data")), der(TAGGED, signed))

    def _info(self, asked: tsp.TimeStampReq) -> bytes:
        """TSTInfo (RFC 3161 2.4.2)."""
        at = self.clock.now()
        fraction = f".{at.microsecond // 1000:03}".rstrip("0").rstrip(".")  # X.690 11.7: no zeros at the end
        return _sequence(
            _integer(1),
            _POLICY,
            asked["message_imprint"].dump(),
            _integer(secrets.randbits(_SERIAL_BITS)),
            der(GENERALIZED_TIME, f"{at.astimezone(UTC):%Y%m%d%H%M%S}{fraction}Z".encode()),
            _sequence(_integer(1)),  # accuracy: a second
            asked["nonce"].dump() if asked["nonce"].native is not None else b"",
            der(TAGGED, der(DIRECTORY_NAME, self.certificate.subject.dump())),
        )

    @cached_property
    def _fixed(self) -> tuple[bytes, ...]:
        """The signed attributes that are the same in every stamp."""
        own = as_signing_certificate_v2(self.certificate).dump()
        return (
            _attribute("content_type", _identifier(cms.ContentType("tst_info"))),
            _attribute("signing_certificate_v2", own),
        )

    @cached_property
    def _issuer(self) -> bytes:
        return _sequence(self.certificate.issuer.dump(), _integer(self.certificate.serial_number))


# A stamp is encoded by hand: in asn1crypto, which opens and closes every level again and again, it takes 20 ms.
INTEGER, OCTETS, SEQUENCE, SET, GENERALIZED_TIME, TAGGED, DIRECTORY_NAME = 0x02, 0x04, 0x30, 0x31, 0x18, 0xA0, 0xA4


def der(tag: int, *contents: bytes) -> bytes:
    """An ASN.1 value in DER (X.690 8.1): tag, length, contents."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _sequence(*contents: bytes) -> bytes:
    return der(SEQUENCE, *contents)


def _integer(value: int) -> bytes:
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _identifier(name: core.ObjectIdentifier) -> bytes:
    return bytes(name.dump())


def _attribute(kind: str, value: bytes) -> bytes:
    return _sequence(_identifier(cms.CMSAttributeType(kind)), der(SET, value))


_POLICY = _identifier(core.ObjectIdentifier(TIME_POLICY))
_SHA256 = _sequence(_identifier(algos.DigestAlgorithmId("sha256")))
_RSA = _sequence(_identifier(algos.SignedDigestAlgorithmId("rsassa_pkcs1v15")), der(0x05))


def _rejected(failure: str, words: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": [words], "fail_info": {failure}})
    return bytes(Response({"status": status}).dump())
