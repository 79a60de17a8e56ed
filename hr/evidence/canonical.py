"""One spelling for a JSON value, so that its hash can be computed again by anyone (after RFC 8785)."""

import json
from hashlib import sha256
from typing import Any


def canonical(value: Any) -> bytes:
    """The value as UTF-8 JSON with sorted names and no spaces.

    Dates, instants and the like go in as text: a value that JSON does not know raises TypeError, and so does nothing
    else that could be spelled two ways except floats, which our contents do not hold.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON, lower-case hex."""
    return sha256(canonical(value)).hexdigest()
