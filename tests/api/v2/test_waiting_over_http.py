"""Long polls and awaited ends, answered when it happens by no thread that stands still; pages that hold meanwhile."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.app import THREADS
from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, GATE, SERVICE

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]
POLL = {"type": "crm.call", "worker": "w", "timeout": 60_000, "maxJobsToActivate": 1}


def test_a_poll_ends_with_the_job_that_comes(work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=SERVICE)
    with ThreadPoolExecutor() as pool:
        polled = pool.submit(work, "/jobs/activation", **POLL, requestTimeout=60_000)
        key = begin("service")
        (job,) = polled.result(timeout=30).json()["jobs"]
    assert job["processInstanceKey"] == key
    assert int(job["elementInstanceKey"]) // 10_000_000 == int(key)


def test_a_poll_without_work_ends_empty_by_its_time(work: Ask, deploy: Deploy) -> None:
    deploy(a=SERVICE)
    for patience in (50, -1):
        assert work("/jobs/activation", **POLL, requestTimeout=patience).json() == {"jobs": []}


def test_many_polls_leave_the_threads_to_others(work: Ask, post: Ask, deploy: Deploy) -> None:
    deploy(a=SERVICE)
    many = THREADS * 2
    with ThreadPoolExecutor(many) as pool:
        polls = [pool.submit(work, "/jobs/activation", **POLL, requestTimeout=60_000) for _ in range(many)]
        for _ in range(many):
            assert post("admin", "/process-instances", processDefinitionId="service").status_code == 200
        jobs = [poll.result(timeout=60).json()["jobs"] for poll in polls]
    keys = [job["jobKey"] for got in jobs for job in got]
    assert len(keys) == len(set(keys)) == many


def test_the_end_of_an_instance_is_awaited_with_its_variables(post: Ask, work: Ask, deploy: Deploy) -> None:
    deploy(a=SERVICE, b=GATE)
    at_once = post("hr", "/process-instances", processDefinitionId="gate", variables={"days": 3}, awaitCompletion=True)
    assert at_once.json()["variables"] == {"days": 3}
    wanted = {"processDefinitionId": "service", "awaitCompletion": True, "fetchVariables": ["called"]}
    with ThreadPoolExecutor() as pool:
        awaited = pool.submit(post, "hr", "/process-instances", variables={"region": "east"}, **wanted)
        (job,) = work("/jobs/activation", **POLL, requestTimeout=60_000).json()["jobs"]
        work(f"/jobs/{job['jobKey']}/completion", variables={"called": True})
        answer = awaited.result(timeout=30)
    assert (answer.status_code, answer.json()["variables"]) == (200, {"called": True})


def test_an_end_that_does_not_come_is_told(post: Ask, deploy: Deploy) -> None:
    deploy(a=APPROVAL)
    wanted = {"processDefinitionId": "approval", "awaitCompletion": True}
    late = post("hr", "/process-instances", **wanted, requestTimeout=30)
    assert (late.status_code, late.json()["title"]) == (504, "GATEWAY_TIMEOUT")
    with ThreadPoolExecutor() as pool:
        awaited = pool.submit(post, "hr", "/process-instances", **wanted, businessId="B-1", requestTimeout=60_000)
        found: list[dict[str, Any]] = []
        while not found:
            found = post("hr", "/process-instances/search", filter={"businessId": "B-1"}).json()["items"]
            time.sleep(0.01)
        assert post("admin", f"/process-instances/{found[0]['processInstanceKey']}/cancellation").status_code == 204
        assert awaited.result(timeout=30).status_code == 409
    alone = post("hr", "/process-instances", processDefinitionId="approval", fetchVariables=["a"])
    assert alone.status_code == 400


def test_pages_hold_while_instances_come_in_between(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    keys = [begin("approval") for _ in range(5)]
    order = [{"field": "startDate", "order": "DESC"}, {"field": "processInstanceKey", "order": "DESC"}]

    def page(**wanted: Any) -> dict[str, Any]:
        answer = post("hr", "/process-instances/search", sort=order, page={"limit": 2, **wanted})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def shown(body: dict[str, Any]) -> list[str]:
        return [item["processInstanceKey"] for item in body["items"]]

    first = page()
    assert shown(first) == [keys[4], keys[3]]
    begin("approval")  # is now before all of them
    second = page(after=first["page"]["endCursor"])
    assert shown(second) == [keys[2], keys[1]]
    third = page(after=second["page"]["endCursor"])
    assert (shown(third), third["page"]["totalItems"]) == ([keys[0]], 6)
    assert shown(page(before=third["page"]["startCursor"])) == [keys[2], keys[1]]
    assert page(after=third["page"]["endCursor"])["items"] == []


def test_nulls_come_last_on_pages_in_either_order(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL, b=GATE)
    open_ = [begin("approval"), begin("approval")]
    over = [begin("gate", days=1), begin("gate", days=1)]
    for order in ("ASC", "DESC"):
        seen, page = [], {"limit": 1}
        for _ in range(4):
            body = post(
                "hr", "/process-instances/search", sort=[{"field": "endDate", "order": order}], page=page
            ).json()
            seen.append(body["items"][0]["processInstanceKey"])
            page = {"limit": 1, "after": body["page"]["endCursor"]}
        assert seen == over + open_
        back = {"limit": 10, "before": body["page"]["startCursor"]}
        found = post("hr", "/process-instances/search", sort=[{"field": "endDate", "order": order}], page=back).json()
        assert [item["processInstanceKey"] for item in found["items"]] == seen[:3]


def test_no_thread_is_left_that_listens(work: Ask, deploy: Deploy) -> None:
    deploy(a=SERVICE)
    before = threading.active_count()
    work("/jobs/activation", **POLL, requestTimeout=40)
    assert threading.active_count() <= before + 2  # of the event loop's own pool, and of the crew
