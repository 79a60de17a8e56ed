"""Camunda's own Python client against the running product: it reads every answer with its strict models."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any, cast

import camunda_orchestration_sdk as sdk
import pytest
from camunda_orchestration_sdk import models
from camunda_orchestration_sdk.runtime.job_worker import JobError, JobFailure, WorkerConfig
from camunda_orchestration_sdk.types import File

from tests.api.sdk.conftest import Product
from tests.api.sdk.models import BONUS, CALLED, CALLING, ERRAND, FORM, FORMAL, HEARD, PAID
from tests.api.sdk.working import instances, opened, state

FILES = {
    "errand.bpmn": ERRAND.encode(),
    "formal.bpmn": FORMAL.encode(),
    "paid.bpmn": PAID.encode(),
    "heard.bpmn": HEARD.encode(),
    "called.bpmn": CALLED.encode(),
    "calling.bpmn": CALLING.encode(),
    "reason.form": FORM,
    "pay.dmn": BONUS,
}


@pytest.fixture(scope="module")
def admin(product: Product) -> Iterator[sdk.CamundaClient]:
    with opened(product, "admin") as found:
        yield found


@pytest.fixture(scope="module")
def deployed(admin: sdk.CamundaClient) -> Any:
    files = [File(payload=BytesIO(content), file_name=name) for name, content in FILES.items()]
    return sdk.client.ExtendedDeploymentResult(
        admin.create_deployment(data=models.CreateDeploymentData(resources=files))
    )


@pytest.fixture(scope="module")
def begin(admin: sdk.CamundaClient, deployed: Any) -> Callable[..., Any]:
    def begun(process: str, **variables: Any) -> Any:
        wanted = {"processDefinitionId": process, "variables": variables}
        return admin.create_process_instance(data=models.ProcessCreationById.from_dict(wanted)).process_instance_key

    return begun


def test_everything_of_a_deployment_comes_back_by_its_kind(deployed: Any, admin: sdk.CamundaClient) -> None:
    assert {found.process_definition_id for found in deployed.processes} >= {"errand", "formal", "calling"}
    assert [found.form_id for found in deployed.forms] == ["sdk-reason"]
    assert [found.decision_definition_id for found in deployed.decisions] == ["bonus"]
    assert [found.decision_requirements_id for found in deployed.decision_requirements] == ["pay"]
    formal = next(found for found in deployed.processes if found.process_definition_id == "formal")
    definition = admin.get_process_definition(formal.process_definition_key)
    assert (definition.name, definition.version, definition.version_tag) == ("Formal", 1, "first")
    assert admin.get_process_definition_xml(formal.process_definition_key) == FORMAL
    query = models.ProcessDefinitionSearchQuery.from_dict({"filter": {"processDefinitionId": "formal"}})
    assert [found.version for found in admin.search_process_definitions(data=query).items] == [1]


def test_the_product_says_what_it_is_and_who_asks(product: Product, admin: sdk.CamundaClient) -> None:
    assert admin.get_topology().cluster_size == 1
    admin.get_status()
    assert admin.get_authentication().username == "admin"
    with opened(product) as program:
        assert program.get_authentication().username == "payroll"
    with opened(product, "zhang.wei") as person, pytest.raises(sdk.errors.ApiError) as refused:
        person.search_process_instances()
    assert refused.value.status_code == 403


def test_pages_follow_one_another_by_cursor(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    keys = sorted((begin("paid", order=f"page-{n}") for n in range(5)), key=int)
    query: dict[str, Any] = {
        "filter": {"processDefinitionId": "paid", "processInstanceKey": {"$in": keys}},
        "sort": [{"field": "processInstanceKey", "order": "DESC"}],
        "page": {"limit": 2},
    }
    seen: list[str] = []
    for _ in range(3):
        page = admin.search_process_instances(data=models.ProcessInstanceSearchQuery.from_dict(query))
        assert page.page.total_items == 5
        seen += [found.process_instance_key for found in page.items]
        query["page"] = {"limit": 2, "after": page.page.end_cursor}
    assert seen == keys[::-1]
    back = {**query, "page": {"limit": 2, "before": page.page.start_cursor}}
    before = admin.search_process_instances(data=models.ProcessInstanceSearchQuery.from_dict(back))
    assert [found.process_instance_key for found in before.items] == keys[::-1][2:4]


def test_the_clients_worker_completes_fails_and_throws(product: Product, begin: Callable[..., Any]) -> None:
    done, thrown, failed = (begin("errand", deed=deed) for deed in ("done", "throw", "fail"))

    async def handle(job: Any) -> dict[str, Any]:
        deed = job.variables.to_dict()["deed"]
        if deed == "throw":
            raise JobError("GONE", "It is gone.")
        if deed == "fail":
            raise JobFailure("The other side is down.", retries=0)
        return {"answer": job.custom_headers.to_dict()["region"]}

    async def work() -> None:
        configuration = cast(Any, product.environment())
        async with sdk.CamundaAsyncClient(configuration=configuration) as program:
            config = WorkerConfig("sdk.call", job_timeout_milliseconds=60_000, worker_name="tests")
            worker = program.create_job_worker(config, handle)
            try:
                for _ in range(300):
                    await asyncio.sleep(0.05)
                    with opened(product) as looking:
                        ended = {state(looking, key) for key in (done, thrown)}
                        if ended == {"COMPLETED"} and instances(looking, processInstanceKey=failed, hasIncident=True):
                            return
                raise AssertionError("the worker has not done its work")
            finally:
                worker.stop()  # type: ignore[no-untyped-call]  # the client's own
                with suppress(asyncio.CancelledError):
                    await cast(Any, worker).polling_task

    asyncio.run(work())
    with opened(product, "admin") as admin:
        query = models.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": done, "name": "answer"}})
        assert [found.value for found in admin.search_variables(data=query).items] == ['"east"']
        mend(admin, failed)


def mend(admin: sdk.CamundaClient, instance: Any) -> None:
    """Give the failed job another attempt, resolve its incident and complete it by hand."""
    query = models.IncidentSearchQuery.from_dict({"filter": {"processInstanceKey": instance, "state": "ACTIVE"}})
    (incident,) = admin.search_incidents(data=query).items
    assert incident.error_message == "The other side is down."
    assert incident.job_key is not None
    assert admin.get_incident(incident.incident_key).element_id == "call"
    on_instance = admin.search_process_instance_incidents(instance)
    assert [found.incident_key for found in on_instance.items] == [incident.incident_key]
    admin.update_job(
        incident.job_key, data=models.JobUpdateRequest.from_dict({"changeset": {"retries": 1, "timeout": None}})
    )
    admin.resolve_incident(incident.incident_key)
    wanted = {"type": "sdk.call", "timeout": 60_000, "maxJobsToActivate": 10, "worker": "by hand"}
    jobs = admin.activate_jobs(data=models.JobActivationRequest.from_dict(wanted)).jobs
    (job,) = [job for job in jobs if job.process_instance_key == instance]
    admin.complete_job(job.job_key, data=models.JobCompletionRequest.from_dict({"variables": {"mended": True}}))
    assert state(admin, instance) == "COMPLETED"
    found = admin.search_jobs(data=models.JobSearchQuery.from_dict({"filter": {"jobKey": job.job_key}})).items
    assert [one.state.value for one in found] == ["COMPLETED"]


def test_a_user_task_is_found_assigned_changed_and_completed(
    admin: sdk.CamundaClient, begin: Callable[..., Any]
) -> None:
    instance = begin("formal", amount=7)
    query = models.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": instance, "state": "CREATED"}})
    (task,) = admin.search_user_tasks(data=query).items
    key = task.user_task_key
    assert task.candidate_groups == ["hr"]
    admin.assign_user_task(key, data=models.UserTaskAssignmentRequest.from_dict({"assignee": "hr"}))
    change = {"changeset": {"dueDate": "2030-01-02T03:04:05Z", "priority": 80}}
    admin.update_user_task(key, data=models.UserTaskUpdateRequest.from_dict(change))
    changed = admin.get_user_task(key)
    assert (changed.assignee, changed.priority, str(changed.due_date)[:10]) == ("hr", 80, "2030-01-02")
    assert json.loads(admin.get_user_task_form(key).schema)["id"] == "sdk-reason"
    assert [found.name for found in admin.search_user_task_variables(key).items] == ["amount"]
    admin.unassign_user_task(key)
    admin.assign_user_task(key, data=models.UserTaskAssignmentRequest.from_dict({"assignee": "admin"}))
    admin.complete_user_task(key, data=models.UserTaskCompletionRequest.from_dict({"variables": {"why": "because"}}))
    assert state(admin, instance) == "COMPLETED"
    operations = [found.operation_type.value for found in admin.search_user_task_audit_logs(key).items]
    assert {"ASSIGN", "COMPLETE"} <= set(operations)


def test_a_message_and_a_signal_reach_who_waits(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    published, correlated, told = begin("paid", order="A-1"), begin("paid", order="A-2"), begin("heard")
    waiting = models.MessageSubscriptionSearchQuery.from_dict({"filter": {"processInstanceKey": published}})
    assert [found.message_name for found in admin.search_message_subscriptions(data=waiting).items] == ["sdk-paid"]
    message = {"name": "sdk-paid", "correlationKey": "A-1", "timeToLive": 1000, "variables": {"paid": 100}}
    admin.publish_message(data=models.MessagePublicationRequest.from_dict(message))
    message = {"name": "sdk-paid", "correlationKey": "A-2"}
    answer = admin.correlate_message(data=models.MessageCorrelationRequest.from_dict(message))
    assert answer.process_instance_key == correlated
    admin.broadcast_signal(data=models.SignalBroadcastRequest.from_dict({"signalName": "sdk-closing"}))
    assert [state(admin, key) for key in (published, correlated, told)] == ["COMPLETED"] * 3
    past = models.CorrelatedMessageSubscriptionSearchQuery.from_dict({"filter": {"processInstanceKey": published}})
    found = admin.search_correlated_message_subscriptions(data=past).items
    assert [(one.message_name, one.correlation_key) for one in found] == [("sdk-paid", "A-1")]


def test_elements_and_calls_of_an_instance_are_told(admin: sdk.CamundaClient, begin: Callable[..., Any]) -> None:
    outer = begin("calling")
    (inner,) = instances(admin, parentProcessInstanceKey=outer)
    assert inner.root_process_instance_key == outer
    hierarchy = admin.get_process_instance_call_hierarchy(inner.process_instance_key)
    assert [found.process_instance_key for found in hierarchy] == [outer, inner.process_instance_key]
    query = models.ElementInstanceSearchQuery.from_dict(
        {"filter": {"processInstanceKey": inner.process_instance_key}, "sort": [{"field": "startDate", "order": "ASC"}]}
    )
    found = {str(one.element_id): one for one in admin.search_element_instances(data=query).items}
    assert found["inner"].state.value == "ACTIVE"
    assert found["inner"].type_.value == "SERVICE_TASK"
    one = admin.get_element_instance(found["inner"].element_instance_key)
    assert one.process_instance_key == inner.process_instance_key
    flows = admin.get_process_instance_sequence_flows(inner.process_instance_key).items
    assert [flow.element_id for flow in flows] == ["f0"]
    counts = admin.get_process_instance_statistics(inner.process_instance_key).items
    assert {(count.element_id, count.active) for count in counts} >= {("inner", 1)}
    admin.create_element_instance_variables(outer, data=models.SetVariableRequest.from_dict({"variables": {"a": 1}}))
    scope = models.VariableSearchQuery.from_dict({"filter": {"scopeKey": outer}})
    (variable,) = admin.search_variables(data=scope).items
    assert admin.get_variable(variable.variable_key).value == "1"
    admin.cancel_process_instance(outer, data=models.CancelProcessInstanceRequest())
    assert [state(admin, key) for key in (outer, inner.process_instance_key)] == ["TERMINATED"] * 2
