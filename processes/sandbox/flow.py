"""Stories as YAML in the way that ours are written: a line an action, small things in one line, Chinese as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from processes.story import yamls

WIDTH = 150  # of a line that holds several things
_DATE = re.compile(r"\d{4}-\d\d-\d\d$")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")


class _Dumper(yaml.SafeDumper):
    """A day stands as itself: stories read it as the same text again."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    if _DATE.match(text) and _same_again(date, text):
        return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)
    style = None if text.isprintable() else '"'  # which has line breaks as \\n, and so stays in its line
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.ignore_aliases = lambda self, data: True  # type: ignore[method-assign]  # the same list twice is written twice


def _same_again(kind: type[date], text: str) -> bool:
    try:
        return kind.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def line(value: Any) -> str:
    """A value in one line. An instant stands as itself too, where it stands alone: in braces its colons need quotes."""
    if isinstance(value, str) and _INSTANT.match(value) and _same_again(datetime, value):
        return value
    written = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False
    )
    return written.removesuffix("\n").removesuffix("\n...")


def story(written: Mapping[str, Any], indent: str) -> str:
    """A story as an item of the list of stories, which stands at `indent`. It ends with a line break."""
    inner = indent + "  "
    head = [f"{name}: {line(value)}" for name, value in written.items() if name != "steps"]
    rows = [f"{indent}- {head[0]}", *(f"{inner}{row}" for row in head[1:]), f"{inner}steps:"]
    for step in written["steps"]:
        rows += _step(step, inner + "  ")
    return "\n".join(rows) + "\n"


def _step(written: Mapping[str, Any], indent: str) -> list[str]:
    inner = indent + "  "
    names = list(written)
    rows = []
    for name in names:
        rows += [inner + row for row in _entry(name, written[name])]
    return [indent + "- " + rows[0].removeprefix(inner), *rows[1:]]


def _entry(name: str, value: Any) -> list[str]:
    """In one line where it fits; else what is expected, and lists of objects, in lines of their own."""
    flat = f"{name}: {line(value)}"
    if len(flat) <= WIDTH:
        return [flat]
    if name == "expect" and isinstance(value, Mapping):
        return [f"{name}:", *("  " + row for inner, one in value.items() for row in _entry(inner, one))]
    if isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, Mapping) for one in value):
        return [f"{name}:", *(f"  - {line(one)}" for one in value)]
    return [flat]


def new_file(head: Mapping[str, Any]) -> str:
    """The beginning of a file of stories: its world, up to the list of stories."""
    rows = []
    for name, value in head.items():
        flat = f"{name}: {line(value)}"
        if len(flat) <= WIDTH or not isinstance(value, Mapping):
            rows.append(flat)
            continue
        rows.append(f"{name}:")
        for inner, one in value.items():
            rows += [f"  {row}" for row in _block(inner, one)]
    return "\n".join([*rows, "stories:"]) + "\n"


def _block(name: str, value: Any) -> list[str]:
    if not isinstance(value, Mapping) or len(f"{name}: {line(value)}") <= WIDTH:
        return [f"{line(name)}: {line(value)}"]
    return [f"{line(name)}:", *(f"  {line(inner)}: {line(one)}" for inner, one in value.items())]


@dataclass(frozen=True, slots=True)
class Place:
    """Where another story goes: after so many characters of the file, its dash at this column."""

    at: int
    column: int


def place(content: str) -> Place | None:
    """The end of the list of stories; None where it is not written as a block, with at least one story in it."""
    root = yaml.compose(content, yamls.Loader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    told = next((value for name, value in root.value if name.value == "stories"), None)
    if not isinstance(told, yaml.SequenceNode) or told.flow_style or not told.value:
        return None
    lines = content.splitlines(keepends=True)
    return Place(sum(map(len, lines[: _last_line(told) + 1])), told.start_mark.column)


def inserted(content: str, where: Place, more: str) -> str:
    """The file with a story more, every byte of it kept and its line breaks used."""
    before, after = content[: where.at], content[where.at :]
    newline = "\r\n" if "\r\n" in content else "\n"
    between = "" if not before or before.endswith("\n") else newline
    return before + between + more.replace("\n", newline) + after


def _last_line(node: yaml.Node) -> int:
    """The line on which the last scalar of a node ends."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.line
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return end - 1 if is_block and node.end_mark.column == 0 else end
