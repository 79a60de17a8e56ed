"""HR writes a course by form, looks at it as its learner will, publishes it, and nobody else gets in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest

from hr.training.course import CourseText, Lesson, Option, Question, Stratum
from hr.training.written import write
from tests.api.pages.played import Served, pages, school
from tests.hr.pictures import png
from tests.hr.training.scorm_packages import packed, v1_2
from tests.hr.training.test_media import video
from tests.tasks.human.training.test_courses import form

__all__ = ["pages", "school"]

BODY = "访客进入办公区须登记，由接待人全程陪同，不得单独进入研发区域。" * 6
OPTIONS = (Option("a", "登记"), Option("b", "不登记"))
BANK = tuple(
    Question(
        key=f"q{n}",
        kind="single",
        stem=f"第 {n} 题：访客应当怎样进入？",
        options=OPTIONS,
        answer=("a",),
        explanation="先登记。",
        lesson="door",
        difficulty="easy",
    )
    for n in range(10)
)
VISITORS = CourseText(
    slug="visitors",
    title="访客接待规定",
    summary="知道访客怎样进出。",
    lessons=(Lesson(key="door", title="进门登记", kind="text", body=BODY),),
    bank=BANK,
    draw=(Stratum("easy", 10, 10),),
)


@pytest.fixture(scope="module")
def hr(pages: Served) -> Iterator[httpx.Client]:
    with pages.signed_in("hr.one") as client:
        yield client


def save(client: httpx.Client, course: CourseText, base: int, comment: str = "") -> httpx.Response:
    told = {"slug": course.slug, "base": base, "form": form(course), "comment": comment}
    return client.post("/training/courses/save", json=told)


def changed(slug: str, title: str, **more: object) -> CourseText:
    told = {name: getattr(VISITORS, name) for name in ("summary", "lessons", "bank", "draw")}
    return CourseText(slug=slug, title=title, **{**told, **more})


def test_a_course_is_written_checked_previewed_and_published(hr: httpx.Client) -> None:
    assert "新建课程" in hr.get("/training/courses").text
    empty = hr.get("/training/courses/new").text
    assert "添加课时" in empty
    saved = save(hr, VISITORS, 0, "第一版")
    assert saved.json() == {"location": "/training/courses/visitors", "said": "第 1 版已保存。"}
    page = hr.get("/training/courses/visitors").text
    assert "没有妨碍发布的问题" in page
    assert 'value="进门登记"' in page
    seen = hr.get("/training/courses/visitors/preview", follow_redirects=True).text
    assert "进门登记" in seen
    assert "须登记" in seen
    assert "预览" in seen
    assert hr.post("/training/courses/visitors/publish", data={"version": 1}).status_code == 303
    assert "已发布" in hr.get("/training/courses/visitors").text
    listed = hr.get("/training/courses").text
    assert listed.index("访客接待规定") < listed.index("版本 1", listed.index("访客接待规定"))
    source = hr.get("/training/courses/visitors/source")
    assert source.text == write(VISITORS)
    assert "visitors-1.yaml" in source.headers["content-disposition"]


def test_what_stands_against_publishing_is_told_with_a_way_to_its_place(hr: httpx.Client) -> None:
    draft = changed("draft", "未完成的课程", bank=BANK[:3], lessons=(Lesson(key="door", title="进门", kind="text"),))
    assert save(hr, draft, 0).status_code == 200
    page = hr.get("/training/courses/draft").text
    assert 'data-place="draw"' in page
    assert 'data-place="lessons.0"' in page
    assert "disabled" in page.split("发布第 1 版")[0].rsplit("<button", 1)[1]
    refused = hr.post("/training/courses/draft/publish", data={"version": 1}, headers={"hx-request": "true"})
    assert refused.status_code == 400
    live = hr.post("/training/courses/check", json={"slug": "draft", "form": form(draft)}).text
    assert 'data-place="draw"' in live
    by_line = hr.post("/training/courses/check", json={"slug": "draft", "source": "title: a\nbank: x\n"}).text
    assert 'data-line="2"' in by_line


def test_faults_keep_it_from_being_saved_and_nothing_is_lost(hr: httpx.Client) -> None:
    broken = form(VISITORS) | {"title": ""}
    refused = hr.post("/training/courses/save", json={"slug": "broken", "form": broken})
    assert refused.status_code == 422
    assert 'data-place="head"' in refused.text
    assert hr.get("/training/courses/broken").status_code == 404
    name = save(hr, changed("Not A Name", "名称不对"), 0)
    assert name.status_code == 422
    assert "小写字母" in name.text
    hidden = save(hr, changed("new", "看不见的课程"), 0)
    assert hidden.status_code == 422
    assert "另取一个名称" in hidden.text


def test_faults_of_a_chinese_page_are_in_chinese(hr: httpx.Client) -> None:
    source = "title: T\nlessons:\n- {title: 一, kind: text}\nbank:\n- {key: q, kind: single, answer: [[a]]}\n"
    told = hr.post("/training/courses/check", json={"slug": "words", "source": source}).text
    assert "第 1 课" in told
    assert "缺少“key”" in told
    assert "题库" in told
    for english in ("lesson 1", "the bank", "question 1"):
        assert english not in told


def test_who_saves_second_is_told_and_led_to_what_differs(hr: httpx.Client, pages: Served) -> None:
    assert save(hr, changed("pair", "两人一起写"), 0).status_code == 200
    pages.account("hr.two", "hr-head")
    with pages.signed_in("hr.two") as other:
        assert save(other, changed("pair", "两人一起写", minutes=45), 1).status_code == 200
    mine = save(hr, changed("pair", "两人一起写", pass_mark=90), 1).json()
    assert mine["location"] == "/training/courses/pair/compare?before=2&after=3"
    assert "hr.two" in mine["said"]
    differs = hr.get(mine["location"]).text
    assert "minutes: 45" in differs
    assert "pass_mark: 90" in differs
    versions = hr.get("/training/courses/pair?view=versions").text
    assert all(f"版本 {n}" in versions for n in (1, 2, 3))


def test_material_is_brought_as_bytes_and_told_by_them(hr: httpx.Client) -> None:
    film = hr.post("/training/material", params={"name": "开场.mp4"}, content=video(65)).json()
    assert (film["kind"], film["label"]) == ("video", "开场.mp4 · 1:05")
    assert hr.get(f"/learn/media/{film['hash']}", headers={"range": "bytes=0-3"}).status_code == 206
    package = hr.post("/training/material", params={"name": "x.zip"}, content=packed(v1_2())).json()
    assert (package["kind"], package["label"]) == ("scorm", "信息安全 · SCORM 1.2 · 共 1 页")
    picture = hr.post("/training/material", params={"name": "x.png"}, content=png()).json()
    shown = hr.post("/training/text", data={"body": f"看：![门](media:{picture['hash']})<script>"}).text
    assert f'src="/learn/media/{picture["hash"]}"' in shown
    assert "<script>" not in shown
    asks = {"accept": "application/json"}
    refused = hr.post("/training/material", params={"name": "x.exe"}, content=b"MZ", headers=asks)
    assert refused.status_code == 400
    assert "不支持" in refused.json()["detail"]
    page = hr.get("/training/courses/new").text
    assert film["hash"] in page
    assert package["hash"] in page


def test_an_archived_course_is_given_to_nobody(hr: httpx.Client) -> None:
    assert save(hr, changed("old", "旧课程"), 0).status_code == 200
    assert hr.post("/training/courses/old/publish", data={"version": 1}).status_code == 303
    assert hr.post("/training/courses/old/archive").status_code == 303
    assert "已归档" in hr.get("/training/courses/old").text


def test_nobody_but_hr_comes_in(pages: Served) -> None:
    login = pages.account(pages.school.learner())
    with pages.signed_in(login) as client:
        for path in ("/training/courses", "/training/courses/new", "/training/courses/storage"):
            assert client.get(path).status_code == 403
        assert client.post("/training/material", params={"name": "x.png"}, content=png()).status_code == 403
        assert save(client, changed("mine", "我的"), 0).status_code == 403


def test_today_is_the_day_where_the_organisation_is(hr: httpx.Client, pages: Served) -> None:
    pages.school.clock.set("2026-11-02T17:00:00+00:00")  # one in the morning of the third in Shanghai
    bank = tuple(replace(one, valid_from=date(2026, 11, 3)) for one in BANK)
    assert "location" in save(hr, changed("early", "早间课程", bank=bank), 0).json()
    assert "没有妨碍发布的问题" in hr.get("/training/courses/early").text
    assert hr.post("/training/courses/early/publish", data={"version": 1}).status_code == 303
    assert "已发布" in hr.get("/training/courses/early").text
