"""What the editor writes: the very bytes where nothing was changed; after a change, everything else as it was."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Page

from tests.api.pages.conftest import application, furnished, house, site
from tests.e2e.drawing import SHIPPED, SMALL, Draws, draws, reference_models, within

__all__ = ["application", "draws", "furnished", "house", "site"]  # the company behind its pages

pytestmark = pytest.mark.browser

XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
MODDLE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "bpmn-moddle" / "resources" / "bpmn" / "json"
# Opened, looked at, changed, and the change undone: [what was not understood, untouched, changed, undone, which].
ROUND = """async ({ drawing, get }, text) => {
  const warnings = await drawing.show(text);
  const untouched = await drawing.text();
  const active = one => one.businessObject.$instanceOf && one.businessObject.$instanceOf('bpmn:Activity');
  const element = get('elementRegistry').find(active);
  const note = get('bpmnFactory').create('bpmn:Documentation', { text: 'changed by a test' });
  get('modeling').updateModdleProperties(element, element.businessObject, { documentation: [note] });
  const changed = await drawing.text();
  get('commandStack').undo();
  return [warnings, untouched === text, changed, (await drawing.text()) === text, element.id];
}"""
# References that lead nowhere in the file itself: the editor says so when it opens it.
LEADS_NOWHERE = {"C.8.1.bpmn": {"outMessageRef", "formalExpression", "expression", "allowedValues"}}


def defaults() -> set[tuple[str, str]]:
    """Attributes at the value that the standard gives them anyway, which are not written again."""
    found = set()
    for file in MODDLE.glob("*.json"):
        for kind in json.loads(file.read_text("utf-8"))["types"]:
            for member in kind.get("properties", []):
                if "default" in member:
                    found.add((member["name"], json.dumps(member["default"]).strip('"')))
    return found


DEFAULTS = defaults()


def told(element: etree._Element) -> tuple[Any, ...]:
    """What an element says, whatever the prefixes, and numbers as numbers."""
    attributes = []
    for name, value in element.attrib.items():
        if (name, value) in DEFAULTS or name == "isMarkerVisible":
            continue
        if name == XSI:
            if element.tag.endswith("}waypoint"):
                continue
            prefix, _, kind = value.rpartition(":")
            value = f"{element.nsmap.get(prefix or None)} {kind}"
        number = re.fullmatch(r"-?\d+(\.\d+)?", value)
        attributes.append((name, float(value) if number else value))
    parent = element.getparent()
    above = (parent.tag, parent.get("id")) if parent is not None else None
    return element.tag, tuple(sorted(attributes, key=str)), (element.text or "").strip(), above


def says(content: bytes) -> Counter[tuple[Any, ...]]:
    return Counter(told(element) for element in etree.fromstring(content).iter(etree.Element))


def ways(content: bytes) -> dict[str, list[tuple[float, float]]]:
    """The bends of each edge, in their order."""
    root = etree.fromstring(content)
    return {
        edge.get("id"): [(float(point.get("x")), float(point.get("y"))) for point in edge if "waypoint" in point.tag]
        for edge in root.iter("{*}BPMNEdge")
    }


def changes(model: Path, content: bytes, changed: bytes, element: str) -> list[str]:
    """What is gone or else than it was, but for the documentation of the element that was changed."""
    nowhere = LEADS_NOWHERE.get(model.name, set())
    gone = says(content) - says(changed)
    lost = [one for one in gone if etree.QName(one[0]).localname not in nowhere]
    return [str(one) for one in lost if not ("documentation" in one[0] and one[3] and one[3][1] == element)]


def walk(page: Page, models: list[Path]) -> None:
    for model in models:
        content = model.read_bytes()
        text = content.decode("utf-8")
        _, untouched, changed, undone, element = within(page, ROUND, text)
        assert untouched, f"{model.name} is written anew although nothing was changed"
        assert undone, f"{model.name} is not what it was once the change is undone"
        assert "changed by a test" in changed
        assert changes(model, content, changed.encode(), element) == [], model.name
        assert ways(content).items() <= ways(changed.encode()).items(), model.name
        assert changed.endswith("\n") == text.endswith("\n")


def test_shipped_models_come_back_as_they_were(draws: Draws) -> None:
    walk(draws(), SHIPPED)


def test_reference_models_come_back_with_their_drawings(draws: Draws, shared: Path) -> None:
    models = reference_models(shared)
    walk(draws(), models)


ODD = (
    "\ufeff<?xml version='1.0' encoding='utf-8' standalone=\"yes\"?>\n<!-- a licence -->\n"
    + SMALL.split("\n", 1)[1]
    .replace("<bpmn:userTask", '<bpmn:task id="two" name="a&#13;&#10;b" vendor:kept="yes" />\n    <bpmn:userTask')
    .replace(' id="small"', ' xmlns:vendor="urn:vendor" id="small"')
    .replace(
        "    <bpmn:userTask",
        '    <bpmn:extensionElements><vendor:note deep="1">text</vendor:note></bpmn:extensionElements>\n'
        "    <bpmn:userTask",
    )
    .rstrip("\n")
    + "\n<!-- the end -->"
).replace("\n", "\r\n")


def test_what_stands_around_the_root_stays(draws: Draws) -> None:
    """Byte order mark, declaration, comments around the root, line ends, and what other makers put into the file."""
    _, untouched, changed, undone, _ = within(draws(), ROUND, ODD)
    assert untouched
    assert undone
    assert changed.startswith(
        "\ufeff<?xml version='1.0' encoding='utf-8' standalone=\"yes\"?>\r\n<!-- a licence -->\r\n<bpmn:"
    )
    assert changed.endswith("</bpmn:definitions>\r\n<!-- the end -->")
    assert "\n" not in changed.replace("\r\n", "")
    root = etree.fromstring(changed.encode())
    assert root.find(".//{urn:vendor}note").attrib == {"deep": "1"}
    assert root.find(".//*[@id='two']").attrib["{urn:vendor}kept"] == "yes"
    assert root.find(".//*[@id='two']").attrib["name"] == "a\r\nb"


def test_looking_at_a_file_saves_nothing(draws: Draws) -> None:
    """Selecting, zooming and simulating are no changes; a change and its undo leave the draft's digest as it was."""
    page = draws()
    digest = page.evaluate("JSON.parse(document.getElementById('draft').textContent).digest")
    within(page, "({ drawing }) => { drawing.select('approve'); }")
    page.locator("[data-do=simulate]").click()
    page.locator(".bpmn .bts-palette").wait_for()
    page.locator("[data-do=simulate]").click()
    page.locator("[data-do=fit]").click()
    within(
        page, "({ get }) => get('modeling').updateProperties(get('elementRegistry').get('approve'), { name: '批准' })"
    )
    page.locator("[data-draft-state=unsaved]").wait_for()
    page.locator("[data-do=undo]").click()
    page.locator("[data-draft-state=saved]").wait_for()
    answer = page.evaluate(
        "fetch(JSON.parse(document.getElementById('draft').textContent).contentUrl).then(r => r.headers.get('etag'))"
    )
    assert answer == f'"{digest}"'


def test_a_change_is_saved_by_itself(draws: Draws) -> None:
    page = draws()
    within(
        page, "({ get }) => get('modeling').updateProperties(get('elementRegistry').get('approve'), { name: '批准' })"
    )
    page.locator("[data-draft-state=unsaved]").wait_for()
    page.locator("[data-draft-state=saved]").wait_for()
    saved = page.evaluate(
        "fetch(JSON.parse(document.getElementById('draft').textContent).contentUrl).then(r => r.text())"
    )
    assert 'id="approve" name="批准"' in saved
