"""Texts of agreements on pages: HR writes, the law is told at the line, versions are compared and published."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from hr.agreements import texts
from hr.evidence import log
from tasks.house import House
from tests.api.pages.browsing import DESK, PHONE, Opens

SignIn = Callable[[str], httpx.Client]
UNLAWFUL = "乙方离职后转岗一年。"
TEXTS = "/agreements/texts"
SAVE, CHECK, PREVIEW = f"{TEXTS}/save", f"{TEXTS}/check", f"{TEXTS}/preview"


@pytest.fixture
def shipped(house: House) -> House:
    """The house with the texts of the product."""
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
    return house


def source_of(house: House, slug: str) -> str:
    with house.database.transaction() as unit:
        return texts.versions(unit, slug)[0].source


@pytest.mark.requirement("F62")
@pytest.mark.requirement("F72")
@pytest.mark.requirement("F73")
def test_what_is_typed_is_held_against_the_law_and_shown_as_it_will_be_signed(shipped: House, sign_in: SignIn) -> None:
    hr = sign_in("hr")
    listed = hr.get(TEXTS).text
    for title in ("技术秘密保密协议", "竞业限制协议", "离职交接确认书", "知识产权归属协议"):
        assert title in listed
    assert listed.count("未发现问题") == 7

    typed = source_of(shipped, "confidentiality") + UNLAWFUL
    told = hr.post(CHECK, data={"source": typed}).text
    assert "《劳动合同法》第37、50条" in told
    assert f'data-line="{typed.count(chr(10)) + 1}"' in told
    assert "不存在的 nothing" in hr.post(CHECK, data={"source": typed + "{{ nothing }}"}).text

    unbound = hr.post(CHECK, data={"source": source_of(shipped, "non-compete"), "login": "hr"}).text
    assert "缺少“接触商业秘密的依据”" in unbound

    pages = hr.post(PREVIEW, data={"source": source_of(shipped, "non-compete")}).text
    assert pages.count("data:image/png;base64,") >= 3
    assert "data:image" not in hr.post(PREVIEW, data={"source": "{{"}).text
    with shipped.database.transaction() as unit:
        assert len(texts.versions(unit, "confidentiality")) == 1  # looking keeps nothing


@pytest.mark.requirement("F72")
def test_a_version_is_saved_compared_and_published_with_a_reason(shipped: House, sign_in: SignIn) -> None:
    hr, publish = sign_in("hr"), f"{TEXTS}/confidentiality/publish"
    first = source_of(shipped, "confidentiality")
    sent = {"slug": "confidentiality", "source": first + "本协议的最终解释权归甲方。", "base": 1, "comment": "加解释权"}
    assert hr.post(SAVE, data=sent).status_code == 303
    page = hr.get(f"{TEXTS}/confidentiality").text
    assert "加解释权" in page
    assert "1 处警告" in page
    assert "最终解释权归甲方" in hr.get(f"{TEXTS}/confidentiality/compare").text
    assert "写明仍然发布的理由" in hr.post(publish, data={"version": 2}).text
    assert hr.post(publish, data={"version": 2, "reason": "法务已审"}).status_code == 303

    late = hr.post(SAVE, data=sent | {"source": first + "别的。"})
    assert (late.status_code, "最新为第 2 版" in late.text) == (409, True)

    assert hr.post(SAVE, data=sent | {"source": first + UNLAWFUL, "base": 2}).status_code == 303
    refused = hr.post(publish, data={"version": 3, "reason": "必须"})
    assert (refused.status_code, "不能发布" in refused.text) == (400, True)
    with shipped.database.transaction() as unit:
        assert texts.published(unit, "confidentiality")[0] == 2
        assert log.rows(unit, "agreement-text/confidentiality")[-2].detail["reason"] == "法务已审"


@pytest.mark.requirement("F112")
def test_hr_writes_admins_look_others_do_not_and_nothing_typed_is_markup(shipped: House, sign_in: SignIn) -> None:
    admin, hr = sign_in("admin"), sign_in("hr")
    assert "readonly" in admin.get(f"{TEXTS}/non-compete").text
    assert admin.post(SAVE, data={"slug": "x", "source": "甲"}).status_code == 403
    assert sign_in("it").get(TEXTS).status_code == 403

    refused = hr.post(SAVE, data={"slug": "side-letter", "source": "甲", "base": 0})
    assert (refused.status_code, "文首" in refused.text) == (400, True)
    assert hr.get(f"{TEXTS}/side-letter").status_code == 404

    typed = source_of(shipped, "confidentiality").replace("title: 保密协议", "title: <script>alert(1)</script>")
    sent = {"slug": "side-letter", "source": typed + "</textarea><script>alert(2)</script>", "base": 0}
    assert hr.post(SAVE, data=sent).status_code == 303
    for page in (TEXTS, f"{TEXTS}/side-letter"):
        assert "<script>alert" not in hr.get(page).text


@pytest.mark.browser
@pytest.mark.requirement("F72")
def test_the_editor_marks_the_line_and_leads_to_it_on_a_phone_too(shipped: House, opens: Opens) -> None:
    page = opens("hr", size=DESK)
    page.goto(f"{TEXTS}/non-compete")
    expect(page.locator("#looked .note.ok")).to_be_visible()
    page.locator("img.leaf").first.wait_for()
    area = page.locator("#source")
    lines = area.input_value().split("\n")
    place = next(n for n, line in enumerate(lines) if line.startswith("竞业限制期限为"))
    area.fill("\n".join([*lines[:place], "竞业限制期限为三年。", *lines[place + 1 :]]))
    number = page.locator(".gutter span").nth(place)
    expect(number).to_have_class("bad")
    expect(page.locator("#looked")).to_contain_text("《劳动合同法》第24条")

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
    page.locator(".segments label", has_text="法律检查").click()
    expect(area).to_be_hidden()
    page.locator("#looked li", has_text="三年").locator(".line-of").click()
    expect(area).to_be_focused()
    chosen = area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "竞业限制期限为三年。"
