"""The roots that an organisation trusts beside the trial authority's, and which certificates lead to them."""

from collections.abc import Iterable, Sequence
from itertools import chain as joined
from pathlib import Path

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate

LONGEST = 10  # certificates between a signer's and its root

Certificates = tuple[x509.Certificate, ...]


def read(paths: str) -> Certificates:
    """Every certificate of these PEM files, listed with commas. Raises ValueError naming the file that holds none."""
    return tuple(joined.from_iterable(_of(Path(name.strip())) for name in paths.split(",") if name.strip()))


def _of(path: Path) -> Iterable[x509.Certificate]:
    try:
        found = [der for kind, _, der in pem.unarmor(path.read_bytes(), multiple=True) if kind == "CERTIFICATE"]
        return [_parsed(der) for der in found]
    except (OSError, ValueError) as fault:
        raise ValueError(
            f"JIAOJIE_TRUST_ROOTS names {path}, which holds no certificates in PEM ({fault}). Correct the path."
        ) from None


def _parsed(der: bytes) -> x509.Certificate:
    certificate = x509.Certificate.load(der, strict=True)
    certificate.public_key  # noqa: B018  # the parser is lazy: what it cannot read shall show here
    return certificate


def leads_to(certificate: x509.Certificate, others: Sequence[x509.Certificate], roots: Certificates) -> bool:
    """True if the certificate was issued, over any of `others`, by one of the roots: each signature is checked.

    Times, purposes and revocation are the validator's business, not this one's.
    """
    known, trusted, current = [*roots, *others], {root.sha256 for root in roots}, certificate
    for _ in range(LONGEST):
        if current.sha256 in trusted:
            return True
        issuer = next((other for other in known if other is not current and _issued(current, other)), None)
        if issuer is None:
            return False
        current = issuer
    return False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject or certificate.sha256 == issuer.sha256:
        return False
    try:
        load_der_x509_certificate(certificate.dump()).verify_directly_issued_by(
            load_der_x509_certificate(issuer.dump())
        )
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
