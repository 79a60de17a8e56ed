"""What a demonstrator relies on: the same made-up people each time, faults on demand, memory across restarts."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from demo.counterparts.licensed import APP
from demo.counterparts.state import State
from hr.documents.signing.keys import Subject
from kernel.clock import SystemClock
from kernel.errors import Unavailable
from tasks.adapters.http import SigningPeer
from tasks.adapters.licensed import LicensedKeys, RealName, signed
from tasks.adapters.oa import receive
from tasks.adapters.outside import connect
from tasks.ports import Mail
from tests.peers import SECRET, TOKEN, free_port, running

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture
def outside(counterparts, clock):
    opened = connect(counterparts.settings(), clock)
    yield opened
    opened.close()


def test_a_person_has_the_same_records_each_time(outside):
    assert outside.crm.rights("E900") == outside.crm.rights("E900")
    assert outside.assets.assigned("E900")
    everyone = [outside.finance.open_items(f"E{n}") for n in range(900, 930)]
    assert any(everyone)
    assert not all(everyone)


def test_what_finance_settled_is_open_no_more(counterparts, outside):
    counterparts.put(
        "finance", "E901", [{"reference": "FI", "kind": "loan", "title": "t", "amount": 1, "since": "2026-01-01"}]
    )
    assert outside.finance.open_items("E901")
    counterparts.control.post("/_finance/E901/settle").raise_for_status()
    assert outside.finance.open_items("E901") == ()


def test_a_letter_shows_whole_with_its_dots(counterparts, outside):
    text = "第一行\n.\n..第三行\n"
    message_id = outside.mailer.send(Mail(to="li@qiming.example", subject="待审批", text=text), key="a-key")
    (letter,) = [letter for letter in counterparts.mail() if letter["messageId"] == message_id]
    assert (letter["to"], letter["subject"], letter["text"]) == (["li@qiming.example"], "待审批", text)


def test_a_fault_of_the_mailbox_refuses_once(counterparts, outside):
    counterparts.fault("mail", status=451)
    letter = Mail(to="li@qiming.example", subject="s", text="t")
    with pytest.raises(Exception, match="451 a fault was asked for"):
        outside.mailer.send(letter, key="another-key")
    outside.mailer.send(letter, key="another-key")


def test_a_system_that_does_not_exist_has_no_faults(counterparts):
    assert counterparts.control.post("/_faults", json={"system": "erp", "status": 500}).status_code == 422


@pytest.mark.requirement("F89")
def test_oa_files_a_resignation_that_proves_itself():
    """The counterpart's signature is accepted by the product's own check."""
    taken = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(receive(SECRET, dict(self.headers), body, SystemClock().now()))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    port = free_port()
    told = ("--secret", SECRET, "--hook", f"http://127.0.0.1:{hook.server_port}/")
    with running(sys.executable, "-m", "demo.counterparts", "--port", str(port), *told, port=port):
        answer = httpx.post(f"http://127.0.0.1:{port}/_oa/resignations", json=RESIGNATION, timeout=10)
    hook.shutdown()
    hook.server_close()
    assert answer.json()["status"] == 202
    assert [found.external_id for found in taken] == ["OA-42"]
    assert taken[0].filed_at == datetime(2026, 11, 2, 1, tzinfo=UTC)


RESIGNATION = {
    "externalId": "OA-42",
    "employeeNo": "E1",
    "reason": "growth",
    "leavingOn": "2026-12-05",
    "filedAt": "2026-11-02T01:00:00Z",
}


@pytest.mark.requirement("F93")
def test_crm_remembers_across_a_restart_and_deletes_nothing(tmp_path):
    state, port = tmp_path / "state.json", free_port()
    command = (sys.executable, "-m", "demo.counterparts", "--port", str(port), "--state", str(state), "--token", TOKEN)
    base, auth = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}
    held = {"employeeNo": "E1", "customers": [{"id": "C", "name": "N"}], "orders": [], "roles": ["r"], "taken": []}
    change = {"fromNo": "E1", "toNo": "E2"}
    with running(*command, port=port):
        httpx.put(f"{base}/_records/crm/E1", json=held)
        httpx.put(f"{base}/_records/crm/E2", json={**held, "employeeNo": "E2", "customers": []})
        first = httpx.post(f"{base}/crm/transfers", json=change, headers={**auth, "Idempotency-Key": '"k"'})
    with running(*command, port=port):
        again = httpx.post(f"{base}/crm/transfers", json=change, headers={**auth, "Idempotency-Key": '"k"'})
        there = httpx.get(f"{base}/_records/crm/E2").json()
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [customer["id"] for customer in there["customers"]] == ["C"]
    kept = json.loads(state.read_text())["records"]["crm"]
    assert sum(len(record["customers"]) for record in kept.values()) == 1


def test_the_asset_register_has_what_the_demo_put_on_file(tmp_path: Path) -> None:
    register = tmp_path / "assets.json"
    state = State(register=register)
    made_up = state.assets("QM1")
    register.write_text(
        '{"QM2": [{"tag": "ZC-0002-LAPTOP", "kind": "laptop", "name": "笔记本电脑"}], "QM3": []}', "utf-8"
    )
    assert [thing["tag"] for thing in state.assets("QM2")] == ["ZC-0002-LAPTOP"]
    assert state.assets("QM3") == []
    assert state.assets("QM1") == made_up, "what was told once stays"


def test_the_phone_shows_what_came_in_newest_first_with_its_code_and_link(counterparts, clock):
    number = "10000000777"
    outside = connect(counterparts.settings(), clock)
    outside.sms.send(number, "【启明智能】请签署：https://hr.example/s/abc。<b>", key=str(uuid4()))
    outside.sms.send(number, "验证码 482913，10 分钟内有效。", key=str(uuid4()))
    outside.close()
    page = counterparts.control.get("/_phone", params={"to": number}).text
    assert page.index("<strong>482913</strong>") < page.index('<a href="https://hr.example/s/abc">')
    assert "&lt;b&gt;" in page
    assert "482913" not in counterparts.control.get("/_phone", params={"to": "10000000778"}).text


def test_the_phone_opens_without_any_message_and_echoes_nothing_raw(counterparts):
    page = counterparts.control.get("/_phone", params={"to": '"><script>'}).text
    assert 'value="&quot;&gt;&lt;script&gt;"' in page
    assert "还没有消息" in page


@pytest.mark.parametrize(
    ("app", "secret", "ms_ago"), [(APP, "another secret", 0), ("another-app", SECRET, 0), (APP, SECRET, 360_000)]
)
def test_the_provider_listens_to_its_application_alone(app, secret, ms_ago, counterparts):
    path, body = "/v1/event-certificates", b"{}"
    stamp = str(int(SystemClock().now().timestamp() * 1000) - ms_ago)
    headers = {"Content-Type": "application/json", **signed(app, secret, "POST", path, body, stamp)}
    answer = counterparts.control.post(f"/licensed{path}", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_a_key_of_the_provider_signs_once(counterparts, licensed):
    key = licensed.issue(Subject(name="张晓雯", no="QM3", organisation="启明智能", role="employee"), at=NOON, bound={})
    assert key.sign(b"one", "sha256") != b""
    with pytest.raises(Unavailable, match="410"):
        key.sign(b"two", "sha256")


@pytest.fixture
def licensed(counterparts) -> Iterator[LicensedKeys]:
    peer = SigningPeer("the provider", "JIAOJIE_LICENSED_URL", f"{counterparts.url}/licensed")
    zhang = RealName(name="张晓雯", id_number="990000199003150032", phone="10000000003")
    yield LicensedKeys(peer, APP, SECRET, clock=SystemClock(), people=lambda no: zhang, roots=())
    peer.close()
