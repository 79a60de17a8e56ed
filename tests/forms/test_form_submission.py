"""What a person sends is checked on the server: nothing that the form does not allow reaches the process."""

import json
from typing import Any

import pytest

from forms.load import load
from forms.model import Form, Submission, Upload
from forms.prepare import prepare
from forms.validate import validate
from kernel.clock import ManualClock
from kernel.text import Text, say

CLOCK = ManualClock("2026-11-02T17:30:00Z")  # the third of November in Shanghai
STROKE = "data:image/svg+xml;base64,PHN2Zz48cGF0aCBkPSJNMCAwIi8+PC9zdmc+"


def form(*components: dict[str, Any]) -> Form:
    return load(json.dumps({"type": "default", "id": "f", "components": list(components)}).encode())


def field(kind: str = "textfield", **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": "a", "key": "a", "label": "A", **more}


def submit(shape: Form, data: dict[str, Any], context: dict[str, Any] | None = None, **more: Any) -> Submission:
    return validate(shape, data, context=context or {}, clock=CLOCK, **more)


def one(
    component: dict[str, Any], value: Any, context: dict[str, Any] | None = None, **more: Any
) -> tuple[Any, list[str]]:
    """The value and the sentences of a form with one field."""
    result = submit(form(component), {"a": value}, context, **more)
    return result.values.get("a"), [str(text) for text in result.errors.get("a", [])]


@pytest.mark.requirement("F1")
@pytest.mark.requirement("F39")
@pytest.mark.parametrize(
    ("kind", "untouched"),
    [
        ("textfield", ""),
        ("textarea", None),
        ("number", None),
        ("datetime", None),
        ("checkbox", False),
        ("filepicker", ""),
    ],
)
def test_a_required_field_left_empty_is_told(kind: str, untouched: Any) -> None:
    assert len(one(field(kind, validate={"required": True}), untouched)[1]) == 1
    assert one(field(kind), untouched)[1] == []
    assert list(submit(form(field(kind, validate={"required": True})), {}).errors) == ["a"]


def test_zero_is_an_answer() -> None:
    assert one(field("number", validate={"required": True}), 0) == (0, [])


@pytest.mark.parametrize(
    ("hide", "values", "asked"),
    [
        ("=b = null", {"b": ""}, True),
        ("=b > 3", {}, False),  # null: the browser hides it
        ("=not(b)", {}, True),
        ("=string length(b) > 2", {"b": "abc"}, False),
    ],
)
def test_a_condition_without_an_answer_hides_as_in_the_browser(hide: str, values: dict[str, Any], asked: bool) -> None:
    shape = form(field(validate={"required": True}, conditional={"hide": hide}))
    assert ("a" in submit(shape, {}, values).errors) is asked


@pytest.mark.parametrize(
    ("component", "sent", "kept"),
    [
        (field(), "a\nb", "a b"),
        (field(), 12, "12"),
        (field("textarea"), "a\nb", "a\nb"),
        (field("number"), "12.50", 12.5),
        (field("number"), "3", 3),
        (field("number"), 3.0, 3),
        (field("number", serializeToString=True), "0.10", "0.10"),
        (field("datetime"), "2026-12-01", "2026-12-01"),
        (field("datetime", subtype="time"), "09:30+08:00", "09:30+08:00"),
        (field("datetime", subtype="datetime"), "2026-12-01T09:30Z", "2026-12-01T09:30Z"),
        (field("datetime"), "", None),
        (field("checkbox"), True, True),
        (field("checklist", values=[{"label": "1", "value": 1}]), [1, 1], [1]),
        (field("select", values=[{"label": "1", "value": 1}]), "", None),
        (field("select", valuesExpression="=[1, 2]"), 2, 2),
    ],
)
def test_a_value_gets_the_type_of_its_field(component: dict[str, Any], sent: Any, kept: Any) -> None:
    value, told = one(component, sent)
    assert (value, told) == (kept, [])
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("component", "sent"),
    [
        (field(), {"x": 1}),
        (field(), True),
        (field(), "nul\x00"),
        (field(), "half \ud800"),
        (field(), "x" * 10_001),
        (field("number"), "twelve"),
        (field("number"), "NaN"),
        (field("number"), "1e999"),
        (field("number"), True),
        (field("number"), float("inf")),
        (field("number", decimalDigits=2), 1.234),
        (field("number", decimalDigits=0), 1.5),
        (field("number", increment=5), 7),
        (field("number", validate={"min": 3}), 2),
        (field("number", validate={"max": 3}), 4),
        (field("number", validate={"min": "=least"}), 4),
        (field("datetime"), "2026-02-30"),
        (field("datetime"), "20261201"),
        (field("datetime"), 5),
        (field("datetime", subtype="time"), "25:00"),
        (field("datetime", subtype="datetime"), "2026-12-01"),
        (field("datetime", disallowPassedDates=True), "2026-11-02"),
        (field("datetime", subtype="datetime", disallowPassedDates=True), "2026-11-02T15:59Z"),
        (field("checkbox"), "true"),
        (field("select", values=[{"label": "1", "value": 1}]), 2),
        (field("select", values=[{"label": "1", "value": 1}]), True),
        (field("radio", valuesKey="none"), "x"),
        (field("taglist", valuesKey="people"), ["li", "stranger"]),
        (field("checklist", values=[{"label": "1", "value": 1}]), "1"),
        (field(validate={"minLength": 3}), " ab "),
        (field(validate={"maxLength": 3}), "a𬎆b"),  # a browser counts four
        (field(validate={"pattern": r"^\d+$"}), "x"),
        (field(validate={"validationType": "email"}), "a@"),
        (field(validate={"validationType": "phone"}), "139"),
        (field("filepicker"), "files::nothing"),
        (field("filepicker"), [{"hash": "somebody else's", "name": "x"}]),
        (field(properties={"widget": "signature"}), "data:text/html;base64,PHNjcmlwdD4="),
        (field(properties={"widget": "employee"}), "nobody"),
    ],
)
def test_a_value_that_does_not_fit_is_told(component: dict[str, Any], sent: Any) -> None:
    context = {"least": 5, "people": [{"label": "李", "value": "li"}]}
    _, told = one(
        component, sent, context, widgets={"employee": lambda login: say("There is no {login}.", login=login)}
    )
    assert len(told) == 1


