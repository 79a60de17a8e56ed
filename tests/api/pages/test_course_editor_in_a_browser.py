"""The editor of courses in a browser: written on a phone, by keyboard, with faults told and led to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.pages.browsing import DESK, PHONE, browsed
from tests.api.pages.played import Served, pages, school

__all__ = ["pages", "school"]
pytestmark = pytest.mark.browser

BODY = "访客进入办公区须登记，由接待人全程陪同，不得单独进入研发区域。" * 6


@pytest.fixture
def hr(browser: Browser, pages: Served, size: dict[str, int]) -> Iterator[Page]:
    """HR with the list of courses open; at the end no page may have complained."""
    with browsed(browser, pages.url) as opens:
        page = opens("hr.one", size=size)
        page.goto("/training/courses")
        yield page


@pytest.mark.parametrize("size", [PHONE])
def test_a_course_is_written_on_a_phone(hr: Page) -> None:
    hr.get_by_role("link", name="新建课程").click()
    form = hr.locator("[data-course-form]")
    form.locator("#head").get_by_label("标题").fill("访客接待")
    form.get_by_role("button", name="添加课时").click()
    lesson = form.locator(".lesson")
    lesson.get_by_label("标题", exact=True).fill("进门登记")
    lesson.get_by_label("正文（Markdown）", exact=True).fill("## 登记\n" + BODY)
    lesson.get_by_role("button", name="预览").first.click()
    expect(lesson.locator("[data-shown] h3").first).to_have_text("登记")
    _ask(form)
    form.get_by_role("button", name="添加一行").click()
    _draw(form)
    hr.locator("#looked").get_by_role("button", name="试卷").first.click()
    expect(form.locator("#draw")).to_be_focused()

    hr.locator("[name=slug]").fill("visitor-rules")
    hr.get_by_role("button", name="保存为新版本").click()
    hr.wait_for_url("**/training/courses/visitor-rules")
    expect(hr.locator("h1")).to_contain_text("访客接待")
    expect(hr.locator("[data-course-form] .lesson")).to_have_count(1)
    assert hr.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _ask(form: Locator) -> None:
    """One question with two options, of which one alone can be right."""
    form.get_by_role("button", name="添加题目").click()
    question = form.locator("#bank .question")
    question.get_by_label("题目", exact=True).fill("访客应当怎样进入？")
    expect(question.locator("summary .name")).to_have_text("访客应当怎样进入？")
    for place, text in enumerate(("登记", "不登记")):
        question.get_by_role("button", name="选项", exact=True).click()
        question.locator(".option input[type=text]").nth(place).fill(text)
    question.locator(".option .right").first.click()
    question.locator(".option .right").nth(1).click()
    expect(question.locator("[data-name=right]").first).not_to_be_checked()


def _draw(form: Locator) -> None:
    """More questions than there are, for fewer points than an exam has."""
    row = form.locator(".stratum")
    row.get_by_label("题数").fill("2")
    row.get_by_label("每题分值").fill("40")
    expect(form.locator("[data-total]")).to_have_text("80 分")
    expect(form.locator("[data-total]")).to_have_class(re.compile("bad"))
    expect(row.locator("[data-has]")).to_have_class(re.compile("bad"))


@pytest.mark.parametrize("size", [DESK])
def test_lessons_are_moved_and_taken_out_by_keyboard_and_come_back(hr: Page) -> None:
    hr.goto("/training/courses/storage")
    names = hr.locator("[data-list=lessons] > .lesson > details > summary .name")
    before = names.all_inner_texts()
    hr.locator(".lesson").first.get_by_role("button", name="下移").press("Enter")
    expect(names.nth(1)).to_have_text(before[0])
    hr.locator(".lesson").nth(1).get_by_role("button", name="移除课时").press("Enter")
    expect(names).to_have_count(len(before) - 1)
    back = hr.get_by_role("button", name="恢复")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(names).to_have_text([before[1], before[0], *before[2:]])
    hr.locator("[name=comment]").fill("调整顺序")
    hr.keyboard.press("Control+s")
    expect(hr.locator("h1 .chip").first).to_contain_text("版本 2")
    expect(names).to_have_text([before[1], before[0], *before[2:]])
