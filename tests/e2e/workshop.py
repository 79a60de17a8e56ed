"""The editors of decisions and of forms, as a process designer uses them in a real browser."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from api import bootstrap
from demo import organisation
from engine.model import Resource
from hr.privacy import cipher
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes.studio import drafts, projects
from tasks.house import House
from tests.api.company import PASSWORD, database_of_its_own, served
from tests.api.pages.browsing import EXPECTED

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))
# Before anything of the page runs: who says what without words, and whether something hostile ran.
LISTENS = "window.unsaid = []; document.addEventListener('studio:unsaid', e => window.unsaid.push(e.detail));"
# Texts of the page that a person reads, within a part of it.
READ = """place => [...new Set([...document.querySelectorAll(place + ' *')].filter(
  one => one.tagName !== 'STYLE' && !one.closest('.cm-editor')
).flatMap(one => [
  one.title, one.placeholder, one.getAttribute('aria-label'), one.dataset && one.dataset.placeholder,
  ...[...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim())
]).filter(text => typeof text === 'string' && text))]"""


@dataclass(slots=True)
class Workshop:
    """A small company with its studio, served."""

    house: House
    url: str
    made: int = 0

    def project(self, files: Mapping[str, bytes]) -> int:
        """A new project with these files."""
        self.made += 1
        found = [Resource(name=name, content=content) for name, content in files.items()]
        with self.house.database.transaction() as unit:
            return projects.create(self.house.engine, unit, f"试作 {self.made}", found, actor=DESIGNER)

    def saved(self, project: int, name: str) -> bytes:
        """The file as the studio keeps it by now."""
        with self.house.database.transaction() as unit:
            return drafts.read(unit, project, name).content

    def becomes(self, page: Page, project: int, name: str, content: bytes) -> None:
        """Wait until the file is saved as this."""
        self._until(page, project, name, lambda saved: saved == content)

    def holds(self, page: Page, project: int, name: str, part: bytes) -> bytes:
        """Wait until the file is saved with this in it; all of it."""
        return self._until(page, project, name, lambda saved: part in saved)

    def _until(self, page: Page, project: int, name: str, check: Callable[[bytes], bool]) -> bytes:
        for _ in range(200):
            if check(saved := self.saved(project, name)):
                return saved
            page.wait_for_timeout(100)
        raise AssertionError(f"{name} was not saved as it should be: {saved.decode()}")

    @contextmanager
    def edited(
        self,
        browser: Browser,
        files: Mapping[str, bytes],
        *,
        size: Mapping[str, int] = DESK,
        language: str = "zh-CN",
        fragment: str = "",
        expected: re.Pattern[str] = EXPECTED,
    ) -> Iterator[tuple[Page, int]]:
        """The first of the files in its editor; at the end no page may have complained, nor have asked another host."""
        complaints: list[str] = []
        context = browser.new_context(base_url=self.url, viewport=dict(size), locale=language)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        context.add_init_script(LISTENS)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda r: None if r.url.startswith((self.url, "data:", "blob:")) else complaints.append(r.url)
        )
        page.goto("/login")
        page.locator("[name=login]").fill("designer")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/studio")
        project = self.project(files)
        page.goto(f"/studio/{project}/files/{next(iter(files))}{fragment}")
        page.locator("[data-studio-dmn][aria-busy=false], [data-studio-form][aria-busy=false]").wait_for()
        yield page, project
        context.close()
        unexpected = [text for text in complaints if not expected.search(text)]
        assert not unexpected, unexpected


@contextmanager
def opened(server: str, template: str, home: Path) -> Iterator[Workshop]:
    """The workshop, over a database of its own."""
    with database_of_its_own(server, template) as address:
        settings = Settings(home=home, database_url=address, secret="for tests alone")
        database, clock = Database(address), ManualClock("2026-11-02T01:00:00+00:00")
        try:
            with database.transaction() as unit:
                organisation.seed(
                    unit, 30, today=date(2026, 11, 2), password=PASSWORD, cipher=cipher(settings), clock=clock
                )
            house = bootstrap.build(settings, database, clock)
            with served(house) as url:
                yield Workshop(house, url)
        finally:
            database.close()


def editor(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script with the page's editor: `(editor, argument) => …`."""
    return page.evaluate(
        f"argument => ({script})(document.querySelector('[data-studio-dmn], [data-studio-form]').editor, argument)",
        argument,
    )
