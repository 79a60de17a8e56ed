"""Every route, role by role: who may pass the door, what a browser has to bring, and whose things are whose."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.access import ANYONE, EVERYBODY, PROGRAMS
from tests.api.company import PASSWORD, ROLES, Company, basic, opened
from tests.architecture.routes import Route, bare_application, routes

ROUTES = routes(bare_application())
STREAM = "pages.events"  # never ends, so it is asked for only where it is refused
PLACES = {"key": "1", "number": "OFF-2026-9999", "hash": "0" * 64, "login": "no.one", "process_id": "nothing",
          "language": "en", "kind": "json", "act": "cancel", "before": "1", "after": "1",
          "path:path": "nothing", "project": "1", "name": "a.bpmn", "revision": "1",
          "sandbox": "1", "token": "1-0", "page": "1", "attempt": "1"}  # fmt: skip
NOT_FOR_YOU = "it is for"
TOO_OLD = "This page is too old to be sent"


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


# What a request has to say before anybody looks for the thing that it is about.
NEEDED: dict[str, dict[str, Any]] = {
    "api.comments.add": {"text": "Hello"},
    "api.delegations.give": {"to": "no.one"},
    "api.drafts.keep": {"answers": {}},
    "pages.learn.open": {},
    "pages.learn.beat": {"visit": "v", "word": "w"},
    "pages.learn.answer": {"visit": "v", "question": "q"},
    "pages.exam.sit": {},
    "pages.exam.answers": {},
    "pages.exam.submit": {},
}


def ask(company: Company, route: Route, headers: dict[str, str], places: dict[str, str] = PLACES) -> httpx.Response:
    """The request with nothing in it that any handler could act on."""
    path = route.path
    for place, value in places.items():
        path = path.replace(f"{{{place}}}", value)
    given = {"accept": "application/json", "accept-language": "en", **headers}
    company.site.cookies.clear()
    if route.method == "GET":
        return company.site.get(path, headers=given)
    if route.path.startswith(("/v2", "/api")) or route.name in NEEDED:
        return company.site.request(route.method, path, headers=given, json=NEEDED.get(route.name, {}))
    return company.site.request(route.method, path, headers=given, data={"login": "no.one", "reason": ""})


SESSIONS: dict[tuple[int, str], dict[str, str]] = {}


def session(company: Company, login: str) -> dict[str, str]:
    """The cookie and the token of a person's pages."""
    answer = company.site.post("/login", data={"login": login, "password": PASSWORD})
    cookie = {"cookie": f"session={answer.cookies['session']}"}
    page = company.site.get("/me", headers=cookie).text
    return {**cookie, "x-csrf-token": page.split('data-csrf="')[1].split('"')[0]}


def person(company: Company, login: str, route: Route) -> dict[str, str]:
    """What a person sends: the password to the interfaces for programs, a session's cookie and token to pages."""
    if route.path.startswith(PROGRAMS):
        return basic(login)
    if route.name == "pages.sign_out":
        return session(company, login)
    known = (id(company), login)
    if known not in SESSIONS:
        SESSIONS[known] = session(company, login)
    return SESSIONS[known]


@pytest.fixture(scope="module")
def program(company: Company) -> dict[str, str]:
    """What a program sends: its token."""
    grant = {"grant_type": "client_credentials", "client_id": "program", "client_secret": PASSWORD}
    token = company.site.post("/oauth/token", data=grant).json()["access_token"]
    return {"authorization": f"Bearer {token}"}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def sentence(answer: httpx.Response) -> str:
    """Why a request was refused; empty where the answer is no problem of ours."""
    kind = answer.headers.get("content-type", "")
    return str(answer.json().get("detail", "")) if kind.startswith("application/problem+json") else ""


@pytest.mark.requirement("F112")
@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_the_door_lets_in_whom_the_table_names(company: Company, program: dict[str, str], route: Route) -> None:
    found = {role: at_the_door(company, program, route, role) for role in ROLES}
    assert {role: told for role, told in found.items() if told} == {}


