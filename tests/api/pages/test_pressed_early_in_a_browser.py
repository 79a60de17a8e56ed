"""A thumb that is quicker than the network: what is pressed before its script is there is done when it comes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from demo.organisation import Cast
from tests.api.pages.browsing import PASSWORD, PHONE, Opens, browsed
from tests.api.pages.played import Served, pages, school

__all__ = ["pages", "school"]
pytestmark = pytest.mark.browser

EDITOR = "/training/courses/storage"
SCRIPTS = re.compile(r"/assets/(?!pressed)[^/]+\.js$")  # all but the one that keeps presses
ISLANDS = re.compile(r"/assets/(?!pressed|inbox)[^/]+\.js$")


@contextmanager
def late(
    page: Page, address: str, scripts: re.Pattern[str], *, then: Callable[[Route], None] = Route.continue_
) -> Iterator[None]:
    """Open a page whose `scripts` are on their way until the end of the block, and what becomes of them `then`."""
    waiting: list[Route] | None = []
    page.route(scripts, lambda route: then(route) if waiting is None else waiting.append(route))
    page.goto(address, wait_until="commit")
    try:
        yield
    finally:
        kept, waiting = waiting or [], None
        for route in kept:
            then(route)


@pytest.fixture
def hr(browser: Browser, pages: Served) -> Iterator[Page]:
    with browsed(browser, pages.url) as opened:
        yield opened("hr.one", size=PHONE)


@pytest.mark.parametrize("scripts", [SCRIPTS, ISLANDS], ids=["none", "no island"])
def test_a_button_pressed_early_does_its_work_once(hr: Page, scripts: re.Pattern[str]) -> None:
    names = hr.locator("[data-list=lessons] > .lesson > details > summary .name")
    with late(hr, EDITOR, scripts):
        first = names.first.inner_text()
        down = hr.locator(".lesson").first.get_by_role("button", name="下移")
        down.press("Enter")
        expect(down).to_have_attribute("aria-busy", "true")
        expect(names.first).to_have_text(first)
    expect(names.nth(1)).to_have_text(first)
    expect(hr.locator("[aria-busy]")).to_have_count(0)


def test_of_two_presses_the_later_one_is_meant(hr: Page) -> None:
    lessons = hr.locator("[data-list=lessons] > .lesson")
    names = lessons.locator("> details > summary .name")
    with late(hr, EDITOR, SCRIPTS):
        expect(names).to_have_count(4)
        before = names.all_inner_texts()
        lessons.first.get_by_role("button", name="移除课时").press("Enter")
        lessons.nth(1).get_by_role("button", name="移除课时").press("Enter")
        expect(hr.locator("[aria-busy]")).to_have_count(1)
    expect(hr.locator(".taken")).to_contain_text(before[1])
    expect(lessons).to_have_count(len(before) - 1)


@pytest.mark.parametrize("scripts", [SCRIPTS, ISLANDS], ids=["none", "no island"])
def test_a_form_of_scripts_is_not_sent_to_its_own_page(hr: Page, scripts: re.Pattern[str]) -> None:
    with late(hr, EDITOR, scripts):
        hr.locator("[data-course-form] #head").get_by_label("标题").fill("存放在哪里")
        hr.locator("[name=comment]").fill("改名")
        hr.locator("[name=comment]").press("Enter")
    expect(hr.locator("h1")).to_contain_text("存放在哪里")
    expect(hr.locator("h1 .chip").first).to_contain_text("版本 2")
    assert hr.url.endswith(EDITOR)


def test_a_small_action_pressed_early_is_sent_when_it_can_be(hr: Page) -> None:
    """Signing out is a form of htmx."""
    with late(hr, "/me", SCRIPTS):
        hr.get_by_role("button", name="退出登录").click()
    hr.wait_for_url("**/login*")


def test_a_form_that_is_still_being_drawn_is_sent_when_it_is_there(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    with late(page, "/start/offboarding", ISLANDS):
        page.locator("[data-submit]:visible").click()
    expect(page.locator("#form-errors")).to_be_visible()


def test_scripts_that_never_come_are_told_of(browser: Browser, pages: Served) -> None:
    context = browser.new_context(base_url=pages.url, viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("账号").fill("hr.one")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login" not in url)
    with late(page, EDITOR, SCRIPTS, then=Route.abort):
        page.locator(".lesson").first.get_by_role("button", name="下移").click()
    expect(page.locator("#toasts")).to_contain_text("请刷新页面")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    context.close()
