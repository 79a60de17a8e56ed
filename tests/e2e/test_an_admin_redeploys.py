"""An administrator's day in the browser: a new version is proposed, proved and published; cases move along; what has
stopped goes on, a timer gets another date, and in the end the old version is back.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.commands import deploy, start, user_task
from engine.model import Resource
from engine.upkeep import batches
from kernel.actor import Actor
from kernel.clock import ManualClock
from tasks.house import House
from tests.api.pages.browsing import DESK, LEAVE, PHONE, Opens, opens
from tests.api.pages.conftest import application, furnished, house, site, work

__all__ = ["application", "furnished", "house", "opens", "site", "work"]  # the company behind its pages

pytestmark = pytest.mark.browser

HR = Actor(id="hr", groups=frozenset({"hr"}))
NEWER = LEAVE.replace('name="主管审批"', 'name="部门主管审批"').replace("PT72H", "PT48H")


@pytest.fixture
def cases(house: House) -> list[int]:
    """Three cases on the first version: two wait for an approval, one has stopped."""
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, [Resource("leave.bpmn", LEAVE.encode())], HR, comment="第一版")
    begun = []
    for values in ({"days": 3}, {"days": 5}, {}):
        with house.database.transaction() as unit:
            begun.append(start.start(house.engine, unit, process_id="leave", variables=values, actor=HR).instance_key)
    with house.database.transaction() as unit:
        row = unit.one("select key from user_task where instance_key = %s and element = 'approve'", (begun[2],))
        user_task.complete(house.engine, unit, row[0], variables={}, actor=HR)
    return begun


def confirm(page: Page, button: str, reason: str = "") -> None:
    """Answer the question that is asked."""
    question = page.locator("dialog#ask")
    expect(question).to_be_visible()
    if reason:
        question.get_by_label("原因").fill(reason)
    question.get_by_role("button", name=button, exact=True).click()


def versions(house: House, cases: list[int]) -> list[int]:
    with house.database.transaction() as unit:
        rows = unit.all("select process_version from instance where key = any(%s) order by key", (cases,))
    return [version for (version,) in rows]


def publish(page: Page) -> None:
    """Propose a file, read what its proof has found, publish it."""
    page.goto("/admin/processes/leave")
    page.get_by_role("button", name="发布新版本").click()
    files = [{"name": "leave.bpmn", "mimeType": "application/xml", "buffer": NEWER.encode()}]
    page.locator("dialog#ask input[type=file]").set_input_files(files=files)  # type: ignore[arg-type]  # a payload
    page.get_by_label("改动说明").fill("改由部门主管审批")
    confirm(page, "开始验证")
    page.wait_for_url("**/admin/proposals/*")
    expect(page.get_by_text("案件走向一致")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("dialog#ask")).to_contain_text("3 个运行中的案件留在原版本")
    confirm(page, "发布")


def move_along(page: Page, house: House, cases: list[int]) -> None:
    """Compare both versions, check the plan, migrate the cases."""
    page.wait_for_url("**/admin/migrations/new?*")
    page.get_by_role("link", name="对比").click()
    expect(page.locator(".changes li")).to_have_count(2)
    expect(page.locator("[data-side=after] .jj-badge.changed")).to_have_count(2)
    page.go_back()
    page.get_by_role("button", name="检查方案").click()
    expect(page.locator("#checked")).to_contain_text("3 个中有 3 个可以迁移")
    assert versions(house, cases) == [1, 1, 1]
    page.get_by_label("原因").fill("改用新审批人")
    page.get_by_role("button", name="迁移 3 个案件").click()
    page.wait_for_url("**/admin/batches/*")
    while batches.run_some(house.engine, house.database, 10):
        pass
    expect(page.locator("#progress")).to_contain_text("全部完成", timeout=10_000)
    assert versions(house, cases) == [2, 2, 2]


def mend(page: Page) -> None:
    """Find what has stopped, set what is missing, try again."""
    page.goto("/admin/instances")
    page.get_by_label("状态").select_option("INCIDENT")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    page.locator("#found td .link").click()
    page.get_by_role("button", name="新增变量").click()
    page.locator("dialog#ask").locator("[name=name]").fill("days")
    page.locator("dialog#ask [name=value]").fill("7")
    page.locator("dialog#ask").get_by_role("button", name="查看改动").click()
    expect(page.locator("dialog#ask")).to_contain_text("修改后：7")
    confirm(page, "设置", "登记时漏填")
    expect(page.locator(".toast")).to_contain_text("变量已设置")
    page.get_by_role("button", name="重试").click()
    confirm(page, "重试")
    expect(page.locator(".toast")).to_contain_text("正在重试")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("异常")


def put_off(page: Page, case: int, clock: ManualClock, work: Callable[[], int]) -> None:
    """Give a timer another date: it fires then."""
    page.goto(f"/admin/instances/{case}")
    page.get_by_role("button", name="改时间").click()
    page.locator("dialog#ask input[type=datetime-local]").fill("2026-11-02T10:00")
    confirm(page, "改时间", "提前提醒")
    expect(page.locator(".toast")).to_contain_text("11-02 10:00")
    clock.set("2026-11-02T02:01:00+00:00")
    work()
    page.reload()
    expect(page.locator(".variables")).to_contain_text("reminded")


def roll_back(page: Page) -> None:
    """Make the first version the one that new cases start with; read who did all that."""
    page.goto("/admin/processes/leave")
    page.get_by_role("button", name="回退到此版本").click()
    expect(page.locator("dialog#ask")).to_contain_text("3 个运行中的案件留在版本 2")
    confirm(page, "回退到版本 1", "新审批人休假")
    page.wait_for_url("**/admin/migrations/new?*")
    expect(page.locator(".toast")).to_contain_text("新案件现在使用版本 1")
    page.goto("/admin/audit")
    for reason in ("改用新审批人", "登记时漏填", "提前提醒", "新审批人休假"):
        expect(page.locator("#acts")).to_contain_text(reason)


def test_an_admin_redeploys(
    opens: Opens, house: House, cases: list[int], work: Callable[[], int], clock: ManualClock
) -> None:
    page = opens("admin", size=DESK)
    publish(page)
    move_along(page, house, cases)
    mend(page)
    put_off(page, cases[0], clock, work)
    roll_back(page)


# Elements that a thumb has to hit; links within sentences, cells and diagrams are of their own size.
SMALL = """() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
  .filter(e => e.offsetParent && !e.closest('p, li, .crumb, .sr, .skip, td, th, .canvas, h1, .chip'))
  .map(e => [e, (e.closest('label') || e).getBoundingClientRect().height])
  .filter(([, height]) => height < 44 && height > 1)
  .map(([e]) => e.outerHTML.slice(0, 120))"""


def test_the_operation_pages_fit_a_phone(opens: Opens, cases: list[int]) -> None:
    page = opens("admin", size=PHONE)
    paths = [
        "",
        "?tab=timers",
        "/processes",
        "/processes/leave",
        f"/instances/{cases[2]}",
        "/instances?element=approve",
    ]
    paths += ["/proposals", "/batches", "/workers", "/audit", "/retention"]
    for path in paths:
        page.goto(f"/admin{path}")
        page.locator("h1").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert page.evaluate(SMALL) == [], path


def test_the_heat_map_has_numbers_beside_its_colours(
    opens: Opens, house: House, cases: list[int], clock: ManualClock
) -> None:
    clock.set("2026-11-02T05:00:00+00:00")
    for element in ("approve", "archive"):
        with house.database.transaction() as unit:
            row = unit.one("select key from user_task where instance_key = %s and element = %s", (cases[0], element))
            user_task.complete(house.engine, unit, row[0], variables={}, actor=HR)
    page = opens("admin", size=DESK)
    page.goto("/admin/processes/leave")
    expect(page.locator(".jj-badge.active").first).to_be_visible()
    page.get_by_text("耗时", exact=True).first.click()
    expect(page.locator(".jj-badge.heat")).to_have_text([re.compile("4 小时")])
    expect(page.locator(".jj-badge.active").first).to_be_hidden()
    expect(page.locator("[data-legend=duration]")).to_be_visible()
