"""Drafts tried over HTTP: a step and what came of it, refusals by field, somebody faster, a scenario out of it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from engine.commands import deploy
from engine.model import Resource
from kernel.actor import Actor
from processes.studio import drafts, projects
from tests.api.company import PASSWORD, Company, opened
from tests.processes.sandbox.conftest import errand

START = {"start": "employee", "values": {"what": "纸", "who": "王"}}
DESIGNER = Actor(id="role.designer", groups=frozenset({"designer"}))


class Page:
    """What the script of the page sends, signed in as a designer."""

    def __init__(self, company: Company, login: str) -> None:
        self.site = httpx.Client(base_url=company.site.base_url, timeout=60)
        assert self.site.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
        token = self.site.get("/me").text.split('data-csrf="')[1].split('"')[0]
        self.site.headers.update({"x-csrf-token": token, "accept": "application/json", "accept-language": "en"})

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *_: object) -> None:
        self.site.close()

    def send(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.site.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.site.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture(scope="module")
def page(company: Company) -> Iterator[Page]:
    with Page(company, "role.designer") as signed_in:
        yield signed_in


@pytest.fixture
def project(company: Company, request: pytest.FixtureRequest) -> int:
    house = company.house
    with house.database.transaction() as unit:
        return projects.create(house.engine, unit, request.node.name, errand(), actor=DESIGNER)


@pytest.fixture
def sandbox(page: Page, project: int) -> str:
    key = page.send(f"/studio/{project}/sandboxes", {"process": "errand"})["key"]
    return f"/studio/sandboxes/{key}"


def test_a_draft_is_tried_and_recorded(company: Company, page: Page, project: int, sandbox: str) -> None:
    form = page.get(f"{sandbox}/form?start=1&as=employee")
    assert [part["key"] for part in form["schema"]["components"]] == ["what", "who"]
    assert (form["data"]["who"], form["submit"]["step"]) == ("张晓", {"start": "employee"})
    assert form["uploads"]["most"] > 0
    step = {**form["submit"]["step"], "values": START["values"]}
    begun = page.send(f"{sandbox}/steps", {"step": step, "after": 0})
    task = begun["tasks"][0]
    asked = page.get(f"{sandbox}/form?task={task['key']}&as={task['mayBe'][0]}")
    assert asked["submit"]["step"] == {"complete": "approve", "as": "hr-head"}
    done = page.send(f"{sandbox}/steps", {"step": {**asked["submit"]["step"], "values": {"ok": True}}, "after": 1})
    assert (done["number"], [one["kind"] for one in done["waiting"]]) == (2, ["job"])
    drawn = page.site.get(done["diagrams"][0]["xmlUrl"])
    assert (drawn.content, drawn.headers["content-type"]) == (errand()[0].content, "application/octet-stream")
    assert page.send(f"{sandbox}/back", {"after": 2}) == begun
    assert page.get(sandbox) == begun
    written = page.send(f"{sandbox}/record", {"name": "Paper", "requirements": ["F1"], "save": False})
    assert "saved" not in written
    kept = page.send(f"{sandbox}/record", {"name": "Paper", "requirements": ["F1"], "save": True})
    assert kept["yaml"] == written["yaml"]
    with company.house.database.transaction() as unit:
        draft = drafts.read(unit, project, "scenarios.yaml")
    assert kept["saved"] == {"digest": draft.digest, "file": "scenarios.yaml"}
    assert kept["yaml"] in draft.content.decode()


def test_refusals_come_back_by_field_and_nothing_has_happened(page: Page, sandbox: str) -> None:
    begun = page.send(f"{sandbox}/steps", {"step": START, "after": 0})
    refused = page.send(
        f"{sandbox}/steps", {"step": {"complete": "approve", "as": "hr", "values": {}}, "after": 1}, 422
    )
    assert refused["errors"] == {"ok_field": ["Tick this to go on."]}
    for step in ({"fly": 1}, {"complete": "nothing"}, {"at": "soon"}, {"wait": "P"}, {"set": {"x": "=1 +"}}):
        assert page.send(f"{sandbox}/steps", {"step": step, "after": 1}, 422)["detail"]
    for body in ({}, {"step": START}, {"step": 5, "after": 1}, {"step": START, "after": "1"}):
        assert page.send(f"{sandbox}/steps", body, 400)["detail"]
    assert page.send(f"{sandbox}/steps", {"step": START, "after": 0}, 409)["detail"].startswith("Someone took a step")
    assert page.send(f"{sandbox}/back", {"after": 0}, 409)["detail"]
    assert page.send(f"{sandbox}/record", {"name": ""}, 400)["detail"]
    assert page.get(f"{sandbox}/form?task=1.1&as=hr", 404)["detail"]
    assert page.get(f"{sandbox}/form?start=1&as=ghost", 400)["detail"]
    assert page.get(sandbox) == begun


def test_a_story_that_does_not_come_out_stands_where_it_failed(company: Company, page: Page) -> None:
    told = """
