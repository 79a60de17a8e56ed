"""A filled form as a record: what a person saw and answered, in order, without anything to type in.

It is the common ground of the page that shows a finished task, the print, the PDF and the evidence package.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from feel import Expression
from forms import choices
from forms.kinds import KINDS
from forms.model import Clock, Component, Form, Value
from forms.places import NOWHERE, Place, get, scope
from forms.template import Template, evaluate, fill, hides, parse, shown
from kernel.text import say, translate

Shape = Literal["field", "group", "row", "words", "table", "image", "line"]
Block = tuple[str, str]  # h3, p or li, and its text

_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+")
_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile(r"\*\*|__|`")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_HIDDEN_KINDS = frozenset({"button", "spacer", "iframe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the record. `files` are names and hashes; `cells` the header and rows of a table.

    A signature is an `image` where it stands among the values, and `drawn`, the hash of its file, once it is kept.
    """

    shape: Shape
    id: str = ""
    label: str = ""
    text: str = ""
    image: str = ""
    drawn: str = ""
    files: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    inside: tuple["Entry", ...] = ()


def record(form: Form, values: Mapping[str, Value], language: str, clock: Clock | None = None) -> tuple[Entry, ...]:
    """The entries of a form over its values: labels in `language`, templates filled, what is hidden left out."""
    writer = _Writer(values, language, clock)
    return tuple(writer.entries(form.root, Place(component=form.root, path=())))


class _Writer:
    def __init__(self, values: Mapping[str, Value], language: str, clock: Clock | None) -> None:
        self._values = dict(values)
        self._language = language
        self._clock = clock

    def entries(self, component: Component, outer: Place) -> Iterator[Entry]:
        """The entries of everything in a component."""
        for child in component.children:
            place = Place(component=child, path=outer.path + child.path, rows=outer.rows, scopes=outer.scopes)
            if child.kind in _HIDDEN_KINDS or hides(child, scope(place, self._values), self._clock):
                continue
            yield from self._entry(place)

    def _entry(self, place: Place) -> Iterator[Entry]:
        component = place.component
        if component.repeats:
            yield self._list(place)
        elif component.kind == "group":
            yield Entry(
                shape="group", id=component.id, label=self._label(place), inside=tuple(self.entries(component, place))
            )
        elif KINDS[component.kind].keyed:
            yield from self._field(place)
        else:
            yield from self._presentation(place)

    def _list(self, place: Place) -> Entry:
        found = get(self._values, place.path)
        rows = []
        for index in range(len(found) if isinstance(found, list) else 0):
            path = (*place.path, index)
            inside = Place(
                component=place.component, path=path, rows=(*place.rows, index), scopes=(*place.scopes, path)
            )
            entries = tuple(self.entries(place.component, inside))
            rows.append(Entry(shape="row", id=place.component.id, label=str(index + 1), inside=entries))
        return Entry(shape="group", id=place.component.id, label=self._label(place), inside=tuple(rows))

    def _field(self, place: Place) -> Iterator[Entry]:
        component = place.component
        found = get(self._values, place.path)
        value = None if found is NOWHERE else found
        if component.kind == "expression" and not component.label:
            return
        entry = Entry(shape="field", id=component.id, label=self._label(place), text=self._said(place, value))
        if component.property("widget") == "idNumber":
            entry = replace(entry, text=_masked(entry.text))
        if component.property("widget") == "signature" and value:
            entry = self._signature(component, entry.label, value)
        elif component.kind == "filepicker" and isinstance(value, list):
            files = tuple((str(f.get("name", "")), str(f.get("hash", ""))) for f in value if isinstance(f, dict))
            entry = Entry(
                shape="field",
                id=component.id,
                label=entry.label,
                files=files,
                text=", ".join(name for name, _ in files),
            )
        yield entry

    def _signature(self, component: Component, label: str, value: Value) -> Entry:
        image = value if isinstance(value, str) and _IMAGE.fullmatch(value) else ""
        drawn = str(value.get("hash", "")) if isinstance(value, dict) else ""
        text = self._word("signed") if image or drawn else ""
        return Entry(shape="field", id=component.id, label=label, image=image, drawn=drawn, text=text)

    def _said(self, place: Place, value: Value) -> str:
        if isinstance(value, bool):
            return self._word("yes" if value else "no")
        if KINDS[place.component.kind].options:
            offered = choices.choices(place.component, scope(place, self._values), self._clock)
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(
                translate(choices.label(offered, one), self._language) for one in chosen if one is not None
            )
        return shown(value)

    def _word(self, word: Literal["yes", "no", "signed"]) -> str:
        words = {"yes": say("Yes"), "no": say("No"), "signed": say("signed by hand")}
        return words[word].within(self._language)

    def _presentation(self, place: Place) -> Iterator[Entry]:
        component = place.component
        match component.kind:
            case "text":
                yield Entry(shape="words", id=component.id, blocks=tuple(_blocks(self._words(place, "text"))))
            case "html":
                plain = _TAG.sub(" ", self._words(place, "content"))
                yield Entry(shape="words", id=component.id, blocks=tuple(_blocks(plain)))
            case "image":
                yield self._image(place)
            case "table":
                yield Entry(shape="table", id=component.id, label=self._label(place), cells=tuple(self._cells(place)))
            case "separator":
                yield Entry(shape="line", id=component.id)

    def _image(self, place: Place) -> Entry:
        program = place.component.programs.get("source")
        source = place.component.raw.get("source") if program is None else self._asked(program, place)
        image = source if isinstance(source, str) and _IMAGE.fullmatch(source) else ""
        return Entry(shape="image", id=place.component.id, text=self._words(place, "alt"), image=image)

    def _cells(self, place: Place) -> Iterator[tuple[str, ...]]:
        program = place.component.programs.get("columnsExpression")
        columns = place.component.raw.get("columns", []) if program is None else self._asked(program, place)
        columns = [column for column in columns or [] if isinstance(column, dict) and "key" in column]
        yield tuple(translate(str(column.get("label", column["key"])), self._language) for column in columns)
        source = place.component.programs.get("dataSource")
        for row in (self._asked(source, place) if source is not None else None) or []:
            if isinstance(row, dict):
                yield tuple(shown(row.get(column["key"])) for column in columns)

    def _asked(self, program: Expression, place: Place) -> Value:
        return evaluate(program, scope(place, self._values), self._clock)

    def _label(self, place: Place) -> str:
        return self._filled(place.component.label, place)

    def _words(self, place: Place, name: str) -> str:
        text = place.component.raw.get(name)
        return self._filled(text, place) if isinstance(text, str) else ""

    def _filled(self, text: str, place: Place) -> str:
        if not text:
            return ""
        template: Template = parse(translate(text, self._language))
        return fill(template, scope(place, self._values), self._clock)


def _masked(number: str) -> str:
    """An identity number as it is shown: area and last four characters, which tell two people apart."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}" if len(number) == 18 else number


def _blocks(markdown: str) -> Iterator[Block]:
    """Headings, list items and paragraphs of a Markdown text, their marks removed."""
    for line in markdown.splitlines():
        plain = _LINK.sub(r"\1", _MARK.sub("", line)).strip().replace("\\", "")
        if plain.startswith("#"):
            yield "h3", plain.lstrip("#").strip()
        elif plain.startswith(("* ", "- ")):
            yield "li", plain[2:].strip()
        elif plain:
            yield "p", plain
