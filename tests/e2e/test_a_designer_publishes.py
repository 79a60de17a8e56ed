"""A process designer brings 竞业限制协议签署 into the offboarding, from the drawing to publication, without code.

A new case takes the new step, and so does one that was running, once an administrator has migrated it.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.pages.browsing import until
from tests.e2e.conftest import Product, product
from tests.e2e.desk import Desk, Trial
from tests.e2e.walk import Walk
from tests.peers import Counterparts, MailServer

pytestmark = pytest.mark.browser

MODELS = Path(__file__).with_name("models")
DECISION, AGREEMENT = "是否可约定竞业限制", "竞业限制协议签署"
STORY = "高级技术人员离职：七日未答复，不约定竞业限制"
PROVED_MS = 600_000  # every scenario of the family is played


@pytest.fixture(scope="module")
def running(counterparts_process: Counterparts, mail_server: MailServer, directory: str) -> Iterator[Product]:
    with product(counterparts_process, mail_server, directory) as made:
        yield made


def test_a_designer_publishes_without_code(running: Product, browser: Browser) -> None:
    with running.api("admin") as admin:
        deploy(admin)
        old, new = (walk for walk in walks(running, browser) if walk.leaver.level == "senior")
        old.file()
        desk = Desk(browser, running, "designer")
        project = desk.project("离职")
        call = draw(desk.page, project)
        try_it(desk.page, project, call)
        proposal = publish(desk.page, project)
        desk.close()

        new.file()
        new.confirm()
        running.until("the new case takes the new step", lambda: agreements(admin) == [new.leaver.login])
        migrate(browser, running, proposal)
        old.confirm()
        both = sorted((old.leaver.login, new.leaver.login))
        running.until("so does the one that was running", lambda: agreements(admin) == both)
    old.close()
    new.close()


def deploy(admin: httpx.Client) -> None:
    """The agreement and its decision are there already: another team's."""
    files = [("resources", (path.name, path.read_bytes())) for path in sorted(MODELS.iterdir())]
    admin.post("/v2/deployments", files=files).raise_for_status()


def walks(running: Product, browser: Browser) -> Iterator[Walk]:
    """Two people whom the decision is about, each with a case of their own."""
    found = 0
    for place in range(60):
        walk = Walk(running, browser, place)
        if walk.leaver.level == "senior":
            found += 1
            yield walk
        if found == 2:
            return


def agreements(admin: httpx.Client) -> list[str]:
    """For whom terms are to be drawn up."""
    found = admin.post("/v2/user-tasks/search", json={"filter": {"elementId": "draw_up", "state": "CREATED"}}).json()
    return sorted(about(admin, task["processInstanceKey"]) for task in found["items"])


def about(admin: httpx.Client, instance: str) -> str:
    wanted = {"filter": {"processInstanceKey": instance, "name": "employee"}, "truncateValues": False}
    found = admin.post("/v2/variables/search", json=wanted).json()["items"]
    return str(httpx.Response(200, content=found[0]["value"]).json()["login"])


# ---- drawing ---------------------------------------------------------------------------------------------------------


EDITOR = "document.querySelector('[data-studio-bpmn]').editor.modeler"


