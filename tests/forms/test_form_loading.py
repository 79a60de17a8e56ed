"""A form file is accepted whole or refused with every fault named."""

import json
from typing import Any

import pytest

from forms.labels import extract, labels
from forms.load import load, problems
from forms.model import FormRefused


def form(*components: dict[str, Any], **more: Any) -> bytes:
    return json.dumps(
        {"type": "default", "id": "f", "schemaVersion": 19, "components": list(components), **more}
    ).encode()


def field(kind: str = "textfield", **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": "a", "key": "a", "label": "A", **more}


def rules(*components: dict[str, Any], **more: Any) -> list[str]:
    return [fault.rule for fault in problems(form(*components, **more), "x.form")]


def test_a_good_form_names_what_it_reads() -> None:
    loaded = load(
        form(
            field(conditional={"hide": "=employee.level > 3"}),
            {"type": "text", "id": "t", "text": "Dear {{title}}"},
            {
                "type": "select",
                "id": "s",
                "key": "who.login",
                "valuesKey": "people",
                "properties": {"rule": "=secret", "ruleMessage": "No."},
            },
            {"type": "dynamiclist", "id": "l", "path": "rows", "components": [field(id="r", key="inner")]},
        )
    )
    assert loaded.id == "f"
    assert loaded.reads == {"a", "employee", "title", "who", "people", "rows"}


def test_the_same_bytes_are_the_same_form() -> None:
    assert load(form(field())) is load(form(field()))


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        (field("starrating"), "type"),
        (field(key="1a"), "key"),
        (field(key=""), "key"),
        (field(id=""), "id"),
        (field(colour="red"), "property"),
        (field(validate={"min": 3}), "min"),
        (field(validate={"minLength": "three"}), "minLength"),
        (field(validate={"required": "yes"}), "required"),
        (field(validate={"validationType": "iban"}), "validationType"),
        (field(validate={"pattern": "(a+)+$"}), "pattern"),
        (field(conditional={"hide": "=if"}), "feel"),
        (field(label="{{#if a}}x"), "template"),
        (field(label="{{1 +}}"), "feel"),
        (field(layout={"columns": 17}), "layout"),
        (field(properties={"widget": "map"}), "widget"),
        (field("number", properties={"widget": "signature"}), "widget"),
        (field(properties={"rule": "=true"}), "rule"),
        (field(properties={"ruleMessage": "x"}), "rule"),
        (field(properties={"n": 3}), "properties"),
        (field("select"), "values"),
        (field("select", values=[{"label": "x"}]), "values"),
        (field("select", values=[{"label": "x", "value": 1}, {"label": "y", "value": 1}]), "values"),
        (field("radio", values=[], valuesKey="x"), "values"),
        (field("datetime", subtype="week"), "subtype"),
        (field("datetime", timeSerializingFormat="local"), "timeSerializingFormat"),
        (field("expression"), "expression"),
        ({"type": "dynamiclist", "id": "l", "path": "", "components": []}, "path"),
        ({"type": "dynamiclist", "id": "l", "path": "x", "isRepeating": False, "components": []}, "isRepeating"),
        (
            {"type": "dynamiclist", "id": "l", "path": "x", "defaultRepetitions": 1000, "components": []},
            "defaultRepetitions",
        ),
        ({"type": "group", "id": "g", "path": "1x", "components": []}, "path"),
        ({"type": "group", "id": "g", "components": {}}, "components"),
    ],
)
def test_a_faulty_component_is_named_with_its_rule(component: dict[str, Any], rule: str) -> None:
    found = problems(form(component), "x.form")
    assert rule in [fault.rule for fault in found]
    assert all(fault.file == "x.form" and str(fault.sentence) for fault in found)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FormRefused) as refused:
        load(form(field("nothing"), field(id="b", key="b", validate={"min": 1})), "x.form")
    assert len(refused.value.problems) == 2


def test_two_fields_of_one_key_or_id_are_refused() -> None:
    assert rules(field(), field(id="b")) == ["key"]
    assert rules(field(), field(key="b")) == ["id"]
    assert rules(field(key="x"), field(id="b", key="x.y")) == ["key"]
    rows = {"type": "dynamiclist", "id": "l", "path": "rows", "components": [field(id="r", key="a")]}
    assert rules(field(), rows) == []


def test_what_is_no_form_is_refused() -> None:
    assert [f.rule for f in problems(b"not json")] == ["json"]
    assert [f.rule for f in problems(b"[]")] == ["type"]
    assert [f.rule for f in problems(b'{"type":"default"}')] == ["id"]
    assert [f.rule for f in problems(b" " * 600_000)] == ["size"]
    assert rules(schemaVersion=99) == ["version"]
    assert rules(*(field(id=f"a{n}", key=f"a{n}") for n in range(501))) == ["size"]


def test_a_form_that_nests_too_deep_is_refused() -> None:
    inner: dict[str, Any] = field()
    for n in range(12):
        inner = {"type": "group", "id": f"g{n}", "components": [inner]}
    assert "depth" in rules(inner)


def test_all_words_of_a_form_reach_the_catalogue() -> None:
    content = form(
        field(
            label="姓名",
            description="如身份证",
            validate={"pattern": "x", "patternErrorMessage": "格式不对"},
            appearance={"prefixAdorner": "+86"},
            properties={"rule": "=true", "ruleMessage": "请改"},
        ),
        field("select", id="b", key="b", label="=x", values=[{"label": "是", "value": 1}]),
    )
    assert [text for text, _ in labels(json.loads(content))] == ["姓名", "如身份证", "格式不对", "请改", "+86", "是"]
    import io

    assert [message for _, _, message, _ in extract(io.BytesIO(content), {}, [], {})][0] == "姓名"
