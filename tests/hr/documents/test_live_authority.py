"""A live authority of others: certomancer as a process of its own, with time stamps, OCSP answers and a list."""

import socket
import subprocess
import sys
import time as process_time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import yaml
from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.ades.report import AdESPassed

from hr.documents.signing import pades, stamps
from hr.documents.signing.keyfile import KeyFile
from hr.documents.signing.keys import Trust
from kernel.clock import SystemClock
from tasks.adapters.revocation import AllowedHosts
from tasks.adapters.tsa import HttpTimeAuthority, StampingPeer
from tests.hr.documents.conftest import OPENSSL, ORGANISATION, PLACES, lta, paper, sealed, signatures, signed
from tests.hr.documents.test_trial_authority import verified

NOW = SystemClock().now()
LIFE = {
    "valid-from": f"{NOW - timedelta(days=30):%Y-%m-%dT%H:%M:%S}+0000",
    "valid-to": f"{NOW + timedelta(days=3650):%Y-%m-%dT%H:%M:%S}+0000",
}
LISTS = {
    "id": "crl_distribution_points",
    "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["root"]}},
}
ANSWERS = {
    "id": "authority_information_access",
    "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["root"]}},
}
KEYS = ("root", "signer", "seal", "tsa", "ocsp")


def certificate(name: str, *extensions: object) -> dict[str, object]:
    return {
        "subject": name, "issuer": "root", "subject-key": name, "authority-key": "root", "validity": LIFE,
        "extensions": list(extensions),
    }  # fmt: skip


def usage(*purposes: str) -> dict[str, object]:
    parameters = {"schema": "key-usage", "params": list(purposes)}
    return {"id": "key_usage", "critical": True, "smart-value": parameters}


def configured(port: int) -> dict[str, object]:
    """An authority with one root: a person, a company, a time authority, an OCSP responder."""
    ca = {"id": "basic_constraints", "critical": True, "value": {"ca": True}}
    names = {"signer": "张龘㛃", "seal": ORGANISATION}
    signs = (usage("digital_signature", "non_repudiation"), LISTS, ANSWERS)
    stamping = {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}
    answering = {"id": "extended_key_usage", "value": ["ocsp_signing"]}
    return {
        "external-url-prefix": f"http://127.0.0.1:{port}",
        "keysets": {"own": {"path-prefix": "keys", "keys": {name: {"path": f"{name}.pem"} for name in KEYS}}},
        "pki-architectures": {
            "live": {
                "keyset": "own",
                "entities": {name: {"common-name": names.get(name, f"Live {name}")} for name in KEYS},
                "certs": {
                    "root": certificate("root", ca, usage("digital_signature", "key_cert_sign", "crl_sign")),
                    "signer": certificate("signer", *signs),
                    "seal": certificate("seal", *signs),
                    "tsa": certificate("tsa", usage("digital_signature"), stamping, LISTS),
                    "ocsp": certificate("ocsp", usage("digital_signature"), answering, {"id": "ocsp_no_check"}),
                },
                "services": {
                    "ocsp": {"root": {"for-issuer": "root", "responder-cert": "ocsp", "signing-key": "ocsp"}},
                    "crl-repo": {
                        "root": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P30D"}
                    },
                    "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                },
            }
        },
    }


@dataclass(frozen=True)
class Live:
    """The authority at work: its folder, its address, its root."""

    folder: Path
    port: int
    root: asn1.Certificate

    @property
    def trust(self) -> Trust:
        return Trust(roots=(self.root,), fetcher=AllowedHosts([f"127.0.0.1:{self.port}"], 10.0))

    @property
    def time(self) -> HttpTimeAuthority:
        url = f"http://127.0.0.1:{self.port}/live/tsa/tsa"
        return HttpTimeAuthority(StampingPeer("certomancer", "JIAOJIE_TSA_URLS", url, timeout=10.0))

    def key(self, name: str) -> KeyFile:
        """The key of a subject with its certificate, in one file."""
        path = self.folder / f"{name}.with-certificate.pem"
        path.write_bytes((self.folder / "keys" / f"{name}.pem").read_bytes() + fetched(self.port, name))
        return KeyFile.load(path, roots=(self.root,))


def fetched(port: int, name: str) -> bytes:
    """A certificate of the authority, PEM."""
    answer = httpx.get(f"http://127.0.0.1:{port}/_certomancer/any-cert/live/{name}.crt", timeout=10)
    content = answer.raise_for_status().content
    return content if pem.detect(content) else bytes(pem.armor("CERTIFICATE", content))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("certomancer")
    (folder / "keys").mkdir()
    for name in KEYS:
        key = ec.generate_private_key(ec.SECP256R1())
        content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "keys" / f"{name}.pem").write_bytes(content)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    (folder / "certomancer.yml").write_text(yaml.safe_dump(configured(port), allow_unicode=True))
    command = [sys.executable, "-m", "certomancer", "--config", str(folder / "certomancer.yml"), "animate"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
        try:
            answering(process, port)
            root = asn1.Certificate.load(pem.unarmor(fetched(port, "root"))[2])
            yield Live(folder, port, root)
        finally:
            process.terminate()
            process.wait(10)


def answering(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, "certomancer has ended: see its log beside its configuration"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            process_time.sleep(0.05)
        else:
            return
    raise AssertionError("certomancer does not answer within half a minute")


@pytest.mark.requirement("F63")
def test_two_signatures_against_a_live_authority_hold_in_the_long_term(live: Live) -> None:
    clock = SystemClock()
    pdf = pades.prepare(paper(2), PLACES[::2], seam=True)
    pdf = signed(pdf, "Employee", live.key("signer"), live.time, live.trust, clock)
    pdf = sealed(pdf, live.key("seal"), live.time, live.trust, clock)
    offline = Trust(roots=(live.root,))
    for signature in signatures(pdf):
        result = lta(signature, offline, clock.now())
        assert result.ades_subindic == AdESPassed.OK, result.failure_msg
        assert result.oldest_evidence_record_timestamp is not None


@OPENSSL
def test_its_stamps_are_accepted_by_openssl_and_by_us(live: Live) -> None:
    digest = sha256(b"evidence").digest()
    token = stamps.token(live.time, digest)
    (live.folder / "token").write_bytes(token)
    (live.folder / "root.pem").write_bytes(pem.armor("CERTIFICATE", live.root.dump()))
    assert verified(live.folder, digest)
    told = stamps.told(token, digest, live.trust, SystemClock().now())
    assert told.trusted
    assert told.authority == "Live tsa"
