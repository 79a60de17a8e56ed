"""Texts of agreements on pages: HR writes, the law is told at the line, versions are compared and published."""

from collections.abc import Callable

import httpx
import pytest

from hr.agreements import texts
from hr.evidence import log
from tasks.house import House

SignIn = Callable[[str], httpx.Client]
UNLAWFUL = "乙方离职后转岗一年。"


@pytest.fixture
def hr(house: House, sign_in: SignIn) -> httpx.Client:
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
    return sign_in("hr")


def source_of(house: House, slug: str) -> str:
    with house.database.transaction() as unit:
        return texts.versions(unit, slug)[0].source


@pytest.mark.requirement("F62")
def test_the_list_tells_what_is_published_and_what_the_law_says(hr: httpx.Client) -> None:
    page = hr.get("/agreements/texts").text
    for title in ("技术秘密保密协议", "竞业限制协议", "离职交接确认书", "知识产权归属协议"):
        assert title in page
    assert page.count("未发现问题") == 7


@pytest.mark.requirement("F72")
def test_what_is_typed_is_held_against_the_law_at_its_line(hr: httpx.Client, house: House) -> None:
    typed = source_of(house, "confidentiality") + UNLAWFUL
    told = hr.post("/agreements/texts/check", data={"source": typed}).text
    assert "《劳动合同法》第37、50条" in told
    assert f'data-line="{typed.count(chr(10)) + 1}"' in told
    assert "离职后转岗" in told
    broken = hr.post("/agreements/texts/check", data={"source": typed + "{{ nothing }}"}).text
    assert "不存在的 nothing" in broken
    with house.database.transaction() as unit:
        assert len(texts.versions(unit, "confidentiality")) == 1  # looking keeps nothing


@pytest.mark.requirement("F72")
@pytest.mark.requirement("F73")
def test_a_person_who_may_not_be_bound_is_told_in_the_editor(hr: httpx.Client, house: House) -> None:
    told = hr.post("/agreements/texts/check", data={"source": source_of(house, "non-compete"), "login": "hr"}).text
    assert "接触商业秘密的依据" in told  # the datum that is missing for this person
    assert "990000199001010000" not in told


@pytest.mark.requirement("F62")
def test_the_pages_are_shown_as_they_will_be_signed(hr: httpx.Client, house: House) -> None:
    shown = hr.post("/agreements/texts/preview", data={"source": source_of(house, "non-compete")}).text
    assert shown.count("data:image/png;base64,") >= 3
    none = hr.post("/agreements/texts/preview", data={"source": "{{"}).text
    assert "data:image" not in none


@pytest.mark.requirement("F72")
def test_a_version_is_saved_compared_and_published_with_a_reason(hr: httpx.Client, house: House) -> None:
    first = source_of(house, "confidentiality")
    changed = first + "本协议的最终解释权归甲方。"
    sent = {"slug": "confidentiality", "source": changed, "base": 1, "comment": "加解释权"}
    assert hr.post("/agreements/texts/save", data=sent).status_code == 303
    page = hr.get("/agreements/texts/confidentiality").text
    assert "加解释权" in page
    assert "1 处警告" in page
    assert "最终解释权归甲方" in hr.get("/agreements/texts/confidentiality/compare").text
    publish = "/agreements/texts/confidentiality/publish"
    assert "写明仍然发布的理由" in hr.post(publish, data={"version": 2}).text
    assert hr.post(publish, data={"version": 2, "reason": "法务已审"}).status_code == 303
    late = hr.post("/agreements/texts/save", data=sent | {"source": first + "别的。"})
    assert late.status_code == 409
    assert "最新为第 2 版" in late.text
    with house.database.transaction() as unit:
        assert texts.published(unit, "confidentiality")[0] == 2
        assert log.rows(unit, "agreement-text/confidentiality")[-1].detail["reason"] == "法务已审"


@pytest.mark.requirement("F72")
def test_an_unlawful_version_can_be_saved_but_not_published(hr: httpx.Client, house: House) -> None:
    typed = source_of(house, "confidentiality") + UNLAWFUL
    saved = hr.post("/agreements/texts/save", data={"slug": "confidentiality", "source": typed, "base": 1})
    assert saved.status_code == 303
    refused = hr.post("/agreements/texts/confidentiality/publish", data={"version": 2, "reason": "必须"})
    assert refused.status_code == 400
    assert "不能发布" in refused.text


def test_a_text_that_cannot_be_read_is_not_saved(hr: httpx.Client) -> None:
    refused = hr.post("/agreements/texts/save", data={"slug": "side-letter", "source": "甲", "base": 0})
    assert refused.status_code == 400
    assert "文首" in refused.text
    assert hr.get("/agreements/texts/side-letter").status_code == 404


@pytest.mark.requirement("F112")
def test_admins_look_and_others_do_not(hr: httpx.Client, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    page = admin.get("/agreements/texts/non-compete")
    assert page.status_code == 200
    assert "readonly" in page.text
    assert admin.post("/agreements/texts/save", data={"slug": "x", "source": "甲"}).status_code == 403
    assert sign_in("it").get("/agreements/texts").status_code == 403


def test_what_is_typed_is_shown_as_text(hr: httpx.Client, house: House) -> None:
    typed = source_of(house, "confidentiality").replace("title: 保密协议", "title: <script>alert(1)</script>")
    sent = {"slug": "side-letter", "source": typed + "</textarea><script>alert(2)</script>", "base": 0}
    assert hr.post("/agreements/texts/save", data=sent).status_code == 303
    for page in ("/agreements/texts", "/agreements/texts/side-letter"):
        assert "<script>alert" not in hr.get(page).text
