"""Raw signatures with a key in memory."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from kernel.errors import Invalid
from kernel.text import say

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def raw_signature(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, data: bytes, digest: str) -> bytes:
    """ECDSA as DER, RSA as PKCS #1 v1.5, over the data hashed by `digest`. Raises Invalid for a hash not in HASHES."""
    algorithm = HASHES.get(digest)
    if algorithm is None:
        raise Invalid(
            say("Signatures over {digest} are not made. Use one of: {known}.", digest=digest, known=", ".join(HASHES))
        )
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, PKCS1v15(), algorithm())
    return key.sign(data, ec.ECDSA(algorithm()))
