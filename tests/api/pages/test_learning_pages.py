"""Learning over HTTP: the shelf, a course, its lessons; what is shown, what is counted, what stays with the server."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hr.people import accounts
from tests.api.company import served
from tests.tasks.human.training.conftest import FILM, School, school

__all__ = ["school"]

PASSWORD = "to learn 2026"
JSON = {"accept": "application/json", "accept-language": "zh-CN"}

Enters = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def site(school: School) -> Iterator[str]:
    with served(school.house) as url:
        yield url


@pytest.fixture
def enters(school: School, site: str) -> Iterator[Enters]:
    """Signs somebody in; their client sends the CSRF token that their pages carry."""
    opened: list[httpx.Client] = []

    def entered(login: str, *groups: str) -> httpx.Client:
        client = httpx.Client(base_url=site, headers={"accept-language": "zh-CN"}, timeout=60)
        opened.append(client)
        with school.database.transaction() as unit:
            hashed = accounts.hash_password(PASSWORD)
            person: dict[str, Any] = {"employee": None if groups else login, "groups": groups or ("employee",)}
            accounts.create(unit, login, password_hash=hashed, name=login, clock=school.clock, **person)
        assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
        page = client.get("/me").text
        client.headers["x-csrf-token"] = page.split('data-csrf="')[1].split('"')[0]
        return client

    yield entered
    for client in opened:
        client.close()


@pytest.fixture
def login(school: School) -> str:
    return school.learner()


@pytest.fixture
def number(school: School, login: str) -> str:
    return school.enrol(login)


@pytest.fixture
def learner(enters: Enters, login: str, number: str) -> httpx.Client:
    return enters(login)


@pytest.mark.requirement("F80")
def test_the_shelf_and_the_course_lead_to_the_next_lesson(
    school: School, learner: httpx.Client, login: str, number: str
) -> None:
    shelf = learner.get("/learn").text
    for words in ("客户信息存储要求", "开始学习", "从《存在哪里》开始", "0/4 节", f"/learn/{number}"):
        assert words in shelf
    assert 'href="/learn"' in learner.get("/inbox").text  # the menu leads there
    school.done(login, number, "where")
    course = learner.get(f"/learn/{number}").text
    for words in ("继续学习", "接下来：一次泄露", "1/4 节", "学完上一节后解锁", f"/learn/{number}/lessons/film"):
        assert words in course
    assert f"/learn/{number}/lessons/last" not in course
    locked = learner.get(f"/learn/{number}/lessons/last")
    assert locked.status_code == 409
    assert "请先学完《一次泄露》" in locked.text


@pytest.mark.requirement("F79")
@pytest.mark.requirement("F80")
def test_a_lesson_is_opened_counted_and_finished(
    school: School, learner: httpx.Client, login: str, number: str
) -> None:
    url = f"/learn/{number}"
    page = learner.get(f"{url}/lessons/where").text
    assert "客户信息存放在授权的系统中" in page
    assert school.progress(number, "where") is None  # looking at the page counts nothing
    early = learner.post(f"{url}/lessons/where/finish", headers=JSON)
    assert (early.status_code, early.json()["detail"]) == (400, "《存在哪里》还需学习 30 秒。")
    opened = learner.post(f"{url}/lessons/where/open", json={}, headers=JSON).json()
    assert opened["missing"] == "《存在哪里》还需学习 30 秒。"
    word, found = opened["word"], {}
    for _ in range(3):
        school.clock.advance(timedelta(seconds=10))
        beat = {"visit": opened["visit"], "word": word, "seconds": 10.0, "reached": 1.0, "position": 1.0}
        found = learner.post(f"{url}/beat", json=beat, headers=JSON).json()
        word = found["word"]
    assert (found["completed"], found["share"], found["missing"]) == (True, 1.0, "")
    done = learner.post(f"{url}/lessons/where/finish", headers=JSON).json()
    assert done == {"location": f"{url}/lessons/film"}
    assert "可随时重看" in learner.get(f"{url}/lessons/where").text
    again = learner.post(f"{url}/beat", json=beat, headers=JSON)
    assert again.status_code == 409
    assert "已学完" in again.json()["detail"]


@pytest.mark.requirement("F79")
def test_a_film_comes_in_ranges_to_those_whose_course_shows_it(
    school: School, enters: Enters, learner: httpx.Client, login: str, number: str
) -> None:
    place = school.house.settings.home / "media" / FILM[:2] / FILM
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bytes(range(256)) * 40)
    school.done(login, number, "where")
    page = learner.get(f"/learn/{number}/lessons/film").text
    assert f'src="/learn/media/{FILM}"' in page
    assert "一天早上，名单不见了。" in page  # the transcript
    said = learner.get(f"/learn/{number}/lessons/film/captions.vtt")
    assert said.headers["content-type"].startswith("text/vtt")
    assert said.text.startswith("WEBVTT")
    part = learner.get(f"/learn/media/{FILM}", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.headers["content-range"]) == (206, "bytes 100-199/10240")
    assert part.content == (bytes(range(256)) * 40)[100:200]
    assert part.headers["content-type"] == "video/webm"
    assert "media-src 'self'" in learner.get(f"/learn/{number}/lessons/film").headers["content-security-policy"]
    other = enters(school.learner())
    assert other.get(f"/learn/media/{FILM}").status_code == 404
    assert enters("hr.one", "hr").get(f"/learn/media/{FILM}").status_code == 200
    for unknown in ("0" * 64, "..%2f..%2fsecret", "x"):
        assert learner.get(f"/learn/media/{unknown}").status_code == 404
    assert httpx.get(f"{learner.base_url}/learn/media/{FILM}").status_code == 303


@pytest.mark.requirement("F79")
def test_what_is_right_stays_with_the_server_until_it_is_answered(
    school: School, learner: httpx.Client, login: str, number: str
) -> None:
    school.done(login, number, "where", "film")
    url = f"/learn/{number}"
    page = learner.get(f"{url}/lessons/case").text
    assert "应当怎样做？" in page
    for secret in ("归档后删除私存", '"answer"', "explanation"):
        assert secret not in page
    assert 'type="submit" class="btn" disabled' in page, "the browser would send it before the script can"
    visit = learner.post(f"{url}/lessons/case/open", json={}, headers=JSON).json()["visit"]
    options = re.findall(r'name="keep" value="(\d)".*?<span>(.*?)</span>', page)
    right = next(int(place) for place, words in options if words == "在公司授权的目录归档")
    wrong = {"visit": visit, "question": "keep", "chosen": [right % 3 + 1]}
    told = learner.post(f"{url}/answer", json=wrong, headers=JSON).json()
    assert (told["right"], told["tries"], told["explanation"]) == (False, 1, "")
    told = learner.post(f"{url}/answer", json={**wrong, "chosen": [right]}, headers=JSON).json()
    assert (told["right"], told["tries"], told["explanation"]) == (True, 2, "归档后删除私存。")
    assert "归档后删除私存" in learner.get(f"{url}/lessons/case").text


def test_a_second_device_is_told_and_taken_from(learner: httpx.Client, number: str) -> None:
    url = f"/learn/{number}"
    first = learner.post(f"{url}/lessons/where/open", json={}, headers=JSON).json()
    learner.post(f"{url}/lessons/where/open", json={}, headers=JSON)
    beat = {"visit": first["visit"], "word": first["word"], "seconds": 1.0}
    refused = learner.post(f"{url}/beat", json=beat, headers=JSON)
    assert refused.status_code == 409
    assert "其他窗口或设备" in refused.json()["detail"]
    quiet = learner.post(f"{url}/lessons/where/open", json={"after": first["visit"]}, headers=JSON)
    assert quiet.status_code == 409


def test_others_find_no_course_and_no_lesson(
    school: School, enters: Enters, learner: httpx.Client, number: str
) -> None:
    url = f"/learn/{number}"
    for client in (enters(school.learner()), enters("hr.two", "hr", "hr-head", "admin")):
        for path in (url, f"{url}/lessons/where", f"{url}/lessons/film/captions.vtt"):
            assert client.get(path).status_code == 404
        assert client.post(f"{url}/lessons/where/open", json={}, headers=JSON).status_code == 404
        assert client.post(f"{url}/lessons/where/finish", headers=JSON).status_code == 404
        assert "客户信息存储要求" not in client.get("/learn").text
    token = learner.headers.pop("x-csrf-token")
    assert learner.post(f"{url}/lessons/where/open", json={}, headers=JSON).status_code == 403
    learner.headers["x-csrf-token"] = token


@pytest.mark.parametrize(
    "body",
    [
        {"visit": "x", "word": "y" * 200},
        {"visit": 7, "word": "y"},
        {"visit": "x", "word": "y", "played": [[1]]},
        {"visit": "x", "word": "y", "played": [[0.0, 1.0]] * 41},
        {"visit": "x", "word": "y", "seconds": "many"},
        [],
    ],
)
def test_a_heartbeat_that_is_none_is_refused_in_words(learner: httpx.Client, number: str, body: object) -> None:
    refused = learner.post(f"/learn/{number}/beat", json=body, headers=JSON)
    assert refused.status_code == 400
    assert "无法读取" in refused.json()["detail"] or "请求" in refused.json()["detail"]


def test_pages_are_there_in_english_too(learner: httpx.Client, number: str) -> None:
    learner.cookies.set("language", "en")
    assert "Begin learning" in learner.get(f"/learn/{number}").text
    assert "End of the lesson" in learner.get(f"/learn/{number}/lessons/where").text