def at_the_door(company: Company, program: dict[str, str], route: Route, role: str) -> str:
    """What is wrong with the answer that somebody of a role gets there; empty where nothing is."""
    groups = {"client"} if role == "client" else {"employee", role}
    allowed = isinstance(route.who, str) or bool(groups & route.who)
    if allowed and route.name == STREAM:
        return ""
    answer = ask(company, route, program if role == "client" else person(company, f"role.{role}", route))
    refused = NOT_FOR_YOU in sentence(answer)
    if role == "client" and not route.path.startswith(PROGRAMS) and route.who != EVERYBODY:
        right = answer.status_code == 401  # pages know sessions alone
    elif allowed:
        fault = answer.status_code >= 500 and answer.status_code != 501
        right = not fault and not refused and (answer.status_code != 401 or route.who == EVERYBODY)
    else:
        right = answer.status_code == 403 and refused
    return "" if right else f"{answer.status_code} {answer.text}"


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_nobody_gets_in_without_a_login(company: Company, route: Route) -> None:
    answer = ask(company, route, {})
    if route.who == EVERYBODY:
        assert "Sign in first." not in answer.text
        assert answer.status_code < 500
    else:
        assert answer.status_code == 401
        assert sentence(answer) == "Sign in first."


@pytest.mark.parametrize("name", ["pages.inbox", "v2.user_tasks.search", "v2.deployments.create"])
@pytest.mark.parametrize(
    "header", ["Basic " + base64.b64encode(b"role.admin:wrong").decode(), "Basic ?", "Bearer made-up", "Digest x"]
)
def test_wrong_credentials_are_no_credentials(company: Company, name: str, header: str) -> None:
    (route,) = [route for route in ROUTES if route.name == name]
    assert ask(company, route, {"authorization": header}).status_code == 401


@pytest.fixture(scope="module")
def browser(company: Company) -> dict[str, str]:
    """The cookie and the token of an administrator's page."""
    return session(company, "role.admin")


CHANGING = [route for route in ROUTES if route.method != "GET" and route.who != EVERYBODY]


@pytest.mark.parametrize("route", CHANGING, ids=named)
def test_a_cookie_alone_changes_nothing(company: Company, browser: dict[str, str], route: Route) -> None:
    cookie = {"cookie": browser["cookie"]}
    for sent in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "guessed"}):
        answer = ask(company, route, cookie | sent)
        assert answer.status_code == 403, sent
        assert sentence(answer).startswith(TOO_OLD), sent


@pytest.mark.parametrize("route", [route for route in CHANGING if route.name != "pages.sign_out"], ids=named)
def test_a_page_with_its_token_passes(company: Company, browser: dict[str, str], route: Route) -> None:
    assert TOO_OLD not in sentence(ask(company, route, browser))


OBJECTS = [
    route for route in ROUTES if route.who == ANYONE and "{" in route.path and not route.path.startswith("/start")
]
OBJECTS = [route for route in OBJECTS if "process-definitions" not in route.path and "{path" not in route.path]


@pytest.mark.requirement("F112")
@pytest.mark.parametrize("route", OBJECTS, ids=named)
def test_what_belongs_to_others_is_not_found(company: Company, route: Route) -> None:
    """The same answer as for what does not exist, so that asking tells nothing."""
    key = company.instance if "conversations" in route.path or "process-instances" in route.path else company.task
    there = PLACES | {"number": company.number, "hash": company.file, "key": str(key)}
    stranger = person(company, company.stranger, route)
    missing = ask(company, route, stranger)
    assert missing.status_code == 404, missing.text
    answer = ask(company, route, stranger, there)
    assert answer.status_code == 404, answer.text
    told = [sentence(a).replace(v, "…") for a, p in ((missing, PLACES), (answer, there)) for v in [p["key"]]]
    assert told[0].replace(PLACES["number"], "…") == told[1].replace(company.number, "…")


# A draft is found by nobody but who wrote it.
READ = [route for route in OBJECTS if route.method == "GET" and route.name != "api.drafts.get"]
# Of agreements and courses see `tests.api.pages`: whoever takes part in a case is no party of them.
READ = [route for route in READ if not route.path.startswith(("/agreements", "/learn", "/training"))]


