"""What cannot be done is told where a person looks, nothing typed is lost, and nothing is done twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from demo.organisation import Cast
from tests.api.pages.browsing import DESK, PASSWORD, PHONE, Opens, fill_date, pick, resign, sign, submit, until

pytestmark = pytest.mark.browser


def application(page: Page) -> None:
    page.goto("/start/offboarding")
    page.locator(".fjs-form").wait_for()


def in_sight(page: Page, selector: str) -> bool:
    """Whether an element lies within the screen as it is scrolled now, above the bar at its foot."""
    page.wait_for_timeout(100)
    box = page.locator(selector).bounding_box()
    bar = page.locator(".bar").bounding_box()
    assert box is not None
    foot = bar["y"] if bar and page.locator(".bar").is_visible() else DESK["height"]
    return box["y"] >= 0 and box["y"] + box["height"] <= foot


def test_a_refusal_is_in_sight_at_the_foot_of_a_long_form(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    application(page)
    page.locator(".fjs-powered-by").scroll_into_view_if_needed()
    submit(page)
    expect(page.locator("#form-errors")).to_contain_text("尚未提交")
    assert in_sight(page, "#form-errors")
    first = page.locator(".fjs-form-field-error").first
    assert in_sight(page, ".fjs-form-field-error >> nth=0")
    expect(first).to_have_text("此项必填。")
    expect(page.locator(".fjs-dropdownlist")).to_have_count(0)  # it would lie over the sentence
    page.locator(".fjs-form-field-select .fjs-input-group").first.click()
    expect(page.locator(".fjs-dropdownlist")).to_have_count(1)


def test_to_pass_by_an_empty_field_is_no_mistake_yet(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login, size=DESK)
    application(page)
    page.get_by_label("预计离职日").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(page.locator(".fjs-form-field-error")).to_have_count(0)


def test_a_session_that_ends_while_a_form_is_open_loses_nothing(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    application(page)
    pick(page, "离职原因", "发展空间")
    fill_date(page, "预计离职日", "2026-12-31")
    sign(page)
    page.context.clear_cookies(name="session")
    submit(page)
    expect(page.locator("#form-errors")).to_contain_text("登录已过期，内容已保留，请重新登录")
    expect(page.locator("[data-submit]:visible")).to_be_enabled()
    page.get_by_role("link", name="重新登录").click()
    page.get_by_label("账号").fill(cast.employee.login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/start/offboarding")
    expect(page.get_by_label("预计离职日")).to_have_value("2026-12-31")
    submit(page)
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")


def test_a_list_whose_session_is_over_leads_to_the_login_and_back(opens: Opens) -> None:
    page = opens("hr", size=DESK)
    page.context.clear_cookies(name="session")
    page.get_by_role("searchbox").fill("王")
    page.wait_for_url("**/login?next=%2Finbox*")


def test_an_answer_that_is_lost_is_looked_for_not_guessed(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/start/offboarding", lose)
    resign(page)
    expect(page.locator(".toast")).to_contain_text("已提交成功")
    expect(page.get_by_role("link", name="查看案件")).to_have_attribute("href", "/cases/OFF-2026-0001")
    expect(page.locator("[data-form]")).to_have_count(0)


def test_what_never_arrived_is_told_as_such(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    page.route("**/start/offboarding", lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    resign(page)
    expect(page.locator("#form-errors")).to_contain_text("很可能没有送达")
    page.unroute_all()
    submit(page)
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")


@pytest.mark.parametrize("text", ["2026-12-31", "2026/12/31", "20261231", "2026年12月31日", "２０２６．１２．３１"])
def test_a_day_is_read_as_people_write_it(opens: Opens, cast: Cast, text: str) -> None:
    page = opens(cast.employee.login, size=DESK)
    application(page)
    fill_date(page, "预计离职日", text)
    expect(page.get_by_label("预计离职日")).to_have_value("2026-12-31")


@pytest.mark.parametrize("text", ["2026/13/45", "2026-02-30", "明天", "12/31", "20261"])
def test_what_is_no_day_is_refused_and_stays_as_it_was_typed(opens: Opens, cast: Cast, text: str) -> None:
    page = opens(cast.employee.login, size=DESK)
    application(page)
    fill_date(page, "预计离职日", text)
    submit(page)
    expect(page.locator(".fjs-form-field-datetime .fjs-form-field-error")).to_contain_text(f"“{text}”不是有效日期")
    expect(page.get_by_label("预计离职日")).to_have_value(text)


def test_the_calendar_speaks_chinese_and_stays_in_sight(opens: Opens, cast: Cast) -> None:
    page = opens(cast.employee.login)
    application(page)
    page.get_by_role("button", name="打开日历").click()
    calendar = page.locator(".flatpickr-calendar")
    expect(calendar.get_by_label("月", exact=True)).to_contain_text("11月")
    expect(calendar.get_by_label("年", exact=True)).to_have_value("2026")
    assert in_sight(page, ".flatpickr-calendar")
    calendar.get_by_label("2026年11月30日").click()
    expect(page.get_by_label("预计离职日")).to_have_value("2026-11-30")
    expect(calendar).to_have_count(0)


def test_a_file_that_is_not_taken_in_is_told_at_its_field(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    page = opens("hr", size=PHONE)
    page.goto("/inbox?tab=group")
    page.locator("a.row", has_text="社保公积金停缴").first.click()
    page.locator(".fjs-form").wait_for()
    field = page.locator(".fjs-form-field-filepicker")
    chosen = field.locator("input[type=file]")
    chosen.set_input_files({"name": "停缴.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    expect(field.locator(".fjs-form-field-error")).to_contain_text("停缴.exe")
    field.get_by_role("button", name="移除 停缴.exe").click()
    expect(field.locator(".fjs-form-field-error")).to_have_count(0)
    # Its name is well; what is in it only the server finds out.
    chosen.set_input_files({"name": "停缴.pdf", "mimeType": "application/pdf", "buffer": b"no such thing"})
    for day in page.locator(".fjs-form-field-datetime input").all():
        day.fill("2026-12-31")
        day.press("Enter")
    submit(page)
    expect(field.locator(".fjs-form-field-error")).to_contain_text("停缴.pdf")
    assert in_sight(page, ".fjs-form-field-filepicker .fjs-form-field-error")


def test_a_name_is_typed_where_no_signature_can_be_drawn(opens: Opens, cast: Cast) -> None:
    """All by keyboard: no pointer is needed from the first field to the button."""
    page = opens(cast.employee.login, size=DESK)
    application(page)
    pick(page, "离职原因", "发展空间")
    fill_date(page, "预计离职日", "2026-12-31")
    way = page.get_by_role("button", name="键入姓名")
    page.get_by_label("离职后邮箱").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(way).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(cast.employee.name)
    picture = page.locator(".signature-preview")
    expect(picture).to_be_visible()
    drawn = page.evaluate("atob(document.querySelector('.signature-preview').src.split(',')[1])")
    assert 'class="typed"' in drawn
    assert "<text" not in drawn
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("OFF-2026-0001")


def test_what_was_signed_is_read_back_with_its_picture(opens: Opens, cast: Cast, work: Callable[[], int]) -> None:
    leaver = opens(cast.employee.login)
    resign(leaver)
    leaver.wait_for_url("**/inbox")
    work()
    page = opens(cast.manager)
    page.locator("a.row").first.click()
    page.locator(".fjs-form").wait_for()
    page.get_by_label("交接对接人").fill(cast.recipient)
    page.locator(".employee-list li").first.click()
    sign(page)
    submit(page)
    page.wait_for_url("**/inbox*")
    page.goto("/inbox?tab=done")
    page.locator("a.row").first.click()
    picture = page.locator("img.record-signature")
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('img.record-signature').naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
