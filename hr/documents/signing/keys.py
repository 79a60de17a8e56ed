"""What signs, and what is trusted: the shapes that the trial authority and every key from outside agree on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from asn1crypto import x509
from pyhanko_certvalidator.fetchers import FetcherBackend

DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What an authority says on revoked certificates, as DER, to be embedded beside a signature. May be empty."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


class SigningKey(Protocol):
    """A private key with its certificate. Where the key lies is nobody's business but its own."""

    @property
    def name(self) -> str:
        """Who holds it, for people: a person, a company, a device."""

    @property
    def trial(self) -> bool:
        """True if nobody outside this installation vouches for it."""

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates between this one and a root, in any order, the root included or not."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """The raw signature over `data` (not over its digest): ECDSA as DER (RFC 3279 2.2.3), RSA as PKCS #1 v1.5.

        `digest` names the hash as asn1crypto does, such as `sha256`. Raises Unavailable if the key cannot be reached.
        """

    def revocation(self) -> Revocation:
        """What is known at this moment on the revocation of the certificate and of its chain."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A natural person who signs, as the certificate names them: name, employee number, for whom, in which role."""

    name: str
    no: str
    organisation: str
    role: str


class EventKeys(Protocol):
    """Whoever issues a key with a certificate for one signature, after having checked who the person is."""

    @property
    def name(self) -> str: ...

    @property
    def trial(self) -> bool: ...

    def issue(self, subject: Subject, *, at: datetime, bound: Mapping[str, str]) -> SigningKey:
        """A new key for one signature. `bound` is what the certificate is made for: agreement, document hash, head of
        the evidence. Raises Unavailable.
        """


@dataclass(frozen=True, slots=True)
class Trust:
    """What a validation trusts: roots; what it may use: other certificates, revocation lists (DER), and a fetcher of
    revocation data for authorities outside. Without a fetcher nothing is asked outside.
    """

    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    fetcher: FetcherBackend | None = field(default=None, compare=False)