@pytest.mark.parametrize("login", ["manager", "role.hr"])
@pytest.mark.parametrize("route", READ, ids=named)
def test_whoever_takes_part_finds_it(company: Company, route: Route, login: str) -> None:
    key = company.instance if "conversations" in route.path or "process-instances" in route.path else company.task
    there = PLACES | {"number": company.number, "hash": company.file, "key": str(key)}
    who = company.cast.manager if login == "manager" else login
    assert ask(company, route, person(company, who, route), there).status_code == 200


def test_the_employee_cannot_do_the_managers_task(company: Company) -> None:
    login, told = company.cast.employee.login, {"accept": "application/json", "accept-language": "en"}
    headers = {**session(company, login), **told}
    assert company.site.get(f"/cases/{company.number}", headers=headers).status_code == 200
    for deed in ("claim", "release", "complete"):
        answer = company.site.post(f"/tasks/{company.task}/{deed}", headers=headers, data={"agreed": "yes"})
        assert answer.status_code in (403, 404, 409), answer.text
    headers = {**basic(login), **told}
    assert company.site.get(f"/v2/user-tasks/{company.task}", headers=headers).status_code == 404
    assert company.site.post(f"/v2/user-tasks/{company.task}/completion", headers=headers).status_code == 404


def test_lists_hold_only_ones_own(company: Company) -> None:
    search = company.site.post("/v2/user-tasks/search", headers=basic(company.stranger), content=b"{}").json()
    assert search["items"] == []
    assert search["page"]["totalItems"] == 0
    stranger, employee = session(company, company.stranger), session(company, company.cast.employee.login)
    assert company.number not in company.site.get("/cases", headers=stranger).text
    assert company.number in company.site.get("/cases", headers=employee).text
    assert company.site.get("/cases?scope=all", headers=employee).status_code == 403


def test_a_browser_is_never_asked_for_a_password_by_a_box_of_its_own(company: Company) -> None:
    """The box's answer would be sent with every request from then on, and be somebody else than the session."""
    company.site.cookies.clear()
    page = company.site.post("/start/offboarding", headers={"accept": "application/json", "referer": "/start"})
    assert (page.status_code, page.headers.get("www-authenticate")) == (401, None)
    referer = {"accept": "application/json", "referer": f"{company.site.base_url}/start/offboarding"}
    assert company.site.post("/start/offboarding", headers=referer).json()["login"] == "/login?next=/start/offboarding"
    for marks in ({"sec-fetch-mode": "navigate"}, {"cookie": "session=over"}):
        assert "www-authenticate" not in company.site.get("/v2/topology", headers=marks).headers
    assert company.site.get("/v2/topology").headers["www-authenticate"] == 'Basic realm="jiaojie"'


def test_the_page_of_another_site_does_not_act_with_credentials(company: Company) -> None:
    headers = {**basic("role.admin"), "origin": "http://elsewhere.example", "accept-language": "en"}
    refused = company.site.post("/v2/user-tasks/search", headers=headers, content=b"{}")
    assert refused.status_code == 403
    assert "http://elsewhere.example" in sentence(refused)
    own = {**headers, "origin": str(company.site.base_url).rstrip("/")}
    assert company.site.post("/v2/user-tasks/search", headers=own, content=b"{}").status_code == 200


def test_what_cannot_be_read_is_told_in_the_language_of_the_reader(company: Company) -> None:
    told = {**session(company, "role.hr"), "accept": "application/json", "accept-language": "zh-CN"}
    answer = company.site.get("/inbox?page=first", headers=told)
    assert (answer.status_code, sentence(answer)) == (400, "无法读取请求：page：不是整数。")


def test_beside_the_doors_nothing_tells_of_people(company: Company) -> None:
    assert company.site.get("/openapi.json").status_code == 200
    assert company.site.get("/docs").status_code == 404
    for path in ("/static/../../kernel/config.py", "/static/%2e%2e/%2e%2e/kernel/config.py", "/static/"):
        assert company.site.get(path).status_code in (404, 405)
