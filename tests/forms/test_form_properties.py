"""Properties of every form and every submission, found by generated ones."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.load import load
from forms.prepare import prepare
from forms.render import render, rows
from forms.validate import validate
from kernel.clock import ManualClock

CLOCK = ManualClock("2026-11-02T01:00:00Z")
NAMES = ("a", "b", "c", "d")

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["x", "2026-11-02", "3"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*NAMES, "hash", "rows")), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def components(draw: st.DrawFn, prefix: str = "", depth: int = 0) -> list[dict[str, Any]]:
    made = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4)):
        made.append(draw(fields(prefix + name, name)))
    if depth < 2 and draw(st.booleans()):
        inner = draw(components(prefix + "r", depth + 1))
        add = draw(st.booleans())
        made.append(
            {"type": "dynamiclist", "id": prefix + "list", "path": "rows", "allowAddRemove": add, "components": inner}
        )
    return made


@st.composite
def fields(draw: st.DrawFn, identity: str, key: str) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(
            ["textfield", "textarea", "number", "datetime", "checkbox", "checklist", "select", "filepicker"]
        )
    )
    made: dict[str, Any] = {"type": kind, "id": identity, "key": key, "label": key}
    if kind in ("checklist", "select"):
        made["values"] = [{"label": "x", "value": "x"}, {"label": "3", "value": 3}]
    if draw(st.booleans()):
        made["validate"] = {"required": True}
    if draw(st.booleans()):
        made["readonly"] = draw(st.sampled_from([True, "=outer = 3"]))
    if draw(st.booleans()):
        made["conditional"] = {
            "hide": draw(st.sampled_from(["=outer = 3", "=this.outer = true", "=i[1] = 2", "=null"]))
        }
    if draw(st.booleans()):
        made["properties"] = {"rule": draw(st.sampled_from(["=value != 3", "=true", "=1 / 0"])), "ruleMessage": "no"}
    return made


@given(components(), st.dictionaries(st.sampled_from((*NAMES, "rows", "outer", "alien")), json_values), json_values)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_submission_is_answered_and_gives_only_what_the_form_has(
    made: list[Any], sent: dict[str, Any], outer: Any
) -> None:
    form = load(json.dumps({"type": "default", "id": "f", "components": made}).encode())
    context = {"outer": outer}
    result = validate(form, sent, context=context, clock=CLOCK)
    assert set(result.values) <= {component.path[0] for component in form.components() if component.path}
    assert set(result.errors) <= {component.id for component in form.components()}
    if result.accepted:
        again = validate(form, result.values, context=context, clock=CLOCK)
        assert again == result
    prepare(form, {**context, **result.values}, CLOCK)
    render(form, {**context, **sent, **result.values})
    rows(form, sent)
