"""Whoever sees badly, uses no mouse, or has a phone, can work: axe-core on every page, the Tab key on the main ones.

WCAG 2.2, A and AA, as far as a program can tell. Diagrams are drawn by bpmn.io; what they show stands beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from api.access import PROGRAMS
from tests.architecture.routes import bare_application, routes
from tests.e2e import premises, tour
from tests.e2e.premises import Premises
from tests.e2e.tour import DIALOGS, NO_PAGE, NOBODY, PAGES, REFUSED, Stop

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ([runOnly]) => {
  const found = await axe.run({ exclude: [['.djs-container svg']] }, { runOnly, resultTypes: ['violations'] });
  const why = node => node.any.concat(node.all, node.none).map(check => check.message).join(' ').slice(0, 200);
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).flatMap(one =>
    one.nodes.map(node => [one.id, node.target.join(' '), node.html.slice(0, 160), why(node)].join(' | ')));
}"""
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}


@dataclass
class House:
    """One company, one browser: whoever opens a page has a session of their own."""

    premises: Premises
    browser: Browser
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def open(self, stop: Stop) -> Page:
        login = stop.login.format(**self.premises.places)
        page = self._context(login).new_page()
        page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        page.goto(stop.path.format(**self.premises.places))
        page.locator(stop.shows).first.wait_for()
        return page

    def _context(self, login: str) -> BrowserContext:
        if login not in self.contexts:
            made = self.browser.new_context(base_url=self.premises.url, locale="zh-CN", reduced_motion="reduce")
            made.set_default_timeout(60_000)
            made.clock.set_fixed_time("2026-11-20T11:00:00+08:00")
            if login != NOBODY:
                cookie = {"name": "session", "value": self.premises.session(login), "url": self.premises.url}
                made.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary is a cookie
            self.contexts[login] = made
        return self.contexts[login]


@pytest.fixture(scope="module")
def house(server: str, template: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with premises.opened(server, template, tmp_path_factory.mktemp("home")) as found:
        made = House(found, browser)
        yield made
        for context in made.contexts.values():
            context.close()


def faults(page: Page) -> list[str]:
    """What is wrong at a desk and on a phone, in light and in dark. Colours alone differ between the last two."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important; }")
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        for theme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            found += [f"{size['width']} {theme} {fault}" for fault in page.evaluate(RUN, [rules])]
    return found


STOPS = [stop for stops in PAGES.values() for stop in stops]


def shown(stop: Any) -> str:
    return f"{stop.login} {stop.path}".strip() if isinstance(stop, Stop) else str(stop)


def test_every_page_is_on_the_tour() -> None:
    pages = {r.name for r in routes(bare_application()) if r.method == "GET" and not r.path.startswith(PROGRAMS)}
    assert sorted(PAGES.keys() & NO_PAGE.keys()) == []
    assert sorted(pages - PAGES.keys() - NO_PAGE.keys()) == [], "neither a stop of the tour nor a reason"
    assert sorted((PAGES.keys() | NO_PAGE.keys()) - pages) == [], "gone"


@pytest.mark.requirement("F129")
@pytest.mark.parametrize("stop", [*STOPS, *REFUSED], ids=shown)
def test_a_page_can_be_read_by_everybody(house: House, stop: Stop) -> None:
    page = house.open(stop)
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("stop", DIALOGS, ids=lambda stop: f"{stop.path} {stop.shows}")
def test_a_question_can_be_read_by_everybody(house: House, stop: Stop) -> None:
    page = house.open(stop)
    page.locator(stop.shows).first.click()
    page.locator("dialog#ask[open]").wait_for()
    assert faults(page) == []
    page.close()


def test_an_exam_can_be_read_by_everybody(house: House) -> None:
    """The paper, all of it at a desk and one question on a phone, and what is asked before it is handed in."""
    page = house.open(Stop("{learner}", "/learn/{examined}/exam"))
    page.locator("[data-begin]").click()
    page.locator(".question.current").wait_for()
    found = {"paper": faults(page)}
    page.locator("[data-hand-in]:visible").first.click()
    page.locator("dialog.handing-in[open]").wait_for()
    found["handing in"] = faults(page)
    assert {where: told for where, told in found.items() if told} == {}
    page.close()


def test_every_task_can_be_read_by_everybody(house: House) -> None:
    found = {}
    tasks = house.premises.tasks()
    assert len(tasks) >= 15, "the demo shows most of what there is to do"
    for element, (login, path) in tasks.items():
        page = house.open(Stop(login, path, "h1" if element == "approve" else f"{tour.FORM}, .work form"))
        found[element] = faults(page)
        page.close()
    assert {element: told for element, told in found.items() if told} == {}


# ---- by keyboard alone -----------------------------------------------------------------------------------------------

# What can be worked with outside diagrams, each with how it looks while it has no focus. Of radio buttons that belong
# together the Tab key reaches one.
MARK = """() => {
  document.activeElement?.blur();
  const looks = e => {
    const style = getComputedStyle(e);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join();
  };
  const near = e => [e, e.parentElement, e.nextElementSibling, e.closest('label')].filter(Boolean);
  window.around = e => near(e).map(looks).join(';');
  window.marked = new Map();
  const radios = new Set();
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
    const seen = e.checkVisibility({ visibilityProperty: true });
    if (!seen || e.tabIndex < 0 || e.disabled || e.closest('[inert], .djs-container')) continue;
    if (e.type === 'radio') {
      const group = `${e.form?.id}/${e.name}`;
      if (radios.has(group)) continue;
      radios.add(group);
    }
    window.marked.set(e, window.around(e));
  }
  return window.marked.size;
}"""
STEP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return '';
  const before = window.marked.get(e);
  window.marked.delete(e);
  return before !== undefined && before === window.around(e) ? e.outerHTML.slice(0, 160) : '';
}"""
LEFT = "() => [...window.marked.keys()].map(e => e.outerHTML.slice(0, 160))"

BY_KEYBOARD = (
    Stop(NOBODY, "/login"),
    Stop("hr", "/inbox?tab=group", "a.row"),
    Stop("{anyone}", "/start/offboarding", tour.FORM),
    Stop("hr", "/cases/{case}", tour.DIAGRAM),
    Stop("{employee}", "/me"),
    Stop("hr", "/people"),
    Stop("admin", "/admin/processes/leave", tour.DIAGRAM),
    Stop("admin", "/admin/instances/{running}", tour.DIAGRAM),
)


@pytest.mark.requirement("F129")
@pytest.mark.parametrize("stop", BY_KEYBOARD, ids=shown)
def test_the_tab_key_reaches_everything_and_shows_where_it_is(house: House, stop: Stop) -> None:
    page = house.open(stop)
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important; }")
    unseen = []
    for _ in range(page.evaluate(MARK) + 20):
        page.keyboard.press("Tab")
        if element := page.evaluate(STEP):
            unseen.append(element)
    assert page.evaluate(LEFT) == [], "no Tab leads there"
    assert unseen == [], "nobody sees that it has the focus"
    page.close()
