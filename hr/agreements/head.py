"""The head of a text: title, kind, summary, fields, signers and validity, as YAML without anchors or tags."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from hr.agreements import formulas
from hr.agreements.body import inline
from hr.agreements.parts import FIELD_TYPES, Block, Fault, Field, Formula, SignerPlace
from hr.agreements.tables import KINDS, ROLES
from kernel.text import Text, say

MOST_DEEP = 6
MOST_FIELDS = 60
MOST_SIGNERS = 8
MOST_SUMMARY = 12
_KEYS = ("title", "kind", "summary", "fields", "signers", "validity")
_FIELD_KEYS = ("key", "label", "type", "required", "default", "options", "when", "hint")
_RESERVED = frozenset({*formulas.CONTEXTS, "today", "now", "and", "or", "not", "if", "then", "else", "true", "false"})


@dataclass(frozen=True, slots=True)
class _At:
    """A value of the head with the line that it stands at: a text, None, a list of such, or names with such."""

    value: Any
    line: int


class _Endless(Exception):
    """YAML that is nested too deep or refers to itself, at a line counted from 0."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class Head:
    """What the head says; what is missing or wrong stands in the faults."""

    title: str = ""
    kind: str = "other"
    summary: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    signers: tuple[SignerPlace, ...] = ()
    validity: Formula | None = None


def read(source: str, first: int, faults: list[Fault]) -> Head:
    """The head of a text whose first line is `first`. Faults are added to the list."""
    reader = _Reader(first, faults)
    entries = reader.entries(reader.whole(source), _KEYS)
    return reader.head(entries) if entries is not None else Head()


