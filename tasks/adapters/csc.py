"""A key at a remote signing service by the Cloud Signature Consortium's API, versions 1 and 2 (signatures/signHash).

Two calls a signature: `credentials/authorize` binds one hash to signature activation data (SAD), `signatures/signHash`
spends them. The key never leaves the service; what comes back is checked against its certificate before it is used.
"""

import base64
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import new as hashed
from typing import Any
from uuid import uuid4

from asn1crypto import algos, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from hr.documents.signing import paths
from hr.documents.signing.keys import Revocation
from kernel.text import say
from tasks.adapters.http import SigningPeer
from tasks.adapters.roots import Certificates

ALGORITHMS = {"rsa": "{digest}_rsa", "ec": "{digest}_ecdsa"}


@dataclass(frozen=True, slots=True)
class Credential:
    """What the service tells of a credential: its certificate first, then the others of the chain."""

    certificates: Certificates


class CscKey:
    """`SigningKey` at a signing service. What it is, is asked at its first use; nothing is called before.

    `version` is 1 or 2, from the end of the URL. `pin` goes along where the service wants one.
    """

    def __init__(self, peer: SigningPeer, version: int, credential: str, pin: str, roots: Certificates) -> None:
        self._peer = peer
        self._version = version
        self._credential = credential
        self._pin = pin
        self._roots = roots
        self._lock = threading.Lock()
        self._known: Credential | None = None

    @property
    def name(self) -> str:
        return str(self.certificate.subject.native.get("common_name", self._credential))

    @property
    def trial(self) -> bool:
        """True unless the certificate leads to a root of JIAOJIE_TRUST_ROOTS."""
        return not paths.leads_to(self.certificate, self.chain, self._roots)

    @property
    def certificate(self) -> x509.Certificate:
        return self._told().certificates[0]

    @property
    def chain(self) -> Certificates:
        return self._told().certificates[1:]

    def revocation(self) -> Revocation:
        """Nothing of its own: what the authority publishes is fetched as for any certificate from outside."""
        return Revocation()

    def sign(self, data: bytes, digest: str) -> bytes:
        """One signature over `data`. Raises Unavailable in words, also for a signature that does not hold."""
        algorithm = self._algorithm()
        value = hashed(digest, data).digest()
        listed = [base64.b64encode(value).decode()]
        activation = self._ask("/credentials/authorize", self._authorization(listed, digest), "SAD")
        answer = self._ask(
            "/signatures/signHash", self._order(listed, algorithm, digest, str(activation)), "signatures"
        )
        signature = self._decoded(answer)
        if not holds(self.certificate, signature, data, digest):
            raise self._peer.trouble(say("the signature that it gave does not hold"))
        return signature

    def _authorization(self, listed: list[str], digest: str) -> dict[str, Any]:
        """CSC API 1.0.4 §11.6, 2.0 §11.6."""
        asked: dict[str, Any] = {"credentialID": self._credential, "numSignatures": 1}
        if self._version == 1:
            return asked | {"hash": listed} | ({"PIN": self._pin} if self._pin else {})
        asked |= {"hashes": listed, "hashAlgorithmOID": algos.DigestAlgorithmId(digest).dotted}
        return asked | ({"authData": [{"id": "PIN", "value": self._pin}]} if self._pin else {})

    def _order(self, listed: list[str], algorithm: str, digest: str, activation: str) -> dict[str, Any]:
        """CSC API 1.0.4 §11.9, 2.0 §11.10."""
        hash_oid = algos.DigestAlgorithmId(digest).dotted
        named = {"hash": listed, "hashAlgo": hash_oid} if self._version == 1 else {"hashes": listed}
        named |= {} if self._version == 1 else {"hashAlgorithmOID": hash_oid}
        sign_oid = algos.SignedDigestAlgorithmId(ALGORITHMS[algorithm].format(digest=digest)).dotted
        return {"credentialID": self._credential, "SAD": activation, "signAlgo": sign_oid, **named}

    def _algorithm(self) -> str:
        found = str(self.certificate.public_key.algorithm)
        if found not in ALGORITHMS:
            raise self._peer.trouble(say("its key is of a kind that is not used here ({kind})", kind=found))
        return found

    def _told(self) -> Credential:
        with self._lock:
            if self._known is None:
                asked = {"credentialID": self._credential, "certificates": "chain"}
                cert = self._ask("/credentials/info", asked, "cert")
                self._known = Credential(self._certificates(cert))
            return self._known

    def _certificates(self, cert: Any) -> Certificates:
        listed = cert.get("certificates") if isinstance(cert, Mapping) else None
        try:
            found = [x509.Certificate.load(base64.b64decode(der, validate=True), strict=True) for der in listed or ()]
        except (ValueError, TypeError):
            found = []
        if not found:
            raise self._peer.trouble(say("it tells no certificate of {credential}", credential=self._credential))
        return tuple(found)

    def _decoded(self, answer: Any) -> bytes:
        try:
            return base64.b64decode(answer[0], validate=True)
        except (ValueError, TypeError, IndexError, KeyError):
            raise self._peer.trouble(say("its answer holds no signature")) from None

    def _ask(self, path: str, body: Mapping[str, Any], wanted: str) -> Any:
        answer = self._peer.post(path, body, key=str(uuid4()))
        if not isinstance(answer, Mapping) or not answer.get(wanted):
            raise self._peer.trouble(say("its answer does not fit the contract at {where}", where=wanted))
        return answer[wanted]


def version_of(url: str) -> int:
    """The version of the API, from the end of its URL. Raises ValueError for any other end."""
    end = url.rstrip("/").rpartition("/")[2]
    if end not in ("v1", "v2"):
        raise ValueError(f"JIAOJIE_CSC_URL is {url!r}; it must end with /csc/v1 or /csc/v2.")
    return int(end[1])


def holds(certificate: x509.Certificate, signature: bytes, data: bytes, digest: str) -> bool:
    """True if it is a signature over `data` by the certificate's key: RSA as PKCS #1 v1.5, or ECDSA as DER."""
    public = load_der_x509_certificate(certificate.dump()).public_key()
    algorithm: hashes.HashAlgorithm = getattr(hashes, digest.upper())()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
