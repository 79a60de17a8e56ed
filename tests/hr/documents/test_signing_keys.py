"""The company's key in a file or in a device; SM2 beside it, checked by OpenSSL."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from pyhanko.sign.ades.report import AdESPassed

from hr.documents.signing import certificates, gm, pades
from hr.documents.signing.authority import Authority
from hr.documents.signing.certificates import Issuer
from hr.documents.signing.device import Pkcs11Key
from hr.documents.signing.keyfile import KeyFile
from hr.documents.signing.keys import SigningKey, Trust
from kernel.clock import ManualClock
from kernel.errors import Invalid, Unavailable
from tests.hr.documents.conftest import OPENSSL, ORGANISATION, PLACES, START, lta, paper, sealed, signatures

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


class Licensed:
    """An authority outside, as far as a company knows it: a root, a certificate for its key, and a list."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
        top = ec.generate_private_key(ec.SECP256R1())
        self.key = key
        self.root = certificates.root(top, "某电子认证服务", START)
        self.issuer = Issuer(self.root, top)
        self.own = certificates.company(self.issuer, key.public_key(), ORGANISATION, START)

    def trusted(self, authority: Authority, at: datetime) -> Trust:
        """With the trial authority's clock beside it."""
        lists = (certificates.revoked_list(self.issuer, {}, at), *authority.trust.crls)
        return Trust(roots=(plain(self.root), authority.root), crls=lists)

    def pem(self, password: str = "") -> bytes:
        kind = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kind)
        return key + b"".join(each.public_bytes(Encoding.PEM) for each in (self.own, self.root))


def plain(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def seals(key: SigningKey, outside: Licensed, authority: Authority, clock: ManualClock) -> None:
    """The key seals a document, and the seal holds in the long term."""
    trust = outside.trusted(authority, clock.now())
    done = sealed(pades.prepare(paper(), PLACES[2:], seam=True), key, authority.time, trust, clock)
    (seal,) = signatures(done)
    assert lta(seal, trust, clock.now() + timedelta(minutes=1)).ades_subindic == AdESPassed.OK
    assert seal.signer_cert.subject.native["common_name"].startswith(ORGANISATION)


@pytest.mark.parametrize("password", ["", "口令 1"])
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_file_in_pem_seals(
    kind: str, password: str, tmp_path: Path, authority: Authority, clock: ManualClock
) -> None:
    outside = Licensed(ec.generate_private_key(ec.SECP384R1()) if kind == "ec" else rsa_key())
    path = tmp_path / "company.pem"
    path.write_bytes(outside.pem(password))
    key = KeyFile.load(path, password, roots=(plain(outside.root),))
    assert not key.trial
    assert KeyFile.load(path, password).trial, "nobody who is trusted vouches for it"
    seals(key, outside, authority, clock)


def test_a_key_file_in_pkcs12_seals(tmp_path: Path, authority: Authority, clock: ManualClock) -> None:
    outside = Licensed(ec.generate_private_key(ec.SECP256R1()))
    path = tmp_path / "company.p12"
    locked = BestAvailableEncryption(b"secret")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"c", outside.key, outside.own, [outside.root], locked))
    key = KeyFile.load(path, "secret", roots=(plain(outside.root),))
    assert [each.sha256 for each in key.chain] == [plain(outside.root).sha256]
    assert "private" not in repr(key).lower()
    seals(key, outside, authority, clock)


def test_what_is_wrong_with_a_key_file_is_said(tmp_path: Path) -> None:
    outside, stranger = (Licensed(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    path = tmp_path / "company.pem"
    own = outside.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    cases = [
        (b"", "", "cannot be read"),
        (outside.pem("right"), "wrong", "cannot be read"),
        (outside.pem("right"), "", "cannot be read"),
        (own, "", "no certificate of its key"),
        (own + stranger.own.public_bytes(Encoding.PEM), "", "no certificate of its key"),
        (outside.own.public_bytes(Encoding.PEM), "", "0 private keys"),
        (own + own, "", "2 private keys"),
    ]
    for content, password, words in cases:
        path.write_bytes(content)
        with pytest.raises(Invalid, match=words):
            KeyFile.load(path, password)
    with pytest.raises(Invalid, match="cannot be read"):
        KeyFile.load(tmp_path / "nowhere.pem")


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


PIN = "2468"


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Licensed]]:
    """A token of SoftHSM in a folder of the tests' own, with a key of each kind, under its kind's name."""
    if not MODULE.exists() or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is absent: install Debian's softhsm2 to test keys in devices")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        command = ["softhsm2-util", "--init-token", "--free", "--label", "company", "--pin", PIN, "--so-pin", "13579"]
        subprocess.run(command, check=True, capture_output=True)
        held = {"ec": Licensed(ec.generate_private_key(ec.SECP256R1())), "rsa": Licensed(rsa_key())}
        bring(held)
        yield held


