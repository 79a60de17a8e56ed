"""A course on a phone: a small version of a shipped one, its lessons learned, its exam taken by who knows the bank."""

import re
from collections.abc import Collection
from dataclasses import replace

import pypdfium2
import segno
from playwright.sync_api import Browser, Locator, Page, expect

from api import bootstrap
from hr.people import accounts, roster
from hr.training import reader, texts, written
from hr.training.course import CourseText, Lesson, Question, Slide
from kernel import config
from tests.e2e.conftest import PASSWORD, Product
from tests.e2e.desk import Desk

ADDRESS = re.compile(r"\S+/verify/[0-9A-Z-]+")
SLUG = "customer-information-storage"
READ = 8  # seconds of a text: the first heartbeat tells of ten
SLIDES = (
    Slide(title="只有一个家", lines=("授权系统",), spoken="客户资料只存在公司授权的系统。", seconds=5),
    Slide(title="这些地方不存", lines=("私人网盘", "个人微信"), spoken="私人网盘和微信都不存。", seconds=5),
)
# One of each kind, the two of the requirements among them: as many as are drawn, so that all of them are asked.
ASKED = {
    "easy": ("breach", "phone-contact", "minimum"),
    "medium": ("handover-order", "ask-before-export", "sensitive-note", "whose", "phone-after-leaving"),
    "hard": ("lost-laptop", "measures"),
}


def small() -> CourseText:
    """The shipped course of sales with a lesson of each kind, short enough to be learned in a minute."""
    whole = reader.read((texts.SHIPPED / f"{SLUG}.yaml").read_text(encoding="utf-8"), SLUG)
    keys = [key for chosen in ASKED.values() for key in chosen]
    lessons = tuple(_short(lesson) for lesson in whole.lessons if lesson.key != "copies")
    there = {lesson.key for lesson in lessons}
    bank = [question for key in keys if (question := whole.question(key)) is not None]
    kept = tuple(one if one.lesson in there else replace(one, lesson="case-export") for one in bank)
    return replace(whole, lessons=lessons, bank=kept)


def _short(lesson: Lesson) -> Lesson:
    if lesson.kind == "video":
        return replace(lesson, slides=SLIDES, captions="", transcript="")
    return replace(lesson, seconds=READ)


def publish(browser: Browser, running: Product, course: CourseText) -> None:
    """HR writes a new version of a course in the editor, and publishes it."""
    hr = Desk(browser, running, "hr")
    hr.page.goto(f"/training/courses/{course.slug}?view=source")
    hr.page.locator("#source").fill(written.write(course))
    hr.page.get_by_label("本版说明").fill("精简为三节")
    hr.page.get_by_role("button", name="保存为新版本").click()
    hr.page.get_by_role("button", name="发布第 2 版").click()
    expect(hr.page.locator("h1")).to_contain_text("已发布")
    hr.close()


def hire(running: Product, **facts: str) -> None:
    """Someone comes from the roster, and gets an account. `facts` are the columns of the table."""
    table = f"{','.join(facts)}\n{','.join(facts.values())}\n"
    with bootstrap.opened(config.load(running.environment)) as house, house.database.transaction() as unit:
        roster.take_in(unit, house.world.files.cipher, table.encode())
        hashed, login = accounts.hash_password(PASSWORD), facts["login"]
        accounts.create(unit, login, password_hash=hashed, name=facts["name"], employee=login, clock=house.clock)


# ---- lessons ---------------------------------------------------------------------------------------------------------


def begin_text(page: Page) -> None:
    """Read to the end, and press too early: nothing but time makes a lesson done."""
    expect(page.locator("[data-missing]")).to_contain_text("还需学习")
    page.locator("[data-end]").scroll_into_view_if_needed()
    page.locator("[data-finish]").click(force=True)
    expect(page.locator("[data-missing]")).to_contain_text("还需学习")


def watch(page: Page, to: float) -> None:
    """Play the film from where it stands to some second of it."""
    expect(page.locator("[data-missing]")).to_contain_text("还需观看")
    page.locator("video").evaluate("film => { film.muted = true; return film.play(); }")
    for _ in range(300):
        if page.locator("video").evaluate("film => film.ended ? 1e9 : film.currentTime") >= to:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"The film does not come to second {to}: {page.locator('[data-missing]').inner_text()}")


