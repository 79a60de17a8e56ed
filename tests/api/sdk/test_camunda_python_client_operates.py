"""Camunda's own Python client in an operator's hand: migrate, modify, suspend, decide, batches, audit, figures."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import camunda_orchestration_sdk as sdk
import pytest
from camunda_orchestration_sdk import models
from camunda_orchestration_sdk.types import File

from kernel.clock import SystemClock
from tests.api.sdk.models import BONUS, DECIDING, DESK, DESK_LATER, FORM, PAUSE
from tests.api.sdk.working import instances, opened, state


@pytest.fixture(scope="module")
def admin(product: Any) -> Any:
    with opened(product, "admin") as found:
        yield found


def deploy(admin: sdk.CamundaClient, **files: str | bytes) -> Any:
    """Deploy files by name, such as `desk_bpmn=…`."""
    sent = [
        File(
            payload=BytesIO(content if isinstance(content, bytes) else content.encode()),
            file_name=name.replace("_", "."),
        )
        for name, content in files.items()
    ]
    return sdk.client.ExtendedDeploymentResult(
        admin.create_deployment(data=models.CreateDeploymentData(resources=sent))
    )


@pytest.fixture(scope="module")
def versions(admin: sdk.CamundaClient) -> tuple[Any, Any]:
    """The keys of both versions of `desk`."""
    made = [deploy(admin, desk_bpmn=content).processes[0] for content in (DESK, DESK_LATER)]
    assert made[1].process_definition_version == made[0].process_definition_version + 1
    return made[0].process_definition_key, made[1].process_definition_key


@pytest.fixture
def begin(admin: sdk.CamundaClient, versions: tuple[Any, Any]) -> Callable[..., Any]:
    """Start an instance of the first version."""

    def begun(**variables: Any) -> Any:
        wanted = {"processDefinitionKey": versions[0], "variables": variables}
        return admin.create_process_instance(data=models.ProcessCreationByKey.from_dict(wanted)).process_instance_key

    return begun


def active(admin: sdk.CamundaClient, instance: Any) -> list[str]:
    query = {"filter": {"processInstanceKey": instance, "state": "ACTIVE"}}
    found = admin.search_element_instances(data=models.ElementInstanceSearchQuery.from_dict(query)).items
    return sorted(one.element_id for one in found if one.type_.value != "PROCESS")


def plan(versions: tuple[Any, Any], **mappings: str) -> dict[str, Any]:
    found = [{"sourceElementId": source, "targetElementId": target} for source, target in mappings.items()]
    return {"targetProcessDefinitionKey": versions[1], "mappingInstructions": found}


def watch(admin: sdk.CamundaClient, batch: Any) -> Any:
    """The batch once it is over."""
    for _ in range(300):
        found = admin.get_batch_operation(batch)
        if found.end_date is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"the batch is still {found.state}")


def test_an_instance_migrates_by_a_plan(
    admin: sdk.CamundaClient, begin: Callable[..., Any], versions: tuple[Any, Any]
) -> None:
    instance = begin()
    unmapped = models.ProcessInstanceMigrationInstruction.from_dict(plan(versions, file="file"))
    with pytest.raises(sdk.errors.ApiError) as refused:
        admin.migrate_process_instance(instance, data=unmapped)
    assert refused.value.status_code == 409
    mapped = models.ProcessInstanceMigrationInstruction.from_dict(plan(versions, review="inspect"))
    admin.migrate_process_instance(instance, data=mapped)
    found = admin.get_process_instance(instance)
    assert found.process_definition_key == versions[1]
    assert active(admin, instance) == ["inspect"]
    query = {"filter": {"processInstanceKey": instance, "state": "CREATED"}}
    (task,) = admin.search_user_tasks(data=models.UserTaskSearchQuery.from_dict(query)).items
    admin.complete_user_task(task.user_task_key)
    assert active(admin, instance) == ["stamp"]


def test_tokens_move_start_and_end_by_hand(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    instance = begin()
    moved = {
        "moveInstructions": [
            {
                "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "review"},
                "targetElementId": "file",
                "variableInstructions": [{"variables": {"checked": True}}],
            }
        ]
    }
    admin.modify_process_instance(instance, data=models.ProcessInstanceModificationInstruction.from_dict(moved))
    assert active(admin, instance) == ["file"]
    changed = {"activateInstructions": [{"elementId": "review"}], "terminateInstructions": [{"elementId": "file"}]}
    admin.modify_process_instance(instance, data=models.ProcessInstanceModificationInstruction.from_dict(changed))
    assert active(admin, instance) == ["review"]


def test_a_suspended_instance_rests_until_it_is_resumed(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    instance = begin()
    admin.suspend_process_instance(instance, data=models.SuspendProcessInstanceRequest())
    assert state(admin, instance) == "SUSPENDED"
    assert admin.get_process_instance(instance).suspended_date is not None
    query = {"filter": {"processInstanceKey": instance}}
    (task,) = admin.search_user_tasks(data=models.UserTaskSearchQuery.from_dict(query)).items
    with pytest.raises(sdk.errors.ApiError) as refused:
        admin.complete_user_task(task.user_task_key)
    assert refused.value.status_code == 409
    admin.resume_process_instance(instance, data=models.ResumeProcessInstanceRequest())
    admin.complete_user_task(task.user_task_key)
    assert active(admin, instance) == ["file"]


def test_batches_migrate_and_cancel_many(
    admin: sdk.CamundaClient, begin: Callable[..., Any], versions: tuple[Any, Any]
) -> None:
    keys = [begin() for _ in range(4)]
    wanted = {"filter": {"processInstanceKey": {"$in": keys}}, "migrationPlan": plan(versions, review="inspect")}
    request = models.ProcessInstanceMigrationBatchOperationRequest.from_dict(wanted)
    made = admin.migrate_process_instances_batch_operation(data=request)
    assert made.batch_operation_type.value == "MIGRATE_PROCESS_INSTANCE"
    over = watch(admin, made.batch_operation_key)
    assert (over.state.value, over.operations_completed_count, over.operations_failed_count) == ("COMPLETED", 4, 0)
    assert {admin.get_process_instance(key).process_definition_key for key in keys} == {versions[1]}
    cancel = models.ProcessInstanceCancellationBatchOperationRequest.from_dict({"filter": wanted["filter"]})
    batch = admin.cancel_process_instances_batch_operation(data=cancel).batch_operation_key
    assert watch(admin, batch).state.value == "COMPLETED"
    assert {state(admin, key) for key in keys} == {"TERMINATED"}
    items = models.BatchOperationItemSearchQuery.from_dict({"filter": {"batchOperationKey": batch}})
    found = admin.search_batch_operation_items(data=items).items
    assert sorted(str(one.process_instance_key) for one in found) == sorted(map(str, keys))
    assert {one.state.value for one in found} == {"COMPLETED"}
    listed = models.BatchOperationSearchQuery.from_dict({"filter": {"operationType": "CANCEL_PROCESS_INSTANCE"}})
    assert batch in [one.batch_operation_key for one in admin.search_batch_operations(data=listed).items]


def test_a_batch_that_has_ended_is_not_suspended(admin: sdk.CamundaClient) -> None:
    nothing = models.ProcessInstanceCancellationBatchOperationRequest.from_dict({"filter": {"processInstanceKey": "1"}})
    batch = admin.cancel_process_instances_batch_operation(data=nothing).batch_operation_key
    assert watch(admin, batch).operations_total_count == 0
    for deed in (admin.suspend_batch_operation, admin.resume_batch_operation, admin.cancel_batch_operation):
        with pytest.raises(sdk.errors.ApiError) as refused:
            deed(batch)
        assert 400 <= refused.value.status_code < 500


def test_decisions_are_made_and_told(admin: sdk.CamundaClient) -> None:
    made = deploy(admin, pay_dmn=BONUS, deciding_bpmn=DECIDING)
    key = made.decisions[0].decision_definition_key
    assert admin.get_decision_definition(key).decision_definition_id == "bonus"
    assert admin.get_decision_definition_xml(key) == BONUS.decode()
    requirements = made.decision_requirements[0].decision_requirements_key
    assert admin.get_decision_requirements(requirements).decision_requirements_id == "pay"
    assert admin.get_decision_requirements_xml(requirements) == BONUS.decode()
    wanted = {"decisionDefinitionId": "bonus", "variables": {"level": 7}}
    answer = admin.evaluate_decision(data=models.DecisionEvaluationByID.from_dict(wanted))
    assert (answer.output, answer.decision_definition_key) == ("30", key)
    started = {"processDefinitionId": "deciding", "variables": {"level": 2}}
    instance = admin.create_process_instance(data=models.ProcessCreationById.from_dict(started)).process_instance_key
    query = models.DecisionInstanceSearchQuery.from_dict({"filter": {"processInstanceKey": instance}})
    (decided,) = admin.search_decision_instances(data=query).items
    assert (decided.decision_definition_id, decided.result) == ("bonus", "10")
    in_full = admin.get_decision_instance(decided.decision_evaluation_instance_key)
    assert [rule.rule_id for rule in in_full.matched_rules] == ["others"]
    assert [given.input_value for given in in_full.evaluated_inputs] == ["2"]
    given = models.ExpressionEvaluationRequestVariables.from_dict({"a": 41})
    expression = models.ExpressionEvaluationRequest(expression="=a + 1", variables=given)
    assert admin.evaluate_expression(data=expression).result == 42


def test_who_did_what_is_told(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    instance = begin()
    admin.cancel_process_instance(instance, data=models.CancelProcessInstanceRequest())
    query = models.AuditLogSearchQueryRequest.from_dict({"filter": {"processInstanceKey": instance}})
    found = admin.search_audit_logs(data=query).items
    assert ("admin", "CANCEL") in [(one.actor_id, one.operation_type.value) for one in found]
    assert admin.get_audit_log(found[0].audit_log_key).audit_log_key == found[0].audit_log_key


def test_figures_are_told(admin: sdk.CamundaClient, begin: Callable[..., Any], versions: tuple[Any, Any]) -> None:
    begin()
    counts = admin.get_process_definition_statistics(versions[0]).items
    assert any(one.element_id == "review" and one.active >= 1 for one in counts)
    by_process = admin.get_process_definition_instance_statistics().items
    assert "desk" in [one.process_definition_id for one in by_process]
    since = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    jobs = models.JobTypeStatisticsQuery.from_dict({"filter": since})
    assert any(one.job_type == "sdk.file" for one in admin.get_job_type_statistics(data=jobs).items)
    span = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    assert admin.get_global_job_statistics(from_=span[0], to=span[1]).created.count >= 1
    admin.get_process_instance_statistics_by_error()


def test_resources_and_forms_are_read_back(admin: sdk.CamundaClient) -> None:
    made = deploy(admin, reason_form=FORM)
    form = made.forms[0]
    assert admin.get_form_by_key(form.form_key).form_id == "sdk-reason"
    query = models.ResourceSearchQuery.from_dict({"filter": {"resourceName": "reason.form"}})
    resources = admin.search_resources(data=query).items
    for found in resources:
        assert admin.get_resource(found.resource_key).resource_name == "reason.form"
    pause = deploy(admin, pause_bpmn=PAUSE).processes[0].process_definition_key
    admin.delete_resource(pause, data=models.DeleteResourceRequest())
    gone = models.ProcessDefinitionSearchQuery.from_dict({"filter": {"processDefinitionId": "pause"}})
    assert [one for one in admin.search_process_definitions(data=gone).items if one.state.value == "ACTIVE"] == []


def test_a_document_is_kept_and_given_back(admin: sdk.CamundaClient) -> None:
    sent = File(payload=BytesIO(b"a letter"), file_name="letter.txt", mime_type="text/plain")
    kept = admin.create_document(data=models.CreateDocumentData(file=sent))
    assert kept.metadata.size == 8
    got = admin.get_document(kept.document_id, content_hash=kept.content_hash or "")
    assert got.payload.read() == b"a letter"
    admin.delete_document(kept.document_id)
    with pytest.raises(sdk.errors.ApiError) as refused:
        admin.get_document(kept.document_id, content_hash=kept.content_hash or "")
    assert refused.value.status_code == 404


def test_a_moved_clock_wakes_a_timer(admin: sdk.CamundaClient) -> None:
    deploy(admin, pause_bpmn=PAUSE.replace('id="pause"', 'id="rested"'))
    wanted = models.ProcessCreationById.from_dict({"processDefinitionId": "rested"})
    instance = admin.create_process_instance(data=wanted).process_instance_key
    later = SystemClock().now() + timedelta(days=31)
    admin.pin_clock(data=models.ClockPinRequest(timestamp=int(later.timestamp() * 1000)))
    try:
        for _ in range(100):
            if instances(admin, processInstanceKey=instance, state="COMPLETED"):
                break
            time.sleep(0.1)
        assert state(admin, instance) == "COMPLETED"
    finally:
        admin.reset_clock()
