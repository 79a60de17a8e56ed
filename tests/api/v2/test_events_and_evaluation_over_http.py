"""Messages once per id, signals to all, incidents mended, expressions and decisions tried, the trial's clock moved."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from api.trial import TrialTime
from kernel.clock import ManualClock
from tasks.house import House
from tasks.human import announced
from tests.api.v2.conftest import Ask
from tests.api.v2.models import BROKEN, DECISION, LISTENING, WAITING, process

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]


def states(post: Ask) -> list[str]:
    found = post("hr", "/process-instances/search", sort=[{"field": "processInstanceKey"}]).json()["items"]
    return [item["state"] for item in found]


def test_a_message_reaches_the_instance_with_its_key(post: Ask, work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=WAITING)
    first, _ = begin("waiting", order="A-1"), begin("waiting", order="A-2")
    sent = work("/messages/publication", name="paid", correlationKey="A-1", variables={"sum": 5})
    assert sent.status_code == 200
    assert sent.json()["messageKey"].isdigit()
    assert states(post) == ["COMPLETED", "ACTIVE"]
    (found,) = post("hr", "/variables/search", filter={"processInstanceKey": first, "name": "sum"}).json()["items"]
    assert found["value"] == "5"


def test_a_message_is_taken_in_once_per_id(post: Ask, work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=WAITING)
    given = {"name": "paid", "correlationKey": "A-1", "messageId": "m-1"}
    assert work("/messages/publication", **given).status_code == 200
    again = work("/messages/publication", **given)
    assert again.status_code == 409
    assert again.json()["title"] == "ALREADY_EXISTS"
    assert "taken in before" in again.json()["detail"]
    assert work("/messages/publication", **{**given, "messageId": "m-2"}).status_code == 200


def test_a_message_that_lives_is_met_by_who_comes_later(post: Ask, work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=WAITING)
    work("/messages/publication", name="paid", correlationKey="A-1", timeToLive=60_000)
    work("/messages/publication", name="paid", correlationKey="A-2")
    begin("waiting", order="A-1")
    begin("waiting", order="A-2")
    assert states(post) == ["COMPLETED", "ACTIVE"]


def test_correlating_says_whom_it_reached_or_that_nobody_waits(
    post: Ask, work: Ask, deploy: Deploy, begin: Begin
) -> None:
    deploy(a=WAITING)
    nobody = work("/messages/correlation", name="paid", correlationKey="A-1")
    assert nobody.status_code == 404
    assert "paid" in nobody.json()["detail"]
    key = begin("waiting", order="A-1")
    reached = work("/messages/correlation", name="paid", correlationKey="A-1").json()
    assert reached["processInstanceKey"] == key


def test_a_signal_is_heard_by_all_who_listen(post: Ask, work: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=LISTENING)
    begin("listening")
    begin("listening")
    assert work("/signals/broadcast", signalName="other").status_code == 200
    assert states(post) == ["ACTIVE", "ACTIVE"]
    assert work("/signals/broadcast", signalName="closing", variables={"at": "noon"}).json()["signalKey"].isdigit()
    assert states(post) == ["COMPLETED", "COMPLETED"]


def test_an_incident_is_resolved_once_its_cause_is_mended(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=BROKEN)
    begin("broken", n=0)
    (found,) = post("hr", "/incidents/search", filter={"state": "ACTIVE"}).json()["items"]
    assert (found["elementId"], found["processDefinitionId"]) == ("sum", "broken")
    assert found["errorMessage"]
    key = found["incidentKey"]
    assert post("hr", f"/incidents/{key}/resolution").status_code == 403
    assert post("admin", f"/incidents/{key}/resolution").status_code == 204  # tried again, and stopped again
    again = post("admin", f"/incidents/{key}/resolution")
    assert again.status_code == 409
    (other,) = post("hr", "/incidents/search", filter={"state": "ACTIVE"}).json()["items"]
    assert other["incidentKey"] != key
    assert post("admin", "/incidents/4711/resolution").status_code == 404


ENDLESS = process(
    "endless",
    '<exclusiveGateway id="j"/><scriptTask id="turn"><extensionElements><zeebe:script expression="=1" '
    'resultVariable="n"/></extensionElements></scriptTask><exclusiveGateway id="x" default="again"/>'
    '<sequenceFlow id="again" sourceRef="x" targetRef="j"/>'
    '<sequenceFlow id="out" sourceRef="x" targetRef="e"><conditionExpression>=n &gt; 1</conditionExpression>'
    "</sequenceFlow>",
    "s j turn x",
)


def test_a_kind_of_incident_that_is_ours_alone_is_unknown_to_others(post: Ask, deploy: Deploy, begin: Begin) -> None:
    """Camunda's clients read a closed list of error types."""
    deploy(a=ENDLESS, b=BROKEN)
    begin("endless")
    begin("broken", n=0)
    found = post("hr", "/incidents/search", filter={"errorType": {"$in": ["UNKNOWN"]}}).json()["items"]
    assert [(one["errorType"], one["processDefinitionId"]) for one in found] == [("UNKNOWN", "endless")]
    every = post("hr", "/incidents/search", sort=[{"field": "errorType"}]).json()["items"]
    assert [one["errorType"] for one in every] == ["EXTRACT_VALUE_ERROR", "UNKNOWN"]


