"""A phone before a course: text, film, case study, in real time, with a second phone and a break in the connection."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hr.people import accounts
from hr.training import pace
from hr.training.course import Slide
from kernel.clock import ManualClock, SystemClock
from kernel.db import Database
from tests.api.company import served
from tests.api.pages.browsing import EXPECTED, offline
from tests.tasks.human.training.conftest import STORAGE, School, founded

PASSWORD = "to learn 2026"
PHONE = {"width": 390, "height": 844}
SHORT = 7  # seconds of a text, enough for a second phone to come and go
SLIDES = (
    Slide(title="开始", lines=("一天早上",), spoken="名单不见了。", seconds=3),
    Slide(title="结果", lines=("找回",), spoken="已经删除。", seconds=4),
)

Phones = Callable[[], Page]


class RunningClock(ManualClock):
    """The machine's clock: what a browser plays takes its time."""

    def now(self) -> datetime:
        return SystemClock().now()


@pytest.fixture
def school(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr(pace, "BEAT", 0.6)
    made = founded(database, RunningClock("2026-11-02T01:00:00+00:00"), tmp_path)
    where, film, case, _ = STORAGE.lessons
    lessons = (
        replace(where, seconds=SHORT),
        replace(film, video="shipped:a-morning", slides=SLIDES, captions="", transcript=""),
        replace(case, seconds=1, questions=case.questions[:1]),
    )
    made.publish(replace(STORAGE, slug="short", title="短课程", lessons=lessons))
    return made


@pytest.fixture
def phones(school: School, browser: Browser) -> Iterator[Phones]:
    """Opens a phone of one learner, on their course."""
    login = school.learner()
    number = school.enrol(login, "short", due_at=SystemClock().now() + timedelta(days=3))
    with school.database.transaction() as unit:
        hashed = accounts.hash_password(PASSWORD)
        accounts.create(
            unit, login, password_hash=hashed, groups=("employee",), name=login, employee=login, clock=school.clock
        )
    complaints: list[str] = []
    with served(school.house) as site:

        def opened() -> Page:
            context = browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
            page = context.new_page()
            page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto("/login")
            page.get_by_label("账号").fill(login)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(lambda url: "/login" not in url)
            page.goto(f"/learn/{number}")
            return page

        yield opened
        for context in browser.contexts:
            context.close()
    assert [text for text in complaints if not EXPECTED.search(text)] == []


@pytest.mark.requirement("F79")
@pytest.mark.requirement("F80")
def test_a_course_is_learned_on_the_phone(phones: Phones) -> None:
    phone = phones()
    phone.get_by_role("link", name="开始学习").click()
    expect(phone.locator("h1")).to_have_text("存在哪里")
    expect(phone.locator("[data-missing]")).to_contain_text("还需学习")
    phone.locator("[data-end]").scroll_into_view_if_needed()
    _taken_over(phone, phones())
    _without_connection(phone)
    phone.get_by_role("link", name="下一节").click()
    _watched(phone)
    phone.get_by_role("link", name="下一节").click()
    _answered(phone)
    phone.get_by_role("link", name="返回课程", exact=True).click()
    expect(phone.get_by_role("link", name="参加考试").first).to_be_visible()


def _taken_over(phone: Page, other: Page) -> None:
    """The lesson goes on in one place: the first phone is told, and takes it back."""
    other.get_by_role("link", name="继续学习").click()
    expect(phone.locator(".stopped")).to_contain_text("其他窗口或设备")
    phone.get_by_role("button", name="在此继续").click()
    expect(phone.locator(".stopped")).to_be_hidden()
    other.context.close()


def _without_connection(phone: Page) -> None:
    with offline(phone):
        expect(phone.locator(".stopped")).to_contain_text("断网期间的时间不计入")
    expect(phone.locator(".stopped")).to_be_hidden()


def _watched(phone: Page) -> None:
    """Skipping is put back; what is played to its end counts."""
    video = phone.locator("video")
    expect(phone.locator("[data-missing]")).to_contain_text("还需观看")
    video.evaluate("film => { film.muted = true; film.currentTime = 6; }")
    expect(phone.locator("[data-missing]")).to_contain_text("向前只能到已看过的位置")
    assert video.evaluate("film => film.currentTime") < 1
    video.evaluate("film => { film.playbackRate = 4; return film.play(); }")
    phone.wait_for_timeout(300)
    assert video.evaluate("film => film.playbackRate") == 1
    expect(phone.get_by_role("link", name="下一节")).to_be_visible()
    assert video.evaluate("film => film.textTracks.length") == 1


def _answered(phone: Page) -> None:
    """A wrong answer is told as one, the right one is explained; the lesson is done with it."""
    phone.locator("[data-end]").scroll_into_view_if_needed()
    form = phone.locator("[data-exercise=keep]")
    form.get_by_role("button", name="检查答案").click()
    expect(form).to_contain_text("请先选择答案")
    form.get_by_text("传到私人网盘").click()
    form.get_by_role("button", name="检查答案").click()
    expect(form).to_contain_text("还不对")
    expect(form).not_to_contain_text("归档后删除私存")
    form.get_by_text("在公司授权的目录归档").click()
    form.get_by_role("button", name="再次检查").click()
    expect(form).to_contain_text("归档后删除私存")
    expect(phone.get_by_role("link", name="返回课程", exact=True)).to_be_visible()
