"""The trial authority of an organisation: a root, what issues keys for one signature, a company key, a time authority
and an SM2 key, made once.

It is for trial only, and everything that it issues says so. Its keys lie in the database, sealed; a key for one
signature lies nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from hr.documents.signing import certificates, gm
from hr.documents.signing.certificates import TEST, Issuer, PrivateKey, Revoked
from hr.documents.signing.keys import Revocation, SigningKey, Subject, Trust
from hr.documents.signing.raw import raw_signature
from hr.documents.signing.stamps import common_name
from hr.documents.signing.tables import PARTS
from hr.documents.signing.trial_time import TrialTime
from hr.privacy import Cipher
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say

_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class TrialKey:
    """A key of the trial authority that stays: the company's."""

    authority: "Authority"
    certificate: asn1.Certificate
    key: ec.EllipticCurvePrivateKey
    trial: bool = True

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @property
    def chain(self) -> tuple[asn1.Certificate, ...]:
        return (self.authority.root,)

    def sign(self, data: bytes, digest: str) -> bytes:
        return raw_signature(self.key, data, digest)

    def revocation(self) -> Revocation:
        return Revocation(crls=(self.authority.crl(self.authority.clock.now()),))


@dataclass(slots=True)
class EventKey:
    """A key for one signature: it signs once and is gone."""

    authority: "Authority"
    issued: x509.Certificate
    certificate: asn1.Certificate
    _key: ec.EllipticCurvePrivateKey | None = field(repr=False)
    trial: bool = True

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @property
    def chain(self) -> tuple[asn1.Certificate, ...]:
        return (self.authority.parts["events"][0], self.authority.root)

    def sign(self, data: bytes, digest: str) -> bytes:
        """The signature. Raises Conflict the second time."""
        key, self._key = self._key, None
        if key is None:
            raise Conflict(say("The key of {name} has signed and is gone. Begin the signature anew.", name=self.name))
        return raw_signature(key, data, digest)

    def revocation(self) -> Revocation:
        at = self.authority.clock.now()
        own = certificates.own_list(self.authority.events, self.issued, self.authority.revoked, at)
        return Revocation(crls=(self.authority.crl(at), own))


@dataclass(frozen=True, slots=True)
class TrialEventKeys:
    """Issues keys for one signature each, by the trial root."""

    authority: "Authority"
    name: str = f"交接试用签名服务{TEST}"
    trial: bool = True

    def issue(self, subject: Subject, *, at: datetime, bound: Mapping[str, str]) -> SigningKey:
        key = ec.generate_private_key(ec.SECP256R1())
        issued = certificates.event(self.authority.events, key.public_key(), subject, at, bound)
        return EventKey(self.authority, issued, _plain(issued), key)


@dataclass(frozen=True)
class Authority:
    """The trial authority as it was loaded. It may be kept: `crl` then lacks what was revoked since."""

    issuer: Issuer
    clock: Clock
    revoked: Revoked
    parts: Mapping[str, tuple[asn1.Certificate, bytes]] = field(repr=False)

    @classmethod
    def load(cls, unit: Unit, cipher: Cipher, *, organisation: str, clock: Clock) -> "Authority":
        """The authority of this database; made now if there is none. `unit` is a transaction, for that moment.

        Raises Unreadable if its keys were sealed with a secret that is not at hand.
        """
        rows = _rows(unit) or _first(unit, cipher, organisation, clock.now())
        opened = {part: (certificate, cipher.open(key, about=_about(part))) for part, certificate, key in rows}
        revoked = unit.all("select serial, revoked_at from issued_certificate where revoked_at is not null")
        return cls.of(opened, clock, {int(serial): at for serial, at in revoked})

    @classmethod
    def of(cls, opened: Mapping[str, tuple[bytes, bytes]], clock: Clock, revoked: Revoked | None = None) -> "Authority":
        """The authority of these parts: certificate and key (PKCS #8) of each, as `made` gives them."""
        parts = {part: (_certificate(certificate), key) for part, (certificate, key) in opened.items()}
        return cls(_issuer(*opened["root"]), clock, revoked or {}, parts)

    @property
    def root(self) -> asn1.Certificate:
        return self.parts["root"][0]

    @cached_property
    def events(self) -> Issuer:
        """What issues the certificates for one signature."""
        certificate, key = self.parts["events"]
        return _issuer(certificate.dump(), key)

    @cached_property
    def company(self) -> SigningKey:
        certificate, key = self.parts["company"]
        private = _private(key)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        return TrialKey(self, certificate, private)

    @cached_property
    def time(self) -> TrialTime:
        """The time authority, by the clock that the authority was loaded with."""
        certificate, key = self.parts["time"]
        private = _private(key)
        assert isinstance(private, rsa.RSAPrivateKey)
        return TrialTime(certificate, private, self.clock, common_name(certificate))

    @cached_property
    def event_keys(self) -> TrialEventKeys:
        return TrialEventKeys(self)

    @cached_property
    def sm2_key(self) -> gm.Sm2Key:
        return gm.Sm2Key.load(self.parts["sm2"][1])

    @property
    def sm2_certificate(self) -> asn1.Certificate:
        return self.parts["sm2"][0]

    @property
    def trust(self) -> Trust:
        """Trusts this root alone; with the list of revoked certificates of this moment."""
        return Trust(roots=(self.root,), crls=(self.crl(self.clock.now()),))

    def crl(self, at: datetime) -> bytes:
        """The list of revoked certificates of the root as of `at`, DER. Event keys bring lists of their own."""
        own = {certificate.serial_number for certificate, _ in self.parts.values()}
        revoked = {serial: since for serial, since in self.revoked.items() if serial in own}
        return certificates.revoked_list(self.issuer, revoked, at)


