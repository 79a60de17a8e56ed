"""The main job, as people live it: filed on a phone, confirmed, handed over, signed, certified, downloaded."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pypdf
import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Product, product
from tests.e2e.walk import MISSING, Walk, is_active, letters, open_account
from tests.peers import Counterparts, MailServer

pytestmark = pytest.mark.browser


@pytest.fixture
def running(counterparts_process: Counterparts, mail_server: MailServer, directory: str) -> Iterator[Product]:
    with product(counterparts_process, mail_server, directory) as made:
        yield made


@pytest.mark.requirement("F1")
@pytest.mark.requirement("F4")
@pytest.mark.requirement("F5")
@pytest.mark.requirement("F7")
@pytest.mark.requirement("F8")
@pytest.mark.requirement("F13")
@pytest.mark.requirement("F22")
@pytest.mark.requirement("F23")
@pytest.mark.requirement("F30")
@pytest.mark.requirement("F41")
@pytest.mark.requirement("F42")
@pytest.mark.requirement("F43")
@pytest.mark.requirement("F47")
@pytest.mark.requirement("F55")
@pytest.mark.requirement("F57")
@pytest.mark.requirement("F58")
@pytest.mark.requirement("F96")
@pytest.mark.requirement("F97")
def test_from_the_application_to_the_certificate_in_hand(
    running: Product, browser: Browser, mail_server: MailServer, directory: str
) -> None:
    walk = Walk(running, browser)
    account = open_account(directory, walk.leaver)

    phone = walk.fill_application(walk.today + timedelta(days=10))
    phone.press("提交离职申请")
    phone.page.locator(".fjs-form-field-error:visible").first.wait_for()
    assert "早于法定最早离职日" in " ".join(phone.errors())
    phone.pick_date("预计离职日", walk.leaving_on)
    phone.send("提交离职申请")
    phone.go("/cases")
    running.until(
        "the status says so", lambda: phone.page.reload() and "已提交申请，待上级确认" in phone.page.inner_text("body")
    )

    walk.confirm()
    walk.hand_over()
    walk.review(returned=1)
    assert MISSING in walk.supplement()
    walk.review()
    walk.sign()
    walk.review_insurance()
    walk.return_assets()
    walk.settle()
    walk.issue()
    text = walk.download()
    assert walk.leaver.name in text
    assert walk.leaver.id_number in text
    assert f"{walk.leaving_on.year}年{walk.leaving_on.month}月{walk.leaving_on.day}日" in text.replace(" ", "")

    verify(walk, text)

    assert is_active(directory, account)
    walk.move_to_last_day(19)
    running.until("the account is frozen", lambda: not is_active(directory, account))
    assert any(walk.manager.mail in to for _, to, _ in letters(mail_server))
    walk.close()


def verify(walk: Walk, text: str) -> None:
    """Anyone who holds the paper can ask whether it is genuine, and learns no name."""
    number = re.findall(r"LZ-\d{4}-\d+", text)[0]
    code = re.findall(r"/verify/([A-Z0-9-]+)", text.replace("\n", ""))[0]
    page = httpx.get(f"{walk.product.url}/verify/{code}", trust_env=False)
    assert page.status_code == 200, code
    assert number in page.text
    assert walk.leaver.name not in page.text


@pytest.mark.requirement("F9")
@pytest.mark.requirement("F11")
@pytest.mark.requirement("F49")
def test_an_employee_who_never_comes_back_gets_the_certificate_on_the_last_day(
    running: Product, browser: Browser
) -> None:
    walk = Walk(running, browser, place=3)
    walk.file()
    hr = walk.open_case("hr")
    panel = hr.page.locator("details", has=hr.page.locator("form[hx-post$='/absent']"))
    panel.locator("summary").click()
    panel.locator("textarea").fill("多次电话、短信与上门联系未果")
    panel.locator("button").click()
    hr.page.locator("form[hx-post$='/back']").first.wait_for(state="attached")

    walk.move_to_last_day(10)
    text = walk.download("hr")
    assert walk.leaver.name in text
    assert walk.leaver.id_number in text
    number = hr.page.url.rpartition("/")[2]
    record = hr.page.request.get(f"{running.url}/cases/{number}/record.json").body()
    assert "核验资产归还" in json.dumps(json.loads(record), ensure_ascii=False)
    pdf = hr.page.request.get(f"{running.url}/cases/{number}/record.pdf").body()
    assert walk.leaver.name in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    walk.close()


def test_killed_at_any_moment_it_loses_nothing_and_repeats_no_letter(
    browser: Browser, counterparts_process: Counterparts, mail_server: MailServer, directory: str
) -> None:
    leases = {"JIAOJIE_LEASE_SECONDS": "4"}  # what a killed worker held is taken over after so long
    with product(counterparts_process, mail_server, directory, **leases) as running:
        before = len(letters(mail_server))
        walk = Walk(running, browser, place=5)
        steps = (
            walk.file,
            walk.confirm,
            walk.hand_over,
            walk.review,
            walk.sign,
            walk.review_insurance,
            walk.return_assets,
            walk.settle,
            walk.issue,
        )
        for place, step in enumerate(steps):
            step()
            if place % 2 == 0:  # a restart takes as long as two steps
                running.kill()
                running.start()
        assert walk.leaver.id_number in walk.download()
        sent = letters(mail_server)[before:]
        assert sent
        repeated = [letter for letter, times in Counter(sent).items() if times > 1]
        assert not repeated, repeated
        walk.close()