def test_expressions_are_tried_on_what_the_caller_sends(post: Ask) -> None:
    for name in ("context", "variables"):
        body = {"expression": "=days * 2", name: {"days": 15}}
        answer = post("designer", "/expression/evaluation", **body).json()
        assert answer == {"expression": "=days * 2", "result": 30, "warnings": [], "referencedSecrets": []}
    missing = post("designer", "/expression/evaluation", expression="=nothing + 1").json()
    assert missing["result"] is None
    assert missing["warnings"][0]["message"]
    wrong = post("designer", "/expression/evaluation", expression="=1 +")
    assert wrong.status_code == 400
    assert "cannot be read" in wrong.json()["detail"]
    endless = post("designer", "/expression/evaluation", expression="=count(for i in 1..100000000 return i)")
    assert endless.status_code == 400
    assert "has no value" in endless.json()["detail"]
    assert post("hr", "/expression/evaluation", expression="=1").status_code == 403


def test_what_is_wrong_with_an_expression_is_told_in_the_language_that_is_asked_for(ask: Ask) -> None:
    def told(expression: str, language: str) -> Any:
        body, headers = {"expression": expression}, {"Accept-Language": language}
        return ask("designer", "POST", "/expression/evaluation", json=body, headers=headers).json()

    assert told("=nobody", "zh")["warnings"] == [{"message": "NO_VARIABLE_FOUND（第 1 个字符）：没有变量“nobody”。"}]
    assert told("=nobody", "en")["warnings"] == [{"message": "NO_VARIABLE_FOUND at 1: There is no variable 'nobody'."}]
    assert told("=1 +", "zh")["detail"] == "无法读取表达式：第 1 行第 4 列：此处应为值，而不是结尾。"
    assert told("=assert(1, false)", "zh")["detail"] == "表达式没有值：条件不满足。"


def test_a_decision_is_made_by_id_and_by_key(post: Ask, ask: Ask) -> None:
    made = ask("designer", "POST", "/deployments", files=[("resources", ("d.dmn", DECISION.encode()))]).json()
    key = made["deployments"][0]["decisionDefinition"]["decisionDefinitionKey"]
    for wanted in ({"decisionDefinitionId": "days"}, {"decisionDefinitionKey": key}):
        answer = post("designer", "/decision-definitions/evaluation", variables={"level": 6}, **wanted).json()
        assert json.loads(answer["output"]) == 30
        assert (answer["decisionDefinitionKey"], answer["decisionDefinitionVersion"]) == (key, 1)
        (decided,) = answer["evaluatedDecisions"]
        assert (decided["decisionDefinitionKey"], decided["output"]) == (key, "30")
    unknown = post("designer", "/decision-definitions/evaluation", decisionDefinitionId="nothing")
    assert unknown.status_code == 404
    assert "nothing" in unknown.json()["detail"]
    assert post("designer", "/decision-definitions/evaluation").status_code == 400