def note_issued(unit: Unit, key: SigningKey, *, bound_to: str, at: datetime) -> None:
    """Keep the certificate of an event key with what was signed with it; noting it twice is noting it once."""
    certificate = key.certificate
    unit.run(
        "insert into issued_certificate (serial, subject, bound_to, certificate, issued_at) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (str(certificate.serial_number), common_name(certificate), bound_to, certificate.dump(), at),
    )


Row = tuple[str, bytes, bytes]  # part, certificate, sealed key


def _rows(unit: Unit) -> list[Row]:
    found = unit.all("select part, certificate, key_sealed from authority_key")
    return [(part, bytes(certificate), bytes(key)) for part, certificate, key in found]


def _first(unit: Unit, cipher: Cipher, organisation: str, at: datetime) -> list[Row]:
    """Make the parts, unless somebody else was faster: whoever comes second waits here and takes what is there."""
    unit.one("select pg_advisory_xact_lock(hashtextextended('authority_key', 0))")
    if found := _rows(unit):
        return found
    parts = made(organisation, at)
    for part in PARTS:
        certificate, key = parts[part]
        unit.run(
            "insert into authority_key (part, certificate, key_sealed, created_at) values (%s, %s, %s, %s)",
            (part, certificate, cipher.seal(key, about=_about(part)), at),
        )
    return _rows(unit)


def made(organisation: str, at: datetime) -> dict[str, tuple[bytes, bytes]]:
    """A new authority: certificate and key (PKCS #8) of each part, DER."""
    at = at.replace(microsecond=0)
    top, events, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    clockwork = rsa.generate_private_key(65537, _RSA_BITS)
    root = certificates.root(top, organisation, at)
    issuer = Issuer(root, top)
    company = certificates.company(issuer, own.public_key(), organisation, at)
    time = certificates.time(issuer, clockwork.public_key(), organisation, at)
    sm2 = gm.Sm2Key.new()
    like = _plain(certificates.company(issuer, own.public_key(), organisation, at))
    return {
        "root": (_der(root), _pkcs8(top)),
        "events": (_der(certificates.events(issuer, events.public_key(), organisation, at)), _pkcs8(events)),
        "company": (_der(company), _pkcs8(own)),
        "time": (_der(time), _pkcs8(clockwork)),
        "sm2": (gm.certificate(sm2, like, top).dump(), sm2.dump()),
    }


def _about(part: str) -> str:
    return f"authority_key/{part}"


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _pkcs8(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _plain(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(_der(certificate))


# Reading a key costs more than a signature with it (RSA above all), so what was read once is kept in this process.
@lru_cache(maxsize=64)
def _private(der: bytes) -> Any:
    return load_der_private_key(der, password=None)


@lru_cache(maxsize=64)
def _certificate(der: bytes) -> asn1.Certificate:
    return asn1.Certificate.load(der)


@lru_cache(maxsize=64)
def _issuer(certificate: bytes, key: bytes) -> Issuer:
    return Issuer(x509.load_der_x509_certificate(certificate), _private(key))
