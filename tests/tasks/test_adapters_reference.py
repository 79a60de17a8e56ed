"""The reference page names every job type, template, port setting and contract operation's system."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from kernel.config import Settings
from tasks.handlers import letters, registry

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/adapters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*registry.types(), *letters.names()])
def test_the_page_names_it(name):
    assert f"`{name}`" in PAGE


def test_the_page_names_every_setting_of_an_outside_system():
    systems = ("mail", "scim", "oa", "crm", "finance", "assets", "sms", "outbound")
    names = [field.name for field in fields(Settings) if field.name.partition("_")[0] in systems]
    assert [name for name in names if f"JIAOJIE_{name.upper()}" not in PAGE] == []


def test_the_counterparts_import_nothing_of_ours():
    for file in (ROOT / "demo/counterparts").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        ours = {"kernel", "feel", "engine", "forms", "hr", "tasks", "processes", "api"}
        assert not ours & {module.split(".")[0] for module in modules}, file.name
        assert all(m.startswith("demo.counterparts") for m in modules if m.startswith("demo")), file.name
