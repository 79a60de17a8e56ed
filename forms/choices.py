"""The choices that a select, radio, checklist or taglist offers at its place, and the words for a chosen value."""

from collections.abc import Mapping

from forms.model import Clock, Component, Value
from forms.template import evaluate, shown
from forms.values import same

Choice = tuple[Value, str]


def choices(component: Component, seen: Mapping[str, Value], clock: Clock | None) -> list[Choice] | None:
    """Value and label of each choice; None where the form names no source, so that a widget's own check decides.

    An entry may be an object with label and value or a bare text, number or truth value; anything else is left out.
    """
    program = component.programs.get("valuesExpression")
    source = component.raw.get("valuesKey")
    if program is not None:
        offered = evaluate(program, seen, clock)
    elif isinstance(source, str) and source:
        offered = _looked_up(source, seen)
    elif component.raw.get("values") is not None:
        offered = component.raw["values"]
    else:
        return None
    entries = offered if isinstance(offered, list) else []
    return [choice for choice in map(_choice, entries) if choice is not None]


def _looked_up(source: str, seen: Mapping[str, Value]) -> Value:
    if source in seen:
        return seen[source]
    found: Value = seen
    for name in source.split("."):
        found = found[name] if isinstance(found, Mapping) and name in found else None
    return found


def _choice(entry: Value) -> Choice | None:
    if isinstance(entry, dict):
        value, label = entry.get("value"), entry.get("label")
        if value is None or value == "" or value == {}:
            return None
        return value, label if isinstance(label, str) and label else shown(value)
    return (entry, shown(entry)) if isinstance(entry, str | int | float) and entry != "" else None


def offers(offered: list[Choice], value: Value) -> bool:
    """True if the value is one of the choices."""
    return any(same(value, choice) for choice, _ in offered)


def label(offered: list[Choice] | None, value: Value) -> str:
    """The words for a value; the value itself where it is none of the choices."""
    for choice, words in offered or ():
        if same(value, choice):
            return words
    return shown(value)
