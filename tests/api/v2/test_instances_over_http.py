"""Instances are created by id, version or key, looked up, searched, sorted, paged and cancelled."""

from collections.abc import Callable
from typing import Any

from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, BROKEN, GATE, process

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]


def definition(body: dict[str, Any]) -> str:
    key: str = body["deployments"][0]["processDefinition"]["processDefinitionKey"]
    return key


def test_the_latest_version_a_given_one_and_a_key(post: Ask, deploy: Deploy) -> None:
    old, new = definition(deploy(a=APPROVAL)), definition(deploy(a=APPROVAL.replace("Approve", "Agree")))
    latest = post("hr", "/process-instances", processDefinitionId="approval").json()
    assert (latest["processDefinitionKey"], latest["processDefinitionVersion"]) == (new, 2)
    first = post("hr", "/process-instances", processDefinitionId="approval", processDefinitionVersion=1).json()
    assert (first["processDefinitionKey"], first["processDefinitionVersion"]) == (old, 1)
    by_key = post("hr", "/process-instances", processDefinitionKey=old, variables={"days": 3}).json()
    assert (by_key["processDefinitionId"], by_key["processDefinitionVersion"]) == ("approval", 1)
    found = post("hr", "/variables/search", filter={"processInstanceKey": by_key["processInstanceKey"]}).json()
    assert [(v["name"], v["value"], v["isTruncated"]) for v in found["items"]] == [("days", "3", False)]


def test_business_id_and_tags_are_kept(post: Ask, deploy: Deploy) -> None:
    deploy(a=APPROVAL)
    made = post("hr", "/process-instances", processDefinitionId="approval", businessId="OFF-7", tags=["pilot"]).json()
    assert (made["businessId"], made["tags"]) == ("OFF-7", ["pilot"])
    (found,) = post("hr", "/process-instances/search", filter={"businessId": "OFF-7"}).json()["items"]
    assert (found["processInstanceKey"], found["tags"]) == (made["processInstanceKey"], ["pilot"])


UNSTARTABLE: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "either by processDefinitionId or by processDefinitionKey"),
    ({"processDefinitionId": "approval", "processDefinitionKey": "1"}, 400, "either by"),
    ({"processDefinitionId": "nothing"}, 404, "nothing"),
    ({"processDefinitionId": "approval", "processDefinitionVersion": 9}, 404, "9"),
    ({"processDefinitionKey": "4711"}, 404, "4711"),
    ({"processDefinitionKey": "99999999999999999999"}, 400, "no key"),
    ({"processDefinitionKey": 5}, 400, "no key"),
    ({"processDefinitionId": 5}, 400, "processDefinitionId"),
    ({"processDefinitionId": "approval", "processDefinitionVersion": "1"}, 400, "whole number"),
    ({"processDefinitionId": "approval", "processDefinitionVersion": 2**63}, 400, "whole number"),
    ({"processDefinitionId": "approval", "variables": [1]}, 400, "variables must be a JSON object"),
    ({"processDefinitionId": "approval", "variables": {"a": "x\0y"}}, 400, "U+0000"),
    ({"processDefinitionId": "approval", "tags": "pilot"}, 400, "tags must be a list of texts"),
    (
        {"processDefinitionId": "approval", "startInstructions": [{"elementId": "approve"}]},
        400,
        "startInstructions",
    ),
]


def test_what_cannot_be_started_is_told(post: Ask, deploy: Deploy) -> None:
    deploy(a=APPROVAL)
    for body, status, says in UNSTARTABLE:
        answer = post("hr", "/process-instances", **body)
        assert answer.status_code == status, answer.text
        assert says in answer.json()["detail"]
        assert post("hr", "/process-instances/search").json()["page"]["totalItems"] == 0


