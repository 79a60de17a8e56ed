"""HR waives a training where it looks at completion: asked once, with a reason, and the list says by whom and why."""

import csv
import io

import httpx

from engine import due
from engine.commands import deploy, start
from engine.model import Resource
from hr.evidence import log
from kernel.actor import system
from tests.api.pages.browsing import Enters
from tests.api.pages.test_training_views import enters, rows, several, words
from tests.tasks.human.training.exam_hall import SLUG, Hall, hall

__all__ = ["enters", "hall"]

WAITING = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="t"><process id="waiting" isExecutable="true"><startEvent id="s"/>
<intermediateCatchEvent id="waits"><messageEventDefinition id="md" messageRef="m"/></intermediateCatchEvent>
<endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="waits"/>
<sequenceFlow id="b" sourceRef="waits" targetRef="e"/></process>
<message id="m" name="training-waived"><extensionElements><zeebe:subscription correlationKey="=number"/>
</extensionElements></message></definitions>"""


def url(number: str) -> str:
    return f"/training/waivers/{number}"


def offered(page: str) -> set[str]:
    """The trainings that a page offers to waive."""
    return {part.partition("?")[0] for part in page.split('href="/training/waivers/')[1:]}


def waived(hr: httpx.Client, number: str, back: str = "") -> str:
    """The list after the waiver."""
    told = hr.post(url(number), data={"reason": " 产假期间 ", "back": back})
    return hr.get(told.headers["location"]).text


def test_what_is_open_is_waived_from_the_list_and_the_list_comes_back_as_it_was(hall: Hall, enters: Enters) -> None:
    numbers, hr = several(hall), enters("chen")
    assert offered(hr.get("/training").text) == {numbers["wu"], numbers["zhang"]}  # zhao has passed
    asked = hr.get(f"{url(numbers['wu'])}?back=q%3D%E5%90%B4", headers={"hx-request": "true"}).text
    assert "<html" not in asked
    assert "为吴芳豁免“客户信息保密”？" in asked
    assert "不能撤回" in asked
    assert "<html" in hr.get(url(numbers["wu"])).text
    told = hr.post(url(numbers["wu"]), data={"reason": "产假", "back": f"course={SLUG}&q=吴&waived=x"})
    assert told.headers["location"] == f"/training?course={SLUG}&q=%E5%90%B4&waived={numbers['wu']}#{numbers['wu']}"
    told = hr.post(url(numbers["zhang"]), data={"reason": "产假", "back": "state=due&page=1"})
    assert told.headers["location"] == f"/training?state=due&page=1&waived={numbers['zhang']}#trainings"


def test_the_list_and_the_table_say_by_whom_and_why_and_managers_are_not_told_why(hall: Hall, enters: Enters) -> None:
    numbers, hr = several(hall), enters("chen")
    page = waived(hr, numbers["wu"], "q=吴")
    (row,) = rows(page)
    assert "已豁免 产假期间 由陈涛办理" in row
    assert 'class="fresh"' in page
    assert offered(page) == set()
    table = hr.get("/training/table.csv?q=吴").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1][-2:] == ["陈涛", "产假期间"]
    team = words(enters("li").get("/training/team").text)
    assert "已豁免" in team
    assert "产假" not in team


def test_it_is_the_same_turn_and_evidence_as_on_the_page_of_a_case(hall: Hall, enters: Enters) -> None:
    number, engine = hall.enrol("wu", learned=False), hall.house.engine
    with hall.database.transaction() as unit:
        deploy.deploy(engine, unit, [Resource(name="waiting.bpmn", content=WAITING)], system("test"))
        start.start(engine, unit, process_id="waiting", variables={"number": number}, actor=system("test"))
    waived(enters("chen"), number)
    due.run(engine, hall.database.once())  # as the worker does right after
    assert hall.rows("select state from instance where process_id = 'waiting'") == [("COMPLETED",)]
    kept = "select status, ended_by, ended_reason from enrolment where number = %s"
    assert hall.rows(kept, (number,)) == [("waived", "chen", "产假期间")]
    with hall.database.transaction() as unit:
        *_, last = log.rows(unit, f"training/{number}")
    assert (last.event, last.detail["reason"]) == ("training.waived", "产假期间")


def test_a_waiver_needs_a_reason_an_open_training_and_a_colleague(hall: Hall, enters: Enters) -> None:
    numbers, hr = several(hall), enters("chen")
    own = hall.enrol("chen", learned=False)
    assert own not in offered(hr.get("/training").text)
    for number, reason, status, sentence in (
        (numbers["wu"], "  ", 400, "请填写原因"),
        (own, "忙", 403, "自己"),
        (numbers["zhao"], "忙", 409, "已"),
        ("PX-2026-999999", "忙", 404, "PX-2026-999999"),
    ):
        refused = hr.post(url(number), data={"reason": reason})
        assert (refused.status_code, sentence in refused.text) == (status, True), number
        assert hr.get(url(number)).status_code == (status if reason.strip() else 200)
    assert hall.rows("select count(*) from enrolment where status = 'waived'") == [(0,)]


def test_nobody_but_hr_waives(hall: Hall, enters: Enters) -> None:
    number = hall.enrol("wu", learned=False)
    hall.database.once().run("update account set groups = '{admin}' where login = 'li'")
    admin, wu = enters("li"), enters("wu")
    assert offered(admin.get("/training").text) == set()
    for client in (admin, wu):
        assert client.get(url(number)).status_code == 403
        assert client.post(url(number), data={"reason": "忙"}).status_code == 403