process: errand
organisation: {people: {ann: {name: Ann, groups: [hr]}}}
given: {at: 2026-11-02T09:00+08:00}
stories:
  - name: Refused
    steps: [{start: ann, variables: {who: x}}, {complete: approve, as: ann, values: {}}]
"""
    with company.house.database.transaction() as unit:
        files = [*errand(), Resource("scenarios.yaml", told.encode())]
        project = projects.create(company.house.engine, unit, "With a story", files, actor=DESIGNER)
    found = page.send(f"/studio/{project}/sandboxes", {"process": "errand", "story": "Refused"})
    assert (found["number"], found["failure"]["number"]) == (1, 2)
    assert "ok_field" in found["failure"]["sentence"]
    assert page.send(f"/studio/{project}/sandboxes", {"process": "nothing"}, 404)["detail"]
    assert page.send(f"/studio/{project}/sandboxes", {"process": "errand", "at": "soon"}, 400)["detail"]
    assert page.send(f"/studio/{project}/sandboxes", {"process": 5}, 400)["detail"]


def test_files_that_do_not_run_are_told_with_every_problem(company: Company, page: Page) -> None:
    broken = errand()[0].content.replace(b'sourceRef="begin"', b'sourceRef="gone"')
    with company.house.database.transaction() as unit:
        project = projects.create(
            company.house.engine, unit, "Broken", [Resource("errand.bpmn", broken)], actor=DESIGNER
        )
    refused = page.send(f"/studio/{project}/sandboxes", {"process": "errand"}, 400)
    assert refused["problems"][0]["file"] == "errand.bpmn"


CALLER = Resource(
    "caller.bpmn",
    b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="test"><process id="caller" isExecutable="true"><startEvent id="begin"/><callActivity id="ask">
<extensionElements><zeebe:calledElement processId="called-elsewhere"/></extensionElements></callActivity>
<sequenceFlow id="begin_ask" sourceRef="begin" targetRef="ask"/></process></definitions>""",
)
CALLED = Resource(
    "called.bpmn",
    b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="test"><process id="called-elsewhere" isExecutable="true"><startEvent id="asked"/>
<userTask id="answer" name="Answer"><extensionElements><zeebe:userTask/></extensionElements></userTask>
<sequenceFlow id="asked_answer" sourceRef="asked" targetRef="answer"/></process></definitions>""",
)


def test_a_run_goes_on_into_what_is_deployed_apart(company: Company, page: Page) -> None:
    house = company.house
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, [CALLED], DESIGNER)
        key = projects.create(house.engine, unit, "Calls others", [CALLER], actor=DESIGNER)
    begun = page.send(f"/studio/{key}/sandboxes", {"process": "caller"})
    went = page.send(f"/studio/sandboxes/{begun['key']}/steps", {"step": {"start": "employee"}, "after": 0})
    assert [(task["element"], task["process"]) for task in went["tasks"]] == [("answer", "called-elsewhere")]
    assert [drawn["process"] for drawn in went["diagrams"]] == ["caller", "called-elsewhere"]
    assert page.site.get(went["diagrams"][1]["xmlUrl"]).content == CALLED.content


def test_sandboxes_are_listed_and_put_away(page: Page, project: int, sandbox: str) -> None:
    listed = page.get(f"/studio/{project}/sandboxes")
    assert [f"/studio/sandboxes/{one['key']}" for one in listed["sandboxes"]] == [sandbox]
    assert listed["processes"] == ["errand"]
    assert page.site.delete(sandbox).status_code == 204
    assert page.get(sandbox, 404)["detail"]
    assert page.site.delete(sandbox).status_code == 404
    assert page.get(f"/studio/{project}/sandboxes")["sandboxes"] == []


def test_sandboxes_are_for_designers(company: Company, sandbox: str) -> None:
    with Page(company, "role.employee") as page:
        assert page.get(sandbox, 403)["detail"]
