"""What a person reads, and what is done once, when an outside system is slow, down, wrong or forgetful."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from kernel.errors import Invalid, NotFound, Unavailable
from tasks.adapters.crm import HttpCrm
from tasks.adapters.http import LARGEST, Peer
from tasks.adapters.outside import Outside, connect
from tasks.ports import Mail


@pytest.fixture
def reach(counterparts, clock) -> Iterator[Callable[..., Outside]]:
    """The systems of the counterparts' process, with some settings changed."""
    opened: list[Outside] = []

    def connected(**changes: object) -> Outside:
        opened.append(connect(replace(counterparts.settings(), **changes), clock))
        return opened[-1]

    yield connected
    for outside in opened:
        outside.close()


@pytest.fixture
def outside(reach) -> Outside:
    return reach()


def key() -> str:
    return str(uuid4())


def seller(no: str, *customers: dict[str, str]) -> dict[str, object]:
    return {"employeeNo": no, "customers": list(customers), "orders": [], "roles": [], "taken": []}


def test_an_outage_is_told_and_the_next_try_succeeds(counterparts, outside):
    counterparts.fault("finance", status=500)
    with pytest.raises(Unavailable) as refused:
        outside.finance.open_items("E100")
    assert "finance cannot be used at the moment: it answered with status 500" in str(refused.value)
    assert "JIAOJIE_FINANCE_URL" in str(refused.value)
    outside.finance.open_items("E100")


@pytest.mark.requirement("F93")
def test_a_lost_answer_moves_customers_once(counterparts, outside):
    counterparts.put("crm", "E101", seller("E101", {"id": "C", "name": "N"}))
    counterparts.put("crm", "E102", seller("E102"))
    counterparts.fault("crm", status=503, after=True)
    same = key()
    with pytest.raises(Unavailable):
        outside.crm.transfer("E101", "E102", key=same)
    moved = outside.crm.transfer("E101", "E102", key=same)
    assert [customer.id for customer in moved.customers] == ["C"]
    assert len(outside.crm.rights("E102").customers) == 1
    assert [call["replayed"] for call in counterparts.calls(same)] == [False, True]


def test_a_key_used_for_something_else_is_refused_for_a_person_to_see(outside):
    same = key()
    outside.crm.transfer("E103", "E104", key=same)
    with pytest.raises(Invalid, match="CRM refused the request: it answered with status 422"):
        outside.crm.transfer("E104", "E103", key=same)


def test_a_slow_system_is_left_after_the_deadline(counterparts, reach):
    hasty = reach(outbound_timeout_seconds=0.2)
    counterparts.fault("assets", delay=1.0)
    with pytest.raises(Unavailable, match=r"the asset register .* did not answer within 0.2 seconds"):
        hasty.assets.assigned("E105")


@pytest.mark.parametrize("system", ["crm", "finance", "assets", "sms", "scim", "oa", "mail"])
def test_a_system_that_is_down_is_named_with_its_setting(system, dead_port, reach):
    scheme = "smtp" if system == "mail" else "http"
    outside = reach(**{f"{system}_url": f"{scheme}://127.0.0.1:{dead_port}"})
    with pytest.raises(Unavailable) as refused:
        CALLS[system](outside)
    assert f"JIAOJIE_{system.upper()}_URL" in str(refused.value)
    assert str(dead_port) in str(refused.value)
    assert "tried again by itself" in str(refused.value)


CALLS: dict[str, Callable] = {
    "crm": lambda outside: outside.crm.rights("E1"),
    "finance": lambda outside: outside.finance.open_items("E1"),
    "assets": lambda outside: outside.assets.assigned("E1"),
    "sms": lambda outside: outside.sms.send("10000000001", "x", key=key()),
    "scim": lambda outside: outside.scim.freeze("a", key=key()),
    "oa": lambda outside: outside.oa._peer.post("/events", {}, key=key()),
    "mail": lambda outside: outside.mailer.send(Mail(to="a@b.example", subject="s", text="t"), key=key()),
}


def test_wrong_credentials_call_for_a_person_not_for_a_retry(reach):
    outside = reach(crm_token="wrong")
    with pytest.raises(Invalid, match=r"CRM refused the request: it does not accept our credentials \(status 401\)"):
        outside.crm.rights("E1")


@pytest.mark.parametrize(("number", "refusal"), [("../../_mail?", NotFound), ("..", Invalid), ("", Invalid)])
def test_a_number_cannot_climb_out_of_its_path(outside, number, refusal):
    with pytest.raises(refusal):
        outside.crm.rights(number)


class Odd(http.server.BaseHTTPRequestHandler):
    """A peer that answers what no contract says."""

    def do_GET(self) -> None:
        if self.path == "/drip":
            self._drip()
            return
        status, headers, body = {
            "/moved": (302, {"Location": "http://elsewhere.example/"}, b""),
            "/page": (200, {}, b"<html>"),
            "/huge": (200, {}, b"1" * (LARGEST + 1)),
        }.get(self.path, (200, {}, b'{"employeeNo": "E1", "customers": "none"}'))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "600")
        self.end_headers()
        with suppress(OSError):
            for _ in range(600):
                self.wfile.write(b" ")
                time.sleep(0.1)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def odd() -> Iterator[Peer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer = Peer("CRM", "JIAOJIE_CRM_URL", f"http://127.0.0.1:{server.server_port}", token="t", timeout=5)
    yield peer
    peer.close()
    server.shutdown()
    server.server_close()


def test_a_redirect_is_not_followed(odd):
    with pytest.raises(Invalid, match="points to another address"):
        odd.get("/moved")


@pytest.mark.parametrize(("path", "why"), [("/page", "is not JSON"), ("/huge", "is larger than")])
def test_an_answer_that_no_contract_has_is_trouble(odd, path, why):
    with pytest.raises(Unavailable, match=why):
        odd.get(path)


def test_an_answer_that_never_ends_is_left_at_the_deadline(odd):
    hasty = Peer("CRM", "JIAOJIE_CRM_URL", odd._base, timeout=0.5)
    with pytest.raises(Unavailable, match=r"did not answer within 0.5 seconds"):
        hasty.get("/drip")
    hasty.close()


def test_an_answer_of_another_shape_names_the_place(odd):
    with pytest.raises(Unavailable, match="does not fit the contract at customers"):
        HttpCrm(odd).rights("E1")


def test_an_address_without_a_scheme_is_refused_at_once(reach):
    with pytest.raises(ValueError, match="JIAOJIE_CRM_URL"):
        reach(crm_url="crm.example")
