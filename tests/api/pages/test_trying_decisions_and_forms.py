"""A designer tries a decision and fills in a form before anybody else sees them: by the engine, and nothing is kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kernel.actor import system
from processes.studio import projects
from tasks.house import House

ROOT = Path(__file__).parents[3]
NOTICE = (ROOT / "processes" / "offboarding" / "notice.dmn").read_text("utf-8")
CONFIRM = (ROOT / "forms" / "offboarding" / "manager-confirm.form").read_text("utf-8")


@pytest.fixture
def project(house: House) -> int:
    with house.database.transaction() as unit:
        return projects.create(house.engine, unit, "交接", [], actor=system("test"))


@pytest.fixture
def designer(sign_in: Callable[[str], httpx.Client]) -> httpx.Client:
    client = sign_in("designer")
    client.headers["accept"] = "application/json"
    return client


def decide(client: httpx.Client, project: int, content: str, decision: str, **inputs: Any) -> httpx.Response:
    body = {"content": content, "decision": decision, "inputs": inputs}
    return client.post(f"/studio/{project}/decide", json=body)


def test_a_decision_tells_its_value_and_which_rules_fired_on_the_way(designer: httpx.Client, project: int) -> None:
    answer = decide(
        designer,
        project,
        NOTICE,
        "notice-period",
        leavingType="37",
        employee={"inProbation": True, "contractEndsOn": None},
        leavingOn="2026-12-31",
        filedAt="2026-11-02T09:00:00+08:00",
    ).json()
    assert answer["value"] == {
        "days": 3,
        "article": "《劳动合同法》第三十七条（试用期）",
        "statutoryLastDay": "2026-11-05",
    }
    made = {each["id"]: each for each in answer["decisions"]}
    assert list(made)[-1] == "notice-period"
    assert made["notice-rule"]["rules"] == [{"id": "notice-table_rule_6", "index": 6}]
    assert made["notice-rule"]["kind"] == "DECISION_TABLE"
    assert {"id": "notice-table_in_1", "name": "离职类型", "value": "37"} in made["notice-rule"]["inputs"]
    assert (answer["warnings"], answer["problems"], answer["failure"]) == ([], [], None)
    poor = decide(designer, project, NOTICE, "notice-rule", leavingType="37").json()
    assert any("是否试用期" in warning for warning in poor["warnings"])


def test_our_own_functions_work_there_too(designer: httpx.Client, project: int) -> None:
    content = NOTICE.replace("<text>{days:", "<text>{after: working days after(filedOn, 1), days:")
    answer = decide(designer, project, content, "notice-period", filedAt="2026-09-30T09:00:00+08:00").json()
    assert answer["problems"] == []
    assert answer["value"]["after"] == "2026-10-08"  # the first working day after the national holiday


def test_the_decisions_of_a_file_say_what_they_ask_and_what_is_wrong(designer: httpx.Client, project: int) -> None:
    content = NOTICE.replace('<text>"38"</text>', '<text>"38" ..</text>')
    told = designer.post(f"/studio/{project}/decisions", json={"content": content}).json()
    assert [each["id"] for each in told["decisions"]] == ["notice-period", "notice-rule", "filed-on"]
    first = told["decisions"][1]["fields"][0]
    assert first == {
        "path": ["leavingType"],
        "label": "离职类型",
        "type": "string",
        "choices": [],
        "examples": ["39", "40", "41"],
    }
    assert [(each["element"], each["cell"]) for each in told["problems"]] == [
        ("notice-rule", "notice-table_rule_1_in_1")
    ]
    assert "规则 1" in told["problems"][0]["sentence"]


def test_what_cannot_be_decided_is_refused_in_words(
    designer: httpx.Client, project: int, sign_in: Callable[[str], httpx.Client]
) -> None:
    endless = NOTICE.replace("filedOn +", "for i in 1..900000 return i*i*i +")
    for content, decision, said in (
        ("no XML", "d", "无法读取决策模型"),
        ("<!DOCTYPE x [<!ENTITY e 'x'>]><definitions/>", "d", "无法读取决策模型"),
        (NOTICE, "nothing", "nothing"),
        (endless, "notice-period", "通知期"),
    ):
        refused = decide(designer, project, content, decision, filedAt="2026-11-02T09:00:00+08:00")
        assert refused.status_code == 400
        assert said in refused.json()["detail"]
    assert decide(designer, project + 1000, NOTICE, "notice-rule").status_code == 404
    assert decide(sign_in("hr"), project, NOTICE, "notice-rule").status_code == 403


def fill(
    client: httpx.Client, project: int, content: str, values: dict[str, Any], context: dict[str, Any], **files: Any
) -> httpx.Response:
    data = {"name": "x.form", "content": content, "values": values, "context": context}
    sent: Any = {"data": (None, json.dumps(data)), **files}
    return client.post(f"/studio/{project}/fill", files=sent)


FORM = json.dumps(
    {
        "type": "default",
        "id": "f",
        "schemaVersion": 19,
        "components": [
            {"type": "number", "id": "days", "key": "days", "label": "天数", "validate": {"required": True, "max": 30}},
            {"type": "textfield", "id": "who", "key": "who", "label": "谁", "properties": {"widget": "employee"}},
            {"type": "textfield", "id": "unit", "key": "unit", "label": "部门", "properties": {"widget": "department"}},
            {"type": "textfield", "id": "card", "key": "card", "label": "身份证", "properties": {"widget": "idNumber"}},
            {"type": "filepicker", "id": "proof", "key": "proof", "label": "证明"},
            {"type": "textfield", "id": "fixed", "key": "fixed", "label": "固定", "readonly": True},
        ],
    }
)


def test_a_form_is_filled_in_as_it_will_be_and_nothing_is_kept(
    designer: httpx.Client, project: int, house: House
) -> None:
    with house.database.transaction() as unit:
        before = unit.all("select count(*) from stored_file", ())
    sent = {"days": 3, "fixed": "forged", "proof": "files::1"}
    answer = fill(
        designer,
        project,
        FORM,
        sent,
        {"fixed": "given"},
        **{"files::1": ("proof.txt", "在职证明".encode(), "application/octet-stream")},
    )
    assert answer.status_code == 200, answer.text
    values = answer.json()["values"]
    assert (values["days"], "fixed" in values) == (3, False)
    assert [kept["mediaType"] for kept in values["proof"]] == ["text/plain"]
    with house.database.transaction() as unit:
        assert unit.all("select count(*) from stored_file", ()) == before


def test_what_the_product_would_refuse_is_told_at_the_component(designer: httpx.Client, project: int) -> None:
    wrong = {"days": 31, "who": "no.one", "unit": "nowhere", "card": "110101199003077776"}
    refused = fill(designer, project, FORM, wrong, {})
    assert refused.status_code == 422
    told = refused.json()["errors"]
    assert (told["days"], told["who"]) == (["不得大于 30。"], ["请从列表中选择一位同事。"])
    assert (told["unit"], "末位" in told["card"][0]) == (["请从列表中选择一个部门。"], True)
    unit = designer.get("/people/departments", params={"q": "研发"}).json()[0]
    assert designer.get("/people/departments", params={"login": unit["login"]}).json() == [unit]
    right = {"days": 3, "unit": unit["login"], "card": "110101199003077774"}
    assert fill(designer, project, FORM, right, {}).json()["values"]["card"] == "110101199003077774"
    broken = CONFIRM.replace('"type": "textfield"', '"type": "hologram"', 1)
    refused = fill(designer, project, broken, {}, {})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["rule"] == "type"
    assert "hologram" in refused.json()["problems"][0]["sentence"]
