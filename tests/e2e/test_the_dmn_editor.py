"""Decisions are edited, tried on inputs, and kept as they were; what the editor does not know is not touched."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from processes import catalog
from tests.e2e.workshop import PHONE, READ, Workshop, editor, opened

pytestmark = pytest.mark.browser

SHIPPED = sorted(catalog.home().rglob("*.dmn"))
NOTICE = (catalog.home() / "offboarding" / "notice.dmn").read_bytes()
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NEWER = "https://www.omg.org/spec/DMN/20230324/MODEL/"
LATIN = re.compile(r"[A-Za-z]{3}")
TERMS = {"Powered by bpmn.io", "leavingType", "filedAt", "filedOn"}  # the mark of its makers, and names of the model
HAN = re.compile(r"[\u4e00-\u9fff]")
# Read, looked at, the first decision renamed, and that undone: [what would be lost, untouched, changed, undone].
ROUND = """async (drawing, text) => {
  const isDecision = one => one.businessObject && one.businessObject.$type === 'dmn:Decision';
  await drawing.read(text);
  const { meaning } = await drawing.lost();
  await drawing.open(drawing.views[0]);
  await drawing.turn;
  const untouched = drawing.text === text;
  if (meaning.length) return [meaning, untouched, '', true];
  const get = name => drawing.viewer.get(name);
  const decision = get('elementRegistry').find(isDecision);
  get('modeling').updateProperties(decision, { name: 'changed by a test' });
  await drawing.turn;
  const changed = drawing.text;
  await drawing.step(-1);
  return [meaning, untouched, changed, drawing.text === text];
}"""


@pytest.fixture(scope="module")
def workshop(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


def says(content: bytes) -> Counter[tuple[object, ...]]:
    """Every element with its attributes and text, numbers as numbers, defaults of the standard left out."""
    implied = {("hitPolicy", "UNIQUE"), ("preferredOrientation", "Rule-as-Row"), ("isCollection", "false")}
    found = []
    for element in etree.fromstring(content).iter(etree.Element):
        attributes = sorted(
            (name, str(float(value)) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value)
            for name, value in element.attrib.items()
            if (name, value) not in implied and name != "name"
        )
        found.append((element.tag, tuple(attributes), (element.text or "").strip()))
    return Counter(found)


def test_models_come_back_as_they_were(workshop: Workshop, browser: Browser, shared: Path) -> None:
    """Ours, and of the compatibility kit one of each six: DMN 1.3 and 1.5, made by several tools."""
    kit = sorted((shared / "conformance" / "dmn-tck").rglob("*.dmn"))
    edited = 0
    with workshop.edited(browser, {"notice.dmn": NOTICE}) as (page, _):
        for model in [*SHIPPED, *kit[::6]]:
            content = model.read_bytes()
            lost, untouched, changed, undone = editor(page, ROUND, content.decode("utf-8"))
            assert untouched, f"{model.name} is written anew although nothing was changed"
            assert undone, f"{model.name} is not what it was once the change is undone"
            if lost:
                continue  # opened to look at only; see below
            edited += 1
            assert "changed by a test" in changed
            gone = says(content) - says(changed.encode())
            drawn = [one for one in gone if "DMNDI" not in str(one[0])]
            assert drawn == [], model.name
            assert etree.QName(etree.fromstring(changed.encode())) == etree.QName(etree.fromstring(content))
        assert edited >= len(SHIPPED)


def test_a_table_is_tried_and_changed_and_the_change_undone_over_a_change_of_view(
    workshop: Workshop, browser: Browser
) -> None:
    with workshop.edited(browser, {"notice.dmn": NOTICE}) as (page, project):
        page.get_by_role("tab", name="通知天数与依据").click()
        page.get_by_label("离职类型").fill("37")
        page.get_by_label("是否试用期").select_option(label="是")
        page.get_by_label("预计离职日").fill("2026-12-31")
        page.get_by_role("button", name="计算结果").click()
        result = page.locator(".dmn-result")
        expect(result.locator(".dmn-value")).to_contain_text('"days": 3')
        expect(result).to_contain_text("命中规则 6")
        assert marked(page) == [6]
        cell = page.locator("[data-element-id=notice-table_rule_6_out_1] [contenteditable]")
        cell.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("5")
        expect(result.locator(".dmn-value")).to_contain_text('"days": 5')  # answered anew by itself
        page.get_by_role("tab", name="决策关系图").click()
        workshop.holds(page, project, "notice.dmn", b"<text>5</text>")
        page.get_by_role("button", name="撤销").click()
        expect(page.get_by_role("tab", name="通知天数与依据")).to_have_attribute("aria-selected", "true")
        workshop.becomes(page, project, "notice.dmn", NOTICE)
        page.get_by_role("button", name="重做").click()
        expect(page.locator("[data-element-id=notice-table_rule_6_out_1]")).to_have_text("5")


def marked(page: Page) -> list[int]:
    """The rows of the open table that stand out."""
    shown = page.locator(".dmn-fired .tjs-table tbody tr td.rule-index").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell).opacity)"
    )
    return [number for number, opacity in enumerate(shown, 1) if opacity == "1"]


def test_a_problem_leads_to_its_cell(workshop: Workshop, browser: Browser) -> None:
    broken = NOTICE.replace(b'<text>"39"</text>', b"<text>[1..</text>")
    with workshop.edited(browser, {"notice.dmn": broken}) as (page, _):
        page.locator(".dmn-result").get_by_role("button", name="定位").first.click()
        expect(page.get_by_role("tab", name="通知天数与依据")).to_have_attribute("aria-selected", "true")
        expect(page.locator("[data-element-id=notice-table_rule_3_in_1] :focus")).to_be_visible()
    with workshop.edited(browser, {"notice.dmn": NOTICE}, fragment="#element=notice-table_rule_2_in_3") as (page, _):
        expect(page.locator("[data-element-id=notice-table_rule_2_in_3] :focus")).to_be_visible()


def newer(logic: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<definitions xmlns="{NEWER}" id="pay" name="Pay" namespace="urn:pay">\n'
        f'  <!-- a licence -->\n  <decision id="d" name="Pay">\n    <variable id="v" name="pay" />\n{logic}\n'
        "  </decision>\n</definitions>\n"
    ).encode()


def test_a_newer_file_stays_one_and_what_it_alone_can_say_is_not_touched(workshop: Workshop, browser: Browser) -> None:
    plain = newer('    <literalExpression id="e">\n      <text>days * 100</text>\n    </literalExpression>')
    with workshop.edited(browser, {"pay.dmn": plain}) as (page, project):
        expect(page.locator(".dmn-told")).to_contain_text("1 处 XML 注释")
        page.get_by_label("变量名").fill("wage")
        saved = workshop.holds(page, project, "pay.dmn", b'name="wage"')
        assert f'xmlns="{NEWER}"'.encode() in saved
        assert MODEL.encode() not in saved
    inner = "<literalExpression><text>{}</text></literalExpression>"
    choice = "".join(f"<{part}>{inner.format(1)}</{part}>" for part in ("if", "then", "else"))
    with workshop.edited(browser, {"pay.dmn": newer(f"<conditional>{choice}</conditional>")}) as (page, _):
        expect(page.locator(".dmn-told")).to_contain_text("<conditional>")
        expect(page.locator(".dmn-told")).to_contain_text("只能查看")
        assert page.locator(".djs-palette").count() == 0
        page.get_by_role("button", name="计算结果").click()  # it can be tried all the same
        expect(page.locator(".dmn-value")).to_have_text("无值（null）")


def test_everything_is_said_in_the_language_of_the_reader(workshop: Workshop, browser: Browser) -> None:
    with workshop.edited(browser, {"notice.dmn": NOTICE}) as (page, _):
        for shape in page.locator(".djs-shape").all()[:5]:
            shape.click(force=True)
        page.get_by_role("tab", name="通知天数与依据").click()
        page.locator("[data-element-id=notice-table_rule_1_in_1]").click(button="right")
        page.locator(".context-menu").wait_for()
        page.keyboard.press("Escape")
        for column in ("th.input-cell", "th.output-cell"):
            page.locator(column).first.dblclick()
            page.locator(".context-menu").wait_for()
            page.mouse.click(900, 780)
        page.get_by_role("tab", name="提交日").click()
        said = page.evaluate(READ, ".dmn")
        assert page.evaluate("window.unsaid") == []
        assert {text for text in said if LATIN.search(text) and not HAN.search(text)} <= TERMS
    with workshop.edited(browser, {"notice.dmn": NOTICE}, language="en") as (page, _):
        expect(page.get_by_role("button", name="Decide")).to_be_visible()


def test_nothing_in_a_hostile_file_runs(workshop: Workshop, browser: Browser) -> None:
    evil = "&lt;img src=x onerror='window.__hit=1'&gt;&lt;script&gt;window.__hit=1&lt;/script&gt;"
    table = (
        NOTICE.decode()
        .replace('name="通知天数与依据"', f'name="{evil}"')
        .replace('label="离职类型"', f'label="{evil}"')
    )
    hostile = table.replace("<description>经济性裁员</description>", f"<description>{evil}</description>")
    hostile = hostile.replace('id="notice-table_rule_1"', 'id="&quot;]{}*{background:url(x)}"', 1).encode()
    with workshop.edited(browser, {"evil.dmn": hostile}) as (page, _):
        for tab in page.get_by_role("tab").all():
            tab.click()
        page.get_by_role("tab").nth(2).click()
        page.get_by_role("button", name="计算结果").click()
        page.locator(".dmn-value").wait_for()
        assert page.evaluate("window.__hit === undefined && !document.querySelector('.dmn img, .dmn script')")
    with workshop.edited(
        browser, {"none.dmn": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"}
    ) as (
        page,
        _,
    ):
        expect(page.locator(".dmn-told")).to_contain_text("无法在此打开这个文件")


def test_it_can_be_used_on_a_phone_and_by_keyboard(workshop: Workshop, browser: Browser) -> None:
    with workshop.edited(browser, {"notice.dmn": NOTICE}, size=PHONE) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="试算").click()
        page.get_by_label("离职类型").fill("38")
        page.get_by_label("离职类型").press("Enter")
        expect(page.locator(".dmn-way")).to_contain_text("命中规则 1")
        page.get_by_role("tab", name="决策关系图").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", name="通知期")).to_have_attribute("aria-selected", "true")
