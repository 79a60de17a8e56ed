"""Event certificates of a licensed certification provider, in the shape of the open APIs of e签宝 and 法大大.

Each request names the application and carries an HMAC over method, content and path under its secret. The provider
checks the person's real-name facts, makes a key for this one event (场景证书), and signs with it the digest that it is
given; the key stays there and is gone afterwards. Contract: demo/counterparts/openapi.yaml, tag licensed. It was not
tried against a provider's own service.
"""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5, sha256
from hashlib import new as hashed
from typing import Any
from uuid import uuid4

import orjson
from asn1crypto import x509

from hr.documents.signing import paths
from hr.documents.signing.keys import Revocation, SigningKey, Subject
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.text import say
from tasks.adapters.csc import holds
from tasks.adapters.http import SigningPeer, segment
from tasks.adapters.roots import Certificates
from tasks.wire import Wire

MEDIA = "application/json"
ACCEPT = "*/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealName:
    """What a provider needs to know a person by (ESL 20): the name, the identity number, the phone on file."""

    name: str
    id_number: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Wire):
    """A certificate as the provider answers it: everything in base64 of DER."""

    certificate_id: str
    certificate: str
    chain: tuple[str, ...] = ()
    crls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Wire):
    """A signature over one digest, in base64."""

    signature: str


class LicensedKeys:
    """`EventKeys` of a licensed provider. `people` gives the real-name facts of an employee number."""

    def __init__(
        self,
        peer: SigningPeer,
        app: str,
        secret: str,
        *,
        clock: Clock,
        people: Callable[[str], RealName],
        roots: Certificates,
    ) -> None:
        if not app or not secret:
            raise ValueError("JIAOJIE_LICENSED_APP or JIAOJIE_LICENSED_SECRET is empty. Both come with the contract.")
        self.name = str(peer.name)
        self._peer = peer
        self._app = app
        self._secret = secret
        self._clock = clock
        self._people = people
        self._roots = roots

    @property
    def trial(self) -> bool:
        """True while no root is trusted that could vouch for what the provider issues."""
        return not self._roots

    def issue(self, subject: Subject, *, at: datetime, bound: Mapping[str, str]) -> SigningKey:
        """A key at the provider for one signature. Raises Unavailable, also for a person without real-name facts."""
        person = self._people(subject.no)
        if not person.id_number:
            raise Unavailable(
                say(
                    "{provider} issues certificates by identity number, and none of {name} is on file. Ask HR to add "
                    "it, then sign again.",
                    provider=self.name,
                    name=subject.name,
                )
            )
        order = {
            "name": person.name,
            "idNumber": person.id_number,
            "phone": person.phone,
            "organisation": subject.organisation,
            "role": subject.role,
            "requestedAt": at.isoformat(),
            "bound": dict(bound),
        }
        issued = self._peer.fits(Issued, self.post("/v1/event-certificates", order))
        return LicensedKey(self, issued, self._roots)

    def sign(self, certificate_id: str, digest: str, value: bytes) -> bytes:
        """The provider's signature over a digest by the key of a certificate that it has issued."""
        body = {"digestAlgorithm": digest, "digest": base64.b64encode(value).decode()}
        path = f"/v1/event-certificates/{segment(certificate_id)}/signatures"
        return self.decoded(self._peer.fits(Signed, self.post(path, body)).signature)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """One signed request."""
        content = orjson.dumps(body)
        stamp = str(int(self._clock.now().timestamp() * 1000))
        headers = signed(self._app, self._secret, "POST", path, content, stamp)
        return self._peer.post(path, content, key=str(uuid4()), headers=headers)

    def decoded(self, text: str) -> bytes:
        """The bytes of a base64 text of the provider. Raises Unavailable for anything else."""
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:
            raise self._peer.trouble(say("its answer is not base64")) from None

    def parsed(self, text: str) -> x509.Certificate:
        """A certificate of the provider. Raises Unavailable for anything else."""
        try:
            certificate = x509.Certificate.load(self.decoded(text), strict=True)
            certificate.public_key  # noqa: B018  # the parser is lazy: what it cannot read shall show here
        except ValueError:
            raise self._peer.trouble(say("its answer holds no certificate")) from None
        return certificate

    def broken(self) -> Unavailable:
        """The refusal for a signature that does not fit its certificate."""
        return self._peer.trouble(say("the signature that it gave does not hold"))


class LicensedKey:
    """`SigningKey` for one event, kept by the provider. What was answered stands in `issued`."""

    def __init__(self, provider: LicensedKeys, issued: Issued, roots: Certificates) -> None:
        self._provider = provider
        self._id = issued.certificate_id
        self.certificate = provider.parsed(issued.certificate)
        self.chain = tuple(provider.parsed(text) for text in issued.chain)
        self._crls = tuple(provider.decoded(text) for text in issued.crls)
        self.name = str(self.certificate.subject.native.get("common_name", ""))
        self.trial = not paths.leads_to(self.certificate, self.chain, roots)

    def sign(self, data: bytes, digest: str) -> bytes:
        signature = self._provider.sign(self._id, digest, hashed(digest, data).digest())
        if not holds(self.certificate, signature, data, digest):
            raise self._provider.broken()
        return signature

    def revocation(self) -> Revocation:
        """The revocation lists that the provider sent along."""
        return Revocation(crls=self._crls)


def signed(app: str, secret: str, method: str, path: str, content: bytes, stamp: str) -> dict[str, str]:
    """The headers that prove who asks for what: HMAC-SHA256, in base64, over method, Accept, MD5 of the content, its
    type, an empty Date and the path, a line each. The millisecond stamp bounds replays at the provider.
    """
    digest = base64.b64encode(md5(content, usedforsecurity=False).digest()).decode()
    text = "\n".join((method, ACCEPT, digest, MEDIA, "", path))
    proof = hmac.new(secret.encode(), f"{text}\n{stamp}".encode(), sha256).digest()
    return {
        "Accept": ACCEPT,
        "Content-MD5": digest,
        "X-App-Id": app,
        "X-Timestamp": stamp,
        "X-Signature": base64.b64encode(proof).decode(),
    }
