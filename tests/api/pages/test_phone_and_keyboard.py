"""The pages in a real browser: by thumb on a phone, by keyboard on a desk, with a connection that comes and goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from demo.organisation import Cast
from tests.api.pages.browsing import DESK, PHONE, Opens, fill_date, offline, pick, resign, sign, submit, until

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F55")
def test_an_employee_resigns_on_a_phone(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    page = opens(cast.employee.login)
    resign(page)
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")
    work()
    page.goto("/cases")
    page.get_by_role("link", name="OFF-2026-0001").first.click()
    expect(page.locator(".stage")).to_have_count(4)


@pytest.mark.requirement("F58")
@pytest.mark.requirement("F4")
def test_a_manager_confirms_and_signs_on_a_phone(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    page = opens(cast.manager)
    page.locator("a.row").first.click()
    page.locator(".fjs-form").wait_for()
    field = page.get_by_label("交接对接人")
    field.fill(cast.recipient)
    page.locator(".employee-list li").first.click()
    sign(page)
    submit(page)
    expect(page.locator(".toast")).to_be_visible()
    page.goto("/inbox?tab=done")
    expect(page.locator("a.row")).to_have_count(1)


@pytest.mark.requirement("F14")
def test_a_refusal_of_the_server_stands_at_its_field(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    resign(page, "2026/11/20")
    field = page.locator(".fjs-form-field-datetime")
    expect(field.locator(".fjs-form-field-error")).to_contain_text("第三十七条")
    expect(page.locator("#form-errors")).to_be_visible()
    fill_date(page, "预计离职日", "2026/12/31")
    submit(page)
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")


def test_a_lost_connection_loses_nothing(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    with offline_after_filling(page):
        submit(page)
        expect(page.locator("#form-errors")).to_contain_text("无法确定是否已提交成功")
    page.reload()
    expect(page.locator("#draft-note")).to_be_visible()
    expect(page.get_by_label("预计离职日")).to_have_value("2026-12-31")
    expect(page.locator(".signature-hint")).to_have_count(0)
    submit(page)
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")


@contextmanager
def offline_after_filling(page: Page) -> Iterator[None]:
    page.goto("/start/offboarding")
    page.locator(".fjs-form").wait_for()
    pick(page, "离职原因", "发展空间")
    fill_date(page, "预计离职日", "2026/12/31")
    sign(page)
    until(page, "Object.values(sessionStorage).some(value => value.includes('svg+xml'))")
    with offline(page):
        yield


def test_signing_out_takes_drafts_along(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    page.evaluate("sessionStorage.setItem('draft:x', '{}')")
    page.goto("/me")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login")
    assert page.evaluate("Object.keys(sessionStorage)") == []


# Elements that a thumb has to hit; links within sentences and form-js' own fields are of their own size.
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
  .filter(e => e.offsetParent && !e.closest('p, li, .crumb, .sr, .skip, .fjs-powered-by, td, .fjs-container'))
  .map(e => [e, (e.closest('label') || e).getBoundingClientRect().height])
  .filter(([, height]) => height < 44 && height > 1)
  .map(([e]) => e.outerHTML.slice(0, 120))"""


@pytest.mark.requirement("F61")
def test_no_page_scrolls_sideways_on_a_phone_and_all_can_be_touched(opens: Opens) -> None:
    page = opens("hr")
    for url in ("/inbox", "/start", "/start/offboarding", "/cases", "/people", "/messages", "/me"):
        page.goto(url)
        page.locator("h1").first.wait_for(state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], url
        assert page.evaluate(SMALL) == [], url


def test_the_inbox_goes_by_keyboard(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    page = opens(cast.manager, size=DESK)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    expect(page.locator(".fjs-form")).to_be_visible()
    expect(page.locator("a.row[aria-current=true]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#form-errors")).to_be_visible()
    page.locator("body").press("/")
    page.go_back()
    expect(page.locator("#work")).to_contain_text("请选择一项待办")


@pytest.mark.requirement("F57")
def test_a_task_appears_without_a_reload(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    manager = opens(cast.manager)
    expect(manager.locator("a.row")).to_have_count(0)
    manager.wait_for_timeout(2500)  # the first look of the stream is what the later ones are compared with
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    expect(manager.locator("a.row")).not_to_have_count(0, timeout=10_000)


def test_a_diagram_shows_its_tokens_and_the_mark_of_its_maker(
    opens: Opens, cast: Cast, work: Callable[[], int]
) -> None:
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    page = opens("hr", size=DESK)
    page.goto("/cases/OFF-2026-0001")
    expect(page.locator(".jj-badge.active").first).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_a_conversation_goes_on_in_the_page(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    resign(page)
    page.wait_for_url("**/inbox")
    page.goto("/cases/OFF-2026-0001")
    page.get_by_label("写点什么").fill("电脑何时归还？")
    page.get_by_role("button", name="发送").click()
    expect(page.locator("#thread p")).to_have_text("电脑何时归还？")
    expect(page.get_by_label("写点什么")).to_have_value("")


def test_the_dark_theme_stays(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    page.goto("/me")
    page.get_by_label("深色").check()
    page.goto("/inbox")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
