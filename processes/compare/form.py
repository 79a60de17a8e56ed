"""Two versions of a form: its fields, and what each says otherwise. Matched by the ids that form-js gives them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kernel.text import Text, say
from processes.compare.change import Change, Item, between

# How the page lays it out, and what tools write for themselves.
_PASSED_OVER = frozenset({"id", "type", "components", "layout"})
_OF_THE_FORM = frozenset({"components", "exporter", "schemaVersion", "executionPlatform", "executionPlatformVersion"})

ASPECTS: Mapping[str, Text] = {
    "type": say("kind of field"),
    "parent": say("group it lies in"),
    "label": say("label"),
    "text": say("text"),
    "key": say("key"),
    "path": say("path"),
    "description": say("description"),
    "defaultValue": say("default value"),
    "readonly": say("read only"),
    "disabled": say("disabled"),
    "validate.required": say("required"),
    "validate.minLength": say("shortest length"),
    "validate.maxLength": say("longest length"),
    "validate.min": say("smallest value"),
    "validate.max": say("largest value"),
    "validate.pattern": say("pattern"),
    "values": say("options"),
    "valuesExpression": say("options"),
    "valuesKey": say("options"),
    "conditional.hide": say("hidden if"),
    "id": say("form"),
    "versionTag": say("version tag"),
}


def changes(before: bytes, after: bytes) -> list[Change]:
    """The changes from one file to the other. Raises ValueError for a file that is no JSON object."""
    return between(_read(before), _read(after))


def _read(content: bytes) -> dict[str, Item]:
    schema = json.loads(content)
    if not isinstance(schema, dict):
        raise ValueError("a form is a JSON object")
    whole = {name: value for name, value in schema.items() if name not in _OF_THE_FORM}
    found = {"": Item(tag="form", name=str(schema.get("id", "")), says=dict(_flat(whole)), called=ASPECTS)}
    _fields(schema, "", found)
    return found


def _fields(holder: Mapping[str, Any], parent: str, found: dict[str, Item]) -> None:
    components = holder.get("components")
    for place, field in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(field, dict):
            continue
        id = str(field.get("id") or field.get("key") or f"{parent}-{place + 1}")
        said = {name: value for name, value in field.items() if name not in _PASSED_OVER}
        says = {"type": str(field.get("type", "")), "parent": parent, **dict(_flat(said))}
        name = " ".join(str(field.get("label") or field.get("key") or field.get("text") or id).split())
        found[id] = Item(
            tag=says["type"], name=name[:80], says=says, called=_called(says), among=f"in {parent}", place=place
        )
        _fields(field, id, found)


def _called(says: Mapping[str, str]) -> Mapping[str, Text]:
    """What a property that nobody named here is called: by its own name."""
    named = {name: Text(name.removeprefix("properties.").removeprefix("validate.")) for name in says}
    return {**named, **ASPECTS}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every property by its dotted path; a list as a whole."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        yield path, ", ".join(map(_option, value))
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _option(value: Any) -> str:
    if isinstance(value, dict) and {"label", "value"} >= value.keys() and "value" in value:
        return f"{value.get('label', value['value'])} ({value['value']})"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
