"""One resignation, step by step, each by the person whose step it is, on a phone."""

import io
from datetime import date, datetime, time, timedelta
from email import message_from_string, policy
from zoneinfo import ZoneInfo

import httpx
import orjson
import pypdf
from playwright.sync_api import Browser

from demo.chart import Hire, members
from kernel.clock import SystemClock
from tasks.adapters import oa
from tests.e2e.conftest import Phone, Product
from tests.peers import TOKEN, MailServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCIM = {"content-type": "application/scim+json"}
NOTICE = timedelta(days=33)
MISSING = "缺少联系方式，请补充"


class Walk:
    """The people of one case, and what they do. `place` picks another leaver for another case."""

    def __init__(self, product: Product, browser: Browser, place: int = 0) -> None:
        self.product = product
        self._browser = browser
        self._phones: dict[str, Phone] = {}
        self.today = SystemClock().now().astimezone(SHANGHAI).date()
        everyone = [member.hire for member in members(100, 42, self.today)]
        heads = {hire.manager for hire in everyone}
        staff = [hire for hire in everyone if hire.family == "rnd" and hire.login not in heads and hire.manager]
        self.leaver = staff[place]
        self.manager = next(hire for hire in everyone if hire.login == self.leaver.manager)
        self.recipient = next(
            hire for hire in reversed(staff) if hire.department == self.leaver.department and hire is not self.leaver
        )
        self.leaving_on = self.today + NOTICE

    def phone(self, login: str) -> Phone:
        if login not in self._phones:
            self._phones[login] = Phone(self._browser, self.product, login)
        return self._phones[login]

    def close(self) -> None:
        for phone in self._phones.values():
            phone.close()

    # ---- the steps ---------------------------------------------------------------------------------------------------

    def fill_application(self, leaving_on: date) -> Phone:
        phone = self.phone(self.leaver.login)
        phone.go("/start/offboarding")
        phone.choose("离职原因", "发展空间")
        phone.pick_date("预计离职日", leaving_on)
        phone.sign()
        return phone

    def file(self) -> None:
        self.fill_application(self.leaving_on).send("提交离职申请")

    def confirm(self) -> None:
        phone = self.phone(self.manager.login)
        phone.open_task("上级确认", self.leaver.name)
        phone.choose_colleague("交接对接人", self.recipient.name)
        phone.sign()
        phone.send("确认知悉")

    def hand_over(self) -> None:
        phone = self.phone(self.leaver.login)
        phone.open_task("填写交接清单")
        for place, box in enumerate(phone.page.locator(".fjs-form textarea:not([readonly])").all()):
            box.fill(f"第 {place + 1} 项：说明与现状，均在团队空间")
            box.blur()
        phone.page.locator(".fjs-form input[type=file]").first.set_input_files(
            files=[{"name": "交接说明.txt", "mimeType": "text/plain", "buffer": "训练流程".encode()}]
        )
        phone.page.get_by_label("以上内容真实、完整").check()
        phone.send("提交交接清单")

    def review(self, returned: int = 0) -> None:
        """Go through the list: return so many items with what is missing, confirm the others."""
        phone = self.phone(self.recipient.login)
        phone.open_task("对接人逐项核对", self.leaver.name)
        for place, choice in enumerate(phone.page.get_by_label("确认", exact=True).all()):
            if place < returned:
                phone.page.get_by_label("退回补充").nth(place).check()
            else:
                choice.check()
        for box in phone.page.get_by_label("批注").all():
            box.fill(MISSING)
            box.blur()
        phone.send("提交核对结果")

    def supplement(self) -> str:
        """Answer a return; what the employee read beside the item."""
        phone = self.phone(self.leaver.login)
        phone.open_task("填写交接清单")
        said = " ".join(box.input_value() for box in phone.page.get_by_label("对接人批注").all())
        first = phone.page.locator(".fjs-form textarea:not([readonly])").first
        first.fill("补充：联系人与电话见附件")
        first.blur()
        phone.page.get_by_label("以上内容真实、完整").check()
        phone.send("提交交接清单")
        return said

    def sign(self) -> None:
        for login, name in ((self.recipient.login, "对接人签字"), (self.leaver.login, "员工签字")):
            phone = self.phone(login)
            phone.open_task(name, self.leaver.name)
            phone.page.get_by_label("我已阅读并确认以上清单").check()
            phone.sign()
            phone.send("签字确认")

    def review_insurance(self) -> None:
        phone = self.phone("hr")
        phone.open_task("审核社保与公积金", self.leaver.name, tab="group")
        for label in ("社保已缴至", "公积金已缴至"):
            phone.page.get_by_label(label).fill(f"{self.today:%Y-%m}")
        for label in ("社保缴纳情况已核对", "公积金缴纳情况已核对", "员工资料与劳动合同已核对"):
            phone.page.get_by_label(label).check()
        phone.send("完成审核")

    def return_assets(self) -> None:
        phone = self.phone("administration")
        phone.open_task("核验资产归还", self.leaver.name, tab="group")
        for row in phone.page.get_by_label("已归还").all():
            row.check()
        phone.send("完成核验")

    def settle(self) -> None:
        """Finance tells the product that nothing is open any more (domain F96)."""
        now = SystemClock().now()
        body = orjson.dumps({"employeeNo": self.leaver.no, "settledAt": now.isoformat()})
        url = f"{self.product.url}/api/hooks/finance/settlements"
        answer = httpx.post(url, content=body, headers=oa.signed(TOKEN, body, now), trust_env=False)
        assert answer.status_code == 202, answer.text

    def issue(self) -> None:
        """HR reviews the certificate; on the morning of the last day it is issued."""
        phone = self.phone("hr")
        phone.open_task("核对离职证明", self.leaver.name, tab="group")
        phone.page.get_by_label("核对无误，到最后工作日签发").check()
        phone.send("确认")
        self.move_to_last_day(10)

    def download(self, login: str = "") -> str:
        """The text of the certificate, as it is downloaded from the case's page."""
        phone = self.open_case(login or self.leaver.login)
        link = phone.page.locator("a[href^='/files/']", has_text="LZ-").first
        self.product.until("the certificate is there", lambda: phone.page.reload() and link.count())
        pdf = phone.page.request.get(self.product.url + str(link.get_attribute("href"))).body()
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)

    def open_case(self, login: str) -> Phone:
        phone = self.phone(login)
        phone.go(f"/cases?q={self.leaver.name}" + ("&scope=all" if login.startswith("hr") else ""))
        phone.page.locator("a[href^='/cases/OFF']").first.click()
        phone.page.wait_for_url("**/cases/OFF-*")
        return phone

    def move_to_last_day(self, hour: int) -> None:
        self.product.move_clock(datetime.combine(self.leaving_on, time(hour), SHANGHAI))


# ---- what the peers saw ----------------------------------------------------------------------------------------------


def letters(server: MailServer) -> list[tuple[str, str, str]]:
    """Every letter that came in: its Message-ID, to whom, and its subject."""
    found = []
    for path in sorted((server.folder / "new").glob("*")):
        letter = message_from_string(path.read_text("utf-8", "replace"), policy=policy.default)
        found.append((str(letter["Message-ID"]), str(letter["To"]), str(letter["Subject"])))
    return found


def open_account(directory: str, hire: Hire) -> str:
    """Put an account into the directory, as the company has it; the directory's own id of it."""
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": hire.login,
        "displayName": hire.name,
        "active": True,
    }
    made = httpx.post(f"{directory}/Users", json=body, headers=SCIM, trust_env=False)
    made.raise_for_status()
    return str(made.json()["id"])


def is_active(directory: str, account: str) -> bool:
    return bool(httpx.get(f"{directory}/Users/{account}", trust_env=False).json()["active"])
