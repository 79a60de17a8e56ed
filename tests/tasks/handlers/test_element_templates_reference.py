"""The reference of element templates says what the registry offers, row by row, and what others rely on."""

from pathlib import Path
from typing import Any

import pytest

from tasks.handlers import registry
from tasks.handlers.element_templates import EDITION, GROUPS, element_templates

PAGE = (Path(__file__).resolve().parents[3] / "docs/reference/element-templates.md").read_text(encoding="utf-8")


def row(template: dict[str, Any]) -> str:
    """A template as the page's table has it: required inputs first, what may stay empty in brackets."""
    inputs = [prop for prop in template["properties"] if prop["binding"]["type"] == "zeebe:input"]
    names = dict.fromkeys(
        f"[{prop['binding']['name']}]" if prop.get("optional") else prop["binding"]["name"] for prop in inputs
    )
    headers = [
        prop["binding"]["key"] for prop in template["properties"] if prop["binding"]["type"] == "zeebe:taskHeader"
    ]
    outputs = [
        name if "value" in prop else f"[{name}]"
        for prop in template["properties"]
        if prop["binding"]["type"] == "zeebe:output"
        for name in [prop["binding"]["source"].removeprefix("=")]
    ]
    system = next(
        (p["value"] for p in template["properties"] if p["binding"] == {"type": "zeebe:property", "name": "system"}), ""
    )
    cells = [f"`{template['id']}`", template["name"], listed(names), listed(headers), listed(outputs), system]
    return "| " + " | ".join(cells) + " |"


def listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


@pytest.mark.parametrize("template", element_templates("zh-CN"), ids=registry.types())
def test_the_page_has_its_row(template: dict[str, Any]) -> None:
    assert row(template) in PAGE.splitlines()


def test_the_page_has_no_other_row_and_names_the_groups() -> None:
    assert PAGE.count("| `jiaojie.") - PAGE.count("<id>` |") == len(registry.types())
    assert all(label.zh in PAGE for label in GROUPS.values())
    assert f"`EDITION` is {EDITION}" in PAGE
