"""What the browser gets to begin with: the variables that the form reads, defaults in place, computed fields computed.

Nothing else of the process leaves the server: a form that does not name a variable does not show it either.
"""

import copy
from collections.abc import Mapping
from typing import Any

from forms import choices, values
from forms.kinds import KINDS
from forms.model import Clock, Component, Form, Path, Value
from forms.places import NOWHERE, drop, get, places, put, scope, visible
from forms.template import evaluate

MOST_ROUNDS = 10


def prepare(form: Form, context: Mapping[str, Value], clock: Clock) -> dict[str, Value]:
    """The initial data: variables named by the form from `context`, a default or the empty value where there is none.

    A value that its field could not hold (a text in a number field, a choice that is not offered) becomes empty, as in
    form-js. Computed fields are settled in at most ten rounds.
    """
    data = {name: copy.deepcopy(context[name]) for name in sorted(form.reads) if name in context}
    _fill(form.root, data, (), _inbox(data))
    around = {**context, **data}
    compute(form.root, data, around, clock)
    _without_strangers(form.root, data, around, clock)
    return data


def _inbox(data: Mapping[str, Value]) -> values.Inbox:
    return values.Inbox(kept=kept_files(data))


def kept_files(value: Any) -> dict[str, Value]:
    """Every file that stands among the values, by its hash."""
    if isinstance(value, dict):
        if isinstance(value.get("hash"), str) and isinstance(value.get("name"), str):
            return {value["hash"]: value}
        value = list(value.values())
    found: dict[str, Value] = {}
    for part in value if isinstance(value, list) else ():
        found |= kept_files(part)
    return found


def _fill(component: Component, data: dict[str, Value], base: Path, inbox: values.Inbox) -> None:
    for child in component.children:
        path = base + child.path
        if child.repeats:
            _fill_rows(child, data, path, inbox)
        elif KINDS[child.kind].keyed:
            put(data, path, _held(child, get(data, path), inbox))
        elif child.children:
            _fill(child, data, path, inbox)


def _fill_rows(component: Component, data: dict[str, Value], path: Path, inbox: values.Inbox) -> None:
    found = get(data, path)
    if isinstance(found, list):
        rows = [row if isinstance(row, dict) else {} for row in found]
    else:
        rows = [{} for _ in range(component.raw.get("defaultRepetitions", 1))]
    put(data, path, rows)
    for index in range(len(rows)):
        _fill(component, data, (*path, index), inbox)


def new_row(component: Component) -> dict[str, Value]:
    """A row as a person adds it: defaults and empty values."""
    holder: dict[str, Value] = {"row": {}}
    _fill(component, holder, ("row",), values.Inbox())
    row: dict[str, Value] = holder["row"]
    return row


def _held(component: Component, value: Value, inbox: values.Inbox) -> Value:
    if value is NOWHERE:
        value = copy.deepcopy(component.raw.get("defaultValue"))
    try:
        return values.coerce(component, value, inbox)
    except values.Unreadable:
        return values.empty(component)


def compute(root: Component, data: dict[str, Value], around: Mapping[str, Value], clock: Clock) -> None:
    """Settle the computed fields of `data` in place: each is what its expression gives over all that is shown."""
    if not any("expression" in component.programs for component in root.walk()):
        return
    for _ in range(MOST_ROUNDS):
        changed = False
        seen = filtered(root, data, around, clock)
        for place in places(root, data):
            program = place.component.programs.get("expression")
            if program is None:
                continue
            value = evaluate(program, scope(place, seen, around, data), clock)
            if not values.same(get(data, place.path), value):
                put(data, place.path, value)
                changed = True
        if not changed:
            return


def filtered(root: Component, data: Mapping[str, Value], around: Mapping[str, Value], clock: Clock) -> dict[str, Value]:
    """The data without what is hidden."""
    _, hidden = visible(root, data, data, around, clock)
    kept = copy.deepcopy(dict(data))
    for place in hidden:
        if KINDS[place.component.kind].keyed or place.component.repeats:
            drop(kept, place.path)
    return kept


def _without_strangers(root: Component, data: dict[str, Value], around: Mapping[str, Value], clock: Clock) -> None:
    for place in places(root, data):
        component = place.component
        if not KINDS[component.kind].options or "valuesExpression" in component.programs:
            continue
        offered = choices.choices(component, scope(place, data, around), clock)
        value = get(data, place.path)
        if offered is None:
            continue
        if isinstance(value, list):
            put(data, place.path, [part for part in value if choices.offers(offered, part)])
        elif value is not None and not choices.offers(offered, value):
            put(data, place.path, None)