def test_an_author_speaks_in_his_own_words() -> None:
    assert one(field(validate={"pattern": "^x", "patternErrorMessage": "以 x 开头"}), "y")[1] == ["以 x 开头"]
    rule = {"rule": "=date(value) >= date(earliest)", "ruleMessage": "早于法定最早离职日"}
    late = field("datetime", properties=rule)
    assert one(late, "2026-11-20", {"earliest": "2026-12-02"})[1] == ["早于法定最早离职日"]
    assert one(late, "2026-12-02", {"earliest": "2026-12-02"})[1] == []


def test_a_rule_sees_the_whole_form_and_what_the_browser_does_not() -> None:
    rule = {"rule": '=b != secret or a = "ok"', "ruleMessage": "no"}
    shape = form(field(properties=rule), field(id="b", key="b"))
    assert "secret" not in prepare(shape, {"secret": "s"}, CLOCK)
    assert submit(shape, {"a": "", "b": "s"}, {"secret": "s"}).errors == {"a": [Text("no")]}
    assert submit(shape, {"a": "ok", "b": "s"}, {"secret": "s"}).accepted


def test_unknown_keys_are_dropped() -> None:
    assert submit(form(field()), {"a": "x", "approved": True, "__proto__": {}}).values == {"a": "x"}


def test_what_a_person_may_not_change_stays() -> None:
    shape = form(
        field(readonly=True, validate={"required": True}),
        field(id="b", key="b", disabled=True),
        field(id="c", key="c", readonly="=locked"),
        field(id="d", key="d", readonly='=d = "mine"'),
    )
    sent = {"a": "x", "b": "x", "c": "x", "d": "x"}
    result = submit(shape, sent, {"a": "was", "locked": True, "d": "mine"})
    assert (result.values, result.errors) == ({}, {})
    assert submit(shape, sent, {"locked": False, "d": "other"}).values == {"c": "x", "d": "x"}


def test_hidden_fields_are_dropped_and_not_asked_for() -> None:
    shape = form(
        field("checkbox"),
        field(id="b", key="b", validate={"required": True}, conditional={"hide": "=not(a)"}),
        {
            "type": "group",
            "id": "g",
            "conditional": {"hide": "=not(a)"},
            "components": [field(id="c", key="c", validate={"required": True})],
        },
        field(id="d", key="d", conditional={"hide": '=b = "on"'}),
    )
    assert submit(shape, {"a": False, "b": "on", "c": "x", "d": "y"}).values == {"a": False, "d": "y"}
    assert set(submit(shape, {"a": True}).errors) == {"b", "c"}