def test_the_clock_moves_in_a_trial_alone(ask: Ask) -> None:
    answer = ask("designer", "PUT", "/clock", json={"timestamp": 1_793_000_000_000})
    assert answer.status_code == 404
    assert "JIAOJIE_TRIAL=1" in answer.json()["detail"]


@pytest.fixture
def trial(house: House, application: FastAPI) -> TrialTime:
    """The application's house on a clock that can be moved."""
    moved = TrialTime(house.database, ManualClock("2026-11-02T01:00:00Z"))
    application.state.house = House(
        settings=house.settings, database=house.database, clock=moved, engine=house.engine, world=house.world
    )
    return moved


def test_a_trials_clock_is_moved_and_set_back(ask: Ask, trial: TrialTime) -> None:
    assert ask("designer", "PUT", "/clock", json={"timestamp": 1_795_000_000_000}).status_code == 204
    assert round(trial.now().timestamp()) == 1_795_000_000
    assert ask("designer", "POST", "/clock/reset").status_code == 204
    assert trial.now().isoformat() == "2026-11-02T01:00:00+00:00"
    bad: list[dict[str, Any]] = [{}, {"timestamp": "now"}, {"timestamp": -5}, {"timestamp": 10**15}, {"timestamp": 1.5}]
    for body in bad:
        assert ask("designer", "PUT", "/clock", json=body).status_code == 400
    assert ask("hr", "PUT", "/clock", json={"timestamp": 0}).status_code == 403


@pytest.mark.parametrize("name", announced.MESSAGES)
def test_what_the_product_tells_of_its_own_acts_is_not_told_from_outside(
    post: Ask, work: Ask, deploy: Deploy, begin: Begin, name: str
) -> None:
    """A waiver, a pass, a withdrawal: the process would go on without the act and its evidence."""
    deploy(a=WAITING.replace('name="paid"', f'name="{name}"'))
    begin("waiting", order="A-1")
    told = {"name": name, "correlationKey": "A-1"}
    for path in ("/messages/publication", "/messages/correlation"):
        for refused in (post("hr", path, **told), post("admin", path, **told), work(path, **told)):
            assert refused.status_code == 403
            assert f"{name} is told by the product itself" in refused.json()["detail"]
    assert states(post) == ["ACTIVE"]


@pytest.mark.parametrize("name", announced.SIGNALS)
def test_nor_are_its_signals(post: Ask, name: str) -> None:
    refused = post("admin", "/signals/broadcast", signalName=name)
    assert refused.status_code == 403
    assert f"{name} is told by the product itself" in refused.json()["detail"]


def test_messages_that_make_no_sense_are_told(work: Ask) -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"name": ""},
        {"name": 5},
        {"name": "paid", "correlationKey": 5},
        {"name": "paid", "timeToLive": -1},
        {"name": "paid", "timeToLive": 10**18},
        {"name": "paid", "messageId": ["m"]},
        {"name": "paid", "variables": "x"},
    ]
    for body in wrong:
        answer = work("/messages/publication", **body)
        assert answer.status_code == 400, (body, answer.text)
    assert work("/signals/broadcast").status_code == 400


def test_topology_and_who_am_i(ask: Ask) -> None:
    assert ask("li.na", "GET", "/topology").json()["gatewayVersion"].startswith("8.9")
    me = ask("li.na", "GET", "/authentication/me").json()
    assert (me["username"], me["displayName"], me["groups"]) == ("li.na", "li.na", ["employee"])
