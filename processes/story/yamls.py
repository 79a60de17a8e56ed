"""YAML as stories are written in it, read within bounds: a few lines of anchors can stand for more than memory holds,
and a few thousand brackets for more than a stack does.
"""

from pathlib import Path
from typing import Any

import yaml

from kernel.errors import Invalid
from kernel.text import say

MOST_VALUES = 200_000  # after anchors are followed
MOST_DEPTH = 100
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the safe loader, in C where there is one
_BOOL, _STR = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:str"


class _Constructor(yaml.constructor.SafeConstructor):
    """YAML 1.1 takes `no:` for `false:`. A name is a name: that of the employee's number, for one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        for name, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if name.tag == _BOOL:
                name.tag = _STR
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def load(content: bytes, path: Path) -> Any:
    """What the file holds. Raises Invalid for what is no YAML, nested deeper than MOST_DEPTH, or beyond MOST_VALUES."""
    node = compose(content, path)
    try:
        return None if node is None else _Constructor().construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # a date that no calendar has is a ValueError
        raise Invalid(say("{file} is no YAML: {why}.", file=path.name, why=str(error))) from None


def compose(content: bytes, path: Path) -> yaml.Node | None:
    """The nodes of the file, which know their lines; None for an empty one. Raises Invalid as `load` does."""
    try:
        text = content.decode()
        _check_depth(text, path)
        node: yaml.Node | None = yaml.compose(text, Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Invalid(say("{file} is no YAML: {why}.", file=path.name, why=str(error))) from None
    if node is not None and _size(node, {}) > MOST_VALUES:
        raise Invalid(
            say("{file} has more than {most} values once its anchors are followed.", file=path.name, most=MOST_VALUES)
        )
    return node


def _check_depth(text: str, path: Path) -> None:
    """Before anything goes down the nodes: the composer in C ends the process where the stack ends."""
    depth = 0
    for event in yaml.parse(text, Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise Invalid(say("{file} is nested too deep.", file=path.name))


def _size(node: yaml.Node, seen: dict[int, int]) -> int:
    """How many values a node holds; what an anchor repeats counts each time. A node within itself has no end."""
    if id(node) in seen:
        return seen[id(node)]
    seen[id(node)] = MOST_VALUES + 1  # while it is counted: only a node within itself meets this
    count = 1
    for part in node.value if isinstance(node.value, list) else ():
        count += sum(_size(one, seen) for one in (part if isinstance(part, tuple) else (part,)))
    seen[id(node)] = count
    return count
