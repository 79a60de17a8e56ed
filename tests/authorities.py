"""Authorities outside, in processes of their own: a certification authority with time stamps, OCSP and revocation lists
(certomancer), and a remote signing service over its keys (CSC API).
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from asn1crypto import pem, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.peers import free_port, running

HOUSES = ("known", "strange")
PARTS = ("root", "company", "tsa", "ocsp")
KEYSET = "{house}: {{keys: {{{keys}}}, path-prefix: keys}}"
HOUSE = """
{house}:
  keyset: {house}
  entities:
    root: {{common-name: "{house} root", country-name: CN, organization-name: "认证"}}
    company: {{common-name: "上海启明智能科技有限公司", country-name: CN}}
    tsa: {{common-name: "{house} time", country-name: CN}}
    ocsp: {{common-name: "{house} OCSP", country-name: CN}}
  certs:
    root:
      subject: root
      issuer: root
      subject-key: root
      authority-key: root
      validity: {{valid-from: "2025-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}}
      extensions:
        - {{id: basic_constraints, critical: true, value: {{ca: true}}}}
        - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [key_cert_sign, crl_sign]}}}}
    ocsp:
      subject: ocsp
      issuer: root
      subject-key: ocsp
      authority-key: root
      validity: {{valid-from: "2025-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}}
      extensions:
        - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature]}}}}
        - {{id: extended_key_usage, value: [ocsp_signing]}}
        - {{id: ocsp_no_check}}
    tsa:
      subject: tsa
      issuer: root
      subject-key: tsa
      authority-key: root
      validity: {{valid-from: "2025-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}}
      extensions:
        - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature]}}}}
        - {{id: extended_key_usage, critical: true, value: [time_stamping]}}
        - {{id: crl_distribution_points, smart-value: {{schema: crl-dist-url, params: {{crl-repo-names: [root]}}}}}}
    company:
      subject: company
      issuer: root
      subject-key: company
      authority-key: root
      validity: {{valid-from: "2025-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}}
      extensions:
        - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature, non_repudiation]}}}}
        - {{id: authority_information_access, smart-value: {{schema: aia-urls, params: {{ocsp-responder-names: [root]}}}}}}
        - {{id: crl_distribution_points, smart-value: {{schema: crl-dist-url, params: {{crl-repo-names: [root]}}}}}}
  services:
    ocsp: {{root: {{for-issuer: root, responder-cert: ocsp, signing-key: ocsp}}}}
    crl-repo: {{root: {{for-issuer: root, signing-key: root, simulated-update-schedule: "P30D"}}}}
    time-stamping: {{tsa: {{signing-key: tsa, signing-cert: tsa}}}}
"""  # noqa: E501  # YAML


@dataclass(frozen=True, slots=True)
class Outsiders:
    """Two authorities at one address, of which the organisation knows one; `config` is what they were made from."""

    url: str
    config: Path

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def tsa(self, house: str = "known") -> str:
        return f"{self.url}/{house}/tsa/tsa"

    def certificate(self, part: str, house: str = "known") -> x509.Certificate:
        answer = httpx.get(f"{self.url}/_certomancer/any-cert/{house}/{part}.crt", trust_env=False).raise_for_status()
        content = answer.content
        return x509.Certificate.load(pem.unarmor(content)[2] if pem.detect(content) else content)

    def roots(self, folder: Path, *houses: str) -> str:
        """A file with the roots of these houses, by its path."""
        path = folder / "roots.pem"
        path.write_bytes(
            b"".join(pem.armor("CERTIFICATE", self.certificate("root", house).dump()) for house in houses or ("known",))
        )
        return str(path)


def _write(folder: Path, url: str) -> Path:
    keys = folder / "keys"
    keys.mkdir()
    for name in [f"{house}-{part}" for house in HOUSES for part in PARTS]:
        key = rsa.generate_private_key(65537, 2048)
        content = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (keys / f"{name}.pem").write_bytes(content)
    keysets = ", ".join(
        KEYSET.format(house=house, keys=", ".join(f"{part}: {{path: {house}-{part}.pem}}" for part in PARTS))
        for house in HOUSES
    )
    body = "".join(HOUSE.format(house=house) for house in HOUSES).replace("\n", "\n  ")
    path = folder / "certomancer.yml"
    path.write_text(
        f'external-url-prefix: "{url}"\nkeysets: {{{keysets}}}\npki-architectures:{body}\n', encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def outsiders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outsiders]:
    """The two authorities, up and answering."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = _write(tmp_path_factory.mktemp("outsiders"), url)
    program = str(Path(sys.executable).parent / "certomancer")
    with running(program, "--config", str(config), "animate", "--port", str(port), port=port):
        yield Outsiders(url, config)


@pytest.fixture(scope="session")
def signing_service(outsiders: Outsiders) -> Iterator[str]:
    """The base URL of a signing service by the CSC API that has the keys of the authorities, each hash pinned."""
    port = free_port()
    program = str(Path(sys.executable).parent / "certomancer-csc")
    with running(program, str(outsiders.config), str(port), "2", port=port):
        yield f"http://127.0.0.1:{port}/csc/v1"
