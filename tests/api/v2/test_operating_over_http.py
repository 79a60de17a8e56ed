"""What operators do over the process API, and where it stands afterwards: suspend, move, modify, batches, the audit."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.queries.audit import ACT
from engine.upkeep import batches
from tasks.house import House
from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, BROKEN, GATE, SERVICE, process, user_task

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]
TWICE = process(
    "approval", user_task("approve", 'candidateGroups="hr"') + user_task("check", 'candidateGroups="hr"'),
    "s approve check e",
)  # fmt: skip


def key_of(made: dict[str, Any]) -> str:
    key: str = made["deployments"][0]["processDefinition"]["processDefinitionKey"]
    return key


def test_an_instance_stands_still_and_goes_on(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    assert post("hr", f"/process-instances/{key}/suspension").status_code == 403
    assert post("admin", f"/process-instances/{key}/suspension", operationReference=7).status_code == 204
    found = ask("hr", "GET", f"/process-instances/{key}").json()
    assert (found["state"], found["suspendedDate"]) == ("SUSPENDED", "2026-11-02T01:00:00.000Z")
    assert post("hr", "/process-instances/search", filter={"state": "SUSPENDED"}).json()["items"] == [found]
    assert post("admin", f"/process-instances/{key}/resumption").status_code == 204
    assert ask("hr", "GET", f"/process-instances/{key}").json()["suspendedDate"] is None
    assert post("admin", f"/process-instances/{key}/suspension", operationReference=0).status_code == 400


def test_an_instance_moves_to_another_version(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key, new = begin("approval"), key_of(deploy(a=TWICE))
    path = f"/process-instances/{key}/migration"
    refused = post("admin", path, targetProcessDefinitionKey=new, mappingInstructions=[])
    assert refused.status_code == 409
    assert refused.json()["problems"][0]["element"] == "approve"
    mapping = [{"sourceElementId": "approve", "targetElementId": "check"}]
    assert post("admin", path, targetProcessDefinitionKey=new, mappingInstructions=mapping).status_code == 204
    assert ask("hr", "GET", f"/process-instances/{key}").json()["processDefinitionKey"] == new
    (task,) = post("hr", "/user-tasks/search", filter={"processInstanceKey": key}).json()["items"]
    (element,) = post(
        "hr", "/element-instances/search", filter={"processInstanceKey": key, "type": "USER_TASK"}
    ).json()["items"]
    assert task["elementId"] == element["elementId"] == "check"
    counted = post("hr", f"/process-definitions/{new}/statistics/element-instances").json()["items"]
    assert {item["elementId"]: item["active"] for item in counted}["check"] == 1
    assert "approve" not in {item["elementId"] for item in counted if item["active"]}
    assert post("admin", path, targetProcessDefinitionKey=new).status_code == 400


def test_where_an_instance_stands_is_changed_by_hand(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=TWICE)
    key = begin("approval")

    def active() -> dict[str, str]:
        wanted = {"processInstanceKey": key, "state": "ACTIVE", "type": "USER_TASK"}
        found = post("hr", "/element-instances/search", filter=wanted).json()["items"]
        return {item["elementId"]: item["elementInstanceKey"] for item in found}

    path = f"/process-instances/{key}/modification"
    move = {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "approve"},
        "targetElementId": "check",
    }
    assert post("admin", path, moveInstructions=[move]).status_code == 204
    assert active().keys() == {"check"}
    given = [{"variables": {"why": "again"}, "scopeId": ""}]
    activate = {"elementId": "approve", "variableInstructions": given}
    end = {"elementInstanceKey": active()["check"]}
    assert post("admin", path, activateInstructions=[activate], terminateInstructions=[end]).status_code == 204
    assert active().keys() == {"approve"}
    assert post("hr", "/variables/search", filter={"name": "why"}).json()["items"][0]["scopeKey"] == key
    foreign = {"elementInstanceKey": "990000001"}
    for wrong in ({}, {"terminateInstructions": [foreign]}, {"activateInstructions": [{"elementId": "nothing"}]}):
        assert post("admin", path, **wrong).status_code == 400


def test_a_business_id_is_given_once(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    path = f"/process-instances/{key}/business-id-assignment"
    assert post("admin", path, businessId="OFF-9").status_code == 204
    assert ask("hr", "GET", f"/process-instances/{key}").json()["businessId"] == "OFF-9"
    assert post("admin", path, businessId="OFF-10").status_code == 409
    assert post("admin", path, businessId="").status_code == 400


KINDS = [
    ("cancellation", {}, "CANCEL_PROCESS_INSTANCE", 2),
    ("suspension", {}, "SUSPEND_PROCESS_INSTANCE", 2),
    ("deletion", {}, "DELETE_PROCESS_INSTANCE", 1),
    (
        "modification",
        {"moveInstructions": [{"sourceElementId": "approve", "targetElementId": "check"}]},
        "MODIFY_PROCESS_INSTANCE",
        2,
    ),
]


@pytest.mark.parametrize(("act", "more", "kind", "total"), KINDS, ids=[kind for _, _, kind, _ in KINDS])
def test_a_batch_acts_on_what_its_filter_finds(
    post: Ask,
    ask: Ask,
    deploy: Deploy,
    begin: Begin,
    house: House,
    act: str,
    more: dict[str, Any],
    kind: str,
    total: int,
) -> None:
    deploy(a=TWICE, b=GATE)
    begin("approval")
    begin("approval")
    begin("gate", days=1)
    made = post("admin", f"/process-instances/{act}", filter={"startDate": {"$exists": True}}, **more).json()
    key = made["batchOperationKey"]
    assert made["batchOperationType"] == kind
    assert post("admin", f"/process-instances/{act}", **more).status_code == 400  # no filter would mean everything
    assert post("hr", f"/process-instances/{act}", filter={}, **more).status_code == 403
    while batches.run_some(house.engine, house.database):
        pass
    batch = ask("admin", "GET", f"/batch-operations/{key}").json()
    assert (batch["state"], batch["operationsTotalCount"]) == ("COMPLETED", total)
    assert (batch["operationsCompletedCount"], batch["operationsFailedCount"]) == (total, 0)
    items = post("admin", "/batch-operation-items/search", filter={"batchOperationKey": key}).json()
    assert {item["state"] for item in items["items"]} == {"COMPLETED"}
    if act != "deletion":
        found = post("hr", "/process-instances/search", filter={"batchOperationKey": key}).json()["page"]["totalItems"]
        assert found == total


def test_a_batch_is_held_and_dropped(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=BROKEN)
    begin("broken", n=0)
    made = post("admin", "/process-instances/incident-resolution", filter={"variables": [{"name": "n", "value": "0"}]})
    path = f"/batch-operations/{made.json()['batchOperationKey']}"
    assert post("admin", f"{path}/suspension").status_code == 204
    assert ask("admin", "GET", path).json()["state"] == "SUSPENDED"
    assert post("admin", f"{path}/resumption").status_code == 204
    assert post("admin", f"{path}/cancellation").status_code == 204
    (found,) = post("admin", "/batch-operations/search", filter={"state": "CANCELED"}).json()["items"]
    assert (found["actorId"], found["actorType"]) == ("admin", "USER")
    assert post("admin", f"{path}/resumption").status_code == 409
    assert ask("admin", "GET", "/batch-operations/4711").status_code == 404


def test_jobs_get_other_retries_one_by_one_and_many(
    post: Ask, ask: Ask, deploy: Deploy, begin: Begin, house: House
) -> None:
    deploy(a=SERVICE)
    begin("service")
    begin("service")
    (one, other) = post("admin", "/jobs/search").json()["items"]
    changed = {"changeset": {"retries": 9}}
    assert ask("admin", "PATCH", f"/jobs/{one['jobKey']}", json=changed).status_code == 204
    assert post("admin", "/jobs/search", filter={"retries": 9}).json()["items"][0]["jobKey"] == one["jobKey"]
    wrong: list[dict[str, Any]] = [
        {},
        {"changeset": {}},
        {"changeset": {"retries": 0}},
        {"changeset": {"retries": "9"}},
    ]
    for body in wrong:
        assert ask("admin", "PATCH", f"/jobs/{one['jobKey']}", json=body).status_code == 400
    assert ask("admin", "PATCH", f"/jobs/{one['jobKey']}", json={"changeset": {"timeout": 5}}).status_code == 409
    wanted = {"elementInstanceKey": other["elementInstanceKey"]}
    assert post("admin", "/jobs/batch-update", filter=wanted, changeset={"retries": 4}).status_code == 200
    while batches.run_some(house.engine, house.database):
        pass
    assert post("admin", "/jobs/search", filter={"retries": 4}).json()["items"][0]["jobKey"] == other["jobKey"]


def test_the_audit_log_tells_who_did_what(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    key = begin("approval")
    (task,) = post("hr", "/user-tasks/search").json()["items"]
    post("hr", f"/user-tasks/{task['userTaskKey']}/assignment", assignee="hr")
    post("admin", f"/process-instances/{key}/cancellation")
    assert post("hr", "/audit-logs/search").status_code == 403
    order = [{"field": "auditLogKey", "order": "ASC"}]
    found = post("admin", "/audit-logs/search", filter={"processInstanceKey": key}, sort=order).json()["items"]
    assert [(item["entityType"], item["operationType"], item["actorId"]) for item in found] == [
        ("USER_TASK", "ASSIGN", "hr"),
        ("PROCESS_INSTANCE", "CANCEL", "admin"),
    ]
    assert (found[0]["userTaskKey"], found[0]["category"]) == (task["userTaskKey"], "USER_TASKS")
    assert ask("admin", "GET", f"/audit-logs/{found[1]['auditLogKey']}").json() == found[1]
    (deployed,) = post("admin", "/audit-logs/search", filter={"entityType": "RESOURCE"}).json()["items"]
    assert (deployed["actorId"], deployed["processInstanceKey"]) == ("designer", None)
    of_task = post("hr", f"/user-tasks/{task['userTaskKey']}/audit-logs/search").json()["items"]
    assert of_task == [found[0]]
    assert ask("admin", "GET", "/audit-logs/4711").status_code == 404


def test_the_audit_log_reads_its_own_index(house: House, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL)
    statement = f"select {ACT.columns} from {ACT.source} where x.at > now() order by x.at limit 100"
    unit = house.database.once()
    unit.run("set enable_seqscan = off")
    plan = "\n".join(line for (line,) in unit.all(f"explain {statement}"))
    unit.run("reset enable_seqscan")
    assert "ix_journal_audited_at" in plan
    assert "ix_audit_at" in plan