def test_computed_fields_are_computed_here() -> None:
    shape = form(
        field("expression", id="s", key="sum", expression="=double + 1"),
        field("expression", id="d", key="double", expression="=n * 2"),
        field("number", id="n", key="n"),
    )
    assert submit(shape, {"n": 5, "sum": 0, "double": 0}).values == {"n": 5, "double": 10, "sum": 11}
    assert prepare(shape, {"n": 2}, CLOCK)["sum"] == 5


def items(**more: Any) -> Form:
    return form(
        {
            "type": "dynamiclist",
            "id": "l",
            "path": "items",
            "components": [
                field(id="k", key="key", readonly=True),
                field(id="t", key="title", validate={"required": True}),
                field(id="n", key="note", conditional={"hide": '=this.title = "done"'}, validate={"required": True}),
            ],
            **more,
        }
    )


@pytest.mark.requirement("F39")
def test_errors_in_a_list_name_the_row() -> None:
    result = submit(items(), {"items": [{"title": "done"}, {"title": ""}, {"title": "x", "note": "y"}]})
    assert set(result.errors) == {"t", "n"}
    assert list(result.errors["t"]) == [1]
    assert list(result.errors["n"]) == [1]


def test_a_row_keeps_what_the_form_does_not_show() -> None:
    context = {"items": [{"key": "1", "title": "a", "required": True}, {"key": "2", "title": "b", "required": False}]}
    sent = {
        "items": [
            {"key": "2", "title": "B", "note": "n", "required": True},
            {"title": "new", "note": "n", "required": True},
        ]
    }
    assert submit(items(), sent, context).values["items"] == [
        {"key": "2", "title": "B", "note": "n", "required": False},
        {"key": "", "title": "new", "note": "n"},
    ]


def test_rows_are_known_again_without_their_key() -> None:
    """As a browser sends them: fields alone, in the order of before, some removed, some added, some filled in."""
    shape = form(
        {
            "type": "dynamiclist",
            "id": "l",
            "path": "items",
            "components": [
                field(id="t", key="title", readonly="=this.required = true"),
                field("select", id="k", key="kind", values=[{"label": "w", "value": "work"}]),
                field(id="c", key="content"),
            ],
        }
    )
    before = [
        {"key": "1", "title": "代码", "required": True, "kind": "work", "content": ""},
        {"key": "2", "title": "客户", "required": False, "kind": "work", "content": ""},
        {"key": "3", "title": "合同", "required": True, "kind": "work", "content": "old"},
        {"key": "4", "title": "", "required": False, "kind": "work", "content": ""},
    ]
    sent = [
        {"title": "代码", "kind": "work", "content": "repo"},
        {"title": "合同", "kind": "work", "content": "new"},
        {"title": "填入", "kind": "work", "content": "x"},
        {"title": "新增", "kind": "work", "content": "y"},
    ]
    rows = submit(shape, {"items": sent}, {"items": before}).values["items"]
    assert [(row.get("key"), row["title"], row["content"]) for row in rows] == [
        ("1", "代码", "repo"),
        ("3", "合同", "new"),
        ("4", "填入", "x"),
        (None, "新增", "y"),
    ]
    tampered = [{**sent[0], "title": "别的"}]
    rows = submit(shape, {"items": tampered}, {"items": before[:1]}).values["items"]
    assert rows == [{"title": "别的", "kind": "work", "content": "repo"}]


def test_a_list_of_fixed_rows_keeps_them() -> None:
    context = {"items": [{"key": "1", "title": "a", "required": True}]}
    fixed = items(allowAddRemove=False)
    assert submit(fixed, {"items": [{"title": "b", "note": "n"}]}, context).values["items"][0] == {
        "key": "1",
        "title": "b",
        "note": "n",
        "required": True,
    }
    assert "l" in submit(fixed, {"items": []}, context).errors


@pytest.mark.parametrize("sent", ["x", [1], [[]], 5, {"0": {}}])
def test_a_list_that_is_none_is_told(sent: Any) -> None:
    assert "l" in submit(items(), {"items": sent}).errors


