"""A filled form can be read without the browser that filled it."""

import json
from pathlib import Path
from typing import Any

import pytest

from forms.load import load
from forms.model import Form
from forms.render import render, rows

RESIGNATION = Path(__file__).parents[2] / "forms" / "offboarding" / "resignation-application.form"
STROKE = "data:image/svg+xml;base64,PHN2Zz48cGF0aCBkPSJNMCAwIi8+PC9zdmc+"


def form(*components: dict[str, Any]) -> Form:
    return load(json.dumps({"type": "default", "id": "f", "components": list(components)}).encode())


EVERY_KIND = form(
    {"type": "text", "id": "t", "text": "# 标题\n* 一\n**粗** {{name}}"},
    {"type": "html", "id": "h", "content": "<b>html</b>"},
    {"type": "textfield", "id": "a", "key": "name", "label": "姓名"},
    {"type": "textarea", "id": "b", "key": "why", "label": "原因", "conditional": {"hide": '=name = "x"'}},
    {"type": "number", "id": "c", "key": "n", "label": "数"},
    {"type": "checkbox", "id": "d", "key": "ok", "label": "同意"},
    {"type": "select", "id": "e", "key": "s", "label": "选", "values": [{"label": "甲", "value": "1"}]},
    {"type": "radio", "id": "f1", "key": "r", "label": "单", "valuesKey": "offered"},
    {
        "type": "checklist",
        "id": "g",
        "key": "many",
        "label": "多",
        "values": [{"label": "A", "value": 1}, {"label": "B", "value": 2}],
    },
    {"type": "taglist", "id": "k", "key": "tags", "label": "标", "valuesExpression": "=offered"},
    {"type": "datetime", "id": "l", "key": "day", "dateLabel": "日期"},
    {"type": "filepicker", "id": "m", "key": "files", "label": "附上"},
    {"type": "textfield", "id": "n1", "key": "sign", "label": "签名", "properties": {"widget": "signature"}},
    {"type": "expression", "id": "o", "key": "sum", "expression": "=n + 1"},
    {
        "type": "group",
        "id": "p",
        "label": "组",
        "path": "g",
        "components": [{"type": "textfield", "id": "q", "key": "x", "label": "内"}],
    },
    {
        "type": "dynamiclist",
        "id": "u",
        "path": "items",
        "label": "各事",
        "components": [
            {"type": "textfield", "id": "v", "key": "title", "label": "名"},
            {
                "type": "textfield",
                "id": "w",
                "key": "more",
                "label": "补",
                "conditional": {"hide": '=this.title = "甲"'},
            },
        ],
    },
    {"type": "table", "id": "x", "label": "表", "dataSource": "=items", "columns": [{"label": "名", "key": "title"}]},
    {"type": "image", "id": "y", "source": "https://elsewhere.example/pixel.png", "alt": "图"},
    {"type": "separator", "id": "z"},
    {"type": "spacer", "id": "z1"},
    {"type": "documentPreview", "id": "z2"},
    {"type": "iframe", "id": "z3", "url": "https://elsewhere.example"},
    {"type": "button", "id": "z4", "label": "提交"},
)
VALUES = {
    "name": "<script>alert(1)</script>",
    "why": "1\n2",
    "n": 3,
    "ok": True,
    "s": "1",
    "r": "li",
    "offered": [{"label": "李四", "value": "li"}],
    "many": [1, 2],
    "tags": ["li", "gone"],
    "day": "2026-12-01",
    "files": [{"name": "a.pdf", "hash": "abc"}],
    "sign": STROKE,
    "g": {"x": "y"},
    "items": [{"title": "甲", "more": "no"}, {"title": "乙", "more": "yes"}],
}


def test_every_kind_of_component_can_be_read() -> None:
    said = dict(rows(EVERY_KIND, VALUES, "en"))
    assert said["原因"] == "1\n2"
    assert said["同意"] == "Yes"
    assert said["选"] == "甲"
    assert said["单"] == "李四"
    assert said["多"] == "A, B"
    assert said["标"] == "李四, gone"
    assert said["附上"] == "a.pdf"
    assert said["签名"] == "signed by hand"
    assert said["内"] == "y"
    assert said["各事 2 · 补"] == "yes"
    assert "各事 1 · 补" not in said
    assert said["表 2"] == "名: 乙"


def test_no_value_becomes_markup_and_nothing_is_fetched_from_elsewhere() -> None:
    html = render(EVERY_KIND, VALUES, file_url="/files/")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "elsewhere.example" not in html
    assert f'src="{STROKE}"' in html
    assert 'href="/files/abc"' in html


def test_an_identity_number_is_shown_in_part() -> None:
    card = {"type": "textfield", "id": "card", "key": "card", "label": "身份证", "properties": {"widget": "idNumber"}}
    asks = form(card)
    assert dict(rows(asks, {"card": "110101199003077774"}, "en"))["身份证"] == "110101********7774"
    assert "19900307" not in render(asks, {"card": "110101199003077774"})


def test_a_signature_that_is_kept_in_a_file_is_shown_from_there() -> None:
    kept = {**VALUES, "sign": {"hash": "s1", "name": "signature.svg"}}
    assert 'src="/files/s1"' in render(EVERY_KIND, kept, file_url="/files/")
    assert dict(rows(EVERY_KIND, kept, "en"))["签名"] == "signed by hand"


def test_a_signature_that_is_no_picture_is_not_shown_as_one() -> None:
    html = render(EVERY_KIND, {**VALUES, "sign": 'javascript:alert(1)" onerror="x'})
    assert "<img" not in html


@pytest.mark.parametrize("values", [{}, {"items": "no list", "many": "x", "files": [1], "g": 3}])
def test_any_values_can_be_shown(values: dict[str, Any]) -> None:
    assert render(EVERY_KIND, values)
    assert rows(EVERY_KIND, values)


def test_labels_of_a_shipped_form_are_told_in_english() -> None:
    said = dict(rows(load(RESIGNATION.read_bytes()), {"reason": "pay", "mutualConsent": False}, "en"))
    assert said["Reason for leaving"] == "Pay and benefits"
    assert "离职原因" not in said
