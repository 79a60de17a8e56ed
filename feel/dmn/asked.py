"""What a decision asks of whoever makes it: the fields that somebody fills in to try it out.

Read from what the expressions of the decision, and of everything it requires, read from outside; what input data,
columns and item definitions declare says of which type they are and which values they may have.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from feel.dmn.asked_types import Declared, declared
from feel.dmn.xml import DmnError, Element, child, children, local, name, read, text
from feel.errors import FeelError
from feel.expression import Expression, compile, compile_unary
from feel.functions import Functions
from feel.sentences import say
from feel.syntax import Call, Comparison, Literal, Name, Path, ValueTest

Place = tuple[str, ...]

_UNARY = frozenset({"inputEntry", "inputValues", "outputValues", "allowedValues", "typeConstraint"})

_PARTS = frozenset({"year", "month", "day", "weekday", "hour", "minute", "second"})  # of a date, no entries
_MOST_EXAMPLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field. `path` leads to its value among the inputs: `("employee", "inProbation")`.

    `type` is a name of FEEL, None where the model does not say. `choices` are the values that it may have, none where
    any will do; `examples` are values that cells mention.
    """

    path: Place
    label: str
    type: str | None = None
    choices: tuple[Any, ...] = ()
    examples: tuple[str, ...] = ()


def asked(content: bytes, decision: str, *, functions: Functions | None = None) -> tuple[Asked, ...]:
    """The fields of a decision, given by id or name, in the order in which the file mentions them.

    Raises DmnError for a file that is no decision model, or without that decision.
    """
    root = read(content)
    start = next((e for e in children(root, "decision") if decision in (e.get("id"), name(e))), None)
    if start is None:
        known = ", ".join(f"'{e.get('id')}'" for e in children(root, "decision")) or say("no decision")
        raise DmnError(
            say("The model '{name}' has no decision '{id}'. It has {known}.", name=name(root), id=decision, known=known)
        )
    within = list(_required(root, start))
    return _Reader(root, within, functions).fields()


def _required(root: Element, start: Element) -> Iterator[Element]:
    """The decision and all that it requires, each once."""
    by_id = {e.get("id"): e for e in children(root) if e.get("id")}
    waiting, seen = [start], {start}
    while waiting:
        element = waiting.pop(0)
        yield element
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for inner in children(requirement):
                found = by_id.get((inner.get("href") or "").rpartition("#")[2])
                if found is not None and found not in seen:
                    seen.add(found)
                    waiting.append(found)


