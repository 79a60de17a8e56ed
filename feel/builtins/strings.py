"""Functions on text (DMN 1.5, table 75)."""

import base64
import binascii
import uuid

from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.values.model import Value
from feel.values.numbers import Number


@builtin("substring(string: string, start position: number, [length: number?])")
def substring(string: str, start: Number, length: Number | None = None) -> str:
    """Positions count from 1, or from the end by -1."""
    begin = int(start)
    if begin == 0 or begin < -len(string) or length is not None and int(length) < 1:
        raise Unfit(say("The position or the length is out of range."))
    begin = begin - 1 if begin > 0 else len(string) + begin
    return string[begin:] if length is None else string[begin : begin + int(length)]


@builtin("string length(string: string)")
def string_length(string: str) -> int:
    return len(string)


@builtin("upper case(string: string)")
def upper_case(string: str) -> str:
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(string: str) -> str:
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("string join(list: list)", "string join(list: list, delimiter: string?)")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> str:
    """Nulls are left out."""
    return _joined(run, items, delimiter or "")


@builtin("string join(list: list, delimiter: string?, prefix: string?, suffix: string?)")
def string_join_within(
    run: Run, items: list[Value], delimiter: str | None, prefix: str | None, suffix: str | None
) -> str:
    joined = _joined(run, items, delimiter or "")
    run.allow_string(len(joined) + len(prefix or "") + len(suffix or ""))
    return (prefix or "") + joined + (suffix or "")


def _joined(run: Run, items: list[Value], delimiter: str) -> str:
    texts = [item for item in items if item is not None]
    if not all(type(text) is str for text in texts):
        raise Unfit(say("The list holds something other than strings."))
    run.allow_string(sum(map(len, texts)) + len(delimiter) * len(texts))
    return delimiter.join(texts)


@builtin("trim(string: string)")
def trim(string: str) -> str:
    return string.strip()


@builtin("is blank(string: string)")
def is_blank(string: str) -> bool:
    return not string.strip()


@builtin("uuid()")
def random_uuid() -> str:
    return str(uuid.uuid4())


@builtin("to base64(value: string)")
def to_base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


@builtin("from base64(value: string)")
def from_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unfit(say("This is not base64 of a text in UTF-8.")) from error
