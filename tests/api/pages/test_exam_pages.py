"""Exams over HTTP: what a page tells and what it does not, who gets in, how an exam is sat to its end."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hr.people import accounts
from tests.api.company import served
from tests.api.pages.browsing import PASSWORD, Enters, entering
from tests.tasks.human.training.exam_hall import COURSE, Hall, hall

__all__ = ["hall"]

JSON = {"accept": "application/json", "accept-language": "zh-CN"}
SECRETS = ("解析", "反不正当竞争法", "easy", "medium", "hard", '"e1"', '"m1"', '"h1"')


@pytest.fixture
def site(hall: Hall) -> Iterator[str]:
    hall.database.once().run("update account set password_hash = %s", (accounts.hash_password(PASSWORD),))
    with served(hall.house) as url:
        yield url


@pytest.fixture
def enters(site: str) -> Iterator[Enters]:
    with entering(site) as found:
        yield found


def sit(client: httpx.Client, number: str, **asked: Any) -> dict[str, Any]:
    answer = client.post(f"/learn/{number}/exam/sit", json=asked, headers=JSON)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.requirement("F81")
def test_an_exam_from_its_start_to_its_result(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    zhao = enters("zhao")
    before = zhao.get(f"/learn/{number}/exam").text
    for words in ("客户信息保密", "开始考试", "请在同一个窗口", "80<small>/100</small>"):
        assert words in before
    seat = sit(zhao, number)
    assert seat["remaining"] == 1800
    assert seat["paper"].count("data-question=") == 10
    url = f"/learn/{number}/exams/{seat['attempt']}"
    given = hall.right(number, but=["m1", "m2", "h3"])
    hall.clock.advance(timedelta(minutes=1))
    saved = zhao.post(f"{url}/answers", json={"token": seat["token"], "answers": given}, headers=JSON)
    assert saved.json() == {"remaining": 1740}
    assert zhao.get(url).headers["location"] == f"/learn/{number}/exam"
    resumed = zhao.get(f"/learn/{number}/exam").text
    assert '"open": 1' in resumed
    done = zhao.post(f"{url}/submit", json={"token": seat["token"], "answers": given}, headers=JSON)
    assert done.json() == {"location": url}

    result = html.unescape(zhao.get(url).text)
    for words in ("未通过", "70", "存放在哪里", "解析m1", "未作答", "重新学习"):
        assert words in result
    again = zhao.get(f"/learn/{number}/exam").text
    assert "先完成学习" in again
    assert f"{url}" in again
    assert f'href="/learn/{number}/exam"' in zhao.get(f"/learn/{number}").text


def test_no_answer_that_comes_before_grading_holds_what_is_right(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    zhao = enters("zhao")
    told = [zhao.get(f"/learn/{number}/exam").text]
    seat = sit(zhao, number)
    url = f"/learn/{number}/exams/1"
    body = {"token": seat["token"], "answers": hall.right(number)}
    told.append(seat["paper"])
    told.append(zhao.post(f"{url}/answers", json=body, headers=JSON).text)
    told.append(zhao.post(f"{url}/answers", json={**body, "answers": {"77": [1]}}, headers=JSON).text)
    told.append(zhao.post(f"{url}/submit", json={"token": "no", "answers": {}}, headers=JSON).text)
    told.append(zhao.get(url, follow_redirects=True).text)
    told.append(str(sit(zhao, number, token=seat["token"])))
    for text in told:
        for secret in SECRETS:
            assert secret not in text, text
    keys = {question.key for question in COURSE.bank}
    values = set(re.findall(r'(?:value|data-value|name|data-place|data-question)="([^"]*)"', seat["paper"]))
    assert values.isdisjoint(keys | set("abcdef"))


def test_places_of_options_do_not_follow_their_keys(hall: Hall, enters: Enters) -> None:
    """The right order is written a, b, c: on the page its lines are numbered as they are shown."""
    number = hall.enrol()
    paper = sit(enters("zhao"), number)["paper"]
    for order in re.findall(r'<ol class="order".*?</ol>', paper, re.S):
        assert re.findall(r'data-value="(\d)"', order) == list("123456")
        assert re.findall(r'class="text">(.*?)<', order)[0:6] != ["填写客户清单", "上传系统", "交接人核对", "补充缺项",
                                                               "双方电子签名", "CRM 收回权限"]  # fmt: skip


def test_a_second_window_takes_the_exam_over_with_a_warning(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    first, second = enters("zhao"), enters("zhao")
    seat = sit(first, number)
    asked = second.post(f"/learn/{number}/exam/sit", json={}, headers=JSON)
    assert asked.status_code == 409
    assert "正在进行" in asked.json()["detail"]
    assert "不能再作答" in second.get(f"/learn/{number}/exam").text
    taken = sit(second, number, take=True)
    body = {"token": seat["token"], "answers": {}}
    for act in ("answers", "submit"):
        refused = first.post(f"/learn/{number}/exams/1/{act}", json=body, headers=JSON)
        assert refused.status_code == 409
        assert "其他窗口" in refused.json()["detail"]
    body["token"] = taken["token"]
    assert second.post(f"/learn/{number}/exams/1/answers", json=body, headers=JSON).status_code == 200


def test_to_others_there_is_no_exam_and_no_result(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    seat = sit(enters("zhao"), number)
    for login in ("wu", "chen", "li"):
        other = enters(login)
        body = {"token": seat["token"], "answers": {}, "take": True}
        for path in ("exam", "exams/1"):
            assert other.get(f"/learn/{number}/{path}", headers=JSON).status_code == 404
        for path in ("exam/sit", "exams/1/answers", "exams/1/submit"):
            assert other.post(f"/learn/{number}/{path}", json=body, headers=JSON).status_code == 404
    assert hall.exam(number).sitting == seat["token"]
    assert hall.events(number) == ["assigned", "attempted"]


@pytest.mark.parametrize(
    "body",
    [
        {"token": "x", "answers": {"1": "a"}},
        {"token": "x", "answers": [1]},
        {"token": 7, "answers": {}},
        {"token": "x" * 100, "answers": {}},
        {"token": "x", "answers": {"1": [1.5]}},
        {"token": "x", "answers": {"1": [None]}},
        {"token": "x", "answers": {"1": {"a": 1}}},
        [],
        "answers",
    ],
)
def test_what_no_page_sends_is_refused(hall: Hall, enters: Enters, body: object) -> None:
    number = hall.enrol()
    zhao = enters("zhao")
    sit(zhao, number)
    before = hall.untouched(number)
    for act in ("answers", "submit"):
        assert zhao.post(f"/learn/{number}/exams/1/{act}", json=body, headers=JSON).status_code in (400, 422)
    assert hall.untouched(number) == before


def test_without_the_token_of_a_page_nothing_is_done(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    zhao = enters("zhao")
    del zhao.headers["x-csrf-token"]
    assert zhao.post(f"/learn/{number}/exam/sit", json={}, headers=JSON).status_code == 403
    assert hall.rows("select 1 from exam") == []


def test_whoever_has_passed_is_led_to_the_result(hall: Hall, enters: Enters) -> None:
    number = hall.enrol()
    hall.submit(hall.sit(number), hall.right(number))
    zhao = enters("zhao")
    assert zhao.get(f"/learn/{number}/exam").headers["location"] == f"/learn/{number}/exams/1"
    assert "已通过" in zhao.get(f"/learn/{number}/exams/1").text


def test_hr_sees_which_questions_are_weak_and_others_do_not(hall: Hall, enters: Enters) -> None:
    chen = enters("chen")
    assert "还没有考试" in chen.get("/training/questions").text
    number = hall.enrol()
    sitting = hall.sit(number)
    place = str(hall.drawn(number).index("m4") + 1)
    right = hall.right(number)
    hall.submit(sitting, right | {place: [5 - right[place][0]]})
    page = chen.get("/training/questions").text
    assert page.index("离职后的客户资料应当留在哪里") < page.index("以下哪些行为属于违反保密协议")
    assert "客户信息保密" in page
    assert "还没有考试" in chen.get("/training/questions?course=unknown").text
    assert chen.get(f"/training/questions?course={COURSE.slug}").text.count("<tr>") == 11
    for login in ("zhao", "li"):
        assert enters(login).get("/training/questions", headers=JSON).status_code == 403
