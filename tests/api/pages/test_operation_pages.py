"""Operation: what runs and waits, files as they were deployed, an incident that is tried again."""

import json
import re
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest

from demo.organisation import Cast
from engine.commands import deploy, start
from engine.model import Resource
from kernel.actor import system
from tasks.house import House

SignIn = Callable[[str], httpx.Client]

BROKEN = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="stops" name="Stops" isExecutable="true">
    <bpmn:startEvent id="s"/>
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <bpmn:scriptTask id="t">
      <bpmn:extensionElements><zeebe:script expression="=assert(missing, missing != null)" resultVariable="x"/>
      </bpmn:extensionElements>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
    <bpmn:endEvent id="e"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def stopped(house: House) -> int:
    """An instance that stands at an incident."""
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, [Resource(name="stops.bpmn", content=BROKEN)], system("test"))
    with house.database.transaction() as unit:
        begun = start.start(house.engine, unit, process_id="stops", variables={}, actor=system("test"))
    return begun.instance_key


@pytest.mark.parametrize("tab", ["incidents", "jobs", "timers", "definitions"])
def test_every_table_opens(sign_in: SignIn, cast: Cast, work: Callable[[], int], tab: str) -> None:
    leaver = sign_in(cast.employee.login)
    data = {"reason": "growth", "leavingOn": "2026-12-31"}
    assert leaver.post("/start/offboarding", files={"data": (None, json.dumps(data))}).status_code == 200
    work()
    admin = sign_in("admin")
    page = admin.get(f"/admin?tab={tab}").text
    here = "/admin" if tab == "incidents" else f"/admin?tab={tab}"
    assert f'href="{here}" aria-current="page"' in page
    found = admin.get(f"/admin?tab={tab}&q=off", headers={"HX-Request": "true"}).text
    assert "<html" not in found


def test_an_incident_is_shown_and_tried_again(sign_in: SignIn, stopped: int) -> None:
    admin = sign_in("admin")
    retry = re.findall(r'hx-get="(/admin/incidents/\d+/retry)"', admin.get("/admin").text)
    assert len(retry) == 1
    question = admin.get(retry[0], headers={"HX-Request": "true"}).text
    assert f'hx-post="{retry[0]}"' in question
    answer = admin.post(retry[0], headers={"HX-Request": "true", "HX-Current-URL": "http://here/admin"})
    assert answer.headers["hx-redirect"] == "/admin"
    assert "再次停住" in unquote(answer.headers["x-said"])
    again = re.findall(r'hx-get="(/admin/incidents/\d+/retry)"', admin.get("/admin").text)
    assert len(again) == 1
    assert again != retry
    assert admin.post(retry[0], headers={"HX-Request": "true"}).headers["x-refusal"]


def test_a_definition_comes_back_byte_for_byte(sign_in: SignIn, stopped: int) -> None:
    admin = sign_in("admin")
    url = re.findall(r'href="(/admin/definitions/\d+)">Stops<', admin.get("/admin?tab=definitions&q=stops").text)[0]
    answer = admin.get(url)
    assert answer.content == BROKEN
    assert answer.headers["content-disposition"] == 'attachment; filename="stops.bpmn"'


def test_an_unknown_key_is_told_in_a_page(sign_in: SignIn) -> None:
    answer = sign_in("admin").get("/admin/instances/1")
    assert answer.status_code == 404
    assert "未找到" in answer.text
