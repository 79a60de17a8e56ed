"""Time stamps from authorities in other processes: what they answer is checked, and one that fails is passed over."""

import base64
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from asn1crypto import tsp

from hr.documents.signing import stamps
from hr.documents.signing.stamps import Response
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.errors import Unavailable
from tasks.adapters import keys
from tasks.adapters.tsa import LEFT_ALONE_S, QUERY, REPLY
from tasks.seals import Seals, TrialAuthority

DIGEST = sha256(b"what is stamped").digest()


@pytest.fixture
def trial(database) -> Seals:
    return Seals(trial=TrialAuthority(database, Cipher(["a secret"]), "启明智能", SystemClock()))


@pytest.fixture
def connected(trial, tmp_path) -> Iterator:
    """The seals of a house with these settings."""
    opened: list[Seals] = []

    def connect(**given: object) -> Seals:
        settings = Settings(home=tmp_path, outbound_timeout_seconds=5.0, **given)
        opened.append(keys.seals(settings, trial, people=lambda no: None))
        return opened[-1]

    yield connect
    for seals in opened:
        seals.close()


@dataclass
class Odd:
    """A time authority that passes requests on, or does something else; `seen` are the headers that came."""

    upstream: str
    behaviour: str = "honest"
    port: int = 0
    seen: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsr"

    def answer(self, asked: bytes) -> tuple[int, bytes]:
        refusal = {"status": {"status": "rejection", "status_string": ["no"], "fail_info": {"time_not_available"}}}
        told = {"down": (503, b""), "garbage": (200, b"\x30\x03not DER"), "refusing": (200, Response(refusal).dump())}
        if self.behaviour in told:
            return told[self.behaviour]
        passed = {"another": self._another, "replaying": self._replaying}.get(self.behaviour, bytes)(asked)
        reply = httpx.post(self.upstream, content=passed, headers={"Content-Type": QUERY}, trust_env=False)
        return 200, reply.content

    def _another(self, asked: bytes) -> bytes:
        request = tsp.TimeStampReq.load(asked)
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": sha256(b"something else").digest()}
        return tsp.TimeStampReq(
            {"version": 1, "message_imprint": imprint, "nonce": request["nonce"].native, "cert_req": True}
        ).dump()

    def _replaying(self, asked: bytes) -> bytes:
        imprint = tsp.TimeStampReq.load(asked)["message_imprint"]
        return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": 7, "cert_req": True}).dump()


@pytest.fixture
def odd(outsiders) -> Iterator[Odd]:
    peer = Odd(outsiders.tsa())

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            peer.seen.append(dict(self.headers))
            status, content = peer.answer(asked)
            self.send_response(status)
            self.send_header("Content-Type", REPLY)
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


@pytest.mark.requirement("F64")
def test_an_authority_outside_stamps_and_its_stamp_leads_to_the_root_of_the_settings(outsiders, connected, tmp_path):
    seals = connected(tsa_urls=outsiders.tsa(), trust_roots=outsiders.roots(tmp_path))
    token = stamps.token(seals.time, DIGEST)
    said = stamps.told(token, DIGEST, seals.trust, SystemClock().now())
    assert (said.authority, said.trusted) == ("known time", True)
    assert not seals.time.trial


def test_a_stamp_of_an_authority_that_nobody_vouches_for_is_refused(outsiders, connected, tmp_path):
    seals = connected(tsa_urls=outsiders.tsa("strange"), trust_roots=outsiders.roots(tmp_path))
    with pytest.raises(Unavailable, match="leads to no root of JIAOJIE_TRUST_ROOTS"):
        stamps.token(seals.time, DIGEST)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("down", "it answered with status 503"),
        ("garbage", "its answer is no time stamp"),
        ("refusing", r"it refused the time stamp \(rejection\)"),
        ("another", "it stamped something else than was asked"),
        ("replaying", "its time stamp answers another request"),
    ],
)
def test_whatever_else_it_answers_is_told_and_the_next_one_is_asked(behaviour, words, odd, outsiders, connected):
    odd.behaviour = behaviour
    with pytest.raises(Unavailable, match=f"cannot be certified now: 127.0.0.1 .*{words}.* Nothing was signed"):
        stamps.token(connected(tsa_urls=odd.url).time, DIGEST)
    both = connected(tsa_urls=f"{odd.url}, {outsiders.tsa()}")
    assert stamps.told(stamps.token(both.time, DIGEST), DIGEST, both.trust, SystemClock().now()).authority == (
        "known time"
    )


def test_one_that_failed_is_left_alone_for_a_minute_and_then_asked_again(odd, outsiders, connected):
    odd.behaviour = "down"
    now = [0.0]
    time = replace(connected(tsa_urls=f"{odd.url},{outsiders.tsa()}").time, now=lambda: now[0])
    for _ in range(3):
        stamps.token(time, DIGEST)
    assert len(odd.seen) == 1
    now[0] += LEFT_ALONE_S + 1
    odd.behaviour = "honest"
    stamps.token(time, DIGEST)
    stamps.token(time, DIGEST)
    assert len(odd.seen) == 3, "it is the first in the list again"


def test_all_that_failed_are_named_and_nobody_is_given_up(odd, dead_port, connected):
    odd.behaviour = "down"
    seals = connected(tsa_urls=f"{odd.url},http://localhost:{dead_port}")
    for _ in range(2):
        with pytest.raises(Unavailable) as refused:
            stamps.token(seals.time, DIGEST)
        assert "127.0.0.1 cannot be used (it answered with status 503), localhost cannot be used" in str(refused.value)
    assert len(odd.seen) == 2
    odd.behaviour = "honest"
    stamps.token(seals.time, DIGEST)


def test_trial_may_stand_last_in_the_list(dead_port, connected):
    seals = connected(tsa_urls=f"http://127.0.0.1:{dead_port},trial")
    said = stamps.told(stamps.token(seals.time, DIGEST), DIGEST, seals.trust, SystemClock().now())
    assert "测试" in said.authority
    assert said.trusted


def test_user_and_password_go_as_credentials_and_into_no_sentence(odd, connected):
    odd.behaviour = "down"
    url = odd.url.replace("http://", "http://us%40er:pa55word@")
    with pytest.raises(Unavailable) as refused:
        stamps.token(connected(tsa_urls=url).time, DIGEST)
    assert "pa55word" not in str(refused.value)
    assert odd.seen[0]["Authorization"] == "Basic " + base64.b64encode(b"us@er:pa55word").decode()
    assert (odd.seen[0]["Content-Type"], odd.seen[0]["Accept"]) == (QUERY, REPLY)


def test_an_address_that_is_none_stops_the_start(connected):
    with pytest.raises(ValueError, match="JIAOJIE_TSA_URLS is 'tsa.example'"):
        connected(tsa_urls="tsa.example")


@pytest.mark.parametrize(
    "content", [None, b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_roots_that_cannot_be_read_stop_the_start(content, connected, tmp_path: Path):
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"JIAOJIE_TRUST_ROOTS names .*roots.pem"):
        connected(trust_roots=str(path))