class _Reader:
    def __init__(self, root: Element, within: list[Element], functions: Functions | None) -> None:
        self._within = within
        self._functions = functions
        self._items = {item.get("name") or "": item for item in children(root, "itemDefinition")}
        self._spaced = {name(e) for e in root.iter() if isinstance(e.tag, str) and " " in name(e)}
        self._made = set(_names_made(within))
        self._found: dict[Place, Asked] = {}

    def fields(self) -> tuple[Asked, ...]:
        for element in self._within:
            for column in element.iter("{*}input"):
                self._column(column)
        for element in self._within:
            if local(element) == "inputData":
                self._declare(element)
        for element in self._within:
            self._mentioned(element)
        paths = set(self._found)
        return tuple(
            field
            for path, field in self._found.items()
            if not any(other[: len(path)] == path for other in paths - {path})
        )

    def _column(self, column: Element) -> None:
        """A column that asks for a value as it is given."""
        inner = child(column, "inputExpression")
        expression = self._compiled(text(inner))
        path = _chain(expression.node) if expression is not None else None
        if expression is None:
            return
        if path is None:
            self._worked_out(column, expression)
            return
        if path[0] not in expression.names - self._made:
            return
        given = declared(inner.get("typeRef") if inner is not None else None, self._items)
        values = self._listed(text(child(column, "inputValues")))
        field = Asked(path=path, label=column.get("label") or ".".join(path), examples=self._examples(column))
        self._add(_typed(field, given, values))

    def _worked_out(self, column: Element, expression: Expression) -> None:
        """A column that works its value out of one other: the label is that one's."""
        known = expression.names - self._made
        paths = {path for path, _ in _chains(expression.node) if path[0] in known}
        if len(paths) == 1 and (label := column.get("label")):
            type_ = next((type_ for _, type_ in _chains(expression.node) if type_), None)
            self._add(Asked(path=paths.pop(), label=label, type=type_))

    def _declare(self, element: Element) -> None:
        """Input data that has a variable; without one its name is a mere label, as in Camunda's models."""
        variable = child(element, "variable")
        if variable is None:
            return
        root = name(variable) or name(element)
        for path, given in declared(variable.get("typeRef"), self._items).leaves():
            label = name(element) if not path else f"{name(element)} · {'.'.join(path)}"
            self._add(_typed(Asked(path=(root, *path), label=label), given, ()))

    def _mentioned(self, element: Element) -> None:
        for holder in element.iter("{*}text"):
            outer = holder.getparent()
            if outer is None or (source := (holder.text or "").strip()) in ("", "-"):
                continue
            expression = self._compiled(source, unary=local(outer) in _UNARY)
            if expression is None:
                continue
            known = expression.names - self._made
            for path, type_ in _chains(expression.node):
                if path[0] in known:
                    self._add(Asked(path=path, label=".".join(path), type=type_))

    def _add(self, field: Asked) -> None:
        """What was said first stands; a type that was open is filled in."""
        before = self._found.get(field.path)
        if before is None:
            self._found[field.path] = field
            return
        self._found[field.path] = replace(
            before, type=before.type or field.type, choices=before.choices or field.choices
        )

    def _compiled(self, source: str, unary: bool = False) -> Expression | None:
        """None for what is not FEEL: a problem of the model, which is told elsewhere."""
        try:
            make = compile_unary if unary else compile
            return make(source, self._spaced, functions=self._functions) if source else None
        except FeelError:
            return None

    def _listed(self, source: str) -> tuple[Any, ...]:
        """The values that a column lists, where it lists plain ones."""
        expression = self._compiled(f"[{source}]") if source else None
        items = getattr(expression.node, "items", ()) if expression is not None else ()
        return tuple(item.value for item in items) if all(isinstance(item, Literal) for item in items) else ()

    def _examples(self, column: Element) -> tuple[str, ...]:
        """Texts that the column's cells ask for."""
        table = column.getparent()
        if table is None:
            return ()
        place = list(children(table, "input")).index(column)
        found: dict[str, None] = {}
        for rule in children(table, "rule"):
            entries = list(children(rule, "inputEntry"))[place : place + 1]
            expression = self._compiled(text(entries[0]), unary=True) if entries else None
            found.update(dict.fromkeys(_texts(expression.node) if expression is not None else ()))
        return tuple(found)[:_MOST_EXAMPLES]


def _typed(field: Asked, given: Declared, values: tuple[Any, ...]) -> Asked:
    return replace(field, type=given.type, choices=values or given.choices)


def _names_made(within: list[Element]) -> Iterator[str]:
    """Names that the elements themselves give values to."""
    for element in within:
        if local(element) != "inputData":
            yield from (found for found in (name(element), element.get("id")) if found)
        for inner in element.iter("{*}variable", "{*}formalParameter", "{*}parameter"):
            if local(element) != "inputData" and name(inner):
                yield name(inner)
        yield from (str(e.get("iteratorVariable")) for e in element.iter() if e.get("iteratorVariable"))


def _chain(node: Any) -> Place | None:
    """`a.b.c` as its names; None for anything else."""
    parts: list[str] = []
    while isinstance(node, Path):
        parts.append(node.name)
        node = node.of
    if not isinstance(node, Name):
        return None
    path = (node.name, *reversed(parts))
    return path[:-1] if len(path) > 1 and path[-1] in _PARTS else path


def _chains(node: Any) -> Iterator[tuple[Place, str | None]]:
    """Every chain in an expression, with the type that its surroundings ask for."""
    path = _chain(node)
    if path is not None:
        yield path, None
        return
    yield from _hinted(node)
    if isinstance(node, tuple):
        inner: tuple[Any, ...] = node
    elif is_dataclass(node) and type(node).__module__ == "feel.syntax":
        inner = tuple(getattr(node, field.name) for field in fields(node))
    else:
        return
    for part in inner:
        yield from _chains(part)


def _hinted(node: Any) -> Iterator[tuple[Place, str | None]]:
    """`x = true` asks for a boolean, `date(x)` for a day."""
    if isinstance(node, Comparison):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            path = _chain(one)
            if path is not None and isinstance(other, Literal):
                yield path, _type_of(other.value)
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in ("date", "time"):
        path = _chain(node.arguments[0]) if len(node.arguments) == 1 else None
        if path is not None:
            yield path, node.function.name


def _type_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return None if value is None else "number"


def _texts(node: Any) -> Iterator[str]:
    for test in getattr(node, "tests", ()):
        found = test.expression if isinstance(test, ValueTest) else None
        if isinstance(found, Literal) and isinstance(found.value, str):
            yield found.value
