"""A live authority (certomancer): its OCSP, its revocation lists and its stamps go into the sealed file, and no host is
asked that the settings do not allow.
"""

import http.server
import threading
from collections.abc import Iterator

import pytest
from asn1crypto import pem
from pyhanko.sign.ades.report import AdESPassed

from hr.documents.signing import pades
from hr.documents.signing.keys import Trust
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from tasks.adapters import keys
from tasks.adapters.revocation import LARGEST, Line
from tasks.seals import Seals, TrialAuthority
from tests.hr.documents.conftest import ORGANISATION, PLACES, lta, paper, sealed, signatures


@pytest.fixture
def seals(database, outsiders, tmp_path) -> Iterator[Seals]:
    """Everything from the live authority: the company's key in a file, time, roots, revocation."""
    path = tmp_path / "company.pem"
    key = (outsiders.config.parent / "keys" / "known-company.pem").read_bytes()
    path.write_bytes(key + pem.armor("CERTIFICATE", outsiders.certificate("company").dump()))
    settings = Settings(
        home=tmp_path,
        company_key=str(path),
        tsa_urls=outsiders.tsa(),
        trust_roots=outsiders.roots(tmp_path),
        revocation_hosts=outsiders.host,
    )
    trial = Seals(trial=TrialAuthority(database, Cipher(["a secret"]), ORGANISATION, SystemClock()))
    opened = keys.seals(settings, trial, people=lambda no: None)
    yield opened
    opened.close()


@pytest.mark.requirement("F63")
@pytest.mark.requirement("F64")
def test_a_seal_of_a_live_authority_passes_the_long_term_validation_without_asking_anyone(seals, outsiders):
    clock = SystemClock()
    assert (seals.company_key.trial, seals.time.trial) == (False, False)
    empty = pades.prepare(paper(2), PLACES[2:], seam=True)
    done = sealed(empty, seals.company_key, seals.time, seals.trust, clock)
    (signature,) = signatures(done)
    alone = Trust(roots=(outsiders.certificate("root"),))
    assert lta(signature, alone, clock.now()).ades_subindic is AdESPassed.OK
    stranger = Trust(roots=(outsiders.certificate("root", "strange"),))
    assert lta(signature, stranger, clock.now()).ades_subindic is not AdESPassed.OK


@pytest.fixture
def odd() -> Iterator[int]:
    """A host that answers what no fetcher wants; its port."""

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = {"/moved": (302, b""), "/huge": (200, b"1" * (LARGEST + 1))}.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("path", "words"), [("/moved", "status 302"), ("/huge", "too much"), ("/gone", "status 404")])
def test_an_answer_that_is_none_is_passed_over(path, words, odd):
    with pytest.raises(ValueError, match=words):
        Line([f"127.0.0.1:{odd}"], 5.0).ask("GET", f"http://127.0.0.1:{odd}{path}")


@pytest.mark.parametrize(
    "url",
    [
        "http://crl.example.evil/root.crl",
        "http://127.0.0.1:1/root.crl",
        "http://crl.example@127.0.0.1:1/root.crl",
        "ldap://crl.example/root",
        "file:///etc/passwd",
        "//crl.example/x",
    ],
)
def test_a_certificate_cannot_send_us_to_a_host_that_is_not_allowed(url):
    with pytest.raises(ValueError, match="at no host of JIAOJIE_REVOCATION_HOSTS"):
        Line(["crl.example", " 127.0.0.1:2 "], 1.0).ask("GET", url)


def test_an_allowed_host_that_does_not_answer_is_passed_over(dead_port):
    with pytest.raises(ValueError, match="does not answer"):
        Line(["127.0.0.1"], 1.0).ask("GET", f"http://127.0.0.1:{dead_port}/root.crl")
