"""Somebody without a login checks a file on a phone and at a desk, in a real browser, and needs nothing for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from api import bootstrap
from hr.people import staff
from hr.people.staff import Hire
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tests.api.company import database_of_its_own, served
from tests.api.pages.browsing import DESK, PHONE
from tests.hr.evidence import agreed, overlays
from tests.hr.evidence.agreed import CODE, Place

NAME = "赵𬎆龘"

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    sealed: bytes
    clock: ManualClock


@pytest.fixture(scope="module")
def site(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    clock = ManualClock("2026-11-02T01:00:00+00:00")
    with database_of_its_own(server, template) as address:
        database = Database(address)
        try:
            settings = Settings(home=tmp_path_factory.mktemp("home"), database_url=address, secret="s")
            house = bootstrap.build(settings, database, clock)
            with house.database.transaction() as unit:
                staff.add_department(unit, "sales", "销售一部")
                hired = clock.now().date()
                joining = Hire(no="5", login="zhao", name=NAME, department="sales", position="代表", hired_on=hired)
                staff.hire(unit, house.world.files.cipher, joining)
            place = Place(database, house.world.files, house.world.seals.authority, clock)
            with ThreadPoolExecutor(1) as aside:  # signing runs an event loop, which the browser's driver has here
                sealed = aside.submit(agreed.concluded, place, "zhao", NAME).result()
            with served(house) as url:
                yield Site(url, sealed, clock)
        finally:
            database.close()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A page that may not complain, ask another host, or be wider than its screen."""
    site.clock.advance(timedelta(minutes=11))
    complaints: list[str] = []
    context = browser.new_context(base_url=site.url, viewport=request.param, locale="zh-CN")
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda r: complaints.append(r.url) if not r.url.startswith((site.url, "data:")) else None)
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth") <= request.param["width"]
    context.close()
    assert complaints == []


def hand_in(page: Page, content: bytes, name: str) -> None:
    page.goto("/verify")
    page.get_by_label("用文件").set_input_files(FilePayload(name=name, mimeType="application/pdf", buffer=content))
    expect(page.get_by_text(name)).to_be_visible()
    page.get_by_role("button", name="核验文件").click()


@pytest.mark.requirement("F63")
def test_a_genuine_file_and_a_changed_one(page: Page, site: Site) -> None:
    hand_in(page, site.sealed, "协议.pdf")
    expect(page.get_by_role("heading", name="真实有效")).to_be_visible()
    expect(page.get_by_text("赵＊＊").first).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)
    page.get_by_role("link", name="核验另一份").click()
    hand_in(page, overlays.white_box(site.sealed), "改过的协议.pdf")
    expect(page.get_by_role("heading", name="已被改动")).to_be_visible()
    expect(page.get_by_text("第 6 个修订版本（共 6 个）在签署后改动了文件。")).to_be_visible()


def test_a_code_is_typed_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("核验码").fill(CODE.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verify/{CODE}")
    expect(page.get_by_role("heading", name="有此核验码对应的文件")).to_be_visible()
    expect(page.get_by_text("SHA-256")).to_be_visible()


def test_too_large_a_file_is_told_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    page.goto("/verify")
    page.get_by_label("用文件").set_input_files(large)
    expect(page.get_by_text("超过 20 MB")).to_be_visible()
    expect(page.get_by_role("button", name="核验文件")).to_be_disabled()
