"""Element instances: found by what they are, with names and types of the model; their waits, incidents, variables."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, BROKEN, GATE, SERVICE, WAITING, process

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]
PER_INSTANCE = 10_000_000
CALLER = process(
    "caller",
    '<callActivity id="call" name="Ask"><extensionElements><zeebe:calledElement processId="broken"/>'
    "</extensionElements></callActivity>",
    "s call e",
)


def elements(post: Ask, **wanted: Any) -> dict[str, dict[str, Any]]:
    answer = post("hr", "/element-instances/search", filter=wanted)
    assert answer.status_code == 200, answer.text
    return {item["elementId"]: item for item in answer.json()["items"]}


def test_an_instance_lies_open_element_by_element(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    found = elements(post, processInstanceKey=key)
    assert {id: (item["type"], item["state"]) for id, item in found.items()} == {
        "approval": ("PROCESS", "ACTIVE"),
        "s": ("START_EVENT", "COMPLETED"),
        "approve": ("USER_TASK", "ACTIVE"),
    }
    waiting = found["approve"]
    assert (waiting["elementName"], waiting["endDate"], waiting["hasIncident"]) == ("Approve", None, False)
    assert int(waiting["elementInstanceKey"]) // PER_INSTANCE == int(key)
    assert found["approval"]["elementInstanceKey"] == key
    assert ask("hr", "GET", f"/element-instances/{waiting['elementInstanceKey']}").json() == waiting
    for same in (key, str(int(key) * PER_INSTANCE)):  # the process by its instance's key, or by token 0
        assert ask("hr", "GET", f"/element-instances/{same}").json() == found["approval"]
    (task,) = post("hr", "/user-tasks/search", filter={"processInstanceKey": key}).json()["items"]
    assert task["elementInstanceKey"] == waiting["elementInstanceKey"]
    assert ask("hr", "GET", "/element-instances/4711").status_code == 404


def test_elements_are_found_by_state_type_name_and_key(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL, b=GATE, c=BROKEN)
    waiting, ended, broken = begin("approval"), begin("gate", days=40), begin("broken", n=0)
    assert elements(post, state="ACTIVE").keys() == {"approval", "approve", "broken", "sum"}
    assert elements(post, type="USER_TASK").keys() == {"approve"}
    assert elements(post, type={"$in": ["END_EVENT", "EXCLUSIVE_GATEWAY"]}).keys() == {"x", "big"}
    assert elements(post, elementName={"$like": "Appr*"}, processInstanceKey=waiting).keys() == {"approval", "approve"}
    assert elements(post, hasIncident=True).keys() == {"sum"}
    assert elements(post, elementId={"$in": ["x", "sum"]}).keys() == {"x", "sum"}
    assert elements(post, processDefinitionId="gate", state="TERMINATED") == {}
    one = elements(post, processInstanceKey=broken)["sum"]
    assert elements(post, elementInstanceKey=one["elementInstanceKey"]) == {"sum": one}
    assert elements(post, incidentKey=one["incidentKey"]) == {"sum": one}
    either = [{"processInstanceKey": waiting, "type": "USER_TASK"}, {"elementId": "big"}]
    assert elements(post, **{"$or": either}).keys() == {"approve", "big"}
    newest = post(
        "hr", "/element-instances/search", sort=[{"field": "elementName", "order": "DESC"}], page={"limit": 1}
    ).json()
    assert newest["page"]["totalItems"] == 3 + 4 + 3
    assert elements(post, processInstanceKey=ended)["gate"]["endDate"] is not None


@pytest.mark.parametrize(
    ("model", "id", "waits"),
    [
        (APPROVAL, "approval", ("USER_TASK", "approve", "taskKey")),
        (SERVICE, "service", ("JOB", "call", "jobKey")),
        (WAITING, "waiting", ("MESSAGE", "wait", "messageName")),
    ],
)
def test_why_an_element_stands_still(
    post: Ask, ask: Ask, deploy: Deploy, begin: Begin, model: str, id: str, waits: tuple[str, str, str]
) -> None:
    deploy(a=model)
    key = begin(id, order="7")
    (found,) = post("hr", "/element-instances/wait-states/search", filter={"processInstanceKey": key}).json()["items"]
    assert (found["details"]["waitStateType"], found["elementId"]) == waits[:2]
    assert waits[2] in found["details"]
    counted = ask("hr", "GET", f"/process-instances/{key}/statistics/wait-states").json()["items"]
    assert counted == [{"elementId": waits[1], "waitingCount": 1}]


def test_the_incidents_of_a_call_show_at_the_call(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=CALLER, b=BROKEN)
    outer = begin("caller", n=0)
    call = elements(post, processInstanceKey=outer)["call"]
    assert call["type"] == "CALL_ACTIVITY"
    for path in (f"element-instances/{call['elementInstanceKey']}", f"process-instances/{outer}"):
        (found,) = post("hr", f"/{path}/incidents/search").json()["items"]
        assert (found["elementId"], found["rootProcessInstanceKey"]) == ("sum", outer)
    inner = found["processInstanceKey"]
    hierarchy = ask("hr", "GET", f"/process-instances/{inner}/call-hierarchy").json()
    assert [step["processInstanceKey"] for step in hierarchy] == [outer, inner]
    one = ask("hr", "GET", f"/process-instances/{inner}").json()
    assert (one["parentProcessInstanceKey"], one["parentElementInstanceKey"]) == (outer, call["elementInstanceKey"])
    (again,) = post(
        "hr", "/process-instances/search", filter={"parentElementInstanceKey": call["elementInstanceKey"]}
    ).json()["items"]
    assert again == one
    assert ask("hr", "GET", f"/incidents/{found['incidentKey']}").json() == found


def test_variables_are_set_where_they_are_seen(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval", days=3)
    task = elements(post, processInstanceKey=key)["approve"]["elementInstanceKey"]

    def put(scope: str, **body: Any) -> int:
        return ask("admin", "PUT", f"/element-instances/{scope}/variables", json=body).status_code

    def shown() -> dict[tuple[str, str], str]:
        found = post("hr", "/variables/search", filter={"processInstanceKey": key}).json()["items"]
        return {(item["name"], item["scopeKey"]): item["value"] for item in found}

    assert put(key, variables={"days": 4}) == 204
    assert shown() == {("days", key): "4"}
    assert put(task, variables={"days": 5, "note": "x"}) == 204
    assert shown() == {("days", key): "5", ("note", key): '"x"'}
    assert put(task, variables={"days": 6}, local=True) == 204
    assert shown()["days", task] == "6"
    assert shown()["days", key] == "5"
    local = post("hr", "/variables/search", filter={"scopeKey": task}).json()["items"]
    assert [item["name"] for item in local] == ["days"]
    assert post("hr", "/variables/search", filter={"scopeKey": key}).json()["page"]["totalItems"] == 2
    assert put("4711", variables={}) == 404
    assert put(key) == 400
    assert ask("hr", "PUT", f"/element-instances/{key}/variables", json={"variables": {}}).status_code == 403


def test_long_values_are_cut_in_lists_and_whole_by_key(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    begin("approval", long="y" * 9000, short=[1, {"a": None}])
    (cut,) = post("hr", "/variables/search", filter={"isTruncated": True}).json()["items"]
    assert (cut["name"], cut["isTruncated"], len(cut["value"])) == ("long", True, 8191)
    whole = ask("hr", "GET", f"/variables/{cut['variableKey']}").json()
    assert (len(whole["value"]), "isTruncated" in whole) == (9002, False)
    uncut = ask("hr", "POST", "/variables/search?truncateValues=false", json={"filter": {"name": "long"}}).json()
    assert len(uncut["items"][0]["value"]) == 9002
    for wanted in ('[1, {"a": null}]', {"$in": ['[1,{"a":null}]', "7"]}, {"$like": '[[]1, {"a"*'.replace("[[]", "[")}):
        (short,) = post("hr", "/variables/search", filter={"value": wanted}).json()["items"]
        assert short["name"] == "short"
    assert post("hr", "/variables/search", filter={"value": "no json"}).status_code == 400
    assert ask("hr", "POST", "/variables/search?truncateValues=maybe", json={}).status_code == 400


def test_the_way_and_the_counts_of_an_instance(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    made = deploy(a=GATE, b=APPROVAL)
    key = begin("gate", days=40)
    flows = ask("hr", "GET", f"/process-instances/{key}/sequence-flows").json()["items"]
    assert [flow["elementId"] for flow in flows] == ["f0", "fb"]
    counted = ask("hr", "GET", f"/process-instances/{key}/statistics/element-instances").json()["items"]
    assert {item["elementId"]: item["completed"] for item in counted} == {"s": 1, "x": 1, "big": 1}
    for _ in range(3):
        ended = begin("approval")
    post("admin", f"/process-instances/{ended}/cancellation")
    definition = made["deployments"][1]["processDefinition"]["processDefinitionKey"]
    path = f"/process-definitions/{definition}/statistics/element-instances"
    found = {item["elementId"]: item for item in post("hr", path).json()["items"]}
    assert (found["approve"]["active"], found["approve"]["canceled"], found["s"]["completed"]) == (2, 1, 3)
    only = post("hr", path, filter={"state": "TERMINATED"}).json()["items"]
    assert {item["elementId"]: (item["active"], item["canceled"]) for item in only}["approve"] == (0, 1)


def test_running_instances_are_counted_by_process_version_and_error(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=BROKEN, b=APPROVAL)
    deploy(b=APPROVAL.replace("Approve", "Agree"))
    begin("broken", n=0)
    begin("broken", n=0)
    begin("approval")
    by_process = post(
        "hr",
        "/process-definitions/statistics/process-instances",
        sort=[{"field": "activeInstancesWithIncidentCount", "order": "DESC"}],
    ).json()["items"]
    assert [(item["processDefinitionId"], item["hasMultipleVersions"]) for item in by_process] == [
        ("broken", False),
        ("approval", True),
    ]
    by_version = post(
        "hr",
        "/process-definitions/statistics/process-instances-by-version",
        filter={"processDefinitionId": "approval"},
    ).json()["items"]
    assert [(one["processDefinitionVersion"], one["activeInstancesWithoutIncidentCount"]) for one in by_version] == [
        (2, 1),
        (1, 0),
    ]
    (error,) = post("hr", "/incidents/statistics/process-instances-by-error").json()["items"]
    assert error["activeInstancesWithErrorCount"] == 2
    (where,) = post(
        "hr",
        "/incidents/statistics/process-instances-by-definition",
        filter={"errorHashCode": error["errorHashCode"]},
    ).json()["items"]
    assert (where["processDefinitionId"], where["activeInstancesWithErrorCount"]) == ("broken", 2)
    hashed = {"incidentErrorHashCode": error["errorHashCode"]}
    assert post("hr", "/process-instances/search", filter=hashed).json()["page"]["totalItems"] == 2
