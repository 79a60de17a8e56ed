"""A process designer tries the draft of 离职交接 as everybody in turn, and keeps the run as a scenario."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from processes import catalog, references, scenarios
from processes.story import script
from processes.story.stage import Theatre
from tests.e2e.conftest import PHONE, Product, product
from tests.e2e.desk import Desk, Trial
from tests.peers import Counterparts, MailServer

pytestmark = pytest.mark.browser

FAMILY = catalog.home() / "offboarding"
NAME = "CRM 停用一天，交接逾期"


@pytest.fixture(scope="module")
def running(counterparts_process: Counterparts, mail_server: MailServer, directory: str) -> Iterator[Product]:
    with product(counterparts_process, mail_server, directory) as made:
        yield made


def test_from_the_application_to_a_scenario_that_is_played(running: Product, browser: Browser, server: str) -> None:
    desk = Desk(browser, running, "designer")
    project, trial = desk.project("离职"), Trial(desk.page)
    trial.open(project)
    begin_and_go_back(trial)
    switch_a_system_off_and_on(trial)
    let_a_month_go_by(trial)
    read_what_was_sent(trial)
    written = trial.record(NAME, "F33")
    desk.page.get_by_role("link", name="查看场景").click()
    desk.page.wait_for_url("**/scenarios")
    kept = desk.page.request.get(f"{project}/files/scenarios.yaml/content").body()
    desk.close()
    assert written.strip() in kept.decode()
    play(kept, server)


def begin_and_go_back(trial: Trial) -> None:
    """The employee applies, the manager confirms, and that is taken back."""
    trial.start("zhang.yan")
    expect(trial.badge("manager_confirm")).to_have_text("1")
    expect(trial.page.locator("#diagram-training .n")).to_have_text("2")  # a course to make up, beside the handover
    expect(trial.page.locator(".trial-panel [data-task=learn]")).to_have_count(1)
    expect(trial.happened).to_contain_text("新待办：上级确认知悉指定交接对接人（陈波）")
    trial.act("manager_confirm", "chen.bo")
    expect(trial.badge("handover_list")).to_have_text("1")
    expect(trial.badge("manager_confirm")).to_have_count(0)
    trial.back()
    expect(trial.badge("manager_confirm")).to_have_text("1")
    expect(trial.badge("handover_list")).to_have_count(0)


def switch_a_system_off_and_on(trial: Trial) -> None:
    """CRM is down for a day: the case stops there, and goes on once somebody tries again."""
    trial.switch("crm")
    trial.act("manager_confirm", "chen.bo")
    trial.move("P1D")
    expect(trial.badge("crm_rights", "incident")).to_have_text("1")
    expect(trial.happened).to_contain_text("“查询 CRM 权限”异常停止：CRM 暂时不可用")
    trial.switch("crm")
    trial.tab("待办")
    trial.does(trial.page.locator("[data-incident=crm_rights] button"))
    expect(trial.badge("crm_rights", "incident")).to_have_count(0)
    expect(trial.happened).to_contain_text("“查询 CRM 权限”已恢复")


def let_a_month_go_by(trial: Trial) -> None:
    """Reminders go out, deadlines pass, the certificate is issued on the last day."""
    trial.move("P30D")
    expect(trial.page.locator(".trial-now time")).to_have_text("2026年12月3日 周四 09:00")
    expect(trial.happened).to_contain_text("预警人事负责人")  # the handover is late
    expect(trial.happened).to_contain_text("离职证明已出具 → 张岩")
    expect(trial.page.locator(".trial-panel [data-task=asset_return]")).to_contain_text("已逾期")


def read_what_was_sent(trial: Trial) -> None:
    """The letters read as they arrive, and what was asked of systems is there."""
    trial.tab("消息")
    letter = trial.page.locator(".trial-letters li", has_text="离职证明已出具").first
    letter.locator("summary").click()
    expect(letter.locator(".trial-letter .body")).to_contain_text("张岩")
    expect(trial.page.locator(".trial-calls li.bad")).not_to_have_count(0)
    trial.tab("变量")
    expect(trial.page.locator(".trial-tree li.changed", has_text="alert")).to_contain_text("red")


def play(stories: bytes, server: str) -> None:
    """The scenario comes out on the family as it lies on disk, with those that it calls."""
    told = [story for story in script.read_bytes(stories, FAMILY / catalog.STORIES) if story.name == NAME]
    assert len(told) == 1
    assert told[0].requirements == ("F33",)
    folders = [*references.called(FAMILY), FAMILY]
    deployments = [[source.resource for source in catalog.gather([folder])] for folder in folders]
    with Theatre(server).opened() as theatre:
        played = scenarios.play(theatre, told[0], deployments)
    assert played.failure == ""


def test_refusals_are_told_beside_what_was_tried(running: Product, browser: Browser) -> None:
    desk = Desk(browser, running, "designer")
    page, trial = desk.page, Trial(desk.page)
    trial.open(desk.project("离职"))
    page.locator("[data-start=form]").click()
    form = page.locator("dialog.filling")
    form.locator(".fjs-form").wait_for()
    page.locator("[data-send]").click()
    errors = form.locator(".fjs-form-field-error:visible")
    expect(errors).to_contain_text(["此项必填。", "此项必填。"])
    form.locator("[data-fill]").click()
    day = form.get_by_label("预计离职日")
    day.fill("2026-11-20")
    day.press("Enter")
    form.locator("[data-send]").click()
    expect(errors).to_contain_text("早于法定最早离职日")
    assert trial.steps() == 0
    day.fill("2026-12-10")
    day.press("Enter")
    form.get_by_role("button", name="一键签名").click()
    trial.send()
    desk.close()


def test_nobody_steps_over_somebody_else_and_a_broken_line_loses_nothing(running: Product, browser: Browser) -> None:
    desk = Desk(browser, running, "designer")
    page, trial = desk.page, Trial(desk.page)
    trial.open(desk.project("离职"))
    other = page.context.new_page()
    other.goto(page.url)
    Trial(other).move("P1D")
    page.locator("[data-move=PT1H]").click()
    refusal = page.locator(".trial-clock [role=alert]")
    expect(refusal).to_contain_text("其间有人执行了一步")
    assert trial.steps() == 1
    page.context.set_offline(True)
    page.locator("[data-move=PT1H]").click()
    expect(refusal).to_contain_text("连接中断")
    page.context.set_offline(False)
    trial.move("PT1H")
    expect(refusal).to_have_count(0)
    desk.close()


def test_a_draft_is_tried_on_a_phone_and_by_keyboard(running: Product, browser: Browser) -> None:
    desk = Desk(browser, running, "designer", size=PHONE)
    trial = Trial(desk.page)
    trial.open(desk.project("离职"))
    trial.start("zhang.yan")
    page = desk.page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("[data-element-id=manager_confirm] .djs-hit").first.click()
    sheet = page.get_by_role("region", name="此节点")
    expect(sheet).to_contain_text("流程正停在这里")
    expect(sheet).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)

    opener = page.locator(".trial-panel [data-task=manager_confirm] [data-as='chen.bo']")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="上级确认知悉指定交接对接人")
    dialog.locator(".fjs-form").wait_for()
    assert (dialog.bounding_box() or {})["width"] == PHONE["width"]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    page.locator("#side-todo").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#side-time")).to_be_focused()
    expect(page.locator(".trial-panel")).to_contain_text("上级逾期")
    trial.page.reload()
    trial.stepped(1)
    desk.close()
