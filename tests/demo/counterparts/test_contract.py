"""The counterparts and our adapters, both held to the one contract: openapi.yaml."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx
import pytest
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

import demo.counterparts
from demo.counterparts.licensed import APP
from hr.documents.signing.keys import Subject
from kernel.clock import SystemClock
from kernel.errors import Refusal
from tasks.adapters.http import SigningPeer
from tasks.adapters.licensed import LicensedKeys, RealName
from tasks.adapters.outside import Outside, connect
from tasks.ports import AssetReturn, OaEvent
from tests.peers import SECRET

FILE = Path(demo.counterparts.__file__).parent / "openapi.yaml"
CONTRACT = OpenAPI.from_file_path(
    str(FILE), config=Config(extra_media_type_deserializers={"application/problem+json": json.loads})
)
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
ZHANG = RealName(name="张晓雯", id_number="990000199003150032", phone="10000000003")
SIGNER = Subject(name="张晓雯", no="QM3", organisation="启明智能", role="employee")


def key() -> str:
    return str(uuid4())


@pytest.fixture
def spoken() -> list[str]:
    """The operations that were spoken, in order."""
    return []


@pytest.fixture
def outside(counterparts, clock, spoken) -> Iterator[SimpleNamespace]:
    """The adapters, with every exchange checked against the contract."""

    def check(answer: httpx.Response) -> None:
        answer.read()
        asked = answer.request
        request = MockRequest(
            host_url=counterparts.url,
            method=asked.method.lower(),
            path=asked.url.raw_path.decode().partition("?")[0],
            args=dict(parse_qsl(asked.url.query.decode())),
            headers=dict(asked.headers),
            data=asked.content or None,
            content_type=asked.headers.get("content-type", ""),
        )
        CONTRACT.validate_request(request)
        response = MockResponse(
            data=answer.content, status_code=answer.status_code, content_type=answer.headers.get("content-type", "")
        )
        CONTRACT.validate_response(request, response)
        spoken.append(f"{asked.method} {asked.url.path}")

    opened = connect(counterparts.settings(), clock)
    provider = SigningPeer("the provider", "JIAOJIE_LICENSED_URL", f"{counterparts.url}/licensed")
    for peer in (*opened.peers, provider):
        if peer.name != "SCIM":
            peer._client.event_hooks = {"response": [check]}
    licensed = LicensedKeys(provider, APP, SECRET, clock=SystemClock(), people=lambda no: ZHANG, roots=())
    ports = {field.name: getattr(opened, field.name) for field in fields(Outside)}
    yield SimpleNamespace(**ports, events=licensed, token=lambda: token(counterparts))
    opened.close()
    provider.close()


def token(counterparts) -> str:
    seen = {"name": ZHANG.name, "idNumber": ZHANG.id_number, "method": "face"}
    answer = counterparts.control.post("/_identity/tokens", json=seen)
    return answer.json()["token"]


EVENT = OaEvent(external_id="OA-1", event="closed", case_number="OFF-2026-0001", employee_no="E1", at=NOW)
SPEAK: dict[str, Callable[[Any], object]] = {
    "crmRights": lambda o: o.crm.rights("E1"),
    "crmTransfer": lambda o: o.crm.transfer("E1", "E2", key=key()),
    "crmRevoke": lambda o: o.crm.revoke("E1", key=key()),
    "crmRestore": lambda o: o.crm.restore("E1", key=key()),
    "financeOpenItems": lambda o: o.finance.open_items("E1"),
    "assetsAssigned": lambda o: o.assets.assigned("E1"),
    "assetsReturn": lambda o: o.assets.record(
        AssetReturn(tag=o.assets.assigned("E77")[0].tag, state="returned", at=NOW, by="x"), key=key()
    ),
    "smsSend": lambda o: o.sms.send("10000000001", "请确认", key=key()),
    "smsSent": lambda o: o.sms.sent(key()),
    "oaEvent": lambda o: o.oa.report(EVENT, key=key()),
    "licensedIssue": lambda o: o.events.issue(SIGNER, at=NOW, bound={"agreement": "AGR-2026-0001"}),
    "licensedSign": lambda o: o.events.issue(SIGNER, at=NOW, bound={}).sign(b"what is signed", "sha256"),
    "identityProof": lambda o: o.identity.proof(o.token(), name=ZHANG.name, id_number=ZHANG.id_number),
}


def operations() -> set[str]:
    return {
        operation["operationId"]
        for item in CONTRACT.spec.read_value()["paths"].values()
        for name, operation in item.items()
        if name in ("get", "post", "patch")
    }


@pytest.mark.requirement("F99")
@pytest.mark.parametrize("operation", sorted(SPEAK))
def test_adapter_and_counterpart_speak_as_agreed(operation, outside, spoken):
    SPEAK[operation](outside)
    assert spoken


def test_every_operation_of_the_contract_is_spoken():
    assert set(SPEAK) == operations()


@pytest.mark.parametrize("system", ["crm", "finance", "assets", "sms"])
def test_a_fault_is_a_problem_document_as_agreed(system, counterparts, outside, spoken):
    counterparts.fault(system, status=503)
    first = {"crm": "crmRights", "finance": "financeOpenItems", "assets": "assetsAssigned", "sms": "smsSend"}[system]
    with pytest.raises(Refusal):
        SPEAK[first](outside)
    assert spoken
