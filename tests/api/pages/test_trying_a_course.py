"""HR tries a course before anybody learns it: questions are marked, packages play, and nothing is kept of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hr.training.course import CourseText, Lesson, Slide
from hr.training.scorm import links
from tests.api.pages.played import Served, pages, school
from tests.hr.training.scorm_packages import packed, v1_2
from tests.tasks.human.training.test_courses import form

__all__ = ["pages", "school"]

ITEMS = (
    '<item identifier="i1" identifierref="r1"><title>一</title><adlcp:masteryscore>80</adlcp:masteryscore></item>'
    '<item identifier="i2" identifierref="r2"><title>二</title></item>'
)
RESOURCES = (
    '<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="a.html"/>'
    '<resource identifier="r2" type="webcontent" adlcp:scormtype="asset" href="b.html"/>'
)
PACKAGE = packed(v1_2(ITEMS, RESOURCES), a__html="<p>a</p>", b__html="<p>b</p>")
CASE = "/training/courses/storage/preview/lessons/case"
PLAY = "/training/courses/draft/preview/lessons/play"
DONE = {"cmi": {"core": {"lesson_status": "completed", "score": {"raw": "90"}, "session_time": "00:05:00"}}}
# Whatever learning leaves behind.
KEPT = ("learning_visit", "lesson_progress", "scorm_state", "evidence", "enrolment")


@pytest.fixture(scope="module")
def hr(pages: Served) -> Iterator[httpx.Client]:
    """Somebody of HR, who has brought a package and saved a course of it, and a version without; none is published."""
    with pages.signed_in("hr.one") as client:
        brought = client.post("/training/material", params={"name": "课件.zip"}, content=PACKAGE).json()
        play = Lesson(key="play", title="互动课", kind="scorm", scorm=brought["hash"], seconds=20)
        read = Lesson(key="read", title="文字课", kind="text", body="请阅读。" * 30)
        slides = (Slide(title="开始", lines=("一天早上",), spoken="名单不见了。", seconds=2),)
        film = Lesson(key="film", title="短片", kind="video", video="shipped:a-draft", slides=slides)
        for base, lessons in enumerate([(play, read, film), (read,)]):
            course = form(CourseText(slug="draft", title="未发布的课程", lessons=lessons))
            saved = client.post("/training/courses/save", json={"slug": "draft", "base": base, "form": course})
            assert saved.status_code == 200
        yield client


@pytest.fixture(autouse=True)
def _nothing_is_kept(hr: httpx.Client, pages: Served) -> Iterator[None]:
    before = kept(pages)
    yield
    assert kept(pages) == before


def kept(pages: Served) -> dict[str, int]:
    unit = pages.school.database.once()
    return {table: unit.one(f"select count(*) from {table}")[0] for table in KEPT}


def place(page: str, question: str, text: str) -> int:
    """The number under which a page offers this option."""
    asked = page.partition(f'data-exercise="{question}"')[2].partition("</form>")[0]
    found = dict(re.findall(r'value="(\d+)"[^>]*><span>([^<]+)</span>', asked))
    return int(next(value for value, option in found.items() if option == text))


def address(client: httpx.Client, pages: Served) -> str:
    """The path under which a package is tried."""
    given = client.post(f"{PLAY}/package?version=1").json()
    assert given["origin"] == pages.content
    path: str = given["url"].removeprefix(pages.content)
    assert path.startswith("/_content/")
    return path


def test_a_question_of_a_case_study_is_tried_until_it_is_right(hr: httpx.Client) -> None:
    page = hr.get(f"{CASE}?version=1").text
    assert "检查答案" in page
    assert "归档后删除私存" not in page
    assert "您可以查看本节" not in page
    wrong, right = (place(page, "keep", text) for text in ("传到私人网盘", "在公司授权的目录归档"))
    told = hr.post(f"{CASE}/answer?version=1", json={"question": "keep", "chosen": [wrong]})
    assert told.json() == {"right": False, "explanation": ""}
    for _ in range(2):  # tried again as often as one likes
        told = hr.post(f"{CASE}/answer?version=1", json={"question": "keep", "chosen": [right]})
        assert told.json() == {"right": True, "explanation": "归档后删除私存。"}
    assert 'data-exercise="keep"' in hr.get(f"{CASE}?version=1").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"question": "keep", "chosen": []}, 400),
        ({"question": "keep", "chosen": [1, 2]}, 400),
        ({"question": "keep", "chosen": [9]}, 400),
        ({"question": "nothing", "chosen": [1]}, 404),
        ({"question": "keep", "chosen": ["x"]}, 400),
    ],
)
def test_what_is_no_answer_is_refused_in_words(hr: httpx.Client, sent: dict[str, Any], status: int) -> None:
    refused = hr.post(f"{CASE}/answer", json=sent, headers={"accept": "application/json"})
    assert refused.status_code == status
    assert refused.json()["detail"]


def test_a_package_plays_before_its_course_is_published(hr: httpx.Client, pages: Served) -> None:
    lesson = hr.get(f"{PLAY}?version=1")
    assert f"frame-src {pages.content}" in lesson.headers["content-security-policy"]
    assert f'data-address="{PLAY}/package?version=1"' in lesson.text
    path = address(hr, pages)
    with httpx.Client(base_url=pages.content) as player:
        page = player.get(path)
        assert page.status_code == 200
        assert f"frame-ancestors {pages.url}" in page.headers["content-security-policy"]
        assert 'data-item="i1"' in page.text
        assert "preview" in page.text.partition("data-begin")[2]
        assert "hr.one" not in page.text
        assert player.get(f"{path}files/a.html").text == "<p>a</p>"
        assert player.get(f"{path}files/%2e%2e/x").status_code == 404
        first = player.post(f"{path}commit", params={"item": "i1"}, json=DONE).json()
        assert (first["result"], first["done"], first["score"]) == (True, True, 90)
        failed = {"cmi": {"core": {"lesson_status": "completed", "score": {"raw": "79"}}}}
        assert player.post(f"{path}commit", params={"item": "i1"}, json=failed).json()["passed"] is False
        assert player.post(f"{path}commit", params={"item": "i9"}, json=DONE).status_code == 400
        again = player.get(path, params={"item": "i1"}).text  # anew: nothing was kept of the first time
        assert "ab-initio" in again
        assert 'data-item="i2"' in player.get(path, params={"item": "i2"}).text


def test_the_address_of_a_trial_is_good_for_nothing_else(hr: httpx.Client, pages: Served) -> None:
    path = address(hr, pages)
    assert httpx.get(f"{pages.url}{path}").status_code == 404  # nor under the name of the pages
    proof, login, package, until = path.removeprefix("/_content/").rstrip("/").split(".")
    other = links.trial_token("x", links.Trial("hr.two", package), "x", pages.school.clock.now()).split(".")[1]
    changed = [
        f"{proof}.{other}.{package}.{until}",
        f"{proof}.{login}.{'0' * 64}.{until}",
        f"{proof}.{login}.{package}.{int(until, 16) + 3600:08x}",
        f"{'0' * 40}.{login}.{package}.{until}",
        f"{proof}.{login}x.{package}.{until}",
        f"{proof}.A.{package}.{until}",
        f"{login}.{until}.{proof}",
    ]
    for token in changed:
        assert httpx.get(f"{pages.content}/_content/{token}/files/a.html").status_code == 404, token


def test_the_address_ends_after_an_hour_and_with_the_office(hr: httpx.Client, pages: Served) -> None:
    pages.account("hr.leaving", "hr")
    with pages.signed_in("hr.leaving") as client:
        file = f"{pages.content}{address(client, pages)}files/a.html"
    assert httpx.get(file).status_code == 200
    pages.school.database.once().run("update account set groups = '{employee}' where login = 'hr.leaving'")
    assert httpx.get(file).status_code == 404
    pages.school.database.once().run("update account set groups = '{hr}' where login = 'hr.leaving'")
    assert httpx.get(file).status_code == 200
    pages.school.database.once().run("update account set active = false where login = 'hr.leaving'")
    assert httpx.get(file).status_code == 404
    mine = f"{pages.content}{address(hr, pages)}"
    pages.school.clock.advance(timedelta(minutes=59))
    assert httpx.get(f"{mine}files/a.html").status_code == 200
    pages.school.clock.advance(timedelta(minutes=2))
    for asked in (mine, f"{mine}files/a.html"):
        assert httpx.get(asked).status_code == 404
    assert httpx.post(f"{mine}commit?item=i1", json=DONE).status_code == 404


def test_the_film_of_slides_is_made_for_whoever_looks_before_it_is_published(hr: httpx.Client) -> None:
    page = hr.get("/training/courses/draft/preview/lessons/film?version=1").text
    (film,) = re.findall(r'src="(/learn/media/\w+)"', page)
    assert hr.get(film).headers["content-type"] == "video/webm"
    (said,) = re.findall(r'src="(\S+captions.vtt\?version=1)"', page)
    assert "名单不见了。" in hr.get(said).text


def test_what_a_lesson_has_not_is_not_there_to_try(hr: httpx.Client) -> None:
    assert hr.post("/training/courses/draft/preview/lessons/read/package?version=1").status_code == 404
    assert hr.post("/training/courses/draft/preview/lessons/gone/package").status_code == 404
    assert hr.post("/training/courses/draft/preview/lessons/play/package?version=7").status_code == 404


def test_what_is_tried_is_of_the_version_that_is_shown(hr: httpx.Client) -> None:
    assert hr.get(PLAY).status_code == 404  # the latest version has it no more
    assert hr.post(f"{PLAY}/package").status_code == 404
    assert hr.post(f"{PLAY}/package?version=1").status_code == 200
    assert "/package?version=1" in hr.get(f"{PLAY}?version=1").text


def test_nobody_but_hr_tries_anything(pages: Served) -> None:
    login = pages.account(pages.school.learner())
    with pages.signed_in(login) as client:
        assert client.get(PLAY).status_code == 403
        assert client.post(f"{PLAY}/package?version=1").status_code == 403
        assert client.post(f"{CASE}/answer", json={"question": "keep", "chosen": [1]}).status_code == 403
