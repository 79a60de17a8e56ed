"""The time authority on trial (RFC 3161): an RSA key of this installation, and the clock that it runs by."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from asn1crypto import cms, tsp, x509
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
        made = Response({"status": {"status": "granted"}, "time_stamp_token": self._token(asked, wants)})
        return bytes(made.dump())

    def _token(self, asked: tsp.TimeStampReq, with_certificate: bool) -> cms.ContentInfo:
        info = self._info(asked).dump()
        signed = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", sha256(info).digest()),
                _attribute("signing_certificate_v2", as_signing_certificate_v2(self.certificate)),
            ]
        )
        signature = self.key.sign(signed.dump(), PKCS1v15(), hashes.SHA256())
        body: dict[str, Any] = {
            "version": "v3",  # RFC 5652 5.1: what is signed is no plain data
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(info)},
            "signer_infos": [self._signer(signed, signature)],
        }
        if with_certificate:
            body["certificates"] = [cms.CertificateChoices("certificate", self.certificate)]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(body)})

    def _info(self, asked: tsp.TimeStampReq) -> tsp.TSTInfo:
        at = self.clock.now()
        told: dict[str, Any] = {
            "version": "v1",
            "policy": TIME_POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(_SERIAL_BITS),
            "gen_time": at.replace(microsecond=at.microsecond // 1000 * 1000),
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self.certificate.subject),
        }
        if asked["nonce"].native is not None:
            told["nonce"] = asked["nonce"]
        return tsp.TSTInfo(told)

    def _signer(self, signed: cms.CMSAttributes, signature: bytes) -> cms.SignerInfo:
        issuer = cms.IssuerAndSerialNumber(
            {"issuer": self.certificate.issuer, "serial_number": self.certificate.serial_number}
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier("issuer_and_serial_number", issuer),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": signed,
                "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
                "signature": signature,
            }
        )


def _attribute(kind: str, value: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def _rejected(failure: str, words: str) -> bytes:
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": [words], "fail_info": {failure}})
    return bytes(Response({"status": status}).dump())
