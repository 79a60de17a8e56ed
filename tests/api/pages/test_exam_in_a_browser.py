"""Exams in a browser: on phone and desk, after an interruption, in two windows, by keyboard, without network."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.pages.browsing import DESK, Opens, offline
from tests.api.pages.test_exam_pages import site
from tests.tasks.human.training.certified import passed
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall", "site"]

pytestmark = pytest.mark.browser


@pytest.mark.requirement("F80")
def test_an_exam_on_the_phone_goes_on_after_reloading_to_its_end(hall: Hall, opens: Opens) -> None:
    number = hall.enrol()
    phone = _begun(opens, number)
    expect(phone.locator(".question:visible")).to_have_count(1)
    expect(phone.locator("[data-time]")).to_have_text("30:00")
    _answer(phone, hall, number, 1)
    phone.get_by_role("button", name="下一题").click()
    _answer(phone, hall, number, 2)
    expect(phone.locator("[data-saved]")).to_have_text("答案已保存")
    assert {place.split(".")[0] for place in hall.exam(number).answers} == {"1", "2"}

    hall.clock.advance(timedelta(minutes=26))
    phone.reload()
    expect(phone.locator(".dots .done")).to_have_count(2)
    expect(phone.locator(".question:visible")).to_have_attribute("data-question", "3")
    expect(phone.locator("[data-time]")).to_have_text(re.compile("4:00|3:59"))
    expect(phone.locator(".time.near")).to_be_visible()
    for place in range(3, 11):
        phone.locator(f".dots [data-to='{place}']").click()
        _answer(phone, hall, number, place)
    expect(phone.locator(".dots .done")).to_have_count(10)
    phone.locator(".exam-foot").get_by_role("button", name="交卷").click()
    expect(phone.locator("dialog.handing-in")).to_contain_text("所有题目均已作答")
    phone.locator("dialog.handing-in").get_by_role("button", name="交卷").click()
    phone.wait_for_url(f"**/learn/{number}/exams/1")
    expect(phone.get_by_role("heading", name="已通过")).to_be_visible()
    assert hall.exam(number).score == 100


@pytest.mark.requirement("F80")
def test_another_device_takes_the_exam_over_and_gives_it_back(hall: Hall, opens: Opens) -> None:
    number = hall.enrol()
    phone = _begun(opens, number)
    _answer(phone, hall, number, 1)
    expect(phone.locator("[data-saved]")).to_have_text("答案已保存")
    desk = opens("zhao", size=DESK)
    desk.goto(f"/learn/{number}/exam")
    expect(desk.get_by_text("不能再作答")).to_be_visible()
    desk.get_by_role("button", name="在此继续").click()
    expect(desk.locator(".question:visible")).to_have_count(10)
    expect(desk.locator(".dots .done")).to_have_count(1)

    phone.locator(".dots [data-to='2']").click()
    phone.locator(".question[data-question='2'] :is(.option span, [data-by='1'])").first.click()
    expect(phone.locator("dialog.elsewhere")).to_be_visible()
    expect(phone.locator("dialog.elsewhere")).to_contain_text("其他窗口")
    phone.locator("dialog.elsewhere").get_by_role("button", name="在此继续").click()
    expect(phone.locator("dialog.elsewhere")).to_be_hidden()
    phone.locator(".dots [data-to='2']").click()
    _answer(phone, hall, number, 2)
    expect(phone.locator("[data-saved]")).to_have_text("答案已保存")
    expect(phone.locator(".dots .done")).to_have_count(2)


def test_an_order_is_found_by_keyboard_and_by_dragging(hall: Hall, opens: Opens) -> None:
    number = hall.enrol()
    desk = opens("zhao", size=DESK)
    desk.goto(f"/learn/{number}/exam")
    begin = desk.get_by_role("button", name="开始考试")
    expect(begin).to_be_enabled()
    begin.press("Enter")
    order = desk.locator(".order").first
    expect(order).to_be_visible()
    texts = order.locator(".text").all_text_contents()
    place = order.get_attribute("data-place")
    assert place is not None
    down = order.locator("li").first.locator("[data-by='1']")
    down.focus()
    down.press("Enter")
    assert order.locator(".text").all_text_contents() == [texts[1], texts[0], *texts[2:]]
    expect(desk.locator("[data-voice]")).to_have_text(f"{texts[0]}：第 2 位，共 6 位")
    expect(order.locator("li").nth(1).locator("[data-by='1']")).to_be_focused()

    order.locator("li").last.scroll_into_view_if_needed()
    grip, last = order.locator(".grip").first.bounding_box(), order.locator("li").last.bounding_box()
    assert grip is not None
    assert last is not None
    desk.mouse.move(grip["x"] + 8, grip["y"] + 20)
    desk.mouse.down()
    desk.mouse.move(grip["x"] + 8, last["y"] + last["height"] - 2, steps=8)
    desk.mouse.up()
    assert order.locator(".text").all_text_contents() == [texts[0], *texts[2:], texts[1]]
    expect(desk.locator("[data-saved]")).to_have_text("答案已保存")
    assert hall.exam(number).answers == {place: [1, 3, 4, 5, 6, 2]}


def test_when_the_time_is_over_the_page_hands_in_by_itself(hall: Hall, opens: Opens) -> None:
    number = hall.enrol()
    phone = _begun(opens, number)
    _answer(phone, hall, number, 1)
    expect(phone.locator("[data-saved]")).to_have_text("答案已保存")
    hall.clock.advance(timedelta(minutes=29, seconds=59))
    phone.reload()
    phone.wait_for_url(f"**/learn/{number}/exams/1")
    expect(phone.get_by_role("heading", name="未通过")).to_be_visible()
    assert hall.exam(number).score == 10


def test_answers_wait_for_the_network(hall: Hall, opens: Opens) -> None:
    number = hall.enrol()
    phone = _begun(opens, number)
    expect(phone.locator(".question:visible")).to_be_visible()
    with offline(phone):
        _answer(phone, hall, number, 1)
        expect(phone.locator("[data-saved]")).to_have_text("暂未保存：网络中断，正在重试")
        assert hall.exam(number).answers == {}
    expect(phone.locator("[data-saved]")).to_have_text("答案已保存", timeout=10_000)
    assert hall.exam(number).answers != {}


def _begun(opens: Opens, number: str) -> Page:
    """A phone on which the exam has begun."""
    phone = opens("zhao")
    phone.goto(f"/learn/{number}/exam")
    phone.get_by_role("button", name="开始考试").click()
    expect(phone.locator(".question:visible")).to_have_count(1)
    return phone


def _answer(page: Page, hall: Hall, number: str, question: int) -> None:
    """Answer the question of this place rightly, whatever it is."""
    for place, chosen in hall.right(number).items():
        if place.split(".")[0] != str(question):
            continue
        options = page.locator(f".options[data-place='{place}'] .option")
        for value in chosen if options.count() else []:
            options.nth(value - 1).click()
        if not options.count():
            _put(page.locator(f".order[data-place='{place}']"), chosen)


def _put(order: Locator, wanted: list[int]) -> None:
    """Move each line up to where it belongs."""
    for at, value in enumerate(wanted):
        line = order.locator(f"[data-value='{value}']")
        while order.locator("li").nth(at).get_attribute("data-value") != str(value):
            line.locator("[data-by='-1']").click()


def test_a_long_question_breaks_in_its_analysis_on_a_phone(hall: Hall, opens: Opens) -> None:
    passed(hall)
    phone = opens("chen")
    phone.goto("/training/questions")
    first = phone.locator(".items tbody tr").first
    first.locator("td span").first.evaluate(
        "stem => stem.prepend('同事把客户名单发到私人邮箱，您应当怎么办？'.repeat(3))"
    )
    card = phone.locator(".table-card")
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth"), "it scrolls sideways"
    bar, row = first.locator(".portion").bounding_box(), first.bounding_box()
    assert bar is not None
    assert row is not None
    assert row["y"] < bar["y"] < row["y"] + row["height"], "the bar stands in its row"
