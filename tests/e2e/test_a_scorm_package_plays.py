"""A package plays in a browser with the real run time of SCORM, and what it reports counts."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.pages.played import PASSWORD, Served, pages, school
from tests.hr.training.scorm_packages import ITEM, SCO, packed, v1_2

__all__ = ["pages", "school"]
pytestmark = pytest.mark.browser

PACKAGES = Path(__file__).parent / "packages"
PHONE = {"width": 390, "height": 844}
# As content does: it looks for the interface in the windows above it, and speaks to that.
FIND = """
function find(name) { let w = window; while (w && !w[name] && w.parent !== w) w = w.parent; return w[name]; }
"""
PAGE_1_2 = (
    "<!doctype html><meta charset='utf-8'><p id='said'></p><button id='half'>做到一半</button>"
    "<button id='end'>完成</button><script>"
    + FIND
    + """
const api = find('API');
api.LMSInitialize('');
document.getElementById('said').textContent =
  [api.LMSGetValue('cmi.core.entry'), api.LMSGetValue('cmi.core.lesson_location'), api.LMSGetValue('cmi.suspend_data'),
   api.LMSGetValue('cmi.core.student_name'), api.LMSGetValue('cmi.student_data.mastery_score')].join('|');
document.getElementById('half').onclick = () => {
  api.LMSSetValue('cmi.core.lesson_location', 'slide-3');
  api.LMSSetValue('cmi.suspend_data', 'answers=1');
  api.LMSSetValue('cmi.core.lesson_status', 'incomplete');
  api.LMSSetValue('cmi.core.exit', 'suspend');
  document.getElementById('said').textContent = api.LMSCommit('');
};
document.getElementById('end').onclick = () => {
  api.LMSSetValue('cmi.core.score.raw', '85');
  api.LMSSetValue('cmi.core.score.max', '100');
  api.LMSSetValue('cmi.core.session_time', '0000:05:00');
  api.LMSSetValue('cmi.core.lesson_status', 'completed');
  document.getElementById('said').textContent = api.LMSFinish('');
};
</script>"""
)
TWO = packed(
    v1_2(
        ITEM + '<item identifier="i2" identifierref="r2"><title>附录</title></item>',
        SCO + '<resource identifier="r2" type="webcontent" adlcp:scormtype="asset" href="b.html"/>',
    ),
    index__html=PAGE_1_2,
    b__html="<!doctype html><meta charset='utf-8'><h1>附录的内容</h1>",
)


def made_by_another(standard: str) -> bytes:
    """The package of another tool as the file that it wrote."""
    folder, out = PACKAGES / f"scorm-{standard}", io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for path in sorted(folder.iterdir()):
            package.write(path, path.name)
    return out.getvalue()


@pytest.fixture
def learner(browser: Browser, pages: Served) -> Iterator["Learner"]:
    found = Learner(browser, pages)
    yield found
    for context in browser.contexts:
        context.close()
    assert found.complaints == []


class Learner:
    """Someone with a phone."""

    def __init__(self, browser: Browser, pages: Served) -> None:
        self.browser, self.pages = browser, pages
        self.complaints: list[str] = []

    def opens(self, login: str, number: str) -> Page:
        """The lesson on a phone that was not used before."""
        context = self.browser.new_context(base_url=self.pages.url, viewport=PHONE, locale="zh-CN", is_mobile=True)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("/login")
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"/learn/{number}/lessons/play")
        return page


def test_a_package_of_1_2_plays_on_two_phones_and_its_result_counts(learner: Learner, pages: Served) -> None:
    pages.package("played", "互动课程", TWO)
    login, number = pages.learner("played")
    page = learner.opens(login, number)
    player = page.frame_locator("[data-scorm] iframe")
    content = player.frame_locator("#content")
    expect(content.locator("#said")).to_have_text("ab-initio||||80")
    content.get_by_role("button", name="做到一半").click()
    expect(content.locator("#said")).to_have_text("true")
    expect(page.locator("[data-scorm] .state")).to_have_text("进度已保存")
    page.context.close()

    page = learner.opens(login, number)
    player = page.frame_locator("[data-scorm] iframe")
    content = player.frame_locator("#content")
    expect(content.locator("#said")).to_have_text("resume|slide-3|answers=1||80")
    content.get_by_role("button", name="完成").click()
    expect(content.locator("#said")).to_have_text("true")
    assert page.locator("[data-scorm] iframe").evaluate("frame => frame.clientWidth") == PHONE["width"]
    assert pages.school.states(number) == ["open"]
    player.get_by_role("link", name="附录").last.click()
    expect(player.frame_locator("#content").get_by_role("heading")).to_have_text("附录的内容")
    expect(page.locator("[data-scorm] .state")).to_have_text("已完成 · 成绩 85")
    expect(page.locator("[data-onward]")).to_be_visible()
    assert pages.school.states(number) == ["done"]
    assert pages.school.enrolment(number).status == "examining"
    told = next(said for event, said in pages.school.statements(number) if event == "completed")
    assert told["result"]["score"]["raw"] == 85


@pytest.mark.parametrize(("standard", "score"), [("1.2", 85), ("2004", 90)])
def test_a_package_made_by_another_tool_counts(learner: Learner, pages: Served, standard: str, score: int) -> None:
    slug = f"made-{standard.replace('.', '-')}"
    pages.package(slug, f"外部课件 {standard}", made_by_another(standard))
    login, number = pages.learner(slug)
    page = learner.opens(login, number)
    content = page.frame_locator("[data-scorm] iframe").frame_locator("#content")
    if standard == "2004":
        expect(content.locator("#said")).to_have_text("kept out")  # of our pages, which its script tried to read
    content.get_by_role("button", name="完成").click()
    expect(content.locator("#said")).to_have_text("true")
    expect(page.locator("[data-scorm] .state")).to_have_text(f"已完成 · 成绩 {score}")
    assert pages.school.states(number) == ["done"]
