"""The company's key at a remote signing service: certomancer-csc-dummy in a process of its own, each hash pinned."""

import base64
import http.server
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from hr.documents.signing import pades
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.errors import Unavailable
from tasks.adapters import keys
from tasks.adapters.csc import holds
from tasks.seals import Seals, TrialAuthority
from tests.hr.documents.conftest import ORGANISATION, PLACES, paper


@pytest.fixture
def house(database, outsiders, tmp_path) -> Iterator:
    """The seals of a house whose company key is at this address."""
    opened: list[Seals] = []
    trial = Seals(trial=TrialAuthority(database, Cipher(["a secret"]), ORGANISATION, SystemClock()))

    def connect(url: str, **given: str) -> Seals:
        told = {"csc_credential": "known/company", "trust_roots": outsiders.roots(tmp_path), **given}
        settings = Settings(home=tmp_path, csc_url=url, outbound_timeout_seconds=5.0, **told)
        opened.append(keys.seals(settings, trial, people=lambda no: None))
        return opened[-1]

    yield connect
    for seals in opened:
        seals.close()


def test_it_signs_by_the_service_and_the_certificate_leads_to_the_root(house, signing_service):
    key = house(signing_service).company_key
    assert (key.name, key.trial) == (ORGANISATION, False)
    signature = key.sign(b"what is signed", "sha256")
    assert holds(key.certificate, signature, b"what is signed", "sha256")
    assert not holds(key.certificate, signature, b"something else", "sha256")
    assert key.sign(b"again", "sha512") != b""


def test_a_key_that_leads_to_no_root_of_the_settings_is_a_trial(house, signing_service):
    assert house(signing_service, csc_credential="strange/company").company_key.trial


@pytest.mark.requirement("F63")
def test_the_company_seals_with_it_and_revocation_is_fetched_from_allowed_hosts(house, signing_service, outsiders):
    seals = house(signing_service, revocation_hosts=outsiders.host, tsa_urls=outsiders.tsa())
    empty = pades.prepare(paper(2), PLACES[2:], seam=True)
    done = pades.seal(
        empty,
        field="Company",
        key=seals.company_key,
        time=seals.time,
        trust=seals.trust,
        organisation=ORGANISATION,
        note="合同专用章",
        reason="用印",
        at=SystemClock().now(),
    )
    (signature,) = PdfFileReader(io.BytesIO(done)).embedded_regular_signatures
    assert signature.signer_cert.sha256 == seals.company_key.certificate.sha256


def test_without_an_allowed_host_nothing_is_fetched_and_nothing_sealed(house, signing_service, outsiders):
    seals = house(signing_service, revocation_hosts="other.example", tsa_urls=outsiders.tsa())
    with pytest.raises(Unavailable, match="Nothing was signed"):
        pades.seal(
            pades.prepare(paper(), PLACES[2:], seam=False),
            field="Company",
            key=seals.company_key,
            time=seals.time,
            trust=seals.trust,
            organisation=ORGANISATION,
            note="合同专用章",
            reason="用印",
            at=SystemClock().now(),
        )


def test_an_unknown_credential_is_told(house, signing_service):
    with pytest.raises(Unavailable, match=r"refused the request: it does not know .*JIAOJIE_CSC_URL"):
        house(signing_service, csc_credential="known/nobody").company_key.sign(b"x", "sha256")


def test_a_service_that_is_down_is_told_with_its_setting(house, dead_port):
    with pytest.raises(Unavailable, match=r"cannot be reached .*Nothing was signed.*JIAOJIE_CSC_URL"):
        house(f"http://127.0.0.1:{dead_port}/csc/v1").company_key.sign(b"x", "sha256")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"csc_credential": ""}, "JIAOJIE_CSC_CREDENTIAL is empty"),
        ({"company_key": "key.pem"}, "JIAOJIE_COMPANY_KEY and JIAOJIE_CSC_URL each name"),
    ],
)
def test_settings_that_do_not_fit_together_stop_the_start(given, words, house):
    with pytest.raises(ValueError, match=words):
        house("http://127.0.0.1:1/csc/v1", **given)


def test_an_address_of_no_known_version_stops_the_start(house):
    with pytest.raises(ValueError, match="must end with /csc/v1 or /csc/v2"):
        house("http://127.0.0.1:1/csc/v3")


@dataclass
class Second:
    """A service of version 2 that keeps what was asked and answers with what it was given."""

    port: int = 0
    answers: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, object], str]] = field(default_factory=list)


@pytest.fixture
def second() -> Iterator[Second]:
    peer = Second()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            peer.asked.append((self.path, body, self.headers.get("Authorization", "")))
            content = json.dumps(peer.answers.get(self.path.rpartition("/")[2], {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer.port = server.server_port
    yield peer
    server.shutdown()
    server.server_close()


def test_version_two_has_names_of_its_own_and_a_wrong_signature_is_not_taken(house, second, outsiders):
    certificate = base64.b64encode(outsiders.certificate("company").dump()).decode()
    second.answers = {
        "info": {"cert": {"certificates": [certificate]}},
        "authorize": {"SAD": "the-sad"},
        "signHash": {"signatures": [base64.b64encode(b"\x00" * 256).decode()]},
    }
    key = house(f"http://127.0.0.1:{second.port}/csc/v2", csc_token="a-token", csc_pin="1234").company_key
    with pytest.raises(Unavailable, match="the signature that it gave does not hold"):
        key.sign(b"x", "sha256")
    (_, _, authorization), (_, authorized, _), (_, ordered, _) = second.asked
    assert authorization == "Bearer a-token"
    assert authorized["authData"] == [{"id": "PIN", "value": "1234"}]
    assert authorized["hashes"] == ordered["hashes"]
    assert ordered["hashAlgorithmOID"] == "2.16.840.1.101.3.4.2.1"
    assert (ordered["signAlgo"], ordered["SAD"]) == ("1.2.840.113549.1.1.11", "the-sad")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "does not fit the contract at cert"),
        ({"info": {"cert": {"certificates": ["AAAA"]}}}, "it tells no certificate of known/company"),
        ({"info": {"cert": {"certificates": ["%"]}}}, "it tells no certificate of known/company"),
    ],
)
def test_an_answer_of_another_shape_is_trouble(answers, words, house, second):
    second.answers = answers
    with pytest.raises(Unavailable, match=words):
        house(f"http://127.0.0.1:{second.port}/csc/v2").company_key.sign(b"x", "sha256")
