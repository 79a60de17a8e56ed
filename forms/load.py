"""Reads a form file and checks it. What passes here shows in the browser and can be checked on submission.

The viewer throws the whole form away for one unknown component, so nothing unknown is accepted. Every fault is told,
not the first alone, as file, component, rule and a sentence with the remedy.
"""

import functools
from collections.abc import Iterable
from typing import Any

import orjson

import feel
from forms import checks, pattern, template
from forms.checks import Finding
from forms.kinds import EXPRESSIONS, KINDS, SCHEMA_VERSION, TEMPLATES
from forms.model import Component, Fault, Form, FormRefused
from kernel.text import Text, say

MOST_BYTES = 512 * 1024
MOST_COMPONENTS = 500
DEEPEST = 8


def load(content: bytes, name: str = "") -> Form:
    """The form of a file. Raises FormRefused with every fault that was found."""
    return _loaded(content, name)


@functools.lru_cache(maxsize=256)
def _loaded(content: bytes, name: str) -> Form:
    reader = _Reader(name)
    schema = reader.schema(content)
    root = reader.component(schema, depth=0)
    reader.whole(root)
    if reader.faults:
        raise FormRefused(reader.faults)
    return Form(id=root.id, root=root, reads=frozenset(reader.reads), schema=schema)


def problems(content: bytes, name: str = "") -> list[Fault]:
    """The faults of a file, none if it is good. Never raises."""
    try:
        load(content, name)
    except FormRefused as refused:
        return refused.problems
    return []


def _compile(place: str, source: str) -> feel.Expression:
    """An expression of a component. The browser asks conditions as unary tests (see `template.hides`)."""
    return feel.compile_unary(source) if place == "conditional.hide" else feel.compile(source)


class _Reader:
    """Walks the JSON once, gathering faults and the names that the form reads."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []
        self.reads: set[str] = set()
        self._count = 0

    def schema(self, content: bytes) -> dict[str, Any]:
        """The file's JSON object. Raises FormRefused where there is nothing to walk."""
        if len(content) > MOST_BYTES:
            self._refuse(
                "size", say("The form has {n} bytes; at most {most} are taken.", n=len(content), most=MOST_BYTES)
            )
        try:
            schema = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            self._refuse("json", say("The form is no JSON: {why}. Save it again in the form editor.", why=str(error)))
        if not isinstance(schema, dict) or schema.get("type") != "default":
            self._refuse("type", say('The file is no form: its type must be "default". Save it in the form editor.'))
        return schema  # type: ignore[no-any-return]  # a dict, as the line above has made sure

    def _refuse(self, rule: str, sentence: Any) -> None:
        raise FormRefused([Fault(file=self._file, component="", rule=rule, sentence=sentence)])

    def tell(self, component: str, findings: Iterable[Finding]) -> None:
        """Note faults of one component."""
        for rule, sentence in findings:
            self.faults.append(Fault(file=self._file, component=component, rule=rule, sentence=sentence))

    def component(self, raw: dict[str, Any], depth: int) -> Component:
        """One component with all below it. A fault never stops the walk."""
        self._count += 1
        kind, identity = raw.get("type"), raw.get("id")
        name = identity if isinstance(identity, str) else ""
        if depth:
            self.tell(name, checks.shape(raw))
        known = KINDS.get(kind) if isinstance(kind, str) else None
        dotted = raw.get("key") if known is not None and known.keyed else raw.get("path")
        path = tuple(dotted.split(".")) if isinstance(dotted, str) and dotted else ()
        return Component(
            kind=str(kind),
            id=name,
            path=path,
            raw=raw,
            children=self._children(raw, name, depth),
            programs=self._programs(raw, name),
            pattern=self._pattern(raw, name),
        )

    def _children(self, raw: dict[str, Any], name: str, depth: int) -> tuple[Component, ...]:
        inner = raw.get("components", [])
        if not isinstance(inner, list) or not all(isinstance(child, dict) for child in inner):
            self.tell(name, [("components", say("{id} must hold a list of components.", id=name or "The form"))])
            return ()
        if depth >= DEEPEST and inner:
            self.tell(
                name, [("depth", say("{id} nests deeper than {most} levels. Flatten the form.", id=name, most=DEEPEST))]
            )
            return ()
        if self._count > MOST_COMPONENTS:
            return ()
        return tuple(self.component(child, depth + 1) for child in inner)

    def _programs(self, raw: dict[str, Any], name: str) -> dict[str, feel.Expression]:
        programs: dict[str, feel.Expression] = {}
        for place, always in EXPRESSIONS.items():
            source = checks.at(raw, place)
            if not isinstance(source, str) or not source or not (always or source.startswith("=")):
                continue
            try:
                program = _compile(place, source.removeprefix("="))
            except feel.FeelSyntaxError as error:
                sentence = say(
                    "{id} has an expression that cannot be read, {source}: {why}",
                    id=name,
                    source=source,
                    why=error.whole.into(Text),
                )
                self.tell(name, [("feel", sentence)])
                continue
            programs[place] = program
            if place != "properties.rule":
                self.reads |= set(program.names)
        self._templates(raw, name)
        return programs

    def _templates(self, raw: dict[str, Any], name: str) -> None:
        for place in TEMPLATES:
            text = raw.get(place)
            if not isinstance(text, str) or "{{" not in text:
                continue
            try:
                self.reads |= template.names(template.parse(text))
            except template.TemplateRefused as error:
                self.tell(
                    name,
                    [("template", say("{id} has a text whose tag {tag} has no partner.", id=name, tag=str(error)))],
                )
            except feel.FeelSyntaxError as error:
                self.tell(
                    name,
                    [
                        (
                            "feel",
                            say(
                                "{id} has a text with an expression that cannot be read: {why}",
                                id=name,
                                why=error.whole.into(Text),
                            ),
                        )
                    ],
                )

    def _pattern(self, raw: dict[str, Any], name: str) -> str:
        source = checks.at(raw, "validate.pattern")
        if not isinstance(source, str) or not source:
            return ""
        try:
            return pattern.translate(source)
        except pattern.PatternRefused as refused:
            self.tell(name, [("pattern", refused.sentence)])
            return ""

    def whole(self, root: Component) -> None:
        """The rules that look at the form as a whole; then the names that it reads are complete."""
        version = root.raw.get("schemaVersion", SCHEMA_VERSION)
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            sentence = say(
                "Schema version {version} is not known; {known} is the newest.", version=version, known=SCHEMA_VERSION
            )
            self.tell("", [("version", sentence)])
        if not root.id:
            self.tell("", [("id", say("The form has no id. Give it one: user tasks name the form by it."))])
        if self._count > MOST_COMPONENTS:
            self.tell("", [("size", say("The form has more than {most} components. Split it.", most=MOST_COMPONENTS))])
        for name, finding in checks.together(root):
            self.tell(name, [finding])
        self._bound(root)
        self.reads -= {"this", "parent", "i", "_this_", "_parent_", "_i_"}

    def _bound(self, component: Component) -> None:
        for child in component.children:
            self.reads |= set(child.path[:1])
            source = child.raw.get("valuesKey")
            if isinstance(source, str) and source:
                self.reads.add(source.split(".")[0])
            if not child.repeats and not child.path:
                self._bound(child)
