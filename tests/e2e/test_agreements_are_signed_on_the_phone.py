"""From a text to the sealed file, on the phone: a link that opens with its code alone, and a leaver who knows secrets.

The last seal of all is set while no worker runs anywhere: what is there afterwards was in the commit of that signature.
"""

import io
import re
from collections.abc import Iterator

import httpx
import pypdf
import pytest
from playwright.sync_api import Browser, expect

from demo.chart import Hire
from tests.e2e.conftest import PASSWORD, PHONE, Phone, Product, plain, product
from tests.e2e.desk import Desk
from tests.e2e.signing_room import CODE, hires, received, seal, sign
from tests.e2e.walk import Walk
from tests.peers import Counterparts, MailServer

pytestmark = pytest.mark.browser

TITLE = "保密协议"
RARE = re.compile("[龘㛃𬎆]")
CONFIDENTIAL = "技术秘密保密协议"
NON_COMPETE = "竞业限制协议"
LINK = re.compile(r"https?://[^\s\"<]+/s/[\w-]+")


@pytest.fixture(scope="module")
def running(counterparts_process: Counterparts, mail_server: MailServer, directory: str) -> Iterator[Product]:
    with product(counterparts_process, mail_server, directory) as made:
        yield made


@pytest.fixture(scope="module")
def people(running: Product) -> list[Hire]:
    """Who signs: present employees without a team, one with a rare character in the name first."""
    heads = {hire.manager for hire in hires()}
    staff = [hire for hire in hires() if hire.login not in heads and hire.manager and "." in hire.login]
    return sorted(staff, key=lambda hire: not RARE.search(hire.name))


def send(browser: Browser, running: Product, person: Hire, title: str = TITLE) -> str:
    """HR chooses text and person, looks at what the law says, and sends; the number of the agreement."""
    hr = Desk(browser, running, "hr")
    page = hr.page
    page.goto("/agreements")
    page.get_by_role("link", name="发起协议").click()
    page.get_by_label("选择协议").select_option(label=title)
    page.get_by_label("协议咨询联系人或部门").fill("人力资源部 8001")
    page.get_by_label("姓名、账号或工号").fill(person.login)
    page.get_by_role("button", name="添加").first.click()
    expect(page.get_by_text("已选 1 人")).to_be_visible()
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_text("1 份均可发出")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="发起签署").click()
    page.wait_for_url("**/agreements/batches/**")
    made = page.locator("a[href^='/agreements/XY']")
    made.wait_for(timeout=60_000)
    number = made.inner_text()
    hr.close()
    return number


@pytest.mark.requirement("F65")
def test_a_link_opens_with_the_code_alone_and_who_will_not_sign_says_so(
    running: Product, people: list[Hire], browser: Browser, counterparts: Counterparts
) -> None:
    person = people[0]
    number = send(browser, running, person)
    link = running.until("the link is there", lambda: received(counterparts, person.phone, LINK))[0]
    context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
    page = context.new_page()
    page.goto(link)
    shown = page.inner_text("body")
    assert person.name[0] in shown
    assert not any(secret in shown for secret in (person.name, TITLE, number))
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("status").first).to_contain_text("验证码正在发送至")
    page.get_by_label("6 位验证码").fill(received(counterparts, person.phone, CODE)[0])
    page.get_by_role("button", name="打开").click()
    page.wait_for_url(f"**/sign/{number}")
    page.get_by_role("button", name="不签署").click()
    page.get_by_role("button", name="确认拒签").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("请简单说明原因")
    page.get_by_label("不签署的原因").fill("期限需要再谈")
    page.get_by_role("button", name="确认拒签").click()
    expect(page.get_by_role("heading", name="已拒签")).to_be_visible()
    expect(page.locator(".lead")).to_contain_text("期限需要再谈")
    context.close()


class Leaver(Walk):
    """Someone in research with contact with secrets on record, who has somebody above and nobody below."""

    def __init__(self, running: Product, browser: Browser) -> None:
        super().__init__(running, browser)
        heads = {hire.manager for hire in hires()}
        knowing = [hire for hire in hires() if hire.knows_secrets and hire.manager and hire.login not in heads]
        self.leaver = min(knowing, key=lambda hire: not RARE.search(hire.name))
        self.manager = next(hire for hire in hires() if hire.login == self.leaver.manager)


def asked(running: Product, login: str) -> dict[str, str]:
    """What waits for this person's signature: number by title, as their own list of agreements has it."""
    with plain(running.url) as client:
        client.post("/login", data={"login": login, "password": PASSWORD})
        page = client.get("/agreements").text
    found = {}
    for row in page.split('href="/agreements/XY')[1:]:
        number = "XY" + row.split('"')[0]
        for title in (CONFIDENTIAL, NON_COMPETE):
            if title in row:
                found[title] = number
    return found


def document(running: Product, login: str, number: str) -> bytes:
    with plain(running.url) as client:
        client.post("/login", data={"login": login, "password": PASSWORD})
        return client.get(f"/agreements/{number}/document.pdf").content


def verified(running: Product, pdf: bytes) -> str:
    """What the public page says of a file that anyone uploads."""
    answer = httpx.post(f"{running.url}/verify", files={"file": ("a.pdf", pdf)}, timeout=60, trust_env=False)
    return answer.text


@pytest.mark.requirement("F62")
@pytest.mark.requirement("F63")
@pytest.mark.requirement("F66")
@pytest.mark.requirement("F70")
@pytest.mark.requirement("F73")
@pytest.mark.requirement("F74")
def test_two_agreements_are_sealed_and_the_leaving_moves_on_with_the_last_signature(
    running: Product, browser: Browser, counterparts: Counterparts
) -> None:
    walk = Leaver(running, browser)
    person = walk.leaver
    confidential = send(browser, running, person, CONFIDENTIAL)
    walk.file()
    both = running.until(
        "both agreements wait",
        lambda: found if len(found := asked(running, person.login)) == 2 else None,
    )
    assert both[CONFIDENTIAL] == confidential
    for number in both.values():
        sign(browser, running, counterparts, person, number)
    seal(browser, running, counterparts, both[CONFIDENTIAL])

    running.kill()
    running.start(worker=False)
    hr = Phone(browser, running, "hr")
    hr.go(f"/inbox?tab=group&q={person.name}")
    assert hr.page.locator("a.row", has_text="安排按月补偿").count() == 0
    seal(browser, running, counterparts, both[NON_COMPETE])
    hr.go(f"/inbox?tab=group&q={person.name}")
    expect(hr.page.locator("a.row", has_text="安排按月补偿")).to_have_count(1)
    hr.close()

    for title, number in both.items():
        pdf = document(running, person.login, number)
        sealed = pypdf.PdfReader(io.BytesIO(pdf))
        fields = (sealed.get_fields() or {}).values()
        kinds = sorted(field["/V"]["/SubFilter"] for field in fields if field.get("/FT") == "/Sig" and "/V" in field)
        assert kinds == ["/ETSI.CAdES.detached"] * 2 + ["/ETSI.RFC3161"], title
        assert person.name in "".join(page.extract_text() for page in sealed.pages), title
        assert "真实有效" in verified(running, pdf), title
        assert "已被改动" in verified(running, pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:]), title
    walk.close()
