"""The problems below an editor: counted, led to, told anew while one draws, and reached without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from kernel.actor import system
from processes import catalog, publish
from tasks.house import House
from tests.api.pages.conftest import application, furnished, house, site
from tests.e2e.drawing import Draws, draws, within
from tests.processes.hints.conftest import changed, shipped

__all__ = ["application", "draws", "furnished", "house", "site"]  # the company behind its pages

pytestmark = pytest.mark.browser

ASSIGN = """({ get }, [id, assignee]) => {
  const element = get('elementRegistry').get(id);
  const found = element.businessObject.extensionElements.values.find(one => one.$type === 'zeebe:AssignmentDefinition');
  get('modeling').updateModdleProperties(element, found, { assignee });
}"""


@pytest.fixture
def page(draws: Draws, house: House) -> Page:
    """The shipped drawing with a fault of FEEL in it, and a story of an element that is not there.

    Beside it run the families that its stories go on into.
    """
    with house.database.transaction() as unit:
        publish.publish(house.engine, unit, [catalog.home() / "agreement", catalog.home() / "training"], system("test"))
    files = changed(shipped(), "offboarding.bpmn", 'dueDate="=plan.managerDueAt"', 'dueDate="=plan.managerDueAt +"')
    files = changed(files, "scenarios.yaml", "- complete: head_arrange\n", "- complete: head_arange\n")
    files = sorted(files, key=lambda file: file.name != "offboarding.bpmn")
    opened = draws({file.name: file.content for file in files})
    expect(opened.locator("[data-count]")).to_contain_text("2 个错误", timeout=30_000)
    return opened


def test_a_designer_sees_mends_and_is_told_at_once(page: Page) -> None:
    bar, list_ = page.locator(".problems-bar"), page.locator("#problems-list")
    expect(list_).to_be_hidden()
    bar.focus()
    page.keyboard.press("Enter")
    expect(bar).to_have_attribute("aria-expanded", "true")
    fault = list_.get_by_role("button", name="到期时间：第 1 行第 20 列")
    expect(fault).to_contain_text("错误")  # in words, not in colour alone
    fault.focus()
    page.keyboard.press("Enter")
    assert within(page, "({ get }) => get('selection').get().map(one => one.id)", None) == ["agree_date"]
    # A slip is told a moment after it is made, and gone once it is mended.
    within(page, ASSIGN, ["handover_list", "=employe.login"])
    slip = list_.get_by_role("button", name="是否应为 employee")
    expect(slip).to_contain_text("员工填写交接清单", timeout=30_000)
    expect(slip).to_contain_text("提示")
    slip.focus()
    within(page, ASSIGN, ["manager_confirm", "=managr.login"])
    expect(list_.get_by_role("button", name="是否应为 manager")).to_be_visible(timeout=30_000)
    expect(slip).to_be_focused()  # the list was drawn anew under the reader
    within(page, ASSIGN, ["handover_list", "=employee.login"])
    expect(slip).to_have_count(0, timeout=30_000)
    page.keyboard.press("Escape")
    expect(list_).to_be_hidden()
    expect(bar).to_be_focused()


def test_a_problem_in_another_file_leads_there(page: Page) -> None:
    page.locator(".problems-bar").click()
    page.locator("#problems-list").get_by_role("button", name="head_arange").click()
    page.wait_for_url(re.compile(r"/files/scenarios\.yaml#element="))
