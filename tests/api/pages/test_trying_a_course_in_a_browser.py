"""HR before a course that nobody learns yet: a case study's questions and a package, on the phone and at the desk."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hr.training.course import CourseText, Lesson
from tests.api.pages.browsing import browsed
from tests.api.pages.played import Served, pages, school
from tests.hr.training.scorm_packages import ITEM, SCO, packed, v1_2
from tests.tasks.human.training.conftest import STORAGE
from tests.tasks.human.training.test_courses import form

__all__ = ["pages", "school"]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SPOKEN = """<!doctype html><meta charset='utf-8'><p id='said'></p><button id='end'>完成</button><script>
let w = window; while (w && !w.API && w.parent !== w) w = w.parent;
w.API.LMSInitialize('');
document.getElementById('said').textContent = w.API.LMSGetValue('cmi.core.entry');
document.getElementById('end').onclick = () => {
  w.API.LMSSetValue('cmi.core.score.raw', '85');
  w.API.LMSSetValue('cmi.core.lesson_status', 'completed');
  document.getElementById('said').textContent = w.API.LMSFinish('');
};
</script>"""
TWO = packed(
    v1_2(
        ITEM + '<item identifier="i2" identifierref="r2"><title>附录</title></item>',
        SCO + '<resource identifier="r2" type="webcontent" adlcp:scormtype="asset" href="b.html"/>',
    ),
    index__html=SPOKEN,
    b__html="<!doctype html><meta charset='utf-8'><h1>附录的内容</h1>",
)

Looks = Callable[[dict[str, int]], Page]


@pytest.fixture(scope="module", autouse=True)
def draft(pages: Served) -> None:
    """HR brings a package and saves a course of it and a case study; it is not published."""
    case = next(lesson for lesson in STORAGE.lessons if lesson.kind == "case")
    with pages.signed_in("hr.one") as hr:
        brought = hr.post("/training/material", params={"name": "课件.zip"}, content=TWO).json()
        play = Lesson(key="play", title="互动课", kind="scorm", scorm=brought["hash"])
        course = CourseText(slug="draft", title="未发布的课程", lessons=(case, play))
        assert hr.post("/training/courses/save", json={"slug": "draft", "form": form(course)}).status_code == 200


@pytest.fixture
def looks(browser: Browser, pages: Served) -> Iterator[Looks]:
    """Opens the editor of the course for somebody of HR."""
    with browsed(browser, pages.url, pages.content) as opens:

        def opened(size: dict[str, int]) -> Page:
            page = opens("hr.one", size=size)
            page.goto("/training/courses/draft/preview")
            return page

        yield opened


@pytest.fixture(autouse=True)
def _nothing_is_kept(pages: Served) -> Iterator[None]:
    yield
    for table in ("enrolment", "learning_visit", "lesson_progress", "scorm_state", "learning_statement"):
        assert pages.school.database.once().one(f"select count(*) from {table}") == (0,), table


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_case_study_is_tried_as_its_learner_will(looks: Looks, size: dict[str, int]) -> None:
    page = looks(size)
    expect(page.locator(".previewing")).to_contain_text("不保留结果")
    question = page.locator("[data-exercise=keep]")
    question.get_by_role("button", name="检查答案").click()
    expect(question).to_contain_text("请先选择答案")
    question.get_by_text("传到私人网盘").click()
    question.get_by_role("button", name="检查答案").click()
    expect(question).to_contain_text("还不对")
    question.get_by_text("在公司授权的目录归档").click()
    question.get_by_role("button", name="再次检查").click()
    expect(question).to_contain_text("回答正确")
    expect(question).to_contain_text("归档后删除私存")
    page.reload()  # and it is asked anew
    expect(page.locator("[data-exercise=keep]").get_by_role("button", name="检查答案")).to_be_visible()
    expect(page.locator("[data-exercise=keep] input:checked")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_package_plays_to_hr_before_anybody_learns_it(looks: Looks, size: dict[str, int]) -> None:
    page = looks(size)
    page.get_by_role("link", name="下一节").click()
    player = page.frame_locator("[data-scorm] iframe")
    content = player.frame_locator("#content")
    expect(content.locator("#said")).to_have_text("ab-initio")
    content.get_by_role("button", name="完成").click()
    expect(content.locator("#said")).to_have_text("true")
    expect(page.locator("[data-scorm] .state")).to_have_text("已完成（试用，不保留结果） · 成绩 85")
    player.get_by_role("link", name="附录").last.click()
    expect(player.frame_locator("#content").get_by_role("heading")).to_have_text("附录的内容")
    page.reload()
    expect(content.locator("#said")).to_have_text("ab-initio")
    assert page.locator("[data-scorm] iframe").bounding_box()["width"] >= min(700, size["width"])  # type: ignore[index]  # it is there
    page.locator("[data-onward]").click()
    page.wait_for_url("**/training/courses/draft*")
