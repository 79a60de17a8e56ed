"""Two versions of a decision or a form in words: rules cell by cell, fields property by property."""

import json
import re
from typing import Any

import pytest

from processes import catalog, compare
from processes.compare import Change

TABLE = (catalog.home() / "offboarding" / "notice.dmn").read_bytes()
RULES = re.findall(rb"<rule.*?</rule>", TABLE, re.DOTALL)
FORMS = catalog.home().parent / "forms" / "offboarding"


def told(name: str, before: bytes, after: bytes) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    changes = compare.between(name, before, after)
    assert changes is not None
    return [(change.kind, change.tag, details(change)) for change in changes]


def details(change: Change) -> list[tuple[str, str, str]]:
    return [(str(detail.what), detail.before, detail.after) for detail in change.details]


def form(*components: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "default", "id": "ask", "components": components, **more}).encode()


@pytest.mark.parametrize("path", [*sorted(catalog.home().rglob("*.dmn")), *sorted(FORMS.glob("*.form"))], ids=str)
def test_a_file_does_not_differ_from_itself_however_it_is_laid_out(path: Any) -> None:
    content = path.read_bytes()
    other = json.dumps(json.loads(content)).encode() if path.suffix == ".form" else content.replace(b">\n", b">\n  ")
    assert told(path.name, content, other) == []


def test_a_rule_is_told_by_its_columns() -> None:
    after = TABLE.replace(RULES[0], RULES[0].replace(b"<text>0</text>", b"<text>5</text>"))
    assert told("notice.dmn", TABLE, after) == [("changed", "rule", [("通知天数", "0", "5")])]


def test_rules_that_change_places_are_told_once() -> None:
    after = TABLE.replace(RULES[0], b"@").replace(RULES[1], RULES[0]).replace(b"@", RULES[1])
    assert told("notice.dmn", TABLE, after) == [("moved", "rule", [])]


def test_a_rule_that_is_gone_a_new_one_and_another_expression() -> None:
    new = RULES[1].replace(b'id="', b'id="new_')
    after = TABLE.replace(RULES[1], new).replace(b"<text>leavingType</text>", b"<text>kind</text>")
    assert told("notice.dmn", TABLE, after) == [
        ("changed", "input", [("expression", "leavingType", "kind")]),
        ("added", "rule", []),
        ("removed", "rule", []),
    ]


def test_another_literal_expression_and_hit_policy() -> None:
    after = TABLE.replace(b'hitPolicy="FIRST"', b'hitPolicy="ANY"').replace(
        b"{days: rule.days,", b"{days: rule.days + 1,"
    )
    assert [(kind, [what for what, _, _ in changed]) for kind, _, changed in told("notice.dmn", TABLE, after)] == [
        ("changed", ["expression"]),
        ("changed", ["hit policy"]),
    ]


def test_fields_are_told_by_what_people_see() -> None:
    name = {"type": "textfield", "id": "a", "key": "name", "label": "姓名"}
    kind = {"type": "select", "id": "b", "key": "kind", "label": "类型", "values": [{"label": "甲", "value": "1"}]}
    before = form(name, kind, {"type": "text", "id": "c", "text": "请填写"})
    more = [{"label": "甲", "value": "1"}, {"label": "乙", "value": "2"}]
    after = form({**kind, "values": more}, {**name, "validate": {"required": True}}, {"type": "number", "id": "d"})
    assert told("ask.form", before, after) == [
        ("changed", "select", [("options", "甲 (1)", "甲 (1), 乙 (2)")]),
        ("changed", "textfield", [("required", "", "true")]),
        ("added", "number", []),
        ("removed", "text", []),
    ]


def test_a_field_that_moves_and_one_that_goes_into_a_group() -> None:
    one, two, three = ({"type": "textfield", "id": id, "key": id, "label": id} for id in ("x", "y", "z"))
    assert told("ask.form", form(one, two, three), form(three, one, two)) == [("moved", "textfield", [])]
    group = {"type": "group", "id": "g", "label": "组", "components": [one]}
    assert told("ask.form", form(one, two), form(group, two)) == [
        ("added", "group", []),
        ("changed", "textfield", [("group it lies in", "", "g")]),
    ]


@pytest.mark.parametrize(("name", "content"), [("a.dmn", b"<"), ("a.form", b"[]"), ("a.form", b"{"), ("a.txt", b"")])
def test_what_cannot_be_read_has_no_changes_to_tell(name: str, content: bytes) -> None:
    assert compare.between(name, content, content) is None
