"""A file of stories as it is written, and the lines of its steps; an empty one where it cannot be read."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.model import Resource
from kernel.errors import Invalid
from kernel.text import Text
from processes.story import yamls
from processes.story.script import read_bytes

_LINE = re.compile(r"\bline (\d+)")  # as YAML's own words name it


@lru_cache(maxsize=16)
def fault(file: Resource) -> tuple[Text, int] | None:
    """Why a file cannot be played, with the line where that is known; None if it can."""
    try:
        read_bytes(file.content, Path(file.name))
    except Invalid as refused:
        place = _LINE.search(str(refused.message))
        return refused.message, int(place[1]) if place else 0
    return None


@lru_cache(maxsize=16)
def loaded(file: Resource) -> dict[str, Any]:
    """The file's object."""
    try:
        found = yamls.load(file.content, Path(file.name))
    except Invalid:
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=16)
def lines(file: Resource) -> list[list[int]]:
    """The line of each step of each story of a file without a fault."""
    stories = _entry(yamls.compose(file.content, Path(file.name)), "stories")
    return [[step.start_mark.line + 1 for step in _items(_entry(story, "steps"))] for story in _items(stories)]


def _entry(node: Any, name: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _items(node: Any) -> list[Any]:
    return node.value if isinstance(node, yaml.SequenceNode) else []
