"""Expressions as they are used: compiled once, evaluated often, by any thread."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feel.builtins import BUILT_INS
from feel.compiler import Env, closure, free_names
from feel.compiler.free import mentions
from feel.compiler.functions import IS_DEFINED
from feel.compiler.tests import INPUT, Check, cell_check
from feel.errors import FeelLimitExceeded, FeelSyntaxError
from feel.fastpath import MISSED, FastPath, fast_path
from feel.functions import Functions
from feel.limits import Limits
from feel.parser import KnownNames, parse, parse_unary
from feel.parser.names import PROPERTIES
from feel.run import Clock, Run
from feel.sentences import say
from feel.syntax import Node, UnaryTests
from feel.values.host import adopt
from feel.values.model import Value
from feel.warnings import FeelWarning

Context = Mapping[str, Any]

_STANDARD = KnownNames([*BUILT_INS, *PROPERTIES])
_NOTHING: dict[str, Any] = {}
_SPACED = re.compile(r"[^\W\d]\w*(?: \w+)+")
_KEYWORDS = frozenset(["and", "or", "in", "between", "instance", "of", "then", "else", "return", "satisfies"])
_GIVEN = frozenset({*BUILT_INS, IS_DEFINED, INPUT})
_CACHED = 4096
_TOO_DEEP = say("The expression is nested too deep to be evaluated.")


@dataclass(frozen=True, slots=True)
class Result:
    """A value and what the evaluation was warned of on the way."""

    value: Value
    warnings: tuple[FeelWarning, ...]


class Expression:
    """A compiled expression. Immutable but for what it remembers to be faster.

    `closure` is its bare function, for what runs it as a part of something larger and minds the depth itself.
    """

    __slots__ = ("source", "node", "closure", "_fast", "_names", "_functions")

    def __init__(self, source: str, node: Node, functions: Functions | None = None) -> None:
        self.source = source
        self.node = node
        self._functions = functions or None
        try:
            self.closure = closure(node)
        except RecursionError as error:
            raise FeelSyntaxError(0, say("The expression is nested too deep."), source) from error
        self._fast: FastPath | None = self._learn
        self._names: tuple[frozenset[str], frozenset[str]] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"

    @property
    def names(self) -> frozenset[str]:
        """The variables that are read from the context. What stands inside a filter may be an entry of its items."""
        return self._free()[0] - self._given()

    @property
    def filter_names(self) -> frozenset[str]:
        """Names read inside filters only: entries of the items filtered, or else variables."""
        return self._free()[1] - self._given()

    def _given(self) -> frozenset[str]:
        return _GIVEN.union(self._functions) if self._functions else _GIVEN

    def _free(self) -> tuple[frozenset[str], frozenset[str]]:
        if self._names is None:
            self._names = free_names(self.node)
        return self._names

    def evaluate(
        self, context: Context | None = None, *, clock: Clock | None = None, limits: Limits | None = None
    ) -> Value:
        """The value in a context, of which `name in context` and `context[name]` alone are asked.

        Raises FeelLimitExceeded, and FeelAssertionFailed where an `assert` does not hold. Anything else is null.
        """
        if self._fast is not None:
            try:
                value = self._fast(_NOTHING if context is None else context)
            except KeyError:
                value = MISSED
            if value is not MISSED:
                return value
        return self.run(self._env(context, Run(limits, clock)))

    def _env(self, context: Context | None, run: Run) -> Env:
        """The context, and around it the functions of the application."""
        around: Env | None = (self._functions, None, run) if self._functions else None
        return (_NOTHING if context is None else context, around, run)

    def _learn(self, _context: Context) -> Value:
        """Stands in for the fast path until the first evaluation, which makes it."""
        self._fast = fast_path(self.node)
        return MISSED

    def examine(
        self, context: Context | None = None, *, clock: Clock | None = None, limits: Limits | None = None
    ) -> Result:
        """The value, and why parts of it became null."""
        run = Run(limits, clock)
        return Result(self.run(self._env(context, run)), tuple(run.warnings))

    def run(self, env: Env) -> Value:
        """Evaluate as a part of something larger, on its budget."""
        try:
            return adopt(self.closure(env))
        except RecursionError as error:
            raise FeelLimitExceeded(_TOO_DEEP) from error


class UnaryExpression(Expression):
    """Compiled unary tests: a cell of a decision table."""

    __slots__ = ("check",)

    def __init__(self, source: str, node: UnaryTests, functions: Functions | None = None) -> None:
        super().__init__(source, node, functions)
        check = cell_check(node)
        self.check = _with_input(check) if mentions(node, INPUT) else check

    def evaluate_unary(
        self,
        value: Any,
        context: Context | None = None,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> Value:
        """Does the value pass? True, false, or null where it cannot be told."""
        run = Run(limits, clock)
        return self.test(adopt(value), self._env(context, run))

    def test(self, value: Value, env: Env) -> Value:
        """The same as a part of something larger."""
        try:
            return self.check(env, value)
        except RecursionError as error:
            raise FeelLimitExceeded(_TOO_DEEP) from error


def _with_input(check: Check) -> Check:
    """The same where the tests may ask for their input as `?`."""
    return lambda env, value: check(({INPUT: value}, env, env[2]), value)


@lru_cache(_CACHED)
def _expression(source: str, names: frozenset[str], functions: Functions | None, _count: int) -> Expression:
    return Expression(source, parse(source, _known(names)), functions)


@lru_cache(_CACHED)
def _unary(source: str, names: frozenset[str], functions: Functions | None, _count: int) -> UnaryExpression:
    return UnaryExpression(source, parse_unary(source, _known(names)), functions)


@lru_cache(64)
def _known(names: frozenset[str]) -> KnownNames:
    return KnownNames(names, _STANDARD) if names else _STANDARD


def compile(source: str, names: Collection[str] = (), *, functions: Functions | None = None) -> Expression:
    """Compile an expression, or take it from the cache. Raises FeelSyntaxError.

    `names` are variables of more than one word, such as `Applicant Age`; others need not be named. Any name can
    be written in backticks instead. `functions` are those of the application.
    """
    return _expression(source, *_surroundings(names, functions))


def compile_unary(source: str, names: Collection[str] = (), *, functions: Functions | None = None) -> UnaryExpression:
    """Compile unary tests, or take them from the cache. Raises FeelSyntaxError."""
    return _unary(source, *_surroundings(names, functions))


def _surroundings(names: Collection[str], functions: Functions | None) -> tuple[frozenset[str], Functions | None, int]:
    """What the meaning of a source hangs on, as a key of the cache; `functions` can grow."""
    if not functions:
        return _several_words(names), None, 0
    return _several_words([*names, *functions]), functions, len(functions)


def _several_words(names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in names if not name.isidentifier()) if names else frozenset()


def evaluate(
    source: str,
    context: Context | None = None,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    functions: Functions | None = None,
) -> Value:
    """Compile and evaluate. Where the context is a dict, its keys of several plain words may be written as they are."""
    return compile(source, _spaced_keys(context), functions=functions).evaluate(context, clock=clock, limits=limits)


def examine(
    source: str,
    context: Context | None = None,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    functions: Functions | None = None,
) -> Result:
    """Compile and evaluate, and tell why parts of the value became null."""
    return compile(source, _spaced_keys(context), functions=functions).examine(context, clock=clock, limits=limits)


def evaluate_unary(
    source: str,
    value: Any,
    context: Context | None = None,
    *,
    clock: Clock | None = None,
    limits: Limits | None = None,
    functions: Functions | None = None,
) -> Value:
    """Compile unary tests and put a value to them."""
    tests = compile_unary(source, _spaced_keys(context), functions=functions)
    return tests.evaluate_unary(value, context, clock=clock, limits=limits)


def _spaced_keys(value: Any, depth: int = 3) -> frozenset[str]:
    """Keys such as "days left", which cannot be mistaken for an expression as "days-left" could."""
    if not depth or type(value) is not dict:
        return frozenset()
    keys = {key for key in value if isinstance(key, str) and _SPACED.fullmatch(key)}
    found = {key for key in keys if not _KEYWORDS & set(key.split())}
    return frozenset(found.union(*(_spaced_keys(entry, depth - 1) for entry in value.values())))
