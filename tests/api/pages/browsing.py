"""A real browser before the pages: who opens them, and the gestures that several stories share."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

PASSWORD = "handover-2026"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1440, "height": 900}
# What the product answers on purpose is also noted by the console of a browser.
EXPECTED = re.compile(r"status of 4(01|04|09|22)|ERR_INTERNET_DISCONNECTED|net::ERR_FAILED")

Opens = Callable[..., Page]

# A small process for the stories of operation: an approval with a reminder, a sum that can stop, an archive.
LEAVE = Path(__file__).with_name("leave.bpmn").read_text(encoding="utf-8")


@pytest.fixture
def opens(browser: Browser, site: str) -> Iterator[Opens]:
    """Opens the inbox of a person."""
    with browsed(browser, site) as opened:
        yield opened


@contextmanager
def browsed(browser: Browser, *sites: str) -> Iterator[Opens]:
    """Opens the first page of a person; at the end no page may have complained, nor have asked another host.

    `sites` are the addresses that may be asked; the first is where somebody signs in.
    """
    complaints: list[str] = []
    contexts = []
    allowed = (*sites, "data:", "blob:")

    def opened(login: str, *, size: Mapping[str, int] = PHONE) -> Page:
        phone = size["width"] < DESK["width"]
        context = browser.new_context(
            base_url=sites[0],
            viewport=dict(size),
            locale="zh-CN",
            is_mobile=phone,
            has_touch=phone,  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        )
        # The calendar of a browser knows only its own clock: it has to be the one of the house.
        context.clock.set_fixed_time("2026-11-02T09:00:00+08:00")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(allowed) else None)
        page.goto("/login")
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/login" not in url)  # to the inbox, or a designer to the studio
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if not EXPECTED.search(text)] == []


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def until(page: Page, condition: str) -> None:
    """Wait for something that is not on the page. The page's policy forbids Playwright's own way of doing it."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{condition} did not come true")


def submit(page: Page) -> None:
    page.locator("[data-submit]:visible").click()


def sign(page: Page) -> None:
    """Draw something on the pad, by pointer."""
    pad = page.locator(".signature canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + step * 14, box["y"] + 40 + (step % 4) * 16)
    page.mouse.up()


def pick(page: Page, label: str, choice: str) -> None:
    """Choose from one of form-js' own lists."""
    page.locator(".fjs-form-field-select", has_text=label).locator(".fjs-input-group").click()
    page.locator(".fjs-dropdownlist-item", has_text=choice).click()


def fill_date(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label)
    field.fill(text)
    field.press("Enter")


def resign(page: Page, day: str = "2026/12/31") -> None:
    """Fill in and send the application on whatever screen this is."""
    page.goto("/start/offboarding")
    page.locator(".fjs-form").wait_for()
    pick(page, "离职原因", "发展空间")
    fill_date(page, "预计离职日", day)
    sign(page)
    submit(page)


Enters = Callable[[str], httpx.Client]


@contextmanager
def entering(site: str, password: str = PASSWORD) -> Iterator[Enters]:
    """Signs people in without a browser, nobody for an empty login; a client sends the token that its pages carry."""
    opened: list[httpx.Client] = []

    def entered(login: str) -> httpx.Client:
        client = httpx.Client(base_url=site, headers={"accept-language": "zh-CN"}, timeout=60)
        opened.append(client)
        if login:
            assert client.post("/login", data={"login": login, "password": password}).status_code == 303
            client.headers["x-csrf-token"] = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
        return client

    yield entered
    for client in opened:
        client.close()
