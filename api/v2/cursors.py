"""Cursors: the marks of a page's ends, as text that callers hand back and need not understand.

A mark holds what its row is sorted by, so that the next page starts behind that row whatever came in or went meanwhile.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from api.v2 import shapes
from engine.queries import Mark
from kernel.errors import Invalid
from kernel.text import say

AT = "at"


def written(mark: Mark | None) -> str | None:
    """A mark as text. Instants are told apart from texts."""
    if mark is None:
        return None
    values = [{AT: value.isoformat()} if isinstance(value, datetime) else value for value in mark]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode()


def read(found: Mapping[str, Any], name: str) -> Mark | None:
    """The cursor of this name, None where there is none. Raises Invalid for what is none of ours."""
    if found.get(name) is None:
        return None
    cursor = shapes.text(found, name)
    try:
        values = orjson.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        return tuple(_value(value) for value in values)
    except (UnicodeEncodeError, binascii.Error, TypeError, KeyError, ValueError):
        raise Invalid(say("The cursor is of no page of ours. Use endCursor of the page before.")) from None


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value[AT])
    if isinstance(value, list | float):
        raise TypeError("no mark holds this")
    return value