def test_a_list_inside_a_list_names_both_rows() -> None:
    inner = {
        "type": "dynamiclist",
        "id": "in",
        "path": "parts",
        "components": [field(id="x", key="x", properties={"rule": "=this.x = parent.want", "ruleMessage": "no"})],
    }
    outer = form({"type": "dynamiclist", "id": "out", "path": "rows", "components": [field(id="w", key="want"), inner]})
    rows = [{"want": "1", "parts": [{"x": "1"}]}, {"want": "2", "parts": [{"x": "2"}, {"x": "3"}]}]
    assert submit(outer, {"rows": rows}).errors == {"x": {1: {1: [Text("no")]}}}


def test_an_object_shown_in_part_keeps_its_rest() -> None:
    shape = form(field(key="employee.phone"), field(id="b", key="employee.name", readonly=True))
    context = {"employee": {"name": "张", "phone": "1", "no": "E7"}}
    sent = {"employee": {"phone": "2", "name": "x", "no": "x"}}
    assert submit(shape, sent, context).values == {"employee": {"name": "张", "phone": "2", "no": "E7"}}
    assert context["employee"]["phone"] == "1"


@pytest.mark.requirement("F41")
def test_files_are_taken_by_their_reference() -> None:
    picture = Upload(name="工牌.jpg", media_type="image/jpeg", size=9, hash="h1")
    script = Upload(name="x.jpg", media_type="text/html", size=9, hash="h2")
    shape = field("filepicker", accept="image/*,.pdf")
    value, told = one(shape, "files::1", files={"files::1": [picture]})
    assert value == [{"name": "工牌.jpg", "mediaType": "image/jpeg", "size": 9, "hash": "h1"}]
    assert told == []
    assert len(one(shape, "files::1", files={"files::1": [script]})[1]) == 1
    assert len(one(shape, "files::1", files={"files::1": [picture, picture]})[1]) == 1
    many = {**shape, "multiple": True}
    assert one(many, "files::1", files={"files::1": [picture, picture]})[1] == []


def test_a_file_that_was_there_before_may_stay_and_be_removed() -> None:
    before = [{"name": "a.pdf", "hash": "h0", "mediaType": "application/pdf", "size": 1}]
    kept, told = one(field("filepicker"), [{"hash": "h0", "name": "renamed.exe"}], {"a": before})
    assert (kept, told) == (before, [])
    assert one(field("filepicker"), None, {"a": before}) == (None, [])


def test_a_file_joins_those_that_were_there_before() -> None:
    before = [{"name": "a.pdf", "hash": "h0", "mediaType": "application/pdf", "size": 1}]
    more = Upload(name="b.pdf", media_type="application/pdf", size=2, hash="h1")
    shape = field("filepicker", multiple=True)
    both, told = one(shape, [*before, "files::1"], {"a": before}, files={"files::1": [more]})
    assert (both, told) == ([*before, {"name": "b.pdf", "mediaType": "application/pdf", "size": 2, "hash": "h1"}], [])
    assert one(shape, [*before, "files::2"], {"a": before}, files={"files::1": [more]})[1] != []


@pytest.mark.requirement("F43")
@pytest.mark.parametrize(
    "drawing",
    [
        "",
        "PHN2Zz48L3N2Zz4=",
        "!!!",
        "PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PHBhdGgvPjwvc3ZnPg==",
        "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIj48cGF0aC8+PC9zdmc+",
    ],
)
def test_a_signature_is_a_drawing_and_nothing_else(drawing: str) -> None:
    sign = field(properties={"widget": "signature"})
    assert one(sign, STROKE) == (STROKE, [])
    assert len(one(sign, f"data:image/svg+xml;base64,{drawing}")[1]) == 1


def test_prefilled_values_that_do_not_fit_become_empty() -> None:
    shape = form(
        field("number"),
        field("select", id="b", key="b", values=[{"label": "x", "value": "x"}]),
        field(id="c", key="c", defaultValue="d"),
        {
            "type": "dynamiclist",
            "id": "l",
            "path": "l",
            "defaultRepetitions": 2,
            "components": [field(id="r", key="r")],
        },
    )
    assert prepare(shape, {"a": "no number", "b": "gone", "secret": 1}, CLOCK) == {
        "a": None,
        "b": None,
        "c": "d",
        "l": [{"r": ""}, {"r": ""}],
    }
