"""What OA must prove before a resignation of its is taken."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from kernel.errors import Invalid
from tasks.adapters.oa import Unsigned, receive, signed

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
SECRET = "shared"
RESIGNATION = {
    "externalId": "OA-7",
    "employeeNo": "E0007",
    "reason": "growth",
    "leavingOn": "2026-12-05",
    "filedAt": "2026-11-02T08:59:00+08:00",
}


def body(**more: object) -> bytes:
    return orjson.dumps({**RESIGNATION, **more})


@pytest.mark.requirement("F89")
def test_a_signed_resignation_is_read():
    found = receive(SECRET, signed(SECRET, body(), NOW), body(), NOW)
    assert (found.external_id, found.leaving_on) == ("OA-7", date(2026, 12, 5))
    assert found.filed_at == datetime(2026, 11, 2, 0, 59, tzinfo=UTC)


def test_headers_are_found_whatever_their_case():
    headers = {name.upper(): value for name, value in signed(SECRET, body(), NOW).items()}
    assert receive(SECRET, headers, body(), NOW).external_id == "OA-7"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed("another", body(), NOW),
        signed(SECRET, body(employeeNo="E0008"), NOW),
        {**signed(SECRET, body(), NOW), "X-Jiaojie-Timestamp": str(int(NOW.timestamp()) + 1)},
        {**signed(SECRET, body(), NOW), "X-Jiaojie-Timestamp": "²"},
        {**signed(SECRET, body(), NOW), "X-Jiaojie-Signature": "v1=签名"},
    ],
    ids=["none", "other secret", "other body", "other time", "no number", "no ascii"],
)
def test_a_message_without_proof_is_refused(headers):
    with pytest.raises(Unsigned, match="signature of the message from OA is wrong"):
        receive(SECRET, headers, body(), NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_message_outside_the_window_is_refused(seconds):
    headers = signed(SECRET, body(), NOW + timedelta(seconds=seconds))
    with pytest.raises(Unsigned, match="more than 5 minutes from now"):
        receive(SECRET, headers, body(), NOW)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_the_edge_of_the_window_is_inside(seconds):
    assert receive(SECRET, signed(SECRET, body(), NOW + timedelta(seconds=seconds)), body(), NOW)


def test_without_a_shared_secret_nothing_is_taken():
    with pytest.raises(Unsigned, match="JIAOJIE_OA_SECRET"):
        receive("", signed("", body(), NOW), body(), NOW)


def test_a_proven_message_that_lacks_the_date_names_it():
    lacking = orjson.dumps({k: v for k, v in RESIGNATION.items() if k != "leavingOn"})
    with pytest.raises(Invalid, match="does not fit at leavingOn"):
        receive(SECRET, signed(SECRET, lacking, NOW), lacking, NOW)


def test_a_proven_message_that_is_no_json_is_refused():
    with pytest.raises(Invalid, match="not JSON"):
        receive(SECRET, signed(SECRET, b"<x/>", NOW), b"<x/>", NOW)
