"""Checks of the widgets that stand behind standard components: a handwritten signature."""

import base64
import binascii
import re

from forms.model import Value
from kernel.text import Text, say

PREFIX = "data:image/svg+xml;base64,"
_TAG = re.compile(r"<(/?)([A-Za-z][\w:]*)([^<>]*)>")
_DRAWING = frozenset({"svg", "g", "path", "circle", "rect", "line", "polyline", "title"})
_STROKES = frozenset({"path", "circle", "line", "polyline"})
_ATTRIBUTE = re.compile(r"\s*([A-Za-z][\w:-]*)\s*=\s*(\"[^\"&]*\"|'[^'&]*')\s*")
_ACTIVE = re.compile(r"on|href|xlink|style|src", re.IGNORECASE)


def signature(value: Value) -> Text | None:
    """None for a drawing of lines alone; else what is wrong.

    The drawing is kept as evidence and shown to others, so it may hold nothing but shapes: no script, no link, no
    style, no entity, no text outside a title. At least one stroke must be there.
    """
    if not isinstance(value, str) or not value.startswith(PREFIX):
        return say("Sign in the field with a finger or a pen.")
    try:
        drawing = base64.b64decode(value.removeprefix(PREFIX), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return say("The signature did not arrive whole. Sign again.")
    if not drawing.lstrip().startswith("<svg") or not drawing.rstrip().endswith("</svg>") or not _shapes(drawing):
        return say("The signature is no plain drawing. Sign again in the field.")
    if not any(tag[2] in _STROKES for tag in _TAG.finditer(drawing)):
        return say("The signature is empty. Sign in the field.")
    return None


def _shapes(drawing: str) -> bool:
    tags = list(_TAG.finditer(drawing))
    outside = _TAG.sub("", re.sub(r"<title>[^<>&]*</title>", "", drawing))
    return not outside.strip() and all(tag[2] in _DRAWING and _plain(tag[3].rstrip("/ ")) for tag in tags)


def _plain(attributes: str) -> bool:
    found = list(_ATTRIBUTE.finditer(attributes))
    return not _ATTRIBUTE.sub("", attributes).strip() and not any(_ACTIVE.match(attribute[1]) for attribute in found)
