"""What editors ask about a project: problems in the reader's language, variables, one expression, templates."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from deploy.pages import WEB
from kernel.actor import system
from processes import catalog, publish
from processes.studio import projects
from tasks.handlers import registry
from tasks.house import House
from tests.api.sdk.test_camunda_node_client import node
from tests.processes.hints.conftest import shipped
from tests.tasks.handlers.test_element_templates import CHECK

SLIP = ("=employee.login", "=employe.login")


@pytest.fixture
def project(house: House) -> int:
    """Offboarding as a project, beside the family that its stories go on into."""
    with house.database.transaction() as unit:
        publish.publish(house.engine, unit, [catalog.home() / "agreement", catalog.home() / "training"], system("test"))
        return projects.create(house.engine, unit, "交接", shipped(), actor=system("test"))


@pytest.fixture
def designer(sign_in: Callable[[str], httpx.Client]) -> httpx.Client:
    client = sign_in("designer")
    client.headers["accept"] = "application/json"
    return client


def unsaved() -> dict[str, str]:
    """The drawing as it stands in an editor, with a slip in it that is not saved."""
    (content,) = [file.content.decode() for file in shipped() if file.name == "offboarding.bpmn"]
    return {"name": "offboarding.bpmn", "content": content.replace(*SLIP, 1)}


def ask(client: httpx.Client, project: int, what: str, **body: Any) -> Any:
    answer = client.post(f"/studio/{project}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.requirement("F114")
def test_problems_are_of_what_stands_in_the_editor_in_the_readers_language(
    designer: httpx.Client, project: int
) -> None:
    assert ask(designer, project, "problems") == {"problems": []}
    (slip,) = ask(designer, project, "problems", **unsaved())["problems"]
    assert slip == {
        "file": "offboarding.bpmn",
        "element": "handover_list",
        "name": "员工填写交接清单",
        "rule": "name-unknown",
        "error": False,
        "sentence": "办理人：此处没有变量 employe，是否应为 employee？",
        "property": "assignmentDefinitionAssignee",
    }
    designer.cookies.set("language", "en")
    (slip,) = ask(designer, project, "problems", **unsaved())["problems"]
    assert slip["sentence"] == "Assignee: employe is not known here. Did you mean employee?"
    assert ask(designer, project, "problems") == {"problems": []}  # nothing was saved


def test_variables_are_told_for_all_elements_or_for_one(designer: httpx.Client, project: int) -> None:
    elements = ask(designer, project, "variables", **unsaved())["elements"]
    assert {"handover_list", "too_early_to_agree_date"} <= set(elements)
    one = ask(designer, project, "variables", **unsaved(), element="handover_list")["elements"]
    assert one == {"handover_list": elements["handover_list"]}
    (employee,) = [found for found in one["handover_list"] if found["name"] == "employee"]
    assert employee["type"] == "context"
    assert {"name": "login", "type": "string"} in employee["entries"]


def test_one_expression_is_read_where_it_stands(designer: httpx.Client, project: int) -> None:
    where = {"name": "offboarding.bpmn", "element": "handover_list"}
    (fault,) = ask(designer, project, "expressions", expression="=plan.\n+ 1", **where)["problems"]
    assert (fault["line"], fault["column"], fault["error"]) == (2, 1, True)
    (slip,) = ask(designer, project, "expressions", expression="=employe.login", **where)["problems"]
    assert (slip["error"], "employee" in slip["sentence"]) == (False, True)
    assert ask(designer, project, "expressions", expression="=employee.login", **where) == {"problems": []}
    assert ask(designer, project, "expressions", expression="=anything") == {"problems": []}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b'{"name": 1, "content": "x"}', 400),
        (b'{"content": "x"}', 400),
        (b"x" * 13_000_000, 413),
    ],
)
def test_what_is_no_question_is_refused_in_words(
    designer: httpx.Client, project: int, body: bytes, status: int
) -> None:
    answer = designer.post(f"/studio/{project}/problems", content=body)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_templates_are_handlers_and_whatever_can_be_called(designer: httpx.Client, project: int, language: str) -> None:
    designer.cookies.set("language", language)
    told = designer.get(f"/studio/{project}/templates").json()
    kinds = [template["elementType"]["value"] for template in told]
    assert kinds.count("bpmn:ServiceTask") == len(registry.types())
    assert {"bpmn:CallActivity", "bpmn:BusinessRuleTask", "bpmn:UserTask"} <= set(kinds)
    process = next(template for template in told if template["id"] == "jiaojie.process.offboarding")
    bound = {prop["binding"].get("property"): prop.get("value") for prop in process["properties"]}
    assert (bound["processId"], bound["bindingType"]) == ("offboarding", "deployment")
    decision = next(template for template in told if template["id"] == "jiaojie.decision.notice-period")
    bound = {prop["binding"].get("property"): prop.get("value") for prop in decision["properties"]}
    assert (bound["decisionId"], bound["resultVariable"]) == ("notice-period", "noticePeriod")
    kept = designer.get(f"/studio/templates/{language}.json")
    assert kept.headers["content-disposition"].startswith("attachment")
    # What is deployed is called in its latest version where no project brings it along.
    latest = next(template for template in kept.json() if template["id"] == "jiaojie.process.offboarding")
    assert "latest" in {prop.get("value") for prop in latest["properties"]}
    done = subprocess.run(
        [node(), str(CHECK), str(WEB)],
        input=json.dumps([*told, *kept.json()]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == []


def test_templates_speak_two_languages_alone(designer: httpx.Client) -> None:
    assert designer.get("/studio/templates/fr.json").status_code == 404