def test_an_instance_by_its_key(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    found = ask("hr", "GET", f"/process-instances/{key}").json()
    assert found["processInstanceKey"] == found["rootProcessInstanceKey"] == key
    assert (found["state"], found["hasIncident"], found["endDate"]) == ("ACTIVE", False, None)
    assert found["startDate"] == "2026-11-02T01:00:00.000Z"
    assert ask("hr", "GET", "/process-instances/4711").status_code == 404
    assert ask("hr", "GET", "/process-instances/nothing").status_code == 400


def test_filters_and_operators(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL, b=GATE, c=BROKEN)
    waiting, ended, broken = begin("approval"), begin("gate", days=3), begin("broken", n=0)

    def search(**wanted: Any) -> set[str]:
        answer = post("hr", "/process-instances/search", filter=wanted)
        assert answer.status_code == 200, answer.text
        return {item["processInstanceKey"] for item in answer.json()["items"]}

    everything = {waiting, ended, broken}
    assert search() == everything
    assert search(state="ACTIVE") == {waiting, broken}
    assert search(state={"$neq": "ACTIVE"}) == {ended}
    assert search(processDefinitionId={"$in": ["gate", "broken"]}) == {ended, broken}
    assert search(processDefinitionId={"$notIn": ["gate"]}) == {waiting, broken}
    assert search(processDefinitionId={"$in": []}) == set()
    assert search(processDefinitionId={"$like": "*ro*"}) == {waiting, broken}
    assert search(processDefinitionId={"$like": "gat?"}) == {ended}
    assert search(processInstanceKey={"$gt": waiting}) == everything - {waiting}
    assert search(endDate={"$exists": True}) == {ended}
    assert search(parentProcessInstanceKey={"$exists": False}) == everything
    assert search(startDate={"$gte": "2026-11-02T09:00:00+08:00"}) == everything
    assert search(startDate={"$gte": "2026-11-01T00:00:00Z", "$lt": "2026-11-02T01:00:00Z"}) == set()
    assert search(hasIncident=True) == {broken}
    assert search(hasIncident={"$eq": False}) == {waiting, ended}
    assert search(processDefinitionVersion=1, state="COMPLETED") == {ended}


NOT_UNDERSTOOD: list[tuple[dict[str, Any], str]] = [
    ({"filter": {"colour": "red"}}, "There is no filter colour here. Filters: batchOperationId"),
    ({"filter": {"state": {"$near": "ACTIVE"}}}, "There is no operator $near for state"),
    ({"filter": {"state": 5}}, "none of: ACTIVE"),
    ({"filter": {"state": None}}, "none of: ACTIVE"),
    ({"filter": {"state": {"$in": "ACTIVE"}}}, "takes a list"),
    ({"filter": {"state": {"$exists": "yes"}}}, "true or false"),
    ({"filter": {"processInstanceKey": {"$like": "1*"}}}, "no operator $like for processInstanceKey"),
    ({"filter": {"processInstanceKey": "x"}}, "no key"),
    ({"filter": {"startDate": "yesterday"}}, "yesterday, which is no instant"),
    ({"filter": {"startDate": "2026-11-02T09:00:00"}}, "no instant"),
    ({"filter": {"processDefinitionVersion": True}}, "whole number"),
    ({"filter": {"hasIncident": 1}}, "true or false"),
    ({"filter": {"hasIncident": {"$neq": True}}}, "only be compared by $eq"),
    ({"filter": []}, "filter must be a JSON object"),
    ({"sort": {"field": "state"}}, "must be a list"),
    ({"sort": [{"field": "colour"}]}, "Sorting by colour is not possible"),
    ({"sort": ["state; drop table instance"]}, "is not possible"),
    ({"sort": [{"field": "state", "order": "up"}]}, "ASC or DESC"),
    ({"page": {"limit": 10001}}, "0 to 10000 items"),
    ({"page": {"limit": -1}}, "0 to 10000 items"),
    ({"page": {"from": 10**30}}, "whole number"),
    ({"page": {"after": "rubbish"}}, "endCursor"),
    ({"page": {"before": "MQ=="}}, "endCursor"),
    ({"page": {"after": "WzEsMl0="}}, "of another search"),
    ({"page": {"after": "WyJ4Il0="}}, "can be neither kept nor looked for"),
    ({"page": {"after": "WzFd", "from": 1}}, "by one of after, before and from"),
    ({"filter": {"$or": {}}}, "takes a list of filters"),
    ({"filter": {"$or": [{"colour": "red"}]}}, "no filter colour"),
    ({"page": 5}, "page must be a JSON object"),
]


def test_a_search_that_is_not_understood_is_told(post: Ask) -> None:
    for body, says in NOT_UNDERSTOOD:
        answer = post("hr", "/process-instances/search", **body)
        assert answer.status_code == 400, answer.text
        assert says in answer.json()["detail"]


def test_pages_by_cursor_see_each_instance_once(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    keys = [begin("approval") for _ in range(5)]
    seen: list[str] = []
    page: dict[str, Any] = {"limit": 2}
    order = [{"field": "processInstanceKey", "order": "DESC"}]
    while True:
        body = post("hr", "/process-instances/search", sort=order, page=page).json()
        if not body["items"]:
            break
        seen += [item["processInstanceKey"] for item in body["items"]]
        page = {"limit": 2, "after": body["page"]["endCursor"]}
    assert seen == sorted(keys, key=int, reverse=True)
    whole = post("hr", "/process-instances/search", page={"from": 4, "limit": 10}).json()
    assert (len(whole["items"]), whole["page"]["totalItems"], whole["page"]["hasMoreTotalItems"]) == (1, 5, False)
    assert post("hr", "/process-instances/search", page={"limit": 0}).json()["page"]["totalItems"] == 5


def test_cancelling_ends_the_instance_and_its_work(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    assert post("hr", f"/process-instances/{key}/cancellation").status_code == 403
    assert post("admin", f"/process-instances/{key}/cancellation").status_code == 204
    assert ask("hr", "GET", f"/process-instances/{key}").json()["state"] == "TERMINATED"
    (task,) = post("hr", "/user-tasks/search", filter={"processInstanceKey": key}).json()["items"]
    assert task["state"] == "CANCELED"
    again = post("admin", f"/process-instances/{key}/cancellation")
    assert again.status_code == 409
    assert "TERMINATED" in again.json()["detail"]


def test_a_process_without_a_plain_start_is_refused(post: Ask, deploy: Deploy) -> None:
    by_message = process("by-message", '<task id="t"/>', "s t e", more='<message id="m" name="go"/>').replace(
        '<startEvent id="s"/>', '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
    )
    deploy(a=by_message)
    answer = post("hr", "/process-instances", processDefinitionId="by-message")
    assert answer.status_code == 409
    assert "by-message has no plain start event" in answer.json()["detail"]
