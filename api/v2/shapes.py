"""What the process API speaks: bodies, texts, numbers, instants, keys. Keys are whole numbers, written as texts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from kernel.errors import Invalid
from kernel.text import say

LARGEST = 2**53  # beyond it a JSON number is not the same in every language
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # after an even number of backslashes it is the character itself


def body(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request; an empty body is an empty object. Raises Invalid."""
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as fault:
        raise Invalid(say("The body is not JSON: {why}.", why=str(fault))) from None
    if not isinstance(found, dict):
        raise Invalid(say("The body must be a JSON object."))
    if b"\\u0000" in raw and _NUL.search(raw):
        raise Invalid(say("A text holds the character U+0000, which cannot be stored. Remove it."))
    return found


def key(given: Any, name: str) -> int:
    """A key from its text. Raises Invalid naming the field."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 19:
        return int(given)
    raise Invalid(
        say("{name} is {text}, which is no key. Keys are whole numbers written as text.", name=name, text=_short(given))
    )


def values(found: Mapping[str, Any], name: str = "variables") -> dict[str, Any]:
    """An object of variables, empty where there is none. Raises Invalid for anything else."""
    given = found.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid(say("{name} must be a JSON object.", name=name))
    return given


def needed(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object that has to be there. Raises Invalid."""
    if found.get(name) is None:
        raise Invalid(say("{name} is missing. It is a JSON object.", name=name))
    return values(found, name)


def text(found: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text of the body. Raises Invalid where it is missing and has no default."""
    given = found.get(name)
    if given is None and default is not None:
        return default
    if not isinstance(given, str) or (default is None and not given):
        raise Invalid(say("{name} is missing. It is a text.", name=name))
    return given


def optional(found: Mapping[str, Any], name: str) -> str | None:
    """A text of the body, None where there is none."""
    return text(found, name, "") or None


def texts(found: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts, empty where there is none. Raises Invalid for anything else."""
    given = found.get(name)
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise Invalid(say("{name} must be a list of texts.", name=name))
    return given


def number(found: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of the body. Raises Invalid for anything else."""
    given = found.get(name)
    return default if given is None else whole(given, name)


def between(found: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` to `most`. Raises Invalid for anything else."""
    given = number(found, name, default)
    if not least <= given <= most:
        raise Invalid(say("{name} must be from {least} to {most}.", name=name, least=least, most=most))
    return given


def yes(found: Mapping[str, Any], name: str, default: bool) -> bool:
    """True or false, as the body says. Raises Invalid for anything else."""
    given = found.get(name)
    return default if given is None else flag(given, name)


def optional_key(found: Mapping[str, Any], name: str) -> int | None:
    """A key of the body, None where there is none. Raises Invalid for anything else."""
    given = found.get(name)
    return None if given is None else key(given, name)


def things(found: Mapping[str, Any], name: str, most: int = 1000) -> list[dict[str, Any]]:
    """A list of objects, empty where there is none. Raises Invalid for anything else, and beyond `most`."""
    given = found.get(name)
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > most or not all(isinstance(part, dict) for part in given):
        raise Invalid(say("{name} must be a list of at most {most} JSON objects.", name=name, most=most))
    return given


def tenant(found: Mapping[str, Any], name: str = "tenantId") -> None:
    """Refuse any tenant but the one that there is."""
    given = text(found, name, "")
    if given not in ("", "<default>"):
        raise Invalid(say("There is no tenant {tenant}: one organisation is one database here.", tenant=given))


def reference(found: Mapping[str, Any], name: str = "operationReference") -> None:
    """A number of the caller's that is allowed and not kept. Raises Invalid for anything else."""
    between(found, name, 1, 1, LARGEST)


def lacking(found: Mapping[str, Any], *names: str) -> None:
    """Refuse what the API has and this release does not. What is empty or false asks for nothing."""
    for name in names:
        if found.get(name):
            raise Invalid(say("{name} is not part of this release. Send the request without it.", name=name))


def asked_flag(path: Mapping[str, str], name: str, default: bool) -> bool:
    """True or false, as the query of the request says. Raises Invalid for anything else."""
    given = path.get(f"?{name}")
    if given is None:
        return default
    if given not in ("true", "false"):
        raise Invalid(say("{name} must be true or false.", name=name))
    return given == "true"


# -- single values, as filters have them: each reader raises Invalid naming its field


def word(given: Any, name: str) -> str:
    if not isinstance(given, str):
        raise Invalid(say("{name} must be a text.", name=name))
    return given


class OneOf:
    """Reads one of these words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __call__(self, given: Any, name: str) -> str:
        if given not in self.words or not isinstance(given, str):
            known = ", ".join(self.words)
            raise Invalid(
                say("{name} is {text}, which is none of: {known}.", name=name, text=_short(given), known=known)
            )
        return given


def is_text(read: Any) -> bool:
    """Whether a reader reads texts, which can be compared by a pattern."""
    return read is word or isinstance(read, OneOf)


def whole(given: Any, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) > LARGEST:
        raise Invalid(say("{name} must be a whole number.", name=name))
    return given


def flag(given: Any, name: str) -> bool:
    if not isinstance(given, bool):
        raise Invalid(say("{name} must be true or false.", name=name))
    return given


def moment(given: Any, name: str) -> datetime:
    """An instant with its zone."""
    try:
        found = datetime.fromisoformat(word(given, name))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid(
        say("{name} is {text}, which is no instant. Write 2026-11-02T09:00:00Z.", name=name, text=_short(given))
    )


def instant(at: datetime | None) -> str | None:
    """An instant as the API has it: UTC, to the millisecond."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spelt(key: int | None) -> str | None:
    """A key as text, None where there is none."""
    return None if key is None else str(key)


def _short(given: Any) -> str:
    """A value for a sentence."""
    shown = given if isinstance(given, str) else repr(given)
    return shown if len(shown) <= 60 else shown[:59] + "…"
