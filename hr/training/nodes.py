"""YAML as values with the line of each, and named values that tell what is wrong with them, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import yaml

from kernel.text import Text, say

MOST_DEEP = 10
LONGEST_KEY = 60
LONGEST_TEXT = 40_000  # characters of one text: a lesson is split long before
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class At:
    """A value with its line: a text, None, a list of such, or names with such."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line of the source, counted from 1, with its place in words: “lesson where-to-store”."""

    line: int
    place: Text
    sentence: Text

    @property
    def told(self) -> Text:
        return say("line {line}, {place}: {sentence}", line=self.line, place=self.place, sentence=self.sentence)


class _Endless(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def whole(source: str, place: Text, faults: list[Fault]) -> At:
    """The values of the source, every scalar as the text that it was written as. Faults are added to the list."""
    try:
        _check(source)
        node = yaml.compose(source, _LOADER)
    except _Endless as found:
        said = say("Here it is nested too deep, or refers to another place. Write it out.")
        faults.append(Fault(found.line + 1, place, said))
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        faults.append(Fault(line, place, say("Here stands half of a character. Write it anew.")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or str(error).splitlines()[0]
        faults.append(Fault(mark.line + 1 if mark else 1, place, say("This is no YAML: {why}.", why=why)))
    else:
        return _value(node, place, faults) if node is not None else At(None, 1)
    return At(None, 0)


def _check(source: str) -> None:
    """Before anything goes down the nodes: a few lines of anchors can stand for more than memory holds."""
    depth = 0
    for event in yaml.parse(source, _LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MOST_DEEP:
            raise _Endless(event.start_mark.line if event.start_mark else 0)


def _value(node: yaml.Node, place: Text, faults: list[Fault]) -> At:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        made: dict[str, At] = {}
        for name, value in node.value:
            if str(name.value) in made:
                said = say("“{name}” stands here twice. Take one out.", name=str(name.value))
                faults.append(Fault(name.start_mark.line + 1, place, said))
            made[str(name.value)] = _value(value, place, faults)
        return At(made, line)
    if isinstance(node, yaml.SequenceNode):
        return At([_value(item, place, faults) for item in node.value], line)
    return At(None if node.tag.endswith(":null") else str(node.value).strip(), line)


class Entries:
    """The named values of one place. What is missing or wrong becomes a fault, and something neutral is given back."""

    def __init__(self, found: At, place: Text, known: tuple[str, ...], faults: list[Fault]) -> None:
        self.line, self.place, self._faults = found.line, place, faults
        self._values: dict[str, At] = found.value if isinstance(found.value, dict) else {}
        names = ", ".join(known)
        if not isinstance(found.value, dict) and found.line:
            self.fault(say("Names with values are wanted here: {names}.", names=names))
        for name in self._values.keys() - set(known):
            said = say("“{name}” is not known here. Known are: {names}.", name=name, names=names)
            self.fault(said, self._values[name].line)

    def fault(self, sentence: Text, line: int | None = None) -> None:
        self._faults.append(Fault(line or self.line, self.place, sentence))

    def text(self, name: str, *, needed: bool = False) -> str:
        """The text of a name, without blanks around it."""
        found = self._values.get(name)
        if found is not None and isinstance(found.value, str) and found.value:
            if len(found.value) > LONGEST_TEXT:
                said = say("“{name}” has more than {most} characters. Split it.", name=name, most=LONGEST_TEXT)
                self.fault(said, found.line)
            return found.value
        if needed or (found is not None and found.value not in (None, "")):
            line = found.line if found else self.line
            self.fault(say("“{name}” is missing. Write a text behind it.", name=name), line)
        return ""

    def key(self, name: str = "key") -> str:
        value = self.text(name, needed=True)
        if value and (not KEY.fullmatch(value) or len(value) > LONGEST_KEY):
            said = say("“{value}” is no key: small letters and digits, with hyphens between.", value=value)
            self.fault(said, self._values[name].line)
        return value

    def chosen(self, name: str, among: tuple[Word, ...], default: Word | None = None) -> Word:
        """One of the words; the default where the name is absent, a fault where it has none."""
        value = self.text(name, needed=default is None)
        for word in among:
            if value == word:
                return word
        if value:
            said = say("“{value}” is no {name}. Take one of: {among}.", value=value, name=name, among=", ".join(among))
            self.fault(said, self._values[name].line)
        return default if default is not None else among[0]

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and least <= int(value) <= most:
            return int(value)
        said = say("“{name}” is a whole number from {least} to {most}.", name=name, least=least, most=most)
        self.fault(said, self._values[name].line)
        return default

    def flag(self, name: str, default: bool) -> bool:
        return self.chosen(name, ("true", "false"), "true" if default else "false") == "true"

    def day(self, name: str) -> date | None:
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            said = say("“{value}” is no day of the calendar. Write it as 2026-11-30.", value=value)
            self.fault(said, self._values[name].line)
            return None

    def items(self, name: str, most: int) -> list[At]:
        found = self._values.get(name)
        if found is None or found.value is None:
            return []
        if not isinstance(found.value, list) or len(found.value) > most:
            said = say("“{name}” is a list of at most {most}. Begin each with “- ”.", name=name, most=most)
            self.fault(said, found.line)
            return []
        return found.value

    def words(self, name: str, most: int) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        found = self._values.get(name)
        if found is not None and isinstance(found.value, str):
            return (found.value,) if found.value else ()
        items = self.items(name, most)
        if any(not isinstance(item.value, str) or not item.value for item in items):
            self.fault(say("“{name}” is a list of texts.", name=name), items[0].line)
        return tuple(item.value for item in items if isinstance(item.value, str) and item.value)

    def pairs(self, name: str, most: int) -> Iterator[tuple[str, At]]:
        """The names below a name, with their values, in the order in which they were written."""
        found = self._values.get(name)
        if found is None or found.value is None:
            return
        if not isinstance(found.value, dict) or len(found.value) > most:
            said = say("“{name}” are names with texts, at most {most}, such as “a: …”.", name=name, most=most)
            self.fault(said, found.line)
            return
        yield from found.value.items()
