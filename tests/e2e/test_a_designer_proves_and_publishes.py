"""A designer runs the scenarios of a project, writes one, and proposes what changed; somebody else approves it, and it
is published: new cases take it, and one that runs stays where it is.
"""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from engine.commands import deploy, start
from engine.model import Resource
from kernel.actor import Actor
from processes.studio import drafts, projects, rules
from tasks.house import House
from tests.api.pages.browsing import DESK, LEAVE, PHONE, Opens, opens
from tests.api.pages.conftest import application, furnished, house, site, work

__all__ = ["application", "furnished", "house", "opens", "site", "work"]  # the company behind its pages

pytestmark = pytest.mark.browser

HR = Actor(id="hr", groups=frozenset({"hr"}))
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))
NEWER = LEAVE.replace('name="主管审批"', 'name="部门主管审批"')
STORIES = """process: leave
given: {at: 2026-11-02T09:00+08:00}
organisation:
  people: {hr1: {name: 人事, groups: [employee, hr]}}
stories:
  - name: 批准后归档
    steps:
      - start: hr1
        variables: {days: 3}
      - complete: approve
        as: hr1
        expect: {open: [archive]}
"""


@pytest.fixture
def project(application: FastAPI, house: House) -> int:
    """A deployed process as a project, one case of it running; a second person has to approve what is published."""
    application.state.house = replace(house, settings=replace(house.settings, publish_approval=True))
    model = Resource("leave.bpmn", LEAVE.encode())
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, [model], HR)
        files = [model, Resource("scenarios.yaml", STORIES.encode())]
        bases = {model.name: rules.digest(model.content)}
        key = projects.create(house.engine, unit, "长期休假", files, actor=DESIGNER, bases=bases)
    begin(house)
    return key


def begin(house: House) -> int:
    """A new case; the version that it runs on."""
    with house.database.transaction() as unit:
        key = start.start(house.engine, unit, process_id="leave", variables={"days": 2}, actor=HR).instance_key
        version: int = unit.one("select process_version from instance where key = %s", (key,))[0]
    return version


def run_scenarios(page: Page, project: int) -> None:
    """All pass, and what none came to is marked in words as well."""
    page.goto(f"/studio/{project}/scenarios")
    page.get_by_role("button", name="全部运行").click()
    expect(page.locator(".runs-table .chip")).to_have_text("通过", timeout=60_000)
    expect(page.locator(".jj-badge.jj-visited").first).to_be_visible()
    expect(page.locator(".jj-badge.jj-missed").first).to_have_text("未走到")
    expect(page.locator(".missed")).to_contain_text("记录提醒")


def write_a_scenario(page: Page, house: House, project: int) -> None:
    """Another one is typed: a name that is no element is shown at its line, and corrected; it is saved by itself."""
    page.get_by_role("link", name="编辑 scenarios.yaml").click()
    text = page.get_by_role("textbox", name="scenarios.yaml")
    expect(text).to_have_value(STORIES)
    text.press("Control+End")
    page.keyboard.type("  - name: 主管迟迟不批\nsteps:\n")  # Enter keeps the depth, and goes deeper after a colon
    page.keyboard.type("- start: hr1\nvariables: {days: 3}\n")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("- wait: PT73H\nexpect: {passed: [remimd]}")
    marked = page.locator(".yaml-lines .warn, .yaml-lines .bad")
    expect(marked).to_have_count(1, timeout=15_000)
    page.locator(".problems-bar").click()
    page.locator(".problem", has_text="remimd").click()
    expect(text).to_be_focused()
    text.press("Control+End")
    for _ in "md]}":
        page.keyboard.press("Backspace")
    page.keyboard.type("nd]}")
    expect(marked).to_have_count(0, timeout=15_000)
    expect(page.locator("[data-draft-state=saved]")).to_be_visible(timeout=15_000)
    with house.database.transaction() as unit:
        kept = drafts.read(unit, project, "scenarios.yaml").content.decode()
    assert kept.startswith(STORIES)
    assert kept.endswith(
        "  - name: 主管迟迟不批\n    steps:\n      - start: hr1\n        variables: {days: 3}\n"
        "      - wait: PT73H\n        expect: {passed: [remind]}"
    )


def change(house: House, project: int) -> None:
    with house.database.transaction() as unit:
        expected = drafts.read(unit, project, "leave.bpmn").digest
        drafts.save(
            house.engine, unit, project, "leave.bpmn", NEWER.encode(), expected=expected, actor=DESIGNER, comment="改名"
        )


def propose(page: Page, project: int) -> str:
    """What would change stands there in words and on both drawings; then it is proved. Who proposed cannot approve."""
    page.goto(f"/studio/{project}/publish")
    expect(page.locator(".file-changes")).to_contain_text("主管审批 → 部门主管审批")
    expect(page.locator("[data-side=after] .jj-badge.changed")).to_have_count(1)
    page.get_by_label("改动说明").fill("改由部门主管审批")
    page.get_by_role("button", name="开始验证").click()
    page.wait_for_url("**/studio/proposals/*")
    expect(page.get_by_text("个场景通过")).to_be_visible(timeout=60_000)
    expect(page.locator(".numbers").first).to_contain_text("2 / 2")
    expect(page.locator("#decide")).to_contain_text("这是您自己提交的")
    expect(page.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    return page.url


def test_a_designer_proves_and_publishes(opens: Opens, house: House, project: int) -> None:
    page = opens("designer", size=DESK)
    run_scenarios(page, project)
    write_a_scenario(page, house, project)
    change(house, project)
    place = propose(page, project)
    second = opens("admin", size=PHONE)
    second.goto(place)
    assert second.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    second.get_by_role("button", name="批准").click()
    expect(second.locator("#decide")).to_contain_text("可以发布")
    page.reload()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".running-head .chip")).to_have_text("已发布")
    expect(page.get_by_role("link", name="迁移案件")).to_have_count(0)
    second.reload()
    expect(second.get_by_role("link", name="迁移案件")).to_be_visible()
    assert begin(house) == 2
    with house.database.transaction() as unit:
        rows = unit.all("select process_version from instance where process_id = 'leave' order by key")
    assert rows == [(1,), (2,)]


def test_the_pages_of_scenarios_and_publishing_fit_a_phone(opens: Opens, house: House, project: int) -> None:
    change(house, project)
    page = opens("designer", size=PHONE)
    for path in ("scenarios", "publish", "files/scenarios.yaml"):
        page.goto(f"/studio/{project}/{path}")
        page.locator("h1").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
