"""HR waives a training in the list of completion, on the phone and at the desk: asked once, then marked in its line."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hr.people import accounts
from tests.api.company import served
from tests.api.pages.browsing import DESK, PASSWORD, browsed
from tests.api.pages.test_training_views import several
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall"]

PHONE = {"width": 390, "height": 844}

Looks = Callable[[dict[str, int]], Page]


@pytest.fixture
def looks(hall: Hall, browser: Browser) -> Iterator[Looks]:
    """Opens the page of completion for chen, who is of HR."""
    with hall.database.transaction() as unit:
        unit.run("update account set password_hash = %s", (accounts.hash_password(PASSWORD),))
    with served(hall.house) as site, browsed(browser, site) as opens:

        def opened(size: dict[str, int]) -> Page:
            page = opens("chen", size=size)
            page.goto("/training?q=客户")
            return page

        yield opened


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_hr_waives_a_training_where_it_is_seen(hall: Hall, looks: Looks, size: dict[str, int]) -> None:
    number = several(hall)["wu"]
    page = looks(size)
    line = page.locator("#trainings tbody tr", has_text="吴芳")
    dialog = page.get_by_role("dialog")
    line.get_by_role("button", name="豁免这门课程").click()
    expect(dialog).to_contain_text("为吴芳豁免“客户信息保密”？")
    dialog.get_by_role("button", name="不了").click()
    expect(dialog).to_be_hidden()
    assert hall.rows("select count(*) from enrolment where status = 'waived'") == [(0,)]

    line.get_by_role("button", name="豁免这门课程").click()
    expect(dialog.get_by_label("原因")).to_be_focused()
    dialog.get_by_role("button", name="豁免").click()  # a reason is needed: the browser says so
    expect(dialog).to_be_visible()
    dialog.get_by_label("原因").fill("产假期间，返岗后另行安排")
    dialog.get_by_role("button", name="豁免").click()
    page.wait_for_url(f"**/training?*waived={number}#{number}")
    expect(page.locator("#toasts")).to_contain_text("已豁免：吴芳无需学习“客户信息保密”")
    expect(line).to_contain_text("产假期间，返岗后另行安排")
    expect(line).to_contain_text("由陈涛办理")
    expect(line).to_be_in_viewport()
    expect(line.get_by_role("button", name="豁免这门课程")).to_have_count(0)
    expect(page.get_by_placeholder("搜索")).to_have_value("客户")  # the list is as it was
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert hall.rows("select status, ended_by from enrolment where number = %s", (number,)) == [("waived", "chen")]
