"""国密: SM3 (GB/T 32905) and SM2 signatures (GB/T 32918.2) with SM3, beside the signatures that PDF readers know.

An SM2 key is PKCS #8 over the curve 1.2.156.10197.1.301. A signature is the DER of r and s over SM3 of Z and the data,
with the identity that the standard gives to everybody (GB/T 35276 7): `openssl dgst -sm3 -verify public.pem -signature
FILE -sigopt distid:1234567812345678` checks it.
"""

from dataclasses import dataclass

from asn1crypto import algos, core, keys, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from gmssl_pyx import GmsslInnerError, sm2_key_generate, sm2_sign, sm2_verify

CURVE = "1.2.156.10197.1.301"
IDENTITY = "1234567812345678"
_POINT = b"\x04"  # SEC 1: an uncompressed point, x and y of 32 bytes each
_SIZE = 64

# asn1crypto asks how wide a private key of this curve is (RFC 5915 3).
keys.NamedCurve.register("sm2p256v1", CURVE, 32)


@dataclass(frozen=True, slots=True)
class Sm2Key:
    """A private key of 32 bytes, and its public point of 64."""

    private: bytes
    public: bytes

    @classmethod
    def new(cls) -> "Sm2Key":
        public, private = sm2_key_generate()
        return cls(private, public)

    @classmethod
    def load(cls, der: bytes) -> "Sm2Key":
        """From PKCS #8."""
        inner = keys.PrivateKeyInfo.load(der)["private_key"].parsed
        return cls(inner["private_key"].native.to_bytes(32, "big"), bytes(inner["public_key"].native)[1:])

    def dump(self) -> bytes:
        """PKCS #8, DER."""
        inner = keys.ECPrivateKey(
            {
                "version": 1,
                "private_key": int.from_bytes(self.private, "big"),
                "public_key": keys.ECPointBitString(_POINT + self.public),
            }
        )
        algorithm = keys.PrivateKeyAlgorithm({"algorithm": "ec", "parameters": _curve()})
        made = keys.PrivateKeyInfo({"version": 0, "private_key_algorithm": algorithm, "private_key": inner})
        return bytes(made.dump())


def sm3(data: bytes) -> str:
    """SM3 in hexadecimal."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def sign_detached(data: bytes, key: Sm2Key) -> bytes:
    """The SM2 signature over the data, DER."""
    return bytes(sm2_sign(key.private, key.public, data))


def verify_detached(data: bytes, signature: bytes, public_key: bytes) -> bool:
    """True if the signature was made over these bytes by the key with this public point (64 bytes) or PEM."""
    try:
        point = _point(public_key)
        return bool(sm2_verify(point, data, signature))
    except (GmsslInnerError, ValueError, TypeError):
        return False


def public_pem(key: Sm2Key) -> bytes:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    return bytes(pem.armor("PUBLIC KEY", _public(key).dump()))


def certificate(key: Sm2Key, like: x509.Certificate, issuer: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A certificate that says of the SM2 key what `like` says of its own, signed by the same issuer.

    The X.509 library of this house makes no certificate for SM2, so that the one for another key is the pattern.
    """
    body = like["tbs_certificate"].copy()
    body["subject_public_key_info"] = _public(key)
    identifier = _public(key).sha1
    for extension in body["extensions"]:
        if extension["extn_id"].native == "key_identifier":
            extension["extn_value"] = core.ParsableOctetString(core.OctetString(identifier).dump())
    signature = issuer.sign(body.dump(force=True), ec.ECDSA(hashes.SHA256()))
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    return x509.Certificate(
        {"tbs_certificate": body, "signature_algorithm": algorithm, "signature_value": core.OctetBitString(signature)}
    )


def _curve() -> keys.ECDomainParameters:
    return keys.ECDomainParameters(name="named", value=keys.NamedCurve(CURVE))


def _public(key: Sm2Key) -> keys.PublicKeyInfo:
    algorithm = keys.PublicKeyAlgorithm({"algorithm": "ec", "parameters": _curve()})
    return keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(_POINT + key.public)})


def _point(public_key: bytes) -> bytes:
    if len(public_key) == _SIZE:
        return public_key
    der = pem.unarmor(public_key)[2] if pem.detect(public_key) else public_key
    return bytes(keys.PublicKeyInfo.load(der)["public_key"].native)[1:]