class Editor:
    """The BPMN editor, used by hand."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        page.locator(".bpmn-panel .bio-properties-panel-group-header").first.wait_for(state="attached")
        until(page, f"{EDITOR}.get('elementTemplates').getAll().length > 0")
        self.problems = page.locator(".studio-problems")

    def chosen(self) -> str:
        """The id of the element that is selected."""
        return str(self.page.evaluate(f"{EDITOR}.get('selection').get().map(one => one.id).join()"))

    def choose(self, element: str) -> None:
        self.page.locator(f"[data-element-id={element}] > .djs-visual ~ .djs-hit").first.click()

    def menu(self, key: str, text: str) -> None:
        """Open a menu by its key and take what is called so."""
        self.page.locator(".bpmn-canvas svg[tabindex]").first.focus()
        self.page.keyboard.press(key)
        popup = self.page.locator(".djs-popup")
        search, entry = popup.locator("input"), popup.locator(".entry", has_text=text).first
        popup.locator(".entry").first.wait_for()
        if search.count():
            search.fill(text)
            search.press("End")
        entry.click()
        expect(popup).to_have_count(0)

    def append(self, text: str, name: str = "") -> str:
        """Append an element to the chosen one, from the menu; it is chosen then. Its id."""
        self.menu("a", text)
        if name:
            self.page.locator(".bpmn-canvas svg[tabindex]").first.focus()
            self.page.keyboard.press("e")
            writing = self.page.locator(".djs-direct-editing-content")
            writing.fill(name)
            writing.press("Enter")
            expect(writing).to_have_count(0)
        return self.chosen()

    def takes_along(self) -> None:
        """The called process has what this one knows, unless somebody says otherwise."""
        group = self.page.locator("[data-group-id=group-ElementTemplates__CustomProperties-input]")
        box = group.get_by_label("带入本流程的全部变量")
        if not box.is_visible():
            group.locator(".bio-properties-panel-group-header").first.click()
        expect(box).to_be_checked()

    def problem(self, sentence: str) -> Locator:
        bar = self.problems.locator(".problems-bar")
        if bar.get_attribute("aria-expanded") == "false":
            bar.click()
        return self.problems.locator("button.problem", has_text=sentence)

    def condition(self, expression: str) -> None:
        """Write the condition of the flow that is chosen."""
        entry = self.page.locator("[data-entry-id=conditionExpression]")
        if not entry.is_visible():
            self.page.locator("[data-group-id=group-condition] .bio-properties-panel-group-header").click()
        field = entry.locator("[contenteditable=true]")
        field.click()
        self.page.keyboard.type(expression)
        self.page.locator(".bpmn-panel .bio-properties-panel-header").click()


def draw(page: Page, project: str) -> str:
    """Draw the new branch; the id of the call activity. What is wrong at first is mended from the list of problems."""
    editor = Editor(page, f"{project}/files/offboarding.bpmn")
    expect(editor.problems.locator("[data-count]")).to_contain_text("提示")
    editor.choose("after_manager")
    editor.append(DECISION, "核对竞业限制")
    gateway = editor.append("排他网关", "可约定竞业限制？")
    call = editor.append(AGREEMENT, AGREEMENT)
    editor.takes_along()
    editor.append("结束事件")
    editor.choose(gateway)
    editor.append("结束事件")

    faults = editor.problem("没有条件，请填写条件，或设为默认顺序流")
    expect(faults).to_have_count(2)
    faults.first.click()
    editor.condition("noncompeteApplies.applies")
    expect(faults).to_have_count(1)
    faults.first.click()
    editor.menu("r", "默认流")
    expect(faults).to_have_count(0)
    expect(page.locator("[data-draft-state]")).to_have_attribute("data-draft-state", "saved")
    return call


# ---- trying ----------------------------------------------------------------------------------------------------------


def try_it(page: Page, project: str, call: str) -> None:
    """As a senior engineer, with nobody answering for a month; then keep that as a scenario."""
    trial = Trial(page)
    trial.open(project)
    trial.start("chen.bo")
    confirm = page.locator(".trial-panel [data-task=manager_confirm] [data-as]").first
    trial.act("manager_confirm", str(confirm.get_attribute("data-as")))
    tab = page.locator("#diagram-noncompete-agreement")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(trial.badge("draw_up")).to_have_text("1")
    trial.act("draw_up", "he.fang")
    expect(trial.badge("sign")).to_have_text("1")
    trial.move("P30D")
    expect(page.locator("#diagram-offboarding")).to_have_attribute("aria-selected", "true")
    expect(trial.badge(call)).to_have_count(0)
    tab.click()
    expect(page.locator("[data-element-id=no_answer].jj-completed")).to_be_visible()
    assert call in trial.record(STORY)


# ---- publishing ------------------------------------------------------------------------------------------------------


def publish(page: Page, project: str) -> str:
    """Prove the files and publish them; the address of the proposal."""
    page.goto(f"{project}/publish")
    expect(page.locator(".changes").first).to_contain_text(AGREEMENT)
    page.locator("textarea[name=comment]").fill("高级人员离职时，可协商签署竞业限制协议")
    page.locator("form.propose button").click()
    page.wait_for_url("**/studio/proposals/*")
    form = page.locator("form.propose[hx-post$='/publish']")
    expect(form).to_be_visible(timeout=PROVED_MS)
    expect(form.locator("[name=reason]")).to_have_count(0)  # every scenario comes out, the new one too
    form.locator("button").click()
    expect(page.locator(".note.ok").first).to_contain_text("已发布")
    return page.url


def migrate(browser: Browser, running: Product, proposal: str) -> None:
    """As the administrator, by the wizard that the published proposal leads to."""
    desk = Desk(browser, running, "admin")
    page = desk.page
    page.goto(proposal)
    page.get_by_role("link", name="迁移案件").click()
    page.get_by_role("button", name="检查方案").click()
    expect(page.locator("#checked")).to_contain_text("1 个中有 1 个可以迁移")
    page.get_by_label("原因").fill("新增竞业限制协议")
    page.get_by_role("button", name="迁移 1 个案件").click()
    page.wait_for_url("**/admin/batches/*")
    expect(page.locator("#progress")).to_contain_text("全部完成", timeout=60_000)
    desk.close()