def solve(page: Page, lesson: Lesson) -> None:
    """Answer what a case study asks, the first question wrongly before rightly."""
    page.locator("[data-end]").scroll_into_view_if_needed()
    for place, question in enumerate(lesson.questions):
        form = page.locator(f"[data-exercise='{question.key}']")
        if not place:
            _choose(form, question, _wrong(question)[:1])
            form.get_by_role("button", name="检查").click()
            expect(form).to_contain_text("还不对")
        _choose(form, question, question.answer)
        form.get_by_role("button", name="检查").click()
        expect(form).to_contain_text(question.explanation)
    page.locator("[data-end]").scroll_into_view_if_needed()


def go_on(page: Page) -> None:
    """To what comes next, once the server has counted enough."""
    page.locator("[data-onward]").click(timeout=60_000)


# ---- the exam --------------------------------------------------------------------------------------------------------


def sit(page: Page, course: CourseText, wrong: Collection[str]) -> list[str]:
    """Answer every question rightly but those of these keys, and hand in; the keys in the order of the paper."""
    page.get_by_role("button", name="开始考试").click()
    expect(page.locator(".question:visible")).to_have_count(1)
    asked = []
    for card in page.locator(".question").all():
        question = _recognised(card, course)
        asked.append(question.key)
        page.locator(f".dots [data-to='{card.get_attribute('data-question')}']").click()
        _answer(card, question, right=question.key not in wrong)
    expect(page.locator("[data-saved]")).to_have_text("答案已保存")
    expect(page.locator(".dots .done")).to_have_count(len(asked))
    page.locator(".exam-foot").get_by_role("button", name="交卷").click()
    page.locator("dialog.handing-in").get_by_role("button", name="交卷").click()
    page.wait_for_url("**/exams/*")
    return asked


def _recognised(card: Locator, course: CourseText) -> Question:
    said = card.locator(".stem, .passage").all_text_contents()
    words = {text.strip() for text in said}
    return next(one for one in course.bank if (one.passage or one.stem).strip() in words)


def _answer(card: Locator, question: Question, *, right: bool) -> None:
    if question.kind == "ordering":
        _put(card, question.answer if right else question.answer[::-1], question)
    elif question.parts:
        for part, place in zip(question.parts, card.locator("fieldset").all(), strict=True):
            _choose(place, part, part.answer if right else _wrong(part))
    else:
        _choose(card, question, question.answer if right else _wrong(question))


def _wrong(question: Question) -> tuple[str, ...]:
    """An answer that brings nothing."""
    others = tuple(option.key for option in question.options if option.key not in question.answer)
    return others[:1]


def _choose(place: Locator, question: Question, keys: Collection[str]) -> None:
    for option in place.locator(".option").all():
        text = option.inner_text().strip()
        wanted = any(one.key in keys for one in question.options if one.text.strip() == text)
        if option.locator("input").is_checked() != wanted and (wanted or question.kind == "multiple"):
            option.click()


def _put(card: Locator, keys: Collection[str], question: Question) -> None:
    """Move each line up to where it belongs."""
    lines = card.locator(".order li")
    for at, key in enumerate(keys):
        text = next(option.text for option in question.options if option.key == key)
        for place in range(lines.locator(".text").all_inner_texts().index(text), at, -1):
            lines.nth(place).locator("[data-by='-1']").click()


# ---- the certificate -------------------------------------------------------------------------------------------------


def under_the_code(pdf: bytes) -> str:
    """The address that the certificate prints beside its QR code, once the code is seen to hold the same."""
    page = pypdfium2.PdfDocument(pdf)[0]
    found = ADDRESS.search(page.get_textpage().get_text_bounded())
    assert found is not None
    address = f"http://{found.group()}"
    sheet = page.render(scale=6, grayscale=True).to_pil()
    wide, high = sheet.size
    corner = sheet.crop((wide // 13, high * 3 // 4, wide // 5, high * 19 // 20)).point(
        lambda light: 255 * (light < 100)
    )
    left, top, _, bottom = corner.getbbox()
    wanted = [[bool(dark) for dark in row] for row in segno.make(address, error="m", micro=False).matrix]
    module = (bottom - top) / len(wanted)
    middles = [(place + 0.5) * module for place in range(len(wanted))]
    seen = [[corner.getpixel((int(left + x), int(top + y))) > 0 for x in middles] for y in middles]
    assert seen == wanted
    return address
