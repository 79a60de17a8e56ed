"""How long an editor of the studio takes from an empty cache: `python -m bench.studio [--rounds N]`.

The product runs as it is installed (`jiaojie web` over an embedded PostgreSQL in a folder that is thrown away) with
the offboarding family as a project. Each round is a fresh browser context, signed in by its cookie alone, so that
nothing at all is in its cache; it opens the shipped file. Time runs from the start of the navigation until the file is
drawn and the properties can be edited, by the page's own clock.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from api import bootstrap
from bench.http import LOGIN, PASSWORD, web
from deploy.browser import found
from engine.model import Resource
from hr.people import accounts
from kernel.actor import Actor
from kernel.config import Settings
from processes import catalog
from processes.studio import projects

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Notes when the editor is there: drawn, and the panel mounted.
READY = (
    "[data-studio-bpmn][aria-busy=false] .bio-properties-panel-group-header, [data-studio-dmn][aria-busy=false],"
    " [data-studio-form][aria-busy=false] .bio-properties-panel-group-header"
)
CLOCK = """(() => {
  const look = () => {
    if (document.querySelector('READY')) window.ready = performance.now();
    else requestAnimationFrame(look);
  };
  look();
})()""".replace("READY", READY)


class Page(NamedTuple):
    name: str  # of the figure
    file: str


PAGES = (
    Page("bpmn", "offboarding.bpmn"),
    Page("dmn", "notice.dmn"),
    Page("form", "resignation-application.form"),
)


@contextmanager
def studio() -> Iterator[tuple[str, int]]:
    """The address of a product with one project, and the project's key."""
    with tempfile.TemporaryDirectory(prefix="jiaojie-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)  # where the bench runs as root, the database runs under a user of its own
        family = catalog.home() / "offboarding"
        forms = catalog.home().parent / "forms" / "offboarding"
        shipped = [*sorted(family.glob("*.*mn")), *sorted(forms.glob("*.form"))]
        files = [Resource(file.name, file.read_bytes()) for file in shipped]
        with bootstrap.opened(Settings(home=home), migrate=True) as house:
            hashed = accounts.hash_password(PASSWORD)
            with house.database.transaction() as unit:
                accounts.create(unit, LOGIN, password_hash=hashed, groups=("designer",), clock=house.clock)
                actor = Actor(id=LOGIN, groups=frozenset({"designer"}))
                key = projects.create(house.engine, unit, "offboarding", files, actor=actor)
            with web(home) as (port, _):
                yield f"http://127.0.0.1:{port}", key


def opening(browser: Browser, site: str, project: int, page: Page) -> float:
    """Milliseconds until the page's editor is there, from an empty cache."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    try:
        context.request.post("/login", form={"login": LOGIN, "password": PASSWORD})
        context.add_init_script(CLOCK)
        opened = context.new_page()
        opened.goto(f"/studio/{project}/files/{page.file}")
        opened.locator(READY).first.wait_for(state="attached")
        while (ready := opened.evaluate("window.ready")) is None:
            opened.wait_for_timeout(20)
        return float(ready)
    finally:
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="How long the studio's editors take from an empty cache.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    figures: dict[str, float] = {}
    with studio() as (site, project), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found(), args=FLAGS)
        for page in PAGES:
            took = [opening(browser, site, project, page) for _ in range(rounds)]
            name = f"studio_{page.name}_ms"
            figures |= {name: round(statistics.median(took))}
            figures |= {f"{name}_least": round(min(took)), f"{name}_most": round(max(took))}
        browser.close()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
