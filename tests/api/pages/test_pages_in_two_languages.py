"""Whoever chose English reads English, names and data apart; whoever chose Chinese reads no English sentence."""

import html
import json
import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from demo.organisation import Cast
from deploy import catalogue
from tasks.house import House

SignIn = Callable[[str], httpx.Client]
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")  # with its punctuation
APPLICATION = {"reason": "growth", "reasonText": "", "leavingOn": "2026-12-31", "mutualConsent": False}
SHOWN = re.compile(r'(?:aria-label|title|placeholder|alt|data-label|data-failed|data-offline|data-invalid)="([^"]*)"')
EVERYWHERE = (
    "/inbox",
    "/inbox?tab=group",
    "/inbox?tab=done",
    "/start",
    "/start/offboarding",
    "/cases",
    "/me",
    "/about",
)
OF_STAFF = ("/cases?scope=all", "/people", "/messages")
OF_OPERATORS = (
    *(f"/admin?tab={tab}" for tab in ("incidents", "jobs", "timers", "definitions")),
    *(f"/admin/{page}" for page in ("processes", "instances", "proposals", "batches", "workers", "audit", "retention")),
    *("/admin/processes/offboarding", "/admin/processes/offboarding/compare", "/admin/proposals/new"),
    *("/admin/migrations/new?process=offboarding", "/admin/retention/offboarding", "/admin/batches/new/suspend"),
)


@pytest.fixture
def readers(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> dict[str, httpx.Client]:
    """The leaver, their manager, HR and the administrator, after a resignation that the manager has confirmed."""
    found = {who: sign_in(login) for who, login in (("leaver", cast.employee.login), ("manager", cast.manager))}
    found |= {login: sign_in(login) for login in ("hr", "admin")}
    send(found["leaver"], "/start/offboarding", APPLICATION)
    work()
    key = tasks_of(found["manager"], "mine")[0]
    send(found["manager"], f"/tasks/{key}/complete", {"recipientLogin": cast.recipient})
    work()
    return found


def send(client: httpx.Client, url: str, data: dict[str, object]) -> None:
    answer = client.post(url, files={"data": (None, json.dumps(data))}, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text


def tasks_of(client: httpx.Client, tab: str) -> list[str]:
    return re.findall(r'class="row" href="/tasks/(\d+)"', client.get(f"/inbox?tab={tab}").text)


def walk(readers: dict[str, httpx.Client], language: str) -> Iterator[tuple[str, str]]:
    """Every page that these people may open, in a language: lists, tasks to do and done, the case, operation."""
    for who, client in readers.items():
        client.headers["accept-language"] = language
        addresses = [*EVERYWHERE]
        if who in ("hr", "admin"):
            addresses += OF_STAFF
        if who == "admin":
            addresses += OF_OPERATORS
            addresses += re.findall(r'href="(/admin/instances/\d+)"', client.get("/admin/instances").text)[:1]
        cases = client.get("/cases?scope=all" if who in ("hr", "admin") else "/cases").text
        addresses += re.findall(r'href="(/cases/OFF-[\d-]+)"', cases)[:1]
        addresses += [f"/tasks/{key}" for tab in ("mine", "group", "done") for key in tasks_of(client, tab)]
        for address in addresses:
            answer = client.get(address)
            yield f"{who} {address}", answer.text


def told(page: str) -> Iterator[str]:
    """What a page tells its reader: text and labels, and the schema of its form."""
    given = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    for block in given:
        yield json.dumps(json.loads(block)["schema"], ensure_ascii=False)
    plain = re.sub(r"<(script|code|pre)\b.*?</\1>|<span class=\"av [^>]*>[^<]*", "", page, flags=re.DOTALL)
    for text in (*re.split(r"<[^>]*>", plain), *SHOWN.findall(plain)):
        if text.strip():
            yield html.unescape(text).strip()


def data(house: House) -> list[str]:
    """What is data in any language: names of people, departments and posts, messages that were sent, the language's own
    name, the mark; the longest first."""
    with house.database.transaction() as unit:
        rows = unit.all(
            "select name from employee union select name from department union select position from employee"
            " union select subject from delivery union select body from delivery"
        )
    return sorted({str(row[0]) for row in rows} | {house.settings.organisation, "中文", "交"}, key=len, reverse=True)


def test_a_reader_of_english_reads_no_chinese(readers: dict[str, httpx.Client], house: House) -> None:
    known = data(house)
    left = set()
    for where, page in walk(readers, "en"):
        assert '<html lang="en"' in page, where
        for text in told(page):
            rest = text
            for value in known:
                rest = rest.replace(value, "")
            if CHINESE.search(rest):
                left.add((where, rest))
    assert sorted(left) == []


def test_a_reader_of_chinese_reads_no_english_sentence(readers: dict[str, httpx.Client]) -> None:
    said = {message for message, words in catalogue.kept("zh-CN").items() if message != words}
    left = {(where, text) for where, page in walk(readers, "zh-CN") for text in told(page) if text in said}
    assert left == set()


def test_the_diagram_carries_the_labels_of_the_readers_language(readers: dict[str, httpx.Client]) -> None:
    hr = readers["hr"]
    number = re.findall(r'href="/cases/(OFF-[\d-]+)"', hr.get("/cases?scope=all").text)[0]
    drawn = {}
    for language in ("en", "zh-CN"):
        hr.headers["accept-language"] = language
        drawn[language] = hr.get(f"/cases/{number}/diagram").json()["xml"]
    assert not [name for name in re.findall(r' name="([^"]*)"', drawn["en"]) if CHINESE.search(name)]
    assert 'name="Issue the leaving certificate"' in drawn["en"]
    assert 'name="签发离职证明"' in drawn["zh-CN"]


def test_a_fault_in_a_form_is_told_in_the_readers_language(readers: dict[str, httpx.Client]) -> None:
    admin = readers["admin"]
    admin.headers["accept-language"] = "en"
    refused = admin.get("/tasks/1", headers={"accept": "application/json"}).json()["detail"]
    assert refused == "There is no task 1, or it is not yours to see. Go back to the inbox."
    manager = readers["manager"]
    for language, sentence in (("en", "This field is required."), ("zh-CN", "此项必填。")):
        manager.headers["accept-language"] = language
        answer = manager.post(
            "/start/offboarding", files={"data": (None, "{}")}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"]["reason"] == [sentence]
