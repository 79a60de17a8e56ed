"""Forms are edited with our own fields, looked at and tried beside it, and kept as they were."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.workshop import PHONE, READ, Workshop, editor, opened

pytestmark = pytest.mark.browser

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "forms").rglob("*.form"))
LATIN = re.compile(r"[A-Za-z]{3}")
HAN = re.compile(r"[\u4e00-\u9fff]")
TERMS = {"Powered by bpmn.io", "yyyy/mm/dd", "leave", "days", "widget", "rule", "ruleMessage"}
# What the policy of the page has stopped is told in the browser's console.
REFUSED_BY_POLICY = re.compile(r"violates the following Content Security Policy|status of 4(04|22)")
# Read, the first component with words renamed, and that undone: [untouched, changed, undone].
ROUND = """async (editor, text) => {
  await editor.read(text);
  const untouched = editor.text === text;
  const field = editor.form.get('formFieldRegistry').getAll().find(one => one.label || one.text);
  const key = field.label ? 'label' : 'text';
  editor.form.get('modeling').editFormField(field, key, 'changed by a test');
  const changed = editor.text;
  editor.step(-1);
  return [untouched, changed, editor.text === text];
}"""


@pytest.fixture(scope="module")
def workshop(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


def form(*components: dict[str, Any], **more: Any) -> bytes:
    whole = {"type": "default", "id": "leave", "schemaVersion": 19, **more, "components": list(components)}
    return (json.dumps(whole, ensure_ascii=False, indent=4) + "\n").encode()


DAYS = {"type": "number", "id": "days", "key": "days", "label": "天数", "validate": {"required": True, "max": 30}}


def test_forms_come_back_as_they_were(workshop: Workshop, browser: Browser) -> None:
    """To the byte; and one changed word changes one line."""
    one = '{"label":"甲","id":"a","type":"textfield","key":"a","vendor":{"kept":1}}'
    odd = f'{{"type":"default","components":[{one}],"id":"odd"}}'
    with workshop.edited(browser, {"leave.form": form(DAYS)}) as (page, _):
        for text in [odd, *(path.read_text("utf-8") for path in SHIPPED)]:
            untouched, changed, undone = editor(page, ROUND, text)
            assert untouched
            assert undone
            if text is odd:
                assert json.loads(changed)["components"][0]["vendor"] == {"kept": 1}
                continue
            gone = set(text.splitlines()) ^ set(changed.splitlines())
            assert len(gone) <= 2, gone


def test_our_own_fields_are_standard_components_with_a_property(workshop: Workshop, browser: Browser) -> None:
    with workshop.edited(browser, {"leave.form": form(DAYS, exporter={"name": "Camunda Modeler"})}) as (page, project):
        for name in ("员工", "部门", "签名", "身份证号"):
            page.locator(".fjs-palette-field", has_text=name).focus()
            page.keyboard.press("Enter")
        preview = page.locator(".form-phone")
        expect(preview.get_by_placeholder("输入姓名查找")).to_be_visible()
        expect(preview.get_by_placeholder("输入部门名称查找")).to_be_visible()
        expect(preview.locator("canvas")).to_be_visible()
        workshop.holds(page, project, "leave.form", b"idNumber")
        saved = json.loads(workshop.saved(project, "leave.form"))
        assert saved["exporter"] == {"name": "Camunda Modeler"}
        own = [(each["type"], each.get("properties")) for each in saved["components"][1:]]
        assert own == [
            ("textfield", {"widget": widget}) for widget in ("employee", "department", "signature", "idNumber")
        ]
        assert workshop.saved(project, "leave.form").decode().startswith('{\n    "type": "default"')
        page.locator(".form-canvas .fjs-element", has_text="签名").last.click()
        page.locator(".bio-properties-panel-group-header", has_text="专用字段").click()
        page.get_by_label("字段用途").select_option(label="普通字段")
        expect(preview.locator("canvas")).to_have_count(0)
        page.keyboard.press("Escape")
        while page.locator("[data-undo]").is_enabled():
            page.locator("[data-undo]").click()
        workshop.becomes(page, project, "leave.form", form(DAYS, exporter={"name": "Camunda Modeler"}))


def test_the_preview_says_what_the_product_would(workshop: Workshop, browser: Browser) -> None:
    who = {"type": "select", "id": "who", "key": "who", "label": "对接人", "properties": {"widget": "employee"}}
    hello = {"type": "text", "id": "hello", "text": "您好，{{name}}"}
    rule = {"rule": "= value != days", "ruleMessage": "两个数不能相同。"}
    twice = {"type": "number", "id": "twice", "key": "twice", "label": "再次", "properties": rule}
    card = {"type": "textfield", "id": "card", "key": "card", "label": "证件", "properties": {"widget": "idNumber"}}
    with workshop.edited(browser, {"leave.form": form(hello, DAYS, who, twice, card)}) as (page, _):
        preview = page.locator(".form-phone")
        page.get_by_text("流程中的数据（JSON）").click()
        page.get_by_role("textbox", name="流程中的数据（JSON）").fill('{"name": "王五"}')
        expect(preview).to_contain_text("您好，王五")
        send = preview.get_by_role("button", name="提交")
        send.click()
        expect(preview.locator(".fjs-form-field-error").first).to_have_text("此项必填。")
        preview.get_by_label("天数").fill("3")
        preview.get_by_label("证件").fill("110101199003077776")
        preview.get_by_label("再次").fill("3")
        expect(preview.locator(".fjs-form-field-error").first).to_contain_text("末位与前面的数字不符")
        preview.get_by_label("证件").fill("11010519491231002x")  # the example of the standard, typed in small letters
        preview.get_by_label("对接人").click()
        preview.locator("[role=option]").first.click()
        send.click()
        expect(preview.locator(".fjs-form-field-error").first).to_have_text(
            "两个数不能相同。"
        )  # the server's own check
        preview.get_by_label("再次").fill("4")
        send.click()
        expect(preview.locator(".told.ok")).to_contain_text('"twice": 4')
        expect(preview.locator(".told.ok")).to_contain_text('"card": "11010519491231002X"')
        assert page.locator(".form-phone").bounding_box()["width"] <= 400  # type: ignore[index]  # it is on the page


def test_a_fault_leads_to_its_component(workshop: Workshop, browser: Browser) -> None:
    faulty = {"type": "select", "id": "empty", "key": "empty", "label": "没有选项"}
    with workshop.edited(browser, {"leave.form": form(DAYS, faulty)}) as (page, _):
        preview = page.locator(".form-phone")
        preview.get_by_label("天数").fill("3")
        preview.get_by_role("button", name="提交").click()
        preview.get_by_role("button", name="没有").click()
        expect(page.locator(".fjs-editor-selected[data-id=empty]")).to_be_visible()
    with workshop.edited(browser, {"leave.form": form(DAYS)}, fragment="#element=days") as (page, _):
        expect(page.locator(".fjs-editor-selected[data-id=days]")).to_be_visible()
    with workshop.edited(browser, {"leave.form": b"{ no form"}) as (page, _):
        expect(page.locator(".form-told")).to_contain_text("它不是 JSON")


def test_everything_is_said_in_the_language_of_the_reader(workshop: Workshop, browser: Browser) -> None:
    kinds = ["textfield", "textarea", "number", "datetime", "checkbox", "select", "taglist", "text", "image", "table"]
    parts = [
        {"type": kind, "id": kind, "key": kind, "label": "项"} for kind in (*kinds, "group", "dynamiclist", "button")
    ]
    with workshop.edited(browser, {"leave.form": form(*parts)}) as (page, _):
        for kind in ("textfield", "datetime", "select", "table"):
            editor(page, "(editor, id) => editor.show(id)", kind)
            page.locator(".bio-properties-panel-group-header").first.wait_for()
            for header in page.locator(
                ".bio-properties-panel-group:not(.open) .bio-properties-panel-group-header"
            ).all():
                header.click()
            said = page.evaluate(READ, ".form-studio")
            ours = {part["id"] for part in parts}
            assert {t for t in said if LATIN.search(t) and not HAN.search(t)} - ours <= TERMS
        assert page.evaluate("window.unsaid") == []
    with workshop.edited(browser, {"leave.form": form(DAYS)}, language="en") as (page, _):
        expect(page.get_by_text("Search components").or_(page.get_by_placeholder("Search components"))).to_be_visible()
        expect(page.locator(".fjs-palette-field", has_text="Employee")).to_be_visible()


def test_nothing_in_a_hostile_form_runs(workshop: Workshop, browser: Browser) -> None:
    hit = "window.__hit=1"
    picture = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='window.__hit=1'/>"
    evil = form(
        {
            "type": "html",
            "id": "h",
            "content": f"<img src=x onerror='{hit}'><script>{hit}</script><svg onload='{hit}'>",
        },
        {"type": "text", "id": "t", "text": f"[open](javascript:{hit}) <img src=x onerror='{hit}'>"},
        {"type": "image", "id": "i", "source": picture, "alt": f'"><script>{hit}</script>'},
        {"type": "image", "id": "j", "source": f"javascript:{hit}"},
        {"type": "iframe", "id": "f", "label": "x", "url": f"javascript:{hit}", "security": {"allowScripts": True}},
        {
            "type": "textfield",
            "id": "n",
            "key": "n",
            "label": f"<img src=x onerror='{hit}'>",
            "properties": {"widget": "x"},
        },
        {"type": "textfield", "id": 'a"]}*{x:', "key": "m", "label": "y", "properties": {"widget": "signature"}},
    )
    with workshop.edited(browser, {"evil.form": evil}, expected=REFUSED_BY_POLICY) as (page, _):
        expect(page.locator(".form-canvas .fjs-element").first).to_be_visible()
        expect(page.locator(".form-phone .fjs-form-field").first).to_be_visible()
        page.locator(".form-canvas .fjs-element").nth(1).click()
        for link in page.locator(".form-phone a[href^='javascript']").all():
            link.click()
        page.locator(".form-phone").get_by_role("button", name="提交").click()
        expect(page.locator(".form-phone .told.bad")).to_be_visible()
        assert page.evaluate("window.__hit === undefined")


def test_on_a_phone_it_is_edited_or_looked_at(workshop: Workshop, browser: Browser) -> None:
    with workshop.edited(browser, {"leave.form": form(DAYS)}, size=PHONE) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        expect(page.locator(".form-canvas")).to_be_visible()
        expect(page.locator(".form-phone")).to_be_hidden()
        page.get_by_role("tab", name="编辑").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name="预览")).to_be_focused()
        expect(page.locator(".form-phone").get_by_label("天数")).to_be_visible()
        expect(page.locator(".form-canvas")).to_be_hidden()
