"""The main job, as people live it: filed on a phone, confirmed, handed over, signed, certified, downloaded."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pypdf
import pytest
from playwright.sync_api import Browser

from demo.chart import Hire, members
from tests.e2e.conftest import Phone, Product, product
from tests.peers import Counterparts, MailServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCIM = {"content-type": "application/scim+json"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(counterparts_process: Counterparts, mail_server: MailServer, directory: str) -> Iterator[Product]:
    with product(counterparts_process, mail_server, directory) as made:
        yield made


class Cast:
    """Someone in research, the manager, and a colleague of the same department."""

    def __init__(self) -> None:
        today = datetime.now(SHANGHAI).date()
        everyone = [member.hire for member in members(100, 42, today)]
        heads = {hire.manager for hire in everyone}
        leavers = [hire for hire in everyone if hire.family == "rnd" and hire.login not in heads and hire.manager]
        self.today = today
        self.leaver = leavers[0]
        self.manager = next(hire for hire in everyone if hire.login == self.leaver.manager)
        self.recipient = next(
            hire for hire in leavers[1:] if hire.department == self.leaver.department and hire.login not in heads
        )
        self.absentee = next(hire for hire in reversed(leavers) if hire.department != self.leaver.department)


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast()


def letters(server: MailServer, to: Hire) -> list[str]:
    """The subjects of the letters that reached this person."""
    found = []
    for path in sorted((server.folder / "new").glob("*")):
        letter = message_from_string(path.read_text("utf-8", "replace"), policy=policy.default)
        if to.mail in str(letter["To"]):
            found.append(str(letter["Subject"]))
    return found


def scim_user(directory: str, hire: Hire) -> str:
    """Put an account into the directory, as the company has it."""
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": hire.login,
        "displayName": hire.name,
        "active": True,
    }
    made = httpx.post(f"{directory}/Users", json=body, headers=SCIM, trust_env=False)
    made.raise_for_status()
    return str(made.json()["id"])


def active(directory: str, user: str) -> bool:
    return bool(httpx.get(f"{directory}/Users/{user}", trust_env=False).json()["active"])


def file_resignation(phone: Phone, leaving_on: date) -> None:
    phone.go("/start/offboarding")
    phone.choose("离职原因", "发展空间")
    phone.pick_date("预计离职日", leaving_on)
    phone.sign()


@pytest.mark.requirement("F1")
@pytest.mark.requirement("F4")
@pytest.mark.requirement("F7")
@pytest.mark.requirement("F8")
@pytest.mark.requirement("F13")
@pytest.mark.requirement("F23")
@pytest.mark.requirement("F41")
@pytest.mark.requirement("F42")
@pytest.mark.requirement("F43")
@pytest.mark.requirement("F47")
@pytest.mark.requirement("F55")
@pytest.mark.requirement("F57")
@pytest.mark.requirement("F58")
@pytest.mark.requirement("F97")
def test_from_the_application_to_the_certificate_in_hand(
    running: Product, browser: Browser, cast: Cast, mail_server: MailServer, directory: str, tmp_path: Path
) -> None:
    account = scim_user(directory, cast.leaver)
    leaver = Phone(browser, running, cast.leaver.login)

    file_resignation(leaver, cast.today + timedelta(days=10))
    leaver.press("提交离职申请")
    leaver.page.locator(".fjs-form-field-error:visible").first.wait_for()
    assert "早于法定最早离职日" in " ".join(leaver.errors())
    leaver.pick_date("预计离职日", cast.today + timedelta(days=33))
    leaver.send("提交离职申请")
    leaver.go("/cases")
    running.until("the status says so", lambda: leaver.page.reload() and "上级确认" in leaver.page.inner_text("body"))

    manager = Phone(browser, running, cast.manager.login)
    manager.open_task("上级确认")
    manager.choose_colleague("交接对接人", cast.recipient.name)
    manager.sign()
    manager.send("确认知悉")

    leaver.open_task("填写交接清单")
    for place, box in enumerate(leaver.page.locator(".fjs-form textarea").all()):
        box.fill(f"第 {place + 1} 项：说明与现状，均在团队空间")
    leaver.page.locator(".fjs-form input[type=file]").first.set_input_files(
        files=[{"name": "交接说明.txt", "mimeType": "text/plain", "buffer": "训练流程".encode()}]
    )
    leaver.page.get_by_label("以上内容真实、完整").check()
    leaver.send("提交交接清单")

    recipient = Phone(browser, running, cast.recipient.login)
    review(recipient, returned=1)
    leaver.open_task("填写交接清单")
    assert "缺少联系方式，请补充" in " ".join(box.input_value() for box in leaver.page.get_by_label("对接人批注").all())
    leaver.page.locator(".fjs-form textarea").first.fill("补充：联系人与电话见附件")
    leaver.page.get_by_label("以上内容真实、完整").check()
    leaver.send("提交交接清单")
    review(recipient, returned=0)
    for phone, name in ((recipient, "对接人签字"), (leaver, "员工签字")):
        phone.open_task(name)
        phone.page.get_by_label("我已阅读并确认以上清单").check()
        phone.sign()
        phone.send("签字确认")

    hr = Phone(browser, running, "hr")
    hr.open_task("审核社保与公积金", tab="group")
    for label in ("社保已缴至", "公积金已缴至"):
        hr.page.get_by_label(label).fill(f"{cast.today:%Y-%m}")
    for label in ("社保缴纳情况已核对", "公积金缴纳情况已核对", "员工资料与劳动合同已核对"):
        hr.page.get_by_label(label).check()
    hr.send("完成审核")
    administration = Phone(browser, running, "administration")
    administration.open_task("核验资产归还", tab="group")
    for row in administration.page.get_by_label("已归还").all():
        row.check()
    administration.send("完成核验")
    hr.open_task("核对并签发离职证明", tab="group")
    hr.page.get_by_label("核对无误，签发").check()
    hr.send("确认")

    leaver.go("/cases")
    leaver.page.locator("a[href^='/cases/OFF']").first.click()
    certificate = leaver.page.get_by_role("link", name="LZ-").first
    running.until("the certificate is there", lambda: leaver.page.reload() and certificate.count())
    href = certificate.get_attribute("href")
    pdf = leaver.page.request.get(running.url + str(href)).body()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert cast.leaver.name in text
    assert cast.leaver.id_number in text
    assert f"{cast.today + timedelta(days=33):%Y}" in text

    running.move_clock(
        datetime.combine(cast.today + timedelta(days=33), datetime.min.time(), SHANGHAI).replace(hour=19)
    )
    running.until("the account is frozen", lambda: not active(directory, account))
    assert any("待审批" in subject or "离职" in subject for subject in letters(mail_server, cast.manager))
    for phone in (leaver, manager, recipient, hr, administration):
        phone.close()


def review(recipient: Phone, *, returned: int) -> None:
    """Go through the list: return so many items with what is missing, confirm the others."""
    recipient.open_task("对接人逐项核对")
    for place, row in enumerate(recipient.page.locator(".fjs-repeat-row-container").all()):
        if place < returned:
            row.get_by_label("退回补充").check()
            row.locator("textarea").last.fill("缺少联系方式，请补充")
        elif row.get_by_label("确认").count():
            row.get_by_label("确认").first.check()
    recipient.send("提交核对结果")
