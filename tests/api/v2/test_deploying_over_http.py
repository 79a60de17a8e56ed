"""Files go in together or not at all; what comes of them has names, keys and versions."""

from typing import Any

import pytest

from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, DECISION, FORM, SERVICE, SIGNED


def parts(**files: str) -> list[tuple[str, tuple[str, bytes]]]:
    return [("resources", (name.replace("_", "."), text.encode())) for name, text in files.items()]


def test_several_files_make_one_deployment(ask: Ask) -> None:
    given = parts(signed_bpmn=SIGNED, reason_form=FORM, days_dmn=DECISION)
    answer = ask("designer", "POST", "/deployments", files=given, data={"tenantId": "<default>"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["deploymentKey"].isdigit()
    made = {kind: found for part in body["deployments"] for kind, found in part.items() if found}
    assert made["processDefinition"] == {
        "processDefinitionId": "signed",
        "processDefinitionKey": made["processDefinition"]["processDefinitionKey"],
        "processDefinitionVersion": 1,
        "resourceName": "signed.bpmn",
        "tenantId": "<default>",
    }
    assert (made["form"]["formId"], made["form"]["version"]) == ("reason", 1)
    assert (made["decisionDefinition"]["decisionDefinitionId"], made["decisionDefinition"]["name"]) == ("days", "Days")


def test_the_same_file_again_is_no_new_version(ask: Ask) -> None:
    first = ask("designer", "POST", "/deployments", files=parts(a_bpmn=APPROVAL)).json()
    again = ask("designer", "POST", "/deployments", files=parts(a_bpmn=APPROVAL)).json()
    changed = ask("designer", "POST", "/deployments", files=parts(a_bpmn=APPROVAL.replace("Approve", "Agree"))).json()

    def definition(body: dict[str, list[dict[str, dict[str, object]]]]) -> dict[str, object]:
        return body["deployments"][0]["processDefinition"]

    assert definition(again) == definition(first)
    assert definition(changed)["processDefinitionVersion"] == 2
    assert definition(changed)["processDefinitionKey"] != definition(first)["processDefinitionKey"]


def test_a_refused_file_is_told_by_file_element_and_rule(ask: Ask) -> None:
    wrong = SERVICE.replace('type="crm.call"', 'type=""')
    answer = ask("designer", "POST", "/deployments", files=parts(good_bpmn=APPROVAL, wrong_bpmn=wrong))
    assert answer.status_code == 400
    body = answer.json()
    assert (body["title"], body["status"], body["instance"]) == ("INVALID_ARGUMENT", 400, "/v2/deployments")
    problem = body["problems"][0]
    assert (problem["file"], problem["element"], problem["error"]) == ("wrong.bpmn", "call", True)
    assert problem["rule"]
    assert problem["sentence"] == body["detail"]
    found = ask("designer", "POST", "/process-definitions/search", json={}).json()
    assert found["items"] == []  # the good one beside it went in neither


@pytest.mark.requirement("F10")
def test_the_law_is_asked_here_too(ask: Ask) -> None:
    holds_wages = SERVICE.replace('name="Call"', 'name="暂停工资发放"')
    answer = ask("designer", "POST", "/deployments", files=parts(wages_bpmn=holds_wages))
    assert answer.status_code == 400
    assert [problem["rule"] for problem in answer.json()["problems"]] == ["law-wages"]


def test_what_is_no_model_is_refused_in_words(ask: Ask) -> None:
    for name, text in (("a_bpmn", "not XML"), ("a_form", "[]"), ("a_dmn", "<x/>"), ("a_txt", "hello")):
        answer = ask("designer", "POST", "/deployments", files=parts(**{name: text}))
        assert answer.status_code == 400, answer.text
        assert answer.json()["problems"][0]["file"] == name.replace("_", ".")


def test_an_entity_in_a_model_is_not_read(ask: Ask) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + APPROVAL.replace("Approve", "&a;")
    answer = ask("designer", "POST", "/deployments", files=parts(a_bpmn=bomb))
    assert answer.status_code == 400
    assert "root:" not in answer.text


def test_a_deployment_without_files_is_refused(ask: Ask) -> None:
    nothing: list[dict[str, Any]] = [{}, {"data": {"resources": "no file"}}, {"json": {}}]
    for given in nothing:
        answer = ask("designer", "POST", "/deployments", **given)
        assert answer.status_code == 400
        assert answer.json()["title"] == "INVALID_ARGUMENT"


def test_only_designers_deploy(ask: Ask) -> None:
    answer = ask("hr", "POST", "/deployments", files=parts(a_bpmn=APPROVAL))
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("hr may not do this: it is for ")


def test_a_definition_gives_back_its_file_byte_for_byte(ask: Ask) -> None:
    made = ask("designer", "POST", "/deployments", files=parts(a_bpmn=APPROVAL)).json()
    key = made["deployments"][0]["processDefinition"]["processDefinitionKey"]
    assert ask("hr", "GET", f"/process-definitions/{key}/xml").content == APPROVAL.encode()
    assert ask("hr", "GET", f"/process-definitions/{key}").json()["name"] == "Approval"
    assert ask("hr", "GET", "/process-definitions/4711").status_code == 404
    assert ask("hr", "GET", "/process-definitions/4711/xml").status_code == 404


@pytest.mark.parametrize("latest", [True, False])
def test_versions_are_searched(ask: Ask, latest: bool) -> None:
    for name in ("Approve", "Agree", "Accept"):
        ask("designer", "POST", "/deployments", files=parts(a_bpmn=APPROVAL.replace("Approve", name)))
    wanted = {"filter": {"processDefinitionId": "approval", "isLatestVersion": latest}, "sort": [{"field": "version"}]}
    found = ask("hr", "POST", "/process-definitions/search", json=wanted).json()
    assert [item["version"] for item in found["items"]] == ([3] if latest else [1, 2])
