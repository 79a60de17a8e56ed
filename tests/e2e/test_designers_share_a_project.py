"""Two designers in one file, in two browsers: who comes second is told, keeps what they wrote, and overwrites nothing.

A connection that is gone and a session that is over cost nobody's work either.
"""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from hr.people import accounts
from kernel.actor import Actor
from processes.studio import asides, drafts, projects
from processes.studio.starter import starter
from tests.api.company import PASSWORD, Company, opened
from tests.api.pages.browsing import EXPECTED, offline

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
NAMES = (f"面谈 {number}" for number in count())

ADMIN = Actor(id="role.admin")

Opens = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        with found.house.database.transaction() as unit:
            accounts.create(
                unit,
                "zhao.min",
                password_hash=accounts.hash_password(PASSWORD),
                groups=("employee", "designer"),
                name="赵敏",
                clock=found.house.clock,
            )
        yield found


@pytest.fixture
def project(company: Company) -> int:
    """A project with a small process, in which nobody has changed anything."""
    name, house = next(NAMES), company.house
    with house.database.transaction() as unit:
        files = [starter(name, "zh-CN")]
        return projects.create(house.engine, unit, name, files, actor=ADMIN)


@pytest.fixture
def opens(browser: Browser, company: Company) -> Iterator[Opens]:
    """Opens a page as somebody, in a browser of their own; at the end no page may have complained."""
    complaints: list[str] = []
    contexts = []

    def opened(login: str, path: str) -> Page:
        base = str(company.site.base_url)
        context = browser.new_context(base_url=base, viewport=DESK, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"/login?next={path}")
        sign_in(page, login)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if not EXPECTED.search(text)] == []


def sign_in(page: Page, login: str) -> None:
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def name_of_file(company: Company, project: int) -> str:
    with company.house.database.transaction() as unit:
        return projects.read(unit, project).files[0].name


def content(company: Company, project: int, name: str) -> str:
    with company.house.database.transaction() as unit:
        return drafts.read(unit, project, name).content.decode()


def rename_step(page: Page, name: str) -> None:
    """Give the step another name by writing on it."""
    page.locator("[data-element-id=step] .djs-hit").first.dblclick()
    box = page.locator(".djs-direct-editing-content")
    box.wait_for()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(name)
    page.locator(".djs-container").click(position={"x": 500, "y": 500})


def state(page: Page, name: str) -> None:
    expect(page.locator(f"[data-draft-state={name}]")).to_be_visible(timeout=15_000)


def test_who_comes_second_is_told_and_overwrites_nothing(company: Company, project: int, opens: Opens) -> None:
    file = name_of_file(company, project)
    address = f"/studio/{project}/files/{file}"
    one, other = opens("role.designer", address), opens("zhao.min", address)
    for page in (one, other):
        page.locator("[data-element-id=step]").wait_for()
    rename_step(one, "初次面谈")
    state(one, "saved")
    assert "初次面谈" in content(company, project, file)

    rename_step(other, "最终面谈")
    state(other, "conflict")
    asked = other.locator("dialog#draft-asks")
    expect(asked).to_contain_text("双方的内容都没有被覆盖")
    assert "最终面谈" not in content(company, project, file)
    with other.expect_popup() as popup:
        asked.get_by_role("link", name="对比两份内容").click()
    both = popup.value
    expect(both.locator("[data-compare] [data-side=before]")).to_contain_text("最终面谈")
    expect(both.locator("[data-compare] [data-side=after]")).to_contain_text("初次面谈")
    both.close()

    asked.get_by_role("button", name="稍后处理").click()
    rename_step(other, "离职面谈")
    other.locator("[data-draft-state] button").click()
    asked.get_by_role("button", name="将我的另存为副本").click()
    other.wait_for_url(re.compile("副本|%E5%89%AF"))
    copy = file.replace(".bpmn", "-副本.bpmn")
    assert "离职面谈" in content(company, project, copy)
    assert "初次面谈" in content(company, project, file)
    with company.house.database.transaction() as unit:
        (kept,) = asides.listed(unit, project, file)
        assert "最终面谈" in asides.read(unit, project, kept.key).content.decode()


def test_a_lost_connection_costs_nothing(company: Company, project: int, opens: Opens) -> None:
    file = name_of_file(company, project)
    page = opens("role.designer", f"/studio/{project}/files/{file}")
    page.locator("[data-element-id=step]").wait_for()
    with offline(page):
        rename_step(page, "断网时写的")
        state(page, "offline")
        assert "断网时写的" not in content(company, project, file)
    state(page, "saved")  # by itself, once there is a connection again
    assert "断网时写的" in content(company, project, file)
    assert page.evaluate("sessionStorage.length") == 0


def test_a_session_that_is_over_costs_nothing(company: Company, project: int, opens: Opens) -> None:
    file = name_of_file(company, project)
    page = opens("role.designer", f"/studio/{project}/files/{file}")
    page.locator("[data-element-id=step]").wait_for()
    with company.house.database.transaction() as unit:
        unit.run("delete from session where login = 'role.designer'")
    rename_step(page, "登录过期后写的")
    state(page, "expired")
    page.get_by_role("link", name="重新登录").click()
    sign_in(page, "role.designer")
    asked = page.locator("dialog#draft-asks")
    expect(asked).to_contain_text("尚未保存的更改")
    asked.get_by_role("button", name="继续使用").click()
    expect(page.locator("[data-element-id=step]")).to_contain_text("登录过期后写的")
    state(page, "saved")
    assert "登录过期后写的" in content(company, project, file)


def test_a_click_on_another_file_waits_until_all_is_saved(company: Company, project: int, opens: Opens) -> None:
    file = name_of_file(company, project)
    page = opens("role.designer", f"/studio/{project}/files/{file}")
    page.locator("[data-element-id=step]").wait_for()
    rename_step(page, "面谈")
    page.get_by_role("button", name="说明", exact=True).click()
    asked = page.locator("dialog#draft-asks")
    asked.get_by_label("更新说明").fill("按新规调整")
    asked.get_by_role("button", name="保存").click()
    expect(page.locator("#toasts")).to_contain_text("已保存为修订")
    rename_step(page, "马上离开")
    page.get_by_role("link", name="历史", exact=True).click()
    page.wait_for_url("**/history")
    assert "马上离开" in content(company, project, file)
    expect(page.locator(".studio-revisions")).to_contain_text("按新规调整")
    newest = page.locator(".studio-revisions li.now b").inner_text()
    page.get_by_role("link", name="更改内容").first.click()
    expect(page.locator(".changes")).to_contain_text("面谈 → 马上离开")
    page.go_back()
    page.locator("[hx-get$='/revisions/1/restore']").click()
    page.locator("dialog#ask").get_by_role("button", name="恢复").click()
    page.wait_for_url("**/history")
    expect(page.locator(".studio-revisions li.now b")).not_to_have_text(newest)
    assert "马上离开" not in content(company, project, file)
