"""Gateway conditions as Python functions: four times as fast as closures, for the plain cases alone.

The function that is generated takes a context and returns the value, or MISSED as soon as anything is not plain: a
name that is missing, a type that would need converting. Then the closures do the work, so meaning and warnings are
theirs alone. Its text holds our own identifiers and literals by `repr`, never a word of the author's outside quotes.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    Group,
    If,
    In,
    Junction,
    Literal,
    Name,
    Node,
    Path,
    Test,
    ValueTest,
)
from feel.values.host import NATIVE
from feel.values.model import Value
from feel.values.numbers import BIG

MISSED: Final = object()
FastPath = Callable[[Mapping[str, Any]], Value]

_MOST_NODES = 60
_GLOBALS: dict[str, Any] = {
    "__builtins__": {},
    "MISSED": MISSED,
    "NATIVE": NATIVE,
    "BIG": BIG,
    "type": type,
    "int": int,
    "str": str,
    "bool": bool,
    "dict": dict,
    "SCALARS": (int, str),
}
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class _Unsupported(Exception):
    """The expression has something that only closures do."""


def fast_path(node: Node) -> FastPath | None:
    """The function for an expression; null where it is made of more than names, paths, comparisons and choices."""
    writer = _Writer()
    try:
        result, kind = writer.write(node)
    except _Unsupported:
        return None
    if kind == "any":
        writer.guard(f"type({result}) in NATIVE")
    writer.line(f"return {result}")
    scope = dict(_GLOBALS)
    exec("def fast(context):\n" + "\n".join(writer.lines), scope)
    function: FastPath = scope["fast"]
    return function


Written = tuple[str, str]  # a Python expression without effects, and its kind: int, str, bool, null or any


class _Writer:
    """Writes statements; `write` returns what holds a node's value and the kind that is known of it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._indent = 1
        self._nodes = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self._indent + text)

    def guard(self, condition: str) -> None:
        self.line(f"if not ({condition}): return MISSED")

    def write(self, node: Node) -> Written:
        self._nodes += 1
        writer = _WRITERS.get(type(node))
        if writer is None or self._nodes > _MOST_NODES:
            raise _Unsupported
        return writer(self, node)

    def _new(self, value: str) -> str:
        name = f"t{len(self.lines)}"
        self.line(f"{name} = {value}")
        return name

    def _as(self, written: Written, kind: str) -> str:
        """What was written, guarded to be of a kind."""
        text, known = written
        if known == "any":
            self.guard(f"type({text}) is {kind}")
        elif known != kind:
            raise _Unsupported
        return text

    def literal(self, node: Literal) -> Written:
        kind = type(node.value).__name__
        if kind not in ("int", "str", "bool"):
            raise _Unsupported
        return repr(node.value), kind

    def group(self, node: Group) -> Written:
        return self.write(node.inner)

    def name(self, node: Name) -> Written:
        return self._new(f"context[{node.name!r}]"), "any"

    def path(self, node: Path) -> Written:
        of, kind = self.write(node.of)
        if kind != "any":
            raise _Unsupported
        self.guard(f"type({of}) is dict")
        return self._new(f"{of}[{node.name!r}]"), "any"

    def comparison(self, node: Comparison) -> Written:
        left, right = node.left, node.right
        if node.operator in ("=", "!=") and isinstance(right, Literal) and right.value is None:
            value, kind = self.write(left)
            if kind != "any":
                raise _Unsupported
            self.guard(f"type({value}) in NATIVE")
            return f"({value} is {'not ' if node.operator == '!=' else ''}None)", "bool"
        kinds = ("int", "str", "bool") if node.operator in ("=", "!=") else ("int", "str")
        a, b = self._alike(self.write(left), self.write(right), kinds)
        return f"({a} {_PYTHON[node.operator]} {b})", "bool"

    def _alike(self, left: Written, right: Written, kinds: tuple[str, ...]) -> tuple[str, str]:
        """Both guarded to be of the same kind, one of `kinds`; all else is left to the closures."""
        kind = left[1] if left[1] != "any" else right[1]
        if kind == "any":
            self.guard(f"type({left[0]}) is type({right[0]}) and type({left[0]}) in SCALARS")
            return left[0], right[0]
        if kind not in kinds:
            raise _Unsupported
        return self._as(left, kind), self._as(right, kind)

    def junction(self, node: Junction) -> Written:
        result = self._new(self._as(self.write(node.operands[0]), "bool"))
        indent = self._indent
        for operand in node.operands[1:]:
            self.line(f"if {result}:" if node.conjunction else f"if not {result}:")
            self._indent += 1
            self.line(f"{result} = {self._as(self.write(operand), 'bool')}")
        self._indent = indent
        return result, "bool"

    def choice(self, node: If) -> Written:
        condition = self._as(self.write(node.condition), "bool")
        result, kinds = f"c{len(self.lines)}", set()
        for head, branch in ((f"if {condition}:", node.then), ("else:", node.otherwise)):
            self.line(head)
            self._indent += 1
            text, kind = self.write(branch)
            self.line(f"{result} = {text}")
            self._indent -= 1
            kinds.add(kind)
        return result, kinds.pop() if len(kinds) == 1 else "any"

    def arithmetic(self, node: Arithmetic) -> Written:
        if node.operator not in ("+", "-", "*"):
            raise _Unsupported
        left, right = self._as(self.write(node.left), "int"), self._as(self.write(node.right), "int")
        result = self._new(f"{left} {node.operator} {right}")
        self.guard(f"-BIG < {result} < BIG")
        return result, "int"

    def between(self, node: Between) -> Written:
        value, low, high = (self._as(self.write(part), "int") for part in (node.value, node.low, node.high))
        return f"({low} <= {value} <= {high})", "bool"

    def membership(self, node: In) -> Written:
        constants = [_constant(test) for test in node.tests]
        kinds = {type(constant).__name__ for constant in constants}
        if len(kinds) != 1:
            raise _Unsupported
        value = self._as(self.write(node.value), kinds.pop())
        return f"({value} in {tuple(constants)!r})", "bool"


def _constant(test: Test) -> int | str:
    if isinstance(test, ValueTest) and isinstance(test.expression, Literal):
        value = test.expression.value
        if type(value) is int or type(value) is str:
            return value
    raise _Unsupported


_WRITERS: dict[type, Callable[[_Writer, Any], Written]] = {
    Literal: _Writer.literal,
    Group: _Writer.group,
    Name: _Writer.name,
    Path: _Writer.path,
    Comparison: _Writer.comparison,
    Junction: _Writer.junction,
    If: _Writer.choice,
    Arithmetic: _Writer.arithmetic,
    Between: _Writer.between,
    In: _Writer.membership,
}
