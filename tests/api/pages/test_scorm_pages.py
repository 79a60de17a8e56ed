"""Packages are played on an origin of their own, which has no session and gives nothing of the product away."""

import dataclasses
from collections.abc import Iterator

import httpx
import pytest

from kernel.config import Settings
from tests.api.pages.played import Served, pages, school, serving
from tests.hr.training.scorm_packages import packed, v1_2
from tests.tasks.human.training.conftest import School

__all__ = ["pages", "school"]

PACKAGE = packed(
    v1_2(),
    index__html="<!doctype html><meta charset='gb18030'><script src='a.js'></script>",
    a__js="1",
    film__mp4=bytes(1000),
    odd__zzz9="?",
)
DONE = {"cmi": {"core": {"lesson_status": "passed", "score": {"raw": "90"}}}}


@pytest.fixture(scope="module")
def player(pages: Served) -> Iterator[httpx.Client]:
    """A browser at the origin that plays: it has no session."""
    pages.package("played", "互动课程", PACKAGE)
    with httpx.Client(base_url=pages.content, timeout=30) as client:
        yield client


def address(pages: Served) -> str:
    """The path under which a new learner's package is played."""
    login, number = pages.learner("played")
    with pages.signed_in(login) as client:
        lesson = client.get(f"/learn/{number}/lessons/play")
        assert f"frame-src {pages.content}" in lesson.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in lesson.headers["content-security-policy"]
        visit = client.post(f"/learn/{number}/lessons/play/open", json={}).json()["visit"]
        given = client.post("/training/package", json={"number": number, "visit": visit}).json()
    assert given["origin"] == pages.content
    assert given["url"].startswith(f"{pages.content}/_content/")
    path: str = given["url"].removeprefix(pages.content)
    return path


def test_a_package_is_served_with_a_policy_of_its_own_and_without_a_session(
    pages: Served, player: httpx.Client
) -> None:
    path = address(pages)
    page = player.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    base = f"{pages.content}{path}"
    assert f"frame-ancestors {pages.url}" in policy
    assert f"connect-src {base};" in policy
    assert f"frame-src {base}files/;" in policy
    assert "sandbox allow-scripts allow-same-origin" in policy
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers

    file = player.get(f"{path}files/index.html")
    assert (file.status_code, file.headers["content-type"]) == (200, "text/html")
    assert f"connect-src {base}files/ data: blob:" in file.headers["content-security-policy"]
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("script-src")[1].split(";")[0]
    assert player.get(f"{path}files/a.js").headers["content-type"] == "text/javascript"
    assert player.get(f"{path}files/odd.zzz9").headers["content-type"] == "application/octet-stream"
    part = player.get(f"{path}files/film.mp4", headers={"range": "bytes=10-19"})
    assert (part.status_code, len(part.content)) == (206, 10)


def test_the_main_site_serves_no_package(pages: Served, player: httpx.Client) -> None:
    path = address(pages)
    for asked in (path, f"{path}files/index.html"):
        assert httpx.get(f"{pages.url}{asked}").status_code == 404
    assert httpx.post(f"{pages.url}{path}commit?item=i1", json=DONE).status_code == 404
    assert player.post(f"{path}commit?item=i1", json=DONE).json()["done"] is True


@pytest.mark.parametrize(
    "tail", ["files/../../x", "files/%2e%2e/%2e%2e/x", "files/gone.html", "files/", "files/" + "n" * 3000]
)
def test_nothing_outside_the_package_is_served(pages: Served, player: httpx.Client, tail: str) -> None:
    assert player.get(address(pages) + tail, follow_redirects=True).status_code == 404


def test_a_commit_answers_as_json_in_words(pages: Served, player: httpx.Client) -> None:
    path = f"{address(pages)}commit"
    for body, item, status in ((b"no json", "i1", 400), (b"{}", "i1", 400), (b'{"cmi": {}}', "i9", 400)):
        refused = player.post(path, params={"item": item}, content=body)
        assert (refused.status_code, refused.json()["result"]) == (status, False)
        assert refused.json()["refused"]
    large = player.post(path, params={"item": "i1"}, content=b'{"cmi": {"suspend_data": "' + b"x" * 300_000 + b'"}}')
    assert (large.status_code, large.json()["result"]) == (400, False)
    assert "256 KB" in large.json()["refused"]
    foreign = player.post(path, params={"item": "i1"}, json=DONE, headers={"origin": pages.url})
    assert (foreign.status_code, foreign.json()["result"]) == (403, False)
    kept = player.post(path, params={"item": "i1"}, json=DONE, headers={"origin": pages.content})
    assert kept.json() == {"result": True, "done": True, "completed": True, "passed": True, "score": 90, "missing": ""}


def test_a_package_that_stores_without_end_is_slowed_down(
    pages: Served, player: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.pages.scorm import playing

    path = f"{address(pages)}commit"
    monkeypatch.setattr(playing, "COMMITS", dataclasses.replace(playing.COMMITS, most=2))
    answers = [player.post(path, params={"item": "i1"}, json={"cmi": {}}).status_code for _ in range(4)]
    assert answers == [200, 200, 503, 503]


def test_a_token_that_is_none_gets_a_sentence_that_a_frame_can_show(pages: Served, player: httpx.Client) -> None:
    page = player.get("/_content/nonsense/", headers={"accept-language": "zh-CN"})
    assert page.status_code == 404
    assert "重新打开" in page.text
    assert f"frame-ancestors {pages.url}" in page.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["%0d%0aX-Header:%201", "%F0%9F%98%80", "%FF", "x;%20script-src%20*"])
def test_no_token_gets_into_the_headers_of_its_answer(token: str, player: httpx.Client) -> None:
    page = player.get(f"/_content/{token}/")
    assert page.status_code == 404
    assert "script-src *" not in page.headers["content-security-policy"]
    assert "x-header" not in page.headers


def test_others_get_no_address(pages: Served, player: httpx.Client) -> None:
    login, number = pages.learner("played")
    with pages.signed_in(login) as client:
        visit = client.post(f"/learn/{number}/lessons/play/open", json={}).json()["visit"]
    with pages.signed_in("hr.one") as client:
        assert client.post("/training/package", json={"number": number, "visit": visit}).status_code == 404
    assert httpx.post(f"{pages.url}/training/package", json={"number": number, "visit": visit}).status_code != 200


def test_a_name_of_its_own_serves_packages_and_nothing_else(school: School) -> None:
    named = {"content_url": "https://content.example", "public_url": "https://hr.example"}
    settings: Settings = dataclasses.replace(school.house.settings, **named)
    world = dataclasses.replace(school.house.world, settings=settings)
    with serving(school, dataclasses.replace(school.house, settings=settings, world=world)) as made:
        at = {name: {"host": name} for name in ("content.example", "hr.example", "127.0.0.1")}
        with httpx.Client(base_url=made.url) as client:
            assert client.get("/login", headers=at["hr.example"]).status_code == 200
            for path in ("/login", "/", "/v2/topology", "/static/x.js", "/learn"):
                assert client.get(path, headers=at["content.example"]).status_code == 404
            told = client.get("/_content/nonsense/", headers=at["content.example"])
            assert "frame-ancestors https://hr.example" in told.headers["content-security-policy"]
            assert client.get("/_content/nonsense/", headers=at["hr.example"]).text == "Not found"
            assert client.get("/_content/nonsense/", headers=at["127.0.0.1"]).text == "Not found"