def bring(held: dict[str, Licensed]) -> None:
    """Put the keys and their certificates into the token, as its vendor's tool would."""
    import pkcs11
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    decode = {"ec": decode_ec_private_key, "rsa": decode_rsa_private_key}
    token = pkcs11.lib(str(MODULE)).get_token(token_label="company")
    with token.open(user_pin=PIN, rw=True) as session:
        for label, outside in held.items():
            form = PrivateFormat.TraditionalOpenSSL
            private = decode[label](outside.key.private_bytes(Encoding.DER, form, NoEncryption()))
            session.create_object(private | {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True})
            for name, certificate in ((label, outside.own), (f"{label} root", outside.root)):
                public = decode_x509_certificate(certificate.public_bytes(Encoding.DER))
                session.create_object(public | {pkcs11.Attribute.LABEL: name, pkcs11.Attribute.TOKEN: True})


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_in_a_device_seals(
    device: dict[str, Licensed], kind: str, authority: Authority, clock: ManualClock
) -> None:
    outside = device[kind]
    key = Pkcs11Key(str(MODULE), token="company", pin=PIN, label=kind, roots=(plain(outside.root),))
    assert not key.trial
    seals(key, outside, authority, clock)
    assert Pkcs11Key(str(MODULE), token="company", pin=PIN, label=kind).trial


@pytest.mark.parametrize(
    "wrong", [{"pin": "0000"}, {"token": "another"}, {"label": "nobody"}, {"module": "/nowhere/library.so"}]
)
def test_a_device_that_is_not_as_it_was_named_leaves_the_document_unsealed(
    device: dict[str, Licensed], wrong: dict[str, str], authority: Authority, clock: ManualClock
) -> None:
    named = {"module": str(MODULE), "token": "company", "pin": PIN, "label": "ec"} | wrong
    key = Pkcs11Key(named.pop("module"), **named)
    prepared = pades.prepare(paper(), PLACES[2:], seam=True)
    with pytest.raises(Unavailable, match=r"cannot be used: .*Nothing was signed"):
        sealed(prepared, key, authority.time, device["ec"].trusted(authority, clock.now()), clock)


@OPENSSL
def test_a_signature_by_sm2_is_what_openssl_knows(tmp_path: Path, authority: Authority) -> None:
    data, key = "𬎆 sealed".encode(), authority.sm2_key
    signature = gm.sign_detached(data, key)
    (tmp_path / "data").write_bytes(data)
    (tmp_path / "signature").write_bytes(signature)
    (tmp_path / "public.pem").write_bytes(gm.public_pem(key))
    files = [tmp_path / name for name in ("public.pem", "signature", "data")]
    check = ["openssl", "dgst", "-sm3", "-sigopt", f"distid:{gm.IDENTITY}", "-verify"]
    assert "Verified OK" in said([*check, str(files[0]), "-signature", str(files[1]), str(files[2])])
    assert gm.verify_detached(data, signature, key.public)
    assert gm.verify_detached(data, signature, gm.public_pem(key))

    files[2].write_bytes(data + b".")
    assert "Verified OK" not in said([*check, str(files[0]), "-signature", str(files[1]), str(files[2])])
    assert not gm.verify_detached(data + b".", signature, key.public)
    assert not gm.verify_detached(data, signature, gm.Sm2Key.new().public)
    assert not gm.verify_detached(data, b"no signature", key.public)


@OPENSSL
def test_a_digest_by_sm3_is_what_openssl_knows(tmp_path: Path) -> None:
    path = tmp_path / "data"
    for data in (b"", b"abc", paper()):
        path.write_bytes(data)
        assert said(["openssl", "dgst", "-sm3", str(path)]).split()[-1] == gm.sm3(data)
    assert gm.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905 A.1


@OPENSSL
def test_the_certificate_of_the_sm2_key_leads_to_the_root(tmp_path: Path, authority: Authority) -> None:
    for name, certificate in (("root", authority.root), ("sm2", authority.sm2_certificate)):
        (tmp_path / name).write_bytes(pem.armor("CERTIFICATE", certificate.dump()))
    assert "OK" in said(["openssl", "verify", "-CAfile", str(tmp_path / "root"), str(tmp_path / "sm2")])
    public = said(["openssl", "x509", "-in", str(tmp_path / "sm2"), "-noout", "-pubkey"])
    assert public.encode() == gm.public_pem(authority.sm2_key)


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
