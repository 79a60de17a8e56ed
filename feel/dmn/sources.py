"""Expressions of a model, compiled with the names that the model declares; what cannot be compiled is a problem."""

from collections.abc import Iterable
from dataclasses import dataclass

from feel import expression
from feel.compiler import Closure, Env
from feel.errors import FeelSyntaxError
from feel.expression import UnaryExpression
from feel.functions import Functions
from feel.run import Run
from feel.sentences import Sentence, say
from feel.syntax import Literal
from feel.values.conform import UnknownType, coerce
from feel.values.model import Value
from feel.values.types import ANY, Type
from feel.warnings import FeelWarning


@dataclass(frozen=True, slots=True)
class Problem:
    """An expression that is not FEEL, or something that the standard does not know of.

    `where`, and `place` in English, names decision, rule and cell; `position` is the offset within the expression,
    null where it is none. `told` is the sentence, `message` the same in English, `whole` the sentence with its place.
    `cell` is the id of the very XML element that holds the expression, empty where it has none.
    """

    element: str
    where: Sentence
    position: int | None
    told: Sentence
    cell: str = ""

    def __str__(self) -> str:
        return str(self.whole)

    @property
    def place(self) -> str:
        return str(self.where)

    @property
    def message(self) -> str:
        return str(self.told)

    @property
    def whole(self) -> Sentence:
        where = self.where
        if self.position is not None:
            where = say("{place}, character {position}", place=where, position=self.position + 1)
        return say("{place}: {sentence}", place=where, sentence=self.told)


class Sources:
    """Compiles the texts of one element. `problems` is shared by all of a model, `functions` are the application's."""

    def __init__(
        self,
        names: Iterable[str],
        problems: list[Problem],
        functions: Functions | None = None,
        element: str = "",
        cell: str = "",
    ) -> None:
        self.names = frozenset(names)
        self.problems = problems
        self.functions = functions
        self.element = element
        self.cell = cell

    def within(self, element: str, names: Iterable[str] = ()) -> "Sources":
        """The same for an inner element that knows more names."""
        return Sources(self.names.union(names), self.problems, self.functions, element or self.element)

    def at(self, cell: str | None) -> "Sources":
        """The same for the XML element of that id, which holds one expression."""
        return Sources(self.names, self.problems, self.functions, self.element, cell or "")

    def expression(self, text: str, place: Sentence) -> Closure:
        """What evaluates the text; null where it is empty or not FEEL."""
        if not text:
            return lambda env: None
        try:
            compiled = expression.compile(text, self.names, functions=self.functions)
        except FeelSyntaxError as error:
            return self._broken(error, place)
        if isinstance(compiled.node, Literal):
            return compiled.closure
        return placed(compiled.closure, place)

    def note(self, place: Sentence, told: Sentence) -> None:
        """Note something else than an expression that is wrong at a place."""
        self.problems.append(Problem(self.element, place, None, told, self.cell))

    def _broken(self, error: FeelSyntaxError, place: Sentence) -> Closure:
        self.problems.append(Problem(self.element, place, error.position, error.told, self.cell))

        def refuse(env: Env) -> Value:
            env[2].note("INVALID_EXPRESSION", error.position, error.told, place)
            return None

        return refuse

    def tests(self, text: str, place: Sentence) -> UnaryExpression | None:
        """Compiled unary tests; null where they are not FEEL."""
        try:
            return expression.compile_unary(text, self.names, functions=self.functions)
        except FeelSyntaxError as error:
            self.problems.append(Problem(self.element, place, error.position, error.told, self.cell))
            return None


def placed(closure: Closure, place: Sentence) -> Closure:
    """The same, with the place put to every warning that comes out of it."""

    def run(env: Env) -> Value:
        warnings = env[2].warnings
        before = len(warnings)
        value = closure(env)
        if len(warnings) > before:
            locate(warnings, before, place)
        return value

    return run


def locate(warnings: list[FeelWarning], start: int, place: Sentence) -> None:
    """Put the place to the warnings from `start` on that have none yet."""
    for index in range(start, len(warnings)):
        if warnings[index].where is None:
            warnings[index] = warnings[index]._replace(where=place)


def typed(closure: Closure, type_: Type | None, place: Sentence) -> Closure:
    """The same, with its value as a declared type; null with a warning where it does not conform."""
    if type_ is None or type_ == ANY:
        return closure
    return lambda env: conform(closure(env), type_, env[2], place)


def conform(value: Value, type_: Type | None, run: Run, place: Sentence) -> Value:
    """A value as a declared type. A type that the model does not define is passed over, with a warning."""
    if value is None or type_ is None:
        return value
    try:
        result = coerce(value, type_, run)
    except UnknownType as error:
        run.note("INVALID_TYPE", 0, error.told, place)
        return value
    if result is None:
        run.warn("INVALID_TYPE", 0, "The value does not conform to the declared type.", place=place)
    return result