class _Reader:
    def __init__(self, first: int, faults: list[Fault]) -> None:
        self._first, self._faults = first, faults

    def fault(self, line: int, sentence: Text) -> None:
        self._faults.append(Fault(line, sentence))

    def whole(self, source: str) -> _At:
        """The values of the YAML, every scalar as the text that it was written as."""
        try:
            self._check(source)
            node = yaml.compose(source, yaml.SafeLoader)
        except _Endless as found:
            said = say("The head is nested too deep here, or refers to itself. Write it out.")
            self.fault(self._first + found.line, said)
            return _At(None, 0)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line if error.problem_mark else 0
            self.fault(self._first + line, say("This is no YAML: {why}.", why=error.problem or ""))
            return _At(None, 0)
        except yaml.YAMLError as error:
            self.fault(self._first, say("This is no YAML: {why}.", why=str(error).splitlines()[0]))
            return _At(None, 0)
        return self._value(node) if node is not None else _At({}, self._first)

    def _check(self, source: str) -> None:
        """Before anything goes down the nodes: a few lines of anchors can stand for more than memory holds."""
        depth = 0
        for event in yaml.parse(source, yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > MOST_DEEP:
                raise _Endless(event.start_mark.line if event.start_mark else 0)

    def _value(self, node: yaml.Node) -> _At:
        line = self._first + node.start_mark.line
        if isinstance(node, yaml.MappingNode):
            return _At({str(name.value): self._value(value) for name, value in node.value}, line)
        if isinstance(node, yaml.SequenceNode):
            return _At([self._value(item) for item in node.value], line)
        return _At(None if node.tag.endswith(":null") else str(node.value).strip(), line)

    def entries(self, found: _At, known: tuple[str, ...]) -> Mapping[str, _At] | None:
        """The names with their values; None with a fault if there are none."""
        if not isinstance(found.value, dict):
            if found.line:
                self.fault(found.line, say("Names with values are wanted here: {names}.", names=", ".join(known)))
            return None
        for name, value in found.value.items():
            if name not in known:
                sentence = say("“{name}” is not known here. Known are: {names}.", name=name, names=", ".join(known))
                self.fault(value.line, sentence)
        return found.value

    def text(self, found: _At | None, of: str, line: int, *, needed: bool = True) -> str:
        if found is not None and isinstance(found.value, str) and found.value:
            return found.value
        if needed or (found is not None and found.value is not None):
            self.fault(found.line if found else line, say("“{name}” is missing. Write a text behind it.", name=of))
        return ""

    def chosen(self, found: _At | None, of: str, line: int, among: tuple[str, ...]) -> str:
        value = self.text(found, of, line)
        if value and value not in among:
            said = say("“{value}” is no {name}. Take one of: {among}.", value=value, name=of, among=", ".join(among))
            self.fault(found.line if found else line, said)
        return value if value in among else among[-1]

    def items(self, found: _At | None, of: str, most: int) -> list[_At]:
        if found is None or found.value is None:
            return []
        if not isinstance(found.value, list) or len(found.value) > most:
            self.fault(
                found.line, say("“{name}” is a list of at most {most}. Begin each with “- ”.", name=of, most=most)
            )
            return []
        return found.value

    def formula(self, found: _At | None, names: list[str]) -> Formula | None:
        """An expression, with or without the sign that marks one."""
        source = self.text(found, "expression", 0, needed=False).removeprefix("=").strip()
        return formulas.compiled(source, found.line, names, self._faults) if found and source else None

    def head(self, entries: Mapping[str, _At]) -> Head:
        made = Head(title=self.text(entries.get("title"), "title", self._first))
        made.kind = self.chosen(entries.get("kind"), "kind", self._first, KINDS)
        made.fields = tuple(self._fields(self.items(entries.get("fields"), "fields", MOST_FIELDS)))
        names = [field.key for field in made.fields]
        made.signers = tuple(self._signers(self.items(entries.get("signers"), "signers", MOST_SIGNERS)))
        made.validity = self.formula(entries.get("validity"), names)
        made.summary = tuple(self._summary(self.items(entries.get("summary"), "summary", MOST_SUMMARY), names))
        if not made.summary:
            sentence = say("The summary is missing: three to six sentences that tell the signer what this is about.")
            self.fault(self._first, sentence)
        if not any(signer.role == "employee" for signer in made.signers):
            self.fault(self._first, say("The employee is not among the signers. Add “- role: employee” to them."))
        return made

    def _summary(self, items: list[_At], names: list[str]) -> Iterator[Block]:
        for item in items:
            words = self.text(item, "summary", item.line)
            yield Block("paragraph", inline(words, item.line, names, self._faults), item.line)

    def _signers(self, items: list[_At]) -> Iterator[SignerPlace]:
        count: dict[str, int] = {}
        for item in items:
            entries = self.entries(item, ("role", "place", "label"))
            if entries is None:
                continue
            role = self.chosen(entries.get("role"), "role", item.line, ROLES)
            place = self.text(entries.get("place"), "place", item.line, needed=False) or "1"
            if not place.isdecimal() or not 1 <= int(place) <= MOST_SIGNERS:
                self.fault(item.line, say("“place” is the signer's turn: 1, 2, 3 …; equal turns sign at once."))
                place = "1"
            count[role] = count.get(role, 0) + 1
            field = role if count[role] == 1 else f"{role}-{count[role]}"
            yield SignerPlace(role, int(place), self.text(entries.get("label"), "label", item.line), field)

    def _fields(self, items: list[_At]) -> Iterator[Field]:
        keys: list[str] = []
        for item in items:
            entries = self.entries(item, _FIELD_KEYS)
            if entries is not None:
                field = self._field(entries, item.line, keys)
                keys.append(field.key)
                yield field

    def _field(self, entries: Mapping[str, _At], line: int, before: list[str]) -> Field:
        key = self.text(entries.get("key"), "key", line)
        if key and (not key.isidentifier() or key in before or key in _RESERVED):
            said = say("“{key}” cannot be the key of a field: keys are one word of letters, each once.", key=key)
            self.fault(line, said)
        type_ = self.chosen(entries.get("type"), "type", line, FIELD_TYPES)
        options = tuple(self._options(entries.get("options")))
        if type_ == "choice" and not options:
            self.fault(line, say("The choice {key} has no options. List them below “options:”.", key=key))
        return Field(
            key=key,
            label=self.text(entries.get("label"), "label", line),
            type=type_,  # type: ignore[arg-type]  # one of FIELD_TYPES
            required=self.text(entries.get("required"), "required", line, needed=False).lower() not in ("false", "no"),
            line=line,
            default=self._default(entries.get("default"), before),
            when=self.formula(entries.get("when"), before),
            options=options,
            hint=self.text(entries.get("hint"), "hint", line, needed=False),
        )

    def _default(self, found: _At | None, before: list[str]) -> Formula | str | None:
        if found is None or found.value is None:
            return None
        text = self.text(found, "default", found.line)
        return self.formula(found, before) if text.startswith("=") else text

    def _options(self, found: _At | None) -> Iterator[tuple[str, str]]:
        for item in self.items(found, "options", MOST_FIELDS):
            if isinstance(item.value, str):
                yield item.value, item.value
                continue
            entries = self.entries(item, ("value", "label"))
            if entries is not None:
                value = self.text(entries.get("value"), "value", item.line)
                yield value, self.text(entries.get("label"), "label", item.line, needed=False) or value
