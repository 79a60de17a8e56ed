"""What is deployed, read back: files, forms, decisions with what they decided; a file that a program keeps; who may."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kernel.clock import ManualClock
from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, DECISION, FORM, SERVICE, SIGNED, WAITING, process

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]
DECIDING = process(
    "deciding",
    '<businessRuleTask id="rule"><extensionElements><zeebe:calledDecision decisionId="days" resultVariable="days"/>'
    "</extensionElements></businessRuleTask>",
    "s rule e",
)


def send(ask: Ask, **files: str) -> dict[str, Any]:
    parts = [("resources", (name.replace("_", "."), text.encode())) for name, text in files.items()]
    answer = ask("designer", "POST", "/deployments", files=parts)
    assert answer.status_code == 200, answer.text
    return {kind: found for part in answer.json()["deployments"] for kind, found in part.items() if found}


def test_files_are_found_and_read_back(ask: Ask, post: Ask) -> None:
    made = send(ask, a_bpmn=APPROVAL, days_dmn=DECISION)
    found = {item["resourceName"]: item for item in post("hr", "/resources/search").json()["items"]}
    assert found.keys() == {"a.bpmn", "days.dmn"}
    key = found["a.bpmn"]["resourceKey"]
    assert ask("hr", "GET", f"/resources/{key}").json() == found["a.bpmn"]
    for same in (key, made["processDefinition"]["processDefinitionKey"]):
        assert ask("hr", "GET", f"/resources/{same}/content").text == APPROVAL
    binary = ask("hr", "GET", f"/resources/{key}/content/binary")
    assert (binary.content.decode(), binary.headers["content-type"]) == (APPROVAL, "application/octet-stream")
    assert ask("hr", "GET", "/resources/4711/content").status_code == 404
    assert ask("li.na", "GET", f"/resources/{key}").status_code == 403


def test_a_version_that_nobody_used_is_deleted(ask: Ask, post: Ask, begin: Begin) -> None:
    first = send(ask, a_bpmn=APPROVAL)["processDefinition"]["processDefinitionKey"]
    begin("approval")
    second = send(ask, a_bpmn=APPROVAL.replace("Approve", "Agree"))["processDefinition"]["processDefinitionKey"]
    assert post("designer", f"/resources/{second}/deletion").status_code == 403
    assert post("admin", f"/resources/{second}/deletion").json() == {"resourceKey": second, "batchOperation": None}
    assert ask("hr", "GET", f"/process-definitions/{second}").status_code == 404
    used = post("admin", f"/resources/{first}/deletion")
    assert used.status_code == 409
    assert post("admin", f"/resources/{first}/deletion", deleteHistory=True).status_code == 400


def test_a_process_and_its_forms(ask: Ask, post: Ask, begin: Begin) -> None:
    made = send(ask, signed_bpmn=SIGNED, reason_form=FORM)
    key = made["processDefinition"]["processDefinitionKey"]
    found = ask("li.na", "GET", f"/process-definitions/{key}").json()
    assert (found["hasStartForm"], found["state"], found["name"]) == (False, "ACTIVE", "Signed")
    assert ask("li.na", "GET", f"/process-definitions/{key}/form").status_code == 204
    form = ask("hr", "GET", f"/forms/{made['form']['formKey']}").json()
    assert (form["formId"], form["schema"]) == ("reason", FORM)
    assert ask("hr", "GET", f"/forms/{key}").status_code == 404
    begin("signed", salary=9)
    (task,) = post("hr", "/user-tasks/search").json()["items"]
    assert ask("hr", "GET", f"/user-tasks/{task['userTaskKey']}/form").json() == form
    names = post("hr", f"/process-definitions/{key}/variable-names/search").json()["items"]
    assert names == [{"name": "salary"}]
    without = post("hr", "/process-definitions/search", filter={"hasStartForm": False}).json()["items"]
    assert [item["processDefinitionId"] for item in without] == ["signed"]
    assert post("hr", "/process-definitions/search", filter={"hasStartForm": True}).json()["items"] == []


def test_decisions_and_what_they_decided(ask: Ask, post: Ask, begin: Begin) -> None:
    made = send(ask, days_dmn=DECISION, p_bpmn=DECIDING)
    decision, file = made["decisionDefinition"], made["decisionRequirements"]
    key = decision["decisionDefinitionKey"]
    assert decision["decisionRequirementsKey"] == file["decisionRequirementsKey"]
    (found,) = post("hr", "/decision-definitions/search", filter={"name": {"$like": "Da*"}}).json()["items"]
    assert ask("hr", "GET", f"/decision-definitions/{key}").json() == found
    assert (found["decisionRequirementsId"], found["version"]) == ("d", 1)
    (whole,) = post("hr", "/decision-requirements/search", filter={"decisionRequirementsId": "d"}).json()["items"]
    path = f"/decision-requirements/{whole['decisionRequirementsKey']}"
    assert ask("hr", "GET", path).json() == whole
    assert ask("hr", "GET", f"{path}/xml").text == ask("hr", "GET", f"/decision-definitions/{key}/xml").text == DECISION
    instance = begin("deciding", level=6)
    alone = post("designer", "/decision-definitions/evaluation", decisionDefinitionKey=key, variables={"level": 1})
    order = [{"field": "decisionEvaluationKey", "order": "ASC"}]
    decided = post("hr", "/decision-instances/search", sort=order).json()["items"]
    by_process = next(item for item in decided if item["processInstanceKey"] == instance)
    by_itself = next(item for item in decided if item["processInstanceKey"] is None)
    assert (by_process["result"], by_itself["result"]) == ("30", "10")
    assert by_itself["decisionEvaluationKey"] == alone.json()["decisionEvaluationKey"]
    one = ask("hr", "GET", f"/decision-instances/{by_process['decisionEvaluationInstanceKey']}").json()
    assert one.items() >= by_process.items()
    assert post("hr", "/decision-instances/search", filter={"processInstanceKey": instance}).json()["items"] == [
        by_process
    ]
    for wrong, status in (("1", 400), ("1-x", 400), ("4711-1", 404)):
        assert ask("hr", "GET", f"/decision-instances/{wrong}").status_code == status
    assert post("admin", f"/decision-instances/{by_itself['decisionEvaluationKey']}/deletion").status_code == 501


def test_messages_that_are_waited_for_and_that_came(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=WAITING)
    key = begin("waiting", order="7")
    (found,) = post("hr", "/message-subscriptions/search").json()["items"]
    assert (found["messageName"], found["correlationKey"], found["processInstanceKey"]) == ("paid", "7", key)
    assert found["messageSubscriptionType"] == "PROCESS_EVENT"
    counted = post("hr", "/process-definitions/statistics/message-subscriptions").json()["items"]
    assert [(item["processDefinitionId"], item["activeSubscriptions"]) for item in counted] == [("waiting", 1)]
    assert post("hr", "/messages/correlation", name="paid", correlationKey="7").status_code == 200
    assert post("hr", "/message-subscriptions/search").json()["items"] == []
    (came,) = post("hr", "/correlated-message-subscriptions/search", filter={"processInstanceKey": key}).json()["items"]
    assert (came["messageName"], came["elementId"], came["elementInstanceKey"]) == (
        "paid",
        "wait",
        found["elementInstanceKey"],
    )


def test_jobs_are_counted_over_a_time(post: Ask, ask: Ask, work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=SERVICE)
    begin("service")
    begin("service")
    (job,) = work("/jobs/activation", type="crm.call", worker="w1", timeout=60_000, maxJobsToActivate=1).json()["jobs"]
    work(f"/jobs/{job['jobKey']}/failure", retries=1, errorMessage="no answer")
    span = {"from": "2026-11-01T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
    whole = ask("admin", "GET", "/jobs/statistics/global", params=span).json()
    assert {name: whole[name]["count"] for name in ("created", "completed", "failed")} == {
        "created": 2,
        "completed": 0,
        "failed": 1,
    }
    (of_type,) = post("admin", "/jobs/statistics/by-types", filter={**span, "jobType": {"$like": "crm*"}}).json()[
        "items"
    ]
    assert (of_type["jobType"], of_type["workers"]) == ("crm.call", 1)
    one = {**span, "jobType": "crm.call"}
    (worker,) = post("admin", "/jobs/statistics/by-workers", filter=one).json()["items"]
    assert (worker["worker"], worker["failed"]["count"]) == ("w1", 1)
    (hour,) = post("admin", "/jobs/statistics/time-series", filter={**one, "resolution": "PT1H"}).json()["items"]
    assert hour["time"] == "2026-11-02T01:00:00.000Z"
    (error,) = post("admin", "/jobs/statistics/errors", filter=one).json()["items"]
    assert (error["errorMessage"], error["workers"]) == ("no answer", 1)
    for wrong in ({"from": "x", "to": "y"}, {**one, "resolution": "PT1S"}, {"from": span["to"], "to": span["from"]}):
        answer = post("admin", "/jobs/statistics/time-series", filter={"jobType": "crm.call", **wrong})
        assert answer.status_code == 400
    assert ask("admin", "GET", "/jobs/statistics/global").status_code == 400


def test_a_program_keeps_a_document(ask: Ask, clock: ManualClock) -> None:
    said = {"fileName": "note.txt", "customProperties": {"a": 1}, "expiresAt": "2026-11-02T02:00:00Z"}
    files = [("file", ("x.txt", b"hello", "text/plain")), ("metadata", (None, json.dumps(said), "application/json"))]
    made = ask("admin", "POST", "/documents?documentId=mine", files=files)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["documentId"], body["metadata"]["size"], body["metadata"]["fileName"]) == ("mine", 5, "note.txt")
    assert body["metadata"]["customProperties"] == {"a": 1}
    assert ask("admin", "GET", f"/documents/mine?contentHash={body['contentHash']}").content == b"hello"
    assert ask("admin", "GET", "/documents/mine?contentHash=other").status_code == 400
    assert ask("admin", "POST", "/documents?documentId=mine", files=files).status_code == 409
    assert ask("hr", "GET", "/documents/mine").status_code == 403
    assert ask("admin", "POST", "/documents/mine/links", json={}).status_code == 501
    mixed = [("files", ("a.txt", b"a", "text/plain")), ("files", ("b.exe", b"MZ", "application/x"))]
    some = ask("admin", "POST", "/documents/batch", files=mixed)
    assert some.status_code == 207
    assert [one["fileName"] for one in some.json()["failedDocuments"]] == ["b.exe"]
    kept = some.json()["createdDocuments"][0]["documentId"]
    assert ask("admin", "DELETE", f"/documents/{kept}").status_code == 204
    assert ask("admin", "GET", f"/documents/{kept}").status_code == 404
    clock.advance(timedelta(hours=2))
    assert ask("admin", "GET", "/documents/mine").status_code == 404


def test_a_task_is_planned_anew_and_shows_its_variables(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    shown = '<zeebe:userTask/><zeebe:ioMapping><zeebe:input source="=days" target="shown"/></zeebe:ioMapping>'
    mine = SIGNED.replace('candidateGroups="hr"', 'assignee="zhang.wei"').replace("<zeebe:userTask/>", shown)
    send(ask, a_bpmn=mine, reason_form=FORM)
    begin("signed", days=3, salary=9)
    (task,) = post("zhang.wei", "/user-tasks/search", filter={"tags": []}).json()["items"]
    path = f"/user-tasks/{task['userTaskKey']}"
    every = post("hr", f"{path}/effective-variables/search").json()["items"]
    assert [(item["name"], item["value"]) for item in every] == [("days", "3"), ("salary", "9"), ("shown", "3")]
    assert post("hr", f"{path}/variables/search", filter={"name": "salary"}).json()["page"]["totalItems"] == 1
    for kind in ("variables", "effective-variables"):
        own = post("zhang.wei", f"{path}/{kind}/search").json()["items"]
        assert [item["name"] for item in own] == ["shown"]  # of the case no more than the task hands over
        assert post("li.na", f"{path}/{kind}/search").status_code == 404
    wanted = {"localVariables": [{"name": "shown", "value": "3"}]}
    assert post("hr", "/user-tasks/search", filter=wanted).json()["page"]["totalItems"] == 1
    salary: dict[str, Any] = {"name": "salary", "value": {"$in": ["8", "9"]}}
    assert (
        post("hr", "/user-tasks/search", filter={"processInstanceVariables": [salary]}).json()["page"]["totalItems"]
        == 1
    )
    changes = {"priority": 80, "dueDate": "2026-12-01T00:00:00Z", "candidateGroups": ["it"]}
    assert ask("zhang.wei", "PATCH", path, json={"changeset": changes}).status_code == 403
    assert ask("hr", "PATCH", path, json={"changeset": changes}).status_code == 204
    found = ask("hr", "GET", path).json()
    assert (found["priority"], found["dueDate"]) == (80, "2026-12-01T00:00:00.000Z")
    groups = {"candidateGroup": {"$in": ["it", "x"]}}
    assert post("hr", "/user-tasks/search", filter=groups).json()["page"]["totalItems"] == 1
    assert post("hr", "/user-tasks/search", filter={"candidateGroup": {"$neq": "it"}}).json()["items"] == []
    assert ask("hr", "PATCH", path, json={"changeset": {"dueDate": ""}}).status_code == 204
    assert ask("hr", "GET", path).json()["dueDate"] is None
    assert ask("hr", "PATCH", path, json={"changeset": {"priority": 101}}).status_code == 400
