"""The signing room on a phone: reading, drawing, the code, the company's seal."""

import re

from playwright.sync_api import Browser, Page, expect

from demo.chart import Hire, members
from kernel.clock import SystemClock
from tests.e2e.conftest import Phone, Product
from tests.e2e.walk import SHANGHAI
from tests.peers import Counterparts

CODE = re.compile(r"(?<![\d-])(\d{6})(?!\d)")


def hires() -> list[Hire]:
    """Everybody in the demo."""
    today = SystemClock().now().astimezone(SHANGHAI).date()
    return [member.hire for member in members(100, 42, today)]


def received(counterparts: Counterparts, phone: str, pattern: re.Pattern[str]) -> list[str]:
    """What came to a phone, the newest first."""
    text = counterparts.control.get("/_phone", params={"to": phone}).text
    return pattern.findall(re.sub(r"<strong>|</strong>", "", text))


def read(page: Page) -> None:
    """Look at every page to the end. Before that nothing can be signed."""
    go_on = page.get_by_role("button", name="已阅读并理解")
    expect(go_on).to_have_attribute("aria-disabled", "true")
    pages = page.locator("[data-page]")
    for place in range(pages.count()):
        pages.nth(place).evaluate("page => page.scrollIntoView({ block: 'center' })")
        expect(pages.nth(place)).to_have_class(re.compile("there"))
        expect(page.locator(".read-so-far")).to_have_text(f"已读 {place + 1}/{pages.count()} 页", timeout=20_000)
    page.locator("[data-end]").scroll_into_view_if_needed()
    expect(go_on).to_have_attribute("aria-disabled", "false", timeout=20_000)
    go_on.click()


def draw(page: Page) -> None:
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + (40 if step % 2 else 120))
    page.mouse.up()


def confirm(page: Page, counterparts: Counterparts, phone: str, button: str) -> None:
    """Have the code sent, mistype it once, and confirm with the right one."""
    page.get_by_role("button", name="获取验证码").click()
    expect(page.locator(".code-said")).to_contain_text("验证码已发送至")
    code = received(counterparts, phone, CODE)[0]
    field = page.get_by_label("6 位验证码")
    field.fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name=button).click()
    expect(page.locator("[data-step=sign] .fault")).to_contain_text("验证码不正确")
    field.fill(code)
    page.get_by_role("button", name=button).click()


def open_task(phone: Phone, number: str, tab: str) -> None:
    """From the inbox to the room."""
    phone.product.until(
        "the signature is in the inbox",
        lambda: phone.go(f"/inbox?tab={tab}&q={number}") or phone.page.locator("a.row").count(),
    )
    phone.page.locator("a.row").first.click()
    phone.page.locator(".bar").get_by_role("link", name="阅读并签署").click()
    phone.page.wait_for_url(f"**/sign/{number}")


def sign(browser: Browser, running: Product, counterparts: Counterparts, person: Hire, number: str) -> None:
    """The employee reads and signs on the phone; what is forgotten is said, and nothing is lost by it."""
    employee = Phone(browser, running, person.login)
    open_task(employee, number, "mine")
    page = employee.page
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{person.name}，请阅读并签署")
    page.get_by_role("button", name="同意并阅读").click()
    expect(page.get_by_role("alert")).to_have_text("请先勾选同意以电子方式签署。")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="同意并阅读").click()
    read(page)
    page.get_by_role("button", name="确认签署").click()
    expect(page.locator("[data-step=sign] .fault")).to_contain_text("请先在签名框内签名")
    draw(page)
    confirm(page, counterparts, person.phone, "确认签署")
    expect(page.get_by_role("heading", name="签署成功")).to_be_visible(timeout=30_000)
    employee.go(f"/agreements/{number}")
    expect(page.locator(".signers")).to_contain_text("已签署")
    employee.close()


def seal(browser: Browser, running: Product, counterparts: Counterparts, number: str) -> None:
    """The holder of the seal looks, and sets it."""
    phone = next(hire.phone for hire in hires() if hire.login == "hr-head")
    holder = Phone(browser, running, "hr-head")
    open_task(holder, number, "group")
    page = holder.page
    page.get_by_role("button", name="查看文件").click()
    page.get_by_role("button", name="前往盖章").click()
    expect(page.get_by_role("img", name="的印章")).to_be_visible()
    confirm(page, counterparts, phone, "确认盖章")
    expect(page.get_by_role("heading", name="签署完成，文件已封存")).to_be_visible(timeout=30_000)
    assert re.fullmatch(r"[0-9A-Z-]{16,}", page.locator(".verify code").inner_text())
    holder.go(f"/agreements/{number}")
    expect(page.locator(".status")).to_contain_text("已签署封存")
    holder.close()
