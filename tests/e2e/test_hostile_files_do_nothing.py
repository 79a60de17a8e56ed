"""Whatever a file says, it is words: no script of it runs, nothing leaves the house, no page breaks.

The files come in as drafts of a designer, some of them are published, and everybody's pages show them.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, Response, Route

from api.headers import POLICY
from engine.commands import start
from engine.model import Resource
from kernel.actor import Actor
from processes import publish
from tests.e2e import hostile, premises
from tests.e2e.premises import ADMIN, Premises

pytestmark = pytest.mark.browser

HIT = "() => window.__hit"
HR = Actor(id="hr", groups=frozenset({"employee", "hr"}))
CANARY = Path("/tmp/jiaojie-was-hit")


@dataclass
class Guard:
    """Watches everything that one person's browser does."""

    browser: Browser
    premises: Premises
    login: str
    breaches: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(base_url=self.premises.url, locale="zh-CN", accept_downloads=True)
        self.context.set_default_timeout(90_000)
        cookie = {"name": "session", "value": self.premises.session(self.login), "url": self.premises.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary is a cookie
        self.context.route(lambda url: not url.startswith((self.premises.url, "data:", "blob:")), self._outside)
        self.context.on("page", lambda page: self._watch(page))

    def _outside(self, route: Route) -> None:
        self.breaches.append(f"asks {route.request.url[:120]}")
        route.abort()

    def _watch(self, page: Page) -> None:
        def dialog(asked: object) -> None:
            self.breaches.append(f"{page.url} opens a dialog")
            asked.dismiss()  # type: ignore[attr-defined]  # a Dialog

        page.on("dialog", dialog)
        page.on("pageerror", lambda error: self.breaches.append(f"{page.url} fails: {error}"))
        page.on("popup", lambda other: self.breaches.append(f"{page.url} opens {other.url}"))
        page.on("response", self._answered)

    def _answered(self, answer: Response) -> None:
        told = answer.headers.get("content-security-policy", "")
        if answer.url.startswith(self.premises.url) and POLICY not in told.replace("\n", ", ").split(", "):
            self.breaches.append(f"{answer.url} has the policy {told}")

    def look(self, path: str, shows: str = "body") -> Page:
        """Open a page, let its scripts do what they do, and unfold what is folded."""
        page = self.context.new_page()
        page.goto(path)
        page.locator(shows).first.wait_for()
        page.wait_for_load_state("load")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for frame in page.frames:
            if frame.evaluate(HIT):
                self.breaches.append(f"{path} ran a script")
        return page

    def see(self, *paths: str, shows: str = "body") -> None:
        for path in paths:
            self.look(path, shows).close()

    def download(self, path: str) -> None:
        """Open an address in a tab: it has to be a download, never a page."""
        page = self.context.new_page()
        with page.expect_download() as coming:
            page.evaluate("path => { location.href = path; }", path)
        coming.value.cancel()
        assert page.url == "about:blank" or not page.evaluate(HIT)
        page.close()

    def close(self) -> None:
        self.context.close()


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    CANARY.unlink(missing_ok=True)
    with premises.opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def guard(browser: Browser, company: Premises, request: pytest.FixtureRequest) -> Iterator[Guard]:
    """The eyes of whoever the test is about; at the end nothing may have happened."""
    made = Guard(browser, company, request.param)
    yield made
    made.close()
    assert made.breaches == []
    assert not CANARY.exists()


@dataclass(frozen=True, slots=True)
class Planted:
    """The project of hostile files: its address, and those of its files that were taken in."""

    url: str
    files: dict[str, str]


@pytest.fixture(scope="module")
def planted(company: Premises) -> Planted:
    """Brought in through the door, file by file; what is refused is refused in words."""
    with signed_in(company, "designer") as client:
        made = client.post("/studio", data={"name": hostile.NAME, "begin": "empty"}, headers={"HX-Request": "true"})
        assert made.status_code < 400, made.text[:500]
        key = company.house.database.once().one("select max(key) from project")[0]
        taken = {}
        for name, text in hostile.DRAFTS.items():
            address = f"/studio/{key}/files/{quote(name)}"
            answer = client.put(f"{address}/content", content=text.encode(), headers={"If-None-Match": "*"})
            assert answer.status_code in (200, 201, 422), (name, answer.text)
            if answer.status_code < 300:
                taken[name] = address
                later = {"If-Match": f'"{answer.json()["digest"]}"'}
                changed = f"{text}\n".encode()
                client.put(f"{address}/content?comment={quote(hostile.SHORT)}", content=changed, headers=later)
            else:
                assert answer.json()["detail"]
    assert taken.keys() >= hostile.PUBLISHED.keys()
    return Planted(f"/studio/{key}", taken)


@contextmanager
def signed_in(company: Premises, login: str) -> Iterator[httpx.Client]:
    """A program with somebody's session, as the scripts of the pages have it."""
    cookies = {"session": company.session(login)}
    with httpx.Client(base_url=company.url, cookies=cookies, timeout=60, trust_env=False) as client:
        client.headers["x-csrf-token"] = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
        yield client


@pytest.fixture(scope="module")
def published(company: Premises, planted: Planted) -> int:
    """A case of the hostile process that waits for somebody."""
    engine, unit = company.house.engine, company.house.database.once()
    files = [Resource(name, text.encode()) for name, text in hostile.PUBLISHED.items()]
    publish.publish_files(engine, unit, files, ADMIN, "", comment=hostile.WORDS[:900])
    values = {"days": 3, hostile.SHORT: hostile.WORDS, "one": hostile.WORDS}
    return start.start(engine, unit, process_id="hostile", variables=values, actor=HR).instance_key


# ---- designers -------------------------------------------------------------------------------------------------------

SHOWS = {
    "bpmn": ".djs-container",
    "dmn": "[data-studio-dmn] *",
    "form": ".fjs-container",
    "yaml": "textarea, [role=textbox]",
}


@pytest.mark.parametrize("guard", ["designer"], indirect=True)
def test_editors_show_words(guard: Guard, planted: Planted) -> None:
    for address in planted.files.values():
        guard.see(address, f"{address}/history", f"{address}/compare?before=1&after=2")


@pytest.mark.parametrize("guard", ["designer"], indirect=True)
def test_the_pages_of_the_project_show_words(guard: Guard, planted: Planted) -> None:
    here = planted.url
    guard.see(
        "/studio", here, f"{here}/try", f"{here}/scenarios", f"{here}/publish", f"{here}/upload", f"{here}/remove"
    )
    guard.see(f"{here}/try?process=hostile")


@pytest.mark.parametrize("guard", ["designer"], indirect=True)
def test_a_download_is_never_a_page(guard: Guard, planted: Planted) -> None:
    for address in planted.files.values():
        guard.download(f"{guard.premises.url}{address}/content")
        guard.download(f"{guard.premises.url}{address}/revisions/1")
    guard.download(f"{guard.premises.url}{planted.url}/archive.zip")


def test_what_a_zip_names_stays_in_the_project(company: Premises, planted: Planted) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("../../etc/evil.bpmn", "/tmp/evil.bpmn", "a/../../evil.form"):
            archive.writestr(name, "<x/>")
    with signed_in(company, "designer") as client:
        sent = {"files": ("evil.zip", made.getvalue(), "application/zip")}
        answer = client.post(f"{planted.url}/upload", files=sent, headers={"HX-Request": "true"})
    assert answer.status_code < 500
    assert not Path("/tmp/evil.bpmn").exists()


# ---- operators -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guard", ["admin"], indirect=True)
def test_the_pages_of_operation_show_words(guard: Guard, published: int, planted: Planted) -> None:
    guard.see("/admin", "/admin?tab=definitions", "/admin?tab=jobs", "/admin?tab=timers", "/admin/processes")
    guard.see("/admin/processes/hostile", f"/admin/instances/{published}", shows=".djs-container")
    guard.see("/admin/instances?process=hostile", f"/admin/instances/{published}/variable", "/admin/audit")
    guard.see(f"/admin/instances/{published}/cancel", "/admin/proposals", planted.url)
    key = guard.premises.house.database.once().one("select key from definition where id = 'hostile' limit 1")[0]
    guard.download(f"{guard.premises.url}/admin/definitions/{key}")


# ---- whoever works ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guard", ["hr"], indirect=True)
def test_tasks_and_forms_show_words(guard: Guard, published: int) -> None:
    key = guard.premises.house.database.once().one(
        "select key from user_task where instance_key = %s and element = 'approve'", (published,)
    )[0]
    guard.see("/inbox", "/inbox?tab=group", "/start", "/messages")
    page = guard.look(f"/tasks/{key}")
    page.get_by_role("button", name="领取").first.click()
    page.locator(".fjs-form").wait_for()
    assert page.locator(".fjs-form script, .fjs-form iframe, .fjs-form [onerror], .fjs-form [onload]").count() == 0
    links = page.locator(".fjs-form a[href]").evaluate_all("found => found.map(one => one.getAttribute('href'))")
    assert [one for one in links if one.strip().lower().startswith(("javascript:", "data:"))] == []
    for link in page.locator(".fjs-form a[href]:visible").all()[:4]:
        link.dispatch_event("mouseover")
    assert not page.evaluate(HIT)
    page.close()


@pytest.mark.parametrize("guard", ["hr"], indirect=True)
def test_a_case_and_its_record_show_words(guard: Guard) -> None:
    """What is said in a case, and by whom it is said, stands on its page and in its printed record."""
    number, instance = guard.premises.house.database.once().one(
        "select number, instance_key from offboarding_case where status = 'open' order by number limit 1"
    )
    with signed_in(guard.premises, "hr") as client:
        said = client.post(f"/conversations/{instance}", data={"text": hostile.WORDS})
        assert said.status_code < 400 or said.status_code == 404, said.text[:300]
        pdf = client.get(f"/cases/{number}/record.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        assert b"/JavaScript" not in pdf.content
        assert b"/OpenAction" not in pdf.content
    guard.see(f"/cases/{number}", shows=".djs-container")
    guard.see(
        "/cases?scope=all", f"/people?q={quote(hostile.SHORT)}", f"/cases?scope=all&q={quote(hostile.WORDS[:90])}"
    )
