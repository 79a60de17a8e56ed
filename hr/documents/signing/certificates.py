"""X.509 certificates of the trial authority (RFC 5280). Every one of them says 测试, to people and to programs.

A certificate for one signature carries the facts that it was made for in an extension of our own, as canonical JSON.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1
from asn1crypto.core import UTF8String
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hr.documents.signing.keys import Subject

# ITU-T X.667: an arc for everybody who draws a UUID.
_ARC = "2.25.162270655084916448072210046126838655092"
BOUND = f"{_ARC}.1"
TRIAL = f"{_ARC}.2"
TIME_POLICY = f"{_ARC}.3"
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
TEST = "（测试）"
_LONGEST = 64  # X.520: ub-common-name, ub-organization-name, ub-serial-number
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]*")  # X.520 wants such a serialNumber; an employee's may be any text
_EARLIER = timedelta(days=5 * 365)  # a clock on trial may be set back after the authority was made
_YEARS = timedelta(days=30 * 365)
_EVENT = timedelta(hours=23)  # "at most a day" holds whatever way the ends are counted
_OWN_FRESH = timedelta(hours=6)
_SKEW = timedelta(minutes=30)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Revoked = Mapping[int, datetime]  # serial number, and since when
Extensions = Sequence[tuple[x509.ExtensionType, bool]]


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that issues others, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def root(key: ec.EllipticCurvePrivateKey, organisation: str, at: datetime) -> x509.Certificate:
    """The trial root, signed by itself."""
    name = _name("交接试用根证书", organisation)
    purposes = (
        (x509.BasicConstraints(ca=True, path_length=1), True),
        (_usage(key_cert_sign=True, crl_sign=True), True),
    )
    return _signed(name, key.public_key(), name, key, _long(at), purposes)


def events(issuer: Issuer, public: Any, organisation: str, at: datetime) -> x509.Certificate:
    """The certificate that issues those for one signature, apart from the root, so that each has a list of its own."""
    purposes = (
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(key_cert_sign=True, crl_sign=True), True),
    )
    return _issued(issuer, _name("交接试用签名服务", organisation), public, _long(at), purposes)


def company(issuer: Issuer, public: Any, organisation: str, at: datetime) -> x509.Certificate:
    """The certificate of the company's own key on trial."""
    purposes = (*_SIGNER, (_usage(digital_signature=True, content_commitment=True), True))
    return _issued(issuer, _name(organisation, organisation), public, _long(at), purposes)


def time(issuer: Issuer, public: Any, organisation: str, at: datetime) -> x509.Certificate:
    """The certificate of the trial time authority (RFC 3161 2.3: time stamping alone, critical)."""
    purposes = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
        (_usage(digital_signature=True), True),
    )
    return _issued(issuer, _name("交接试用时间戳", organisation), public, _long(at), purposes)


def event(issuer: Issuer, public: Any, subject: Subject, at: datetime, bound: Mapping[str, str]) -> x509.Certificate:
    """A certificate for one signature, valid for less than a day around `at`; `bound` stands in it."""
    name = _name(subject.name, subject.organisation, no=subject.no, role=subject.role)
    facts = json.dumps(dict(bound), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    serial = x509.random_serial_number()
    lists = x509.CRLDistributionPoints([x509.DistributionPoint([_point(serial)], None, None, None)])
    purposes = (
        *_SIGNER,
        (_usage(content_commitment=True), True),
        (_text(BOUND, facts), False),
        (lists, False),
    )
    return _issued(issuer, name, public, (at - _SKEW, at + _EVENT), purposes, serial)


def revoked_list(issuer: Issuer, revoked: Revoked, at: datetime) -> bytes:
    """The list of revoked certificates as of `at`, DER. It says nothing of certificates for one signature."""
    return _list(issuer, revoked, at, timedelta(days=30)).sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


def own_list(issuer: Issuer, certificate: x509.Certificate, revoked: Revoked, at: datetime) -> bytes:
    """The list of revoked certificates as of `at` whose scope is this one certificate for one signature, DER.

    A list of all would speak of certificates that ended long before (RFC 5280 3.3): whoever validates the signature of
    one day by the list of another is led to a moment at which its certificate was no longer good (time sliding, ETSI
    EN 319 102-1, 5.6.2.2). For the same reason it is fresh for less time than the certificate lives.
    """
    serial = certificate.serial_number
    only = {serial: revoked[serial]} if serial in revoked else {}
    scope = x509.IssuingDistributionPoint(
        full_name=[_point(serial)],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    made = _list(issuer, only, at, _OWN_FRESH).add_extension(scope, critical=True)
    return made.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


def _list(issuer: Issuer, revoked: Revoked, at: datetime, fresh: timedelta) -> x509.CertificateRevocationListBuilder:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + fresh)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for serial, instant in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(instant)
        made = made.add_revoked_certificate(entry.build())
    return made


def _point(serial: int) -> x509.GeneralName:
    """The name of the list that tells of this certificate alone."""
    return x509.UniformResourceIdentifier(f"urn:oid:{_ARC}.4.{serial}")


def bound_facts(certificate: asn1.Certificate) -> dict[str, str] | None:
    """What a certificate for one signature was made for; None for every other certificate."""
    found = _extension(certificate, BOUND)
    if found is None:
        return None
    facts = json.loads(found)
    return {str(name): str(value) for name, value in facts.items()} if isinstance(facts, dict) else None


def is_trial(certificate: asn1.Certificate) -> bool:
    """True for a certificate that a trial authority of ours issued, this one or another."""
    return _extension(certificate, TRIAL) is not None


def _extension(certificate: asn1.Certificate, oid: str) -> str | None:
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted == oid:
            try:
                return str(UTF8String.load(extension["extn_value"].contents).native)
            except ValueError:
                return ""
    return None


def _text(oid: str, text: str) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), UTF8String(text).dump())


def _long(at: datetime) -> tuple[datetime, datetime]:
    return at - _EARLIER, at + _YEARS


def _name(common: str, organisation: str, *, no: str = "", role: str = "") -> x509.Name:
    """A subject that says 测试 in its organisation, and in its common name where that is no person's."""
    marked = organisation[: _LONGEST - len(TEST)] + TEST
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, marked)]
    if role:
        parts.append(x509.NameAttribute(NameOID.TITLE, role[:_LONGEST]))
    person = bool(no or role)
    shown = common[:_LONGEST] if person else common[: _LONGEST - len(TEST)] + TEST
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, shown))
    if no:
        kind = _ASN1Type.PrintableString if _PRINTABLE.fullmatch(no) else _ASN1Type.UTF8String
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, no[:_LONGEST], kind))
    return x509.Name(parts)


def _usage(**purposes: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    rest = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**dict.fromkeys((*names, *rest), False) | purposes)


_SIGNER: Extensions = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    # Readers that know no RFC 9336 look for e-mail protection.
    (x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
)


def _issued(
    issuer: Issuer,
    name: x509.Name,
    public: Any,
    valid: tuple[datetime, datetime],
    purposes: Extensions,
    serial: int | None = None,
) -> x509.Certificate:
    return _signed(name, public, issuer.certificate.subject, issuer.key, valid, purposes, serial)


def _signed(
    name: x509.Name,
    public: Any,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    valid: tuple[datetime, datetime],
    purposes: Extensions,
    serial: int | None = None,
) -> x509.Certificate:
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(_text(TRIAL, "测试"), critical=False)
    )
    for purpose, critical in purposes:
        built = built.add_extension(purpose, critical=critical)
    return built.sign(key, SHA256())
