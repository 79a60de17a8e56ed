"""A signing key in a file: PEM or PKCS #12, with its certificate and the chain to a root."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from hr.documents.signing import paths
from hr.documents.signing.certificates import PrivateKey
from hr.documents.signing.keys import Revocation
from hr.documents.signing.raw import raw_signature
from hr.documents.signing.stamps import common_name
from kernel.errors import Invalid
from kernel.text import say

_PEM = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """`SigningKey` whose key was read from a file. `trial` unless its certificate leads to a root that is trusted."""

    certificate: asn1.Certificate
    chain: tuple[asn1.Certificate, ...]
    key: PrivateKey = field(repr=False)
    trial: bool
    crls: tuple[bytes, ...] = ()

    @classmethod
    def load(cls, path: Path, password: str = "", *, roots: tuple[asn1.Certificate, ...] = ()) -> "KeyFile":
        """Read the file: a PEM file holds the key, its certificate, the chain, and lists of revoked certificates if
        need be, in any order. Raises Invalid if something is missing or the password does not open it.
        """
        try:
            content = path.read_bytes()
            secret = password.encode() or None
            key, certificates, crls = _pem(content, secret) if _PEM in content else _pkcs12(content, secret)
        except (OSError, ValueError, TypeError) as fault:
            raise Invalid(say("The key file {path} cannot be read: {why}.", path=path, why=str(fault))) from fault
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise Invalid(say("The key file {path} holds no RSA key and no key on an elliptic curve.", path=path))
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        own = [each for each in certificates if each.public_key.dump() == public]
        if not own:
            raise Invalid(
                say("The key file {path} holds no certificate of its key. Put the certificate beside it.", path=path)
            )
        chain = tuple(each for each in certificates if each is not own[0])
        return cls(own[0], chain, key, not paths.leads_to(own[0], chain, roots), crls)

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    def sign(self, data: bytes, digest: str) -> bytes:
        return raw_signature(self.key, data, digest)

    def revocation(self) -> Revocation:
        return Revocation(crls=self.crls)


Parts = tuple[Any, list[asn1.Certificate], tuple[bytes, ...]]


def _pem(content: bytes, password: bytes | None) -> Parts:
    blocks = [(kind, der) for kind, _, der in pem.unarmor(content, multiple=True)]
    certificates = [asn1.Certificate.load(der) for kind, der in blocks if kind == "CERTIFICATE"]
    keys = [kind for kind, _ in blocks if kind.endswith("PRIVATE KEY")]
    if len(keys) != 1:
        raise ValueError(f"it holds {len(keys)} private keys")
    begin, end = (content.index(f"-----{edge} {keys[0]}-----".encode()) for edge in ("BEGIN", "END"))
    locked = keys[0].startswith("ENCRYPTED") or b"ENCRYPTED" in content[begin:end]
    key = load_pem_private_key(content[begin:], password if locked else None)
    return key, certificates, tuple(der for kind, der in blocks if kind == "X509 CRL")


def _pkcs12(content: bytes, password: bytes | None) -> Parts:
    key, own, others = pkcs12.load_key_and_certificates(content, password)
    found = [each for each in (own, *others) if each is not None]
    return key, [asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in found], ()
