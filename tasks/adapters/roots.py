"""The roots that an organisation trusts beside the trial authority's."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from asn1crypto import pem, x509

Certificates = tuple[x509.Certificate, ...]


def read(paths: str) -> Certificates:
    """Every certificate of these PEM files, listed with commas. Raises ValueError naming the file that holds none."""
    return tuple(chain.from_iterable(_of(Path(name.strip())) for name in paths.split(",") if name.strip()))


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
