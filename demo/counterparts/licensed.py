"""A licensed certification provider, played: a certificate authority of its own, a key for each event, requests signed.

It checks what a provider checks before it lends its name: who asks (an application and its secret), and for whom (a
name with an identity number of the right form). A key signs once and is gone.
"""

import base64
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import NameOID
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from demo.counterparts.state import State
from demo.counterparts.systems import body_of, state_of

APP = "jiaojie-demo"
WINDOW_MS = 5 * 60 * 1000
NUMBER_LENGTH = 18
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """The provider's root with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


async def issue(request: Request) -> Response:
    """A certificate for one event of one person, good for a day at most."""
    await _proved(request)
    order = await body_of(request, "name", "idNumber", "organisation", "role", "bound")
    number = str(order["idNumber"])
    if len(number) != NUMBER_LENGTH or not (number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X")):
        raise HTTPException(422, "The identity number is none: the person cannot be told from others.")
    state = state_of(request)
    authority = _authority(state)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(authority, key, order)
    id = secrets.token_hex(12)
    request.app.state.event_keys[id] = key
    state.records["licensed"][id] = {"serial": str(certificate.serial_number), "bound": order["bound"]}
    answer = {
        "certificateId": id,
        "certificate": _text(_der(certificate)),
        "chain": [_text(_der(authority.certificate))],
        "crls": [_text(_revoked(authority))],
    }
    return JSONResponse(answer, 201)


async def sign(request: Request) -> Response:
    """The signature over one digest by an event's key, which is gone afterwards."""
    await _proved(request)
    order = await body_of(request, "digestAlgorithm", "digest")
    algorithm = HASHES.get(order["digestAlgorithm"])
    digest = base64.b64decode(order["digest"])
    if algorithm is None or len(digest) != algorithm.digest_size:
        raise HTTPException(422, "The digest is of no kind that is signed here.")
    key = request.app.state.event_keys.pop(request.path_params["id"], None)
    if key is None:
        raise HTTPException(410, "The key of this event is gone, or never was.")
    return JSONResponse({"signature": _text(key.sign(digest, ec.ECDSA(Prehashed(algorithm))))}, 201)


async def root(request: Request) -> Response:
    """The root, for whoever wants to trust it."""
    pem = _authority(state_of(request)).certificate.public_bytes(serialization.Encoding.PEM)
    return PlainTextResponse(pem.decode())


async def _proved(request: Request) -> None:
    """The request comes from the application: HMAC-SHA256, in base64, over the lines that `openapi.yaml` names."""
    headers, content = request.headers, await request.body()
    stamp, digest = headers.get("X-Timestamp", ""), base64.b64encode(md5(content, usedforsecurity=False).digest())
    path = request.url.path.removeprefix("/licensed")
    lines = (request.method, headers.get("Accept", ""), digest.decode(), "application/json", "", path, stamp)
    wanted = hmac.new(request.app.state.secret.encode(), "\n".join(lines).encode(), sha256).digest()
    if headers.get("X-App-Id") != APP or headers.get("X-Signature") != base64.b64encode(wanted).decode():
        raise HTTPException(401, "The signature of the request is wrong.")
    now = time.time() * 1000  # noqa: TID251  # outside the product, whose clock it cannot see
    if not stamp.isdigit() or abs(now - int(stamp)) > WINDOW_MS:
        raise HTTPException(401, "The request was signed too long ago.")


def _authority(state: State) -> Authority:
    """The root of this run, or the one that the state file has kept."""
    kept = state.records["licensed"].get("root")
    if kept is None:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        made = _root(key).public_bytes(serialization.Encoding.PEM)
        kept = state.records["licensed"]["root"] = {"key": pem.decode(), "certificate": made.decode()}
        state.save()
    private = serialization.load_pem_private_key(kept["key"].encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return Authority(x509.load_pem_x509_certificate(kept["certificate"].encode()), private)


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("演示认证机构根证书", "演示电子认证有限公司")
    usage = _usage(key_cert_sign=True, crl_sign=True)
    now = _now()
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7300))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return built.sign(key, hashes.SHA256())


def _certificate(authority: Authority, key: ec.EllipticCurvePrivateKey, order: dict[str, Any]) -> x509.Certificate:
    # The number itself stays out of a certificate that goes into every copy of the document.
    masked = sha256(str(order["idNumber"]).encode()).hexdigest()[:16]
    now = _now()
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(str(order["name"]), str(order["organisation"]), masked))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=23))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    return built.sign(authority.key, hashes.SHA256())


def _revoked(authority: Authority) -> bytes:
    """The list of what was revoked: nothing so far."""
    now = _now()
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - timedelta(minutes=5))
        .next_update(now + timedelta(days=7))
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    return built.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _name(common: str, organisation: str, serial: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
        x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
    ]
    return x509.Name([*parts, x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)] if serial else parts)


def _usage(**purposes: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{**dict.fromkeys(names, False), **purposes})


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # outside the product, whose clock it cannot see


OPEN = [Route("/licensed/root.pem", root)]
ROUTES = [
    Route("/licensed/v1/event-certificates", issue, methods=["POST"]),
    Route("/licensed/v1/event-certificates/{id}/signatures", sign, methods=["POST"]),
]
