"""The component kinds of form-js schema 19: which hold a value, which properties each may have, which are expressions.

Source: the form-js component reference and its JSON schema. Custom kinds are refused, because Camunda Modeler could not
open the file any more; a standard kind with `properties: {"widget": …}` takes their place.
"""

from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = 19

COMMON = frozenset({"type", "id", "layout", "conditional", "properties", "label", "description"})
INPUT = COMMON | {"key", "validate", "readonly", "disabled", "defaultValue", "appearance"}
OPTIONS = INPUT | {"values", "valuesKey", "valuesExpression"}
CONTAINER = COMMON | {"path", "components", "showOutline", "verticalAlignment"}

LIMITS = frozenset({"min", "max"})
LENGTHS = frozenset({"minLength", "maxLength"})
REQUIRED = frozenset({"required"})
TEXT_RULES = REQUIRED | LENGTHS | {"pattern", "patternErrorMessage", "validationType"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What form-js knows of one component type. `empty` is the value of an untouched field."""

    properties: frozenset[str]
    keyed: bool = False
    rules: frozenset[str] = frozenset()
    empty: Any = None
    options: bool = False


KINDS: dict[str, Kind] = {
    "textfield": Kind(properties=INPUT, keyed=True, rules=TEXT_RULES, empty=""),
    "textarea": Kind(properties=INPUT, keyed=True, rules=TEXT_RULES, empty=""),
    "number": Kind(
        properties=INPUT | {"decimalDigits", "increment", "serializeToString"}, keyed=True, rules=REQUIRED | LIMITS
    ),
    "datetime": Kind(
        properties=INPUT
        | {
            "subtype",
            "dateLabel",
            "timeLabel",
            "use24h",
            "timeInterval",
            "timeSerializingFormat",
            "disallowPassedDates",
        },
        keyed=True,
        rules=REQUIRED,
    ),
    "checkbox": Kind(properties=INPUT, keyed=True, rules=REQUIRED, empty=False),
    "checklist": Kind(properties=OPTIONS, keyed=True, rules=REQUIRED, empty=[], options=True),
    "taglist": Kind(properties=OPTIONS, keyed=True, rules=REQUIRED, empty=[], options=True),
    "radio": Kind(properties=OPTIONS, keyed=True, rules=REQUIRED, options=True),
    "select": Kind(properties=OPTIONS | {"searchable"}, keyed=True, rules=REQUIRED, options=True),
    "filepicker": Kind(properties=INPUT | {"accept", "multiple"}, keyed=True, rules=REQUIRED),
    "expression": Kind(properties=COMMON | {"key", "expression", "computeOn"}, keyed=True),
    "group": Kind(properties=CONTAINER),
    "dynamiclist": Kind(
        properties=CONTAINER
        | {
            "isRepeating",
            "allowAddRemove",
            "defaultRepetitions",
            "disableCollapse",
            "nonCollapsedItems",
            "readonly",
            "disabled",
        }
    ),
    "text": Kind(properties=COMMON | {"text"}),
    "html": Kind(properties=COMMON | {"content"}),
    "image": Kind(properties=COMMON | {"source", "alt"}),
    "table": Kind(properties=COMMON | {"dataSource", "rowCount", "columns", "columnsExpression"}),
    "documentPreview": Kind(properties=COMMON | {"dataSource", "maxHeight", "endpointKey", "title"}),
    "iframe": Kind(properties=COMMON | {"url", "height", "security"}),
    "spacer": Kind(properties=COMMON | {"height"}),
    "separator": Kind(properties=COMMON),
    "button": Kind(properties=COMMON | {"action", "disabled", "readonly"}),
}

# Where FEEL may stand. True: the whole property is an expression. False: an expression only if it begins with "=".
EXPRESSIONS: dict[str, bool] = {
    "conditional.hide": True,
    "expression": True,
    "valuesExpression": True,
    "columnsExpression": True,
    "properties.rule": True,
    "dataSource": False,
    "readonly": False,
    "disabled": False,
    "source": False,
    "accept": False,
    "multiple": False,
    "url": False,
    "validate.min": False,
    "validate.max": False,
    "validate.minLength": False,
    "validate.maxLength": False,
    "description": False,
    "label": False,
    "text": False,
    "content": False,
}

# Where words for people stand, with `{{ }}` templates in them.
TEMPLATES = ("label", "description", "text", "content", "alt", "dateLabel", "timeLabel", "title")

WIDGETS: dict[str, frozenset[str]] = {
    "signature": frozenset({"textfield"}),
    "employee": frozenset({"select", "textfield"}),
    "department": frozenset({"select", "textfield"}),
    "idNumber": frozenset({"textfield"}),
}
