"""Workers in any language: a bearer token, jobs for a time, done once, failed with retries, ended by an error."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Client

from kernel.clock import ManualClock
from tests.api.v2.conftest import CLIENT, SECRET, Ask
from tests.api.v2.models import SERVICE

Begin = Callable[..., str]


@pytest.fixture
def instance(deploy: Callable[..., dict[str, Any]], begin: Begin) -> str:
    deploy(a=SERVICE)
    return begin("service", case="OFF-1", level=3)


def take(work: Ask, **more: Any) -> list[dict[str, Any]]:
    answer = work("/jobs/activation", type="crm.call", worker="w1", timeout=60_000, maxJobsToActivate=5, **more)
    assert answer.status_code == 200, answer.text
    jobs: list[dict[str, Any]] = answer.json()["jobs"]
    return jobs


def state(ask: Ask, instance: str) -> str:
    found: str = ask("hr", "GET", f"/process-instances/{instance}").json()["state"]
    return found


def test_a_job_is_taken_and_completed_once(work: Ask, ask: Ask, post: Ask, instance: str) -> None:
    (job,) = take(work)
    assert (job["type"], job["worker"], job["retries"]) == ("crm.call", "w1", 2)
    assert (job["processInstanceKey"], job["elementId"]) == (instance, "call")
    assert job["customHeaders"] == {"region": "east"}
    assert job["variables"] == {"case": "OFF-1", "level": 3}
    assert isinstance(job["deadline"], int)
    assert take(work) == []  # it is held

    assert work(f"/jobs/{job['jobKey']}/completion", variables={"called": True}).status_code == 204
    assert state(ask, instance) == "COMPLETED"
    again = work(f"/jobs/{job['jobKey']}/completion")
    assert again.status_code == 409
    assert "COMPLETED by payroll" in again.json()["detail"]
    (found,) = post("admin", "/jobs/search", filter={"type": "crm.call"}).json()["items"]
    assert (found["state"], found["jobKey"]) == ("COMPLETED", job["jobKey"])


def test_a_worker_fetches_the_variables_that_it_names(work: Ask, instance: str) -> None:
    (job,) = take(work, fetchVariable=["case", "unknown"])
    assert job["variables"] == {"case": "OFF-1"}


def test_a_failed_job_is_tried_again_after_its_pause_then_stops_with_an_incident(
    work: Ask, post: Ask, ask: Ask, instance: str, clock: ManualClock
) -> None:
    (job,) = take(work)
    key = job["jobKey"]
    assert work(f"/jobs/{key}/failure", retries=1, errorMessage="busy", retryBackOff=60_000).status_code == 204
    assert take(work) == []
    clock.set("2026-11-02T01:02:00Z")
    (again,) = take(work)
    assert (again["jobKey"], again["retries"]) == (key, 1)
    assert work(f"/jobs/{key}/failure", retries=0, errorMessage="no such customer").status_code == 204

    (incident,) = post("hr", "/incidents/search", filter={"processInstanceKey": instance}).json()["items"]
    assert (incident["errorMessage"], incident["state"], incident["jobKey"]) == ("no such customer", "ACTIVE", key)
    assert ask("hr", "GET", f"/process-instances/{instance}").json()["hasIncident"] is True
    refused = work(f"/jobs/{key}/completion")
    assert refused.status_code == 409
    assert "no retries left" in refused.json()["detail"]

    assert post("admin", f"/incidents/{incident['incidentKey']}/resolution").status_code == 204
    (third,) = take(work)
    assert work(f"/jobs/{third['jobKey']}/completion").status_code == 204
    assert state(ask, instance) == "COMPLETED"


def test_an_error_takes_the_way_that_the_model_has_for_it(work: Ask, ask: Ask, instance: str) -> None:
    (job,) = take(work)
    assert work(f"/jobs/{job['jobKey']}/error", errorCode="GONE", errorMessage="left the list").status_code == 204
    assert state(ask, instance) == "COMPLETED"


def test_an_error_that_nothing_catches_becomes_an_incident(work: Ask, post: Ask, ask: Ask, instance: str) -> None:
    (job,) = take(work)
    assert work(f"/jobs/{job['jobKey']}/error", errorCode="OTHER").status_code == 204
    assert state(ask, instance) == "ACTIVE"
    (incident,) = post("hr", "/incidents/search").json()["items"]
    assert incident["errorType"] == "UNHANDLED_ERROR_EVENT"


SENSELESS: list[tuple[str, dict[str, Any], int]] = [
    ("/jobs/activation", {}, 400),
    ("/jobs/activation", {"type": 5}, 400),
    ("/jobs/activation", {"type": "a", "timeout": 0}, 400),
    ("/jobs/activation", {"type": "a", "timeout": 10**15}, 400),
    ("/jobs/activation", {"type": "a", "maxJobsToActivate": 0}, 400),
    ("/jobs/activation", {"type": "a", "maxJobsToActivate": 1001}, 400),
    ("/jobs/activation", {"type": "a", "maxJobsToActivate": "1"}, 400),
    ("/jobs/activation", {"type": "a", "fetchVariable": "case"}, 400),
    ("/jobs/4711/completion", {}, 404),
    ("/jobs/x/completion", {}, 400),
    ("/jobs/4711/failure", {"retries": -1}, 400),
    ("/jobs/4711/failure", {"retries": 1.5}, 400),
    ("/jobs/4711/failure", {"retries": 1}, 404),
    ("/jobs/4711/error", {}, 400),
    ("/jobs/4711/error", {"errorCode": "A"}, 404),
]


def test_a_call_that_makes_no_sense_is_told(work: Ask) -> None:
    for path, body, status in SENSELESS:
        answer = work(path, **body)
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"]


def test_people_take_no_jobs(post: Ask) -> None:
    assert post("hr", "/jobs/activation", type="crm.call").status_code == 403
    assert post("admin", "/jobs/activation", type="crm.call").status_code == 200


REQUESTS = [
    ({"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": "wrong"}, 401),
    ({"grant_type": "client_credentials", "client_id": "nobody", "client_secret": SECRET}, 401),
    ({"grant_type": "client_credentials", "client_id": "a\0b", "client_secret": SECRET}, 401),
    ({"grant_type": "password", "client_id": CLIENT, "client_secret": SECRET}, 400),
    ({"grant_type": "client_credentials"}, 400),
]


def test_a_token_is_given_for_the_right_credentials_alone(site: Client) -> None:
    for form, status in REQUESTS:
        answer = site.post("/oauth/token", data=form)
        assert answer.status_code == status
        assert SECRET not in answer.text
