"""What a designer does in the BPMN editor, on a desk and on a phone, with mouse and with keys."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.pages.conftest import application, furnished, house, site
from tests.e2e.drawing import PHONE, ROOT, SHIPPED, SMALL, Draws, draws, within

__all__ = ["application", "draws", "furnished", "house", "site"]  # the company behind its pages

pytestmark = pytest.mark.browser

CALLED = {
    "$schema": "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json",
    "id": "jiaojie:process:noncompete",
    "name": "竞业限制协议签署",
    "description": "签署竞业限制协议",
    "version": 1,
    "appliesTo": ["bpmn:Task", "bpmn:CallActivity"],
    "elementType": {"value": "bpmn:CallActivity"},
    "properties": [
        {"type": "Hidden", "value": "noncompete", "binding": {"type": "zeebe:calledElement", "property": "processId"}}
    ],
}
# Names, documentation and extension elements that would run if anything took them for more than words.
RUNS = "&lt;script&gt;window.ran=1&lt;/script&gt;"
IMAGE = "&lt;img src=x onerror=window.ran=1&gt;"
LINK = '&lt;a href="javascript:window.ran=1"&gt;x&lt;/a&gt;'
HOSTILE = (
    SMALL.replace('name="审批"', f'name="{IMAGE}{RUNS}"')
    .replace('name="请假"', 'name="&lt;svg onload=window.ran=1&gt;"')
    .replace(
        " />\n  </bpmn:process>",
        f"><bpmn:documentation>{LINK}{RUNS}</bpmn:documentation></bpmn:userTask>\n  </bpmn:process>",
    )
)


def boxes(page: Page, *selectors: str) -> dict[str, dict[str, float]]:
    found = {}
    for selector in selectors:
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        found[selector] = box  # type: ignore[assignment]  # a FloatRect is a dictionary of floats
    return found


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


def test_the_shipped_model_shows_no_error(draws: Draws) -> None:
    """The rules of the browser agree with what is run, and each rule that was turned off says why."""
    page = draws({SHIPPED[0].name: SHIPPED[0].read_bytes()})
    page.evaluate("document.querySelector('[data-studio-bpmn]').editor.linted(found => { window.found = found; })")
    for _ in range(100):
        if page.evaluate("window.found !== undefined"):
            break
        page.wait_for_timeout(50)
    assert [one for one in page.evaluate("window.found") if one["error"]] == []
    rules = json.loads((ROOT / "web/src/studio/bpmn/.bpmnlintrc").read_text("utf-8"))
    assert rules["reasons"].keys() == rules["rules"].keys()


def test_a_reusable_process_is_added_from_the_menu(draws: Draws) -> None:
    """The template is found by its Chinese name, drawn as a call activity, and linked to the process that it calls."""
    page = draws()
    for _ in range(400):  # what the server offers comes once the file is drawn, and would replace this one
        if within(page, "({ get }) => get('elementTemplates').getAll().length"):
            break
        page.wait_for_timeout(50)
    within(page, "({ get }, template) => get('elementTemplatesLoader').setTemplates([template])", CALLED)
    page.locator("[data-do=create]").click()
    page.locator(".djs-popup input").fill("竞业")
    entry = page.locator(".djs-popup .entry", has_text="竞业限制协议签署")
    expect(entry).to_have_count(1)
    entry.click()
    canvas = page.locator(".bpmn-canvas").bounding_box()
    assert canvas is not None
    page.mouse.move(canvas["x"] + 560, canvas["y"] + 420)
    page.mouse.move(canvas["x"] + 600, canvas["y"] + 430)
    page.mouse.click(canvas["x"] + 600, canvas["y"] + 430)
    saved = within(page, "({ drawing }) => drawing.text()")
    assert "<bpmn:callActivity" in saved
    assert 'processId="noncompete"' in saved
    assert 'zeebe:modelerTemplate="jiaojie:process:noncompete"' in saved


def test_the_keyboard_does_it(draws: Draws) -> None:
    """Undo, redo, find, the overview of the keys, the edge of the panel and its fold."""
    page = draws()
    page.keyboard.press("?")
    expect(page.locator(".bpmn-keys")).to_be_visible()
    page.keyboard.press("Escape")
    within(
        page, "({ get }) => get('modeling').updateProperties(get('elementRegistry').get('approve'), { name: '批准' })"
    )
    page.locator(".bpmn-canvas svg[tabindex]").first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-do=undo]")).to_be_disabled()
    page.keyboard.press("Control+y")
    expect(page.locator("[data-do=undo]")).to_be_enabled()
    page.keyboard.press("Control+f")
    page.locator(".djs-search-container input").fill("批准")
    expect(page.locator(".djs-search-result")).to_have_count(1)
    page.keyboard.press("Escape")
    edge = page.locator(".bpmn-edge")
    before = int(edge.get_attribute("aria-valuenow") or 0)
    edge.focus()
    page.keyboard.press("ArrowLeft")
    assert int(edge.get_attribute("aria-valuenow") or 0) > before
    fold = page.locator(".bpmn-bar [data-panel]")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bpmn-side")).to_be_hidden()
    page.locator("[data-draft-state=saved]").wait_for()
    page.reload()
    page.locator("[data-studio-bpmn][aria-busy=false]").wait_for()
    expect(page.locator(".bpmn-side")).to_be_hidden()


def test_files_leave_as_bpmn_and_as_a_picture(draws: Draws, tmp_path: Path) -> None:
    page = draws()
    with page.expect_download() as saved:
        page.locator("[data-do=bpmn]").click()
    assert saved.value.suggested_filename == "leave.bpmn"
    assert Path(saved.value.path()).read_text("utf-8") == SMALL
    with page.expect_download() as saved:
        page.locator("[data-do=svg]").click()
    assert saved.value.suggested_filename == "leave.svg"
    assert "<svg" in Path(saved.value.path()).read_text("utf-8")


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_nothing_lies_on_anything_else(draws: Draws, size: dict[str, int]) -> None:
    """The mark of bpmn.io stays free, and so do the buttons of the simulation."""
    page = draws(size=size)
    mark, bar = ".bpmn .bjs-powered-by", ".bpmn-bar"
    there = boxes(page, mark, ".bpmn .djs-palette", bar)
    assert apart(there[mark], there[".bpmn .djs-palette"])
    page.locator("[data-do=simulate]").click()
    page.locator(".bpmn .bts-palette").wait_for()
    there = boxes(page, mark, bar, ".bpmn .bts-palette", ".bpmn .bts-set-animation-speed")
    for one, box in there.items():
        for other, beside in there.items():
            assert one == other or apart(box, beside), f"{one} lies on {other}"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_phone_shows_the_canvas_first(draws: Draws) -> None:
    page = draws(size=PHONE)
    expect(page.locator(".bpmn-panel")).to_be_hidden()
    expect(page.locator(".bpmn .djs-palette-entries")).to_be_hidden()
    page.locator(".bpmn .djs-palette-toggle").tap()
    expect(page.locator(".bpmn .djs-palette-entries")).to_be_visible()
    within(page, "({ drawing }) => { drawing.select('approve'); }")
    sheet = page.locator(".bpmn-sheet")
    expect(sheet).to_have_text("审批")
    sheet.tap()
    expect(page.locator(".bpmn-panel")).to_be_visible()


def test_the_panel_follows_the_theme(draws: Draws) -> None:
    page = draws()
    light = page.locator(".bpmn-panel .bio-properties-panel-group").first.evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.locator(".bpmn-panel .bio-properties-panel-group").first.evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    assert light == "rgb(255, 255, 255)"
    assert dark == "rgb(22, 26, 33)"


def test_words_of_a_hostile_model_stay_words(draws: Draws) -> None:
    """Everything that shows them is opened: canvas, panel, search, simulation and its record, findings, templates."""
    page = draws({"leave.bpmn": HOSTILE.encode()})
    within(page, "({ drawing }) => { drawing.select('approve'); }")
    hostile = {
        **CALLED,
        "name": '<img src=x onerror="window.ran=1">',
        "description": "<script>window.ran=1</script>",
        "documentationRef": "javascript:window.ran=1",
        "icon": {"contents": "data:image/svg+xml,<svg onload='window.ran=1'/>"},
    }
    within(page, "({ get }, template) => get('elementTemplatesLoader').setTemplates([template])", hostile)
    page.locator("[data-do=create]").click()
    page.locator(".djs-popup .entry").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-do=find]").click()
    page.locator(".djs-search-container input").fill("img")
    page.locator(".djs-search-result").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-do=simulate]").click()
    page.locator(".bpmn .bts-palette").wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator(".bpmn img[src=x], .bpmn script").count() == 0


def test_ordinary_pages_load_nothing_of_it(draws: Draws) -> None:
    """Neither what every page loads, nor any page around the studio, brings in a file of the editor's own."""
    page = draws()
    loaded = "performance.getEntriesByType('resource').map(one => one.name.split('/').pop())"
    common: set[str] = set()
    own = set(page.evaluate(loaded))
    for path in ("/studio", "/inbox", "/messages", "/me"):
        page.goto(path)
        common |= set(page.evaluate(loaded))
    manifest = json.loads((ROOT / "api/static/build/.vite/manifest.json").read_text("utf-8"))
    inbox = reached(manifest, "src/inbox.js")
    assert not [name for name in inbox if "studio" in name or "node_modules" in name and "htmx" not in name]
    editor = {Path(manifest[name]["file"]).name for name in reached(manifest, "src/studio/bpmn/editor.js") - inbox}
    assert editor & own
    assert not editor & common


def reached(manifest: dict[str, Any], name: str) -> set[str]:
    """What comes along with a file of the build at once."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += manifest[one].get("imports", [])
    return found
