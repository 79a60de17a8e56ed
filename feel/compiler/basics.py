"""Literals, names, paths, lists, contexts and ranges."""

from feel.builtins import BUILT_INS, as_function
from feel.compiler.registry import Closure, Env, closure, compiles
from feel.syntax import ContextLiteral, Group, ListLiteral, Literal, Name, Path, RangeLiteral, UnaryRange
from feel.values.compare import comparable, kind_told
from feel.values.host import NATIVE, adopt
from feel.values.model import Range, Value
from feel.values.properties import ABSENT, lookup


@compiles(Literal)
def _literal(node: Literal) -> Closure:
    value = node.value
    return lambda env: value


@compiles(Group)
def _group(node: Group) -> Closure:
    return closure(node.inner)


@compiles(Name)
def _name(node: Name) -> Closure:
    name, at = node.name, node.at

    def read(env: Env) -> Value:
        scope: Env | None = env
        while scope is not None:
            names = scope[0]
            if name in names:
                value = names[name]
                kind = type(value)
                return value if kind is str or kind is int or kind in NATIVE else adopt(value)
            scope = scope[1]
        if name in BUILT_INS:
            return as_function(name)
        env[2].warn("NO_VARIABLE_FOUND", at, "There is no variable '{name}'.", name=name)
        return None

    return read


@compiles(Path)
def _path(node: Path) -> Closure:
    of, name, at = closure(node.of), node.name, node.at

    def read(env: Env) -> Value:
        value = of(env)
        if type(value) is dict and name in value:
            found = value[name]
            kind = type(found)
            return found if kind is str or kind is int or kind in NATIVE else adopt(found)
        found = lookup(value, name, env[2])
        if found is not ABSENT:
            return found
        _warn_of_absence(value, name, at, env)
        return None

    return read


def _warn_of_absence(value: Value, name: str, at: int, env: Env) -> None:
    if type(value) is dict:
        env[2].warn("NO_CONTEXT_ENTRY_FOUND", at, "The context has no entry '{name}'.", name=name)
    else:
        kind = kind_told(value)
        env[2].warn("NO_PROPERTY_FOUND", at, "A value of type {kind} has no property '{name}'.", kind=kind, name=name)


@compiles(ListLiteral)
def _list(node: ListLiteral) -> Closure:
    items = [closure(item) for item in node.items]

    def build(env: Env) -> Value:
        env[2].charge(len(items))
        return [item(env) for item in items]

    return build


@compiles(ContextLiteral)
def _context(node: ContextLiteral) -> Closure:
    entries = [(name, closure(value)) for name, value in node.entries]
    doubled = len({name for name, _ in entries}) != len(entries)

    def build(env: Env) -> Value:
        env[2].charge(len(entries))
        if doubled:
            env[2].warn("INVALID_EXPRESSION", node.at, "A context has two entries of the same name.")
            return None
        context: dict[str, Value] = {}
        inner: Env = (context, env, env[2])
        for name, value in entries:
            context[name] = value(inner)
        return context

    return build


@compiles(RangeLiteral)
def _range(node: RangeLiteral) -> Closure:
    start, end = closure(node.start), closure(node.end)
    start_included, end_included, at = node.start_included, node.end_included, node.at

    def build(env: Env) -> Value:
        low, high = start(env), end(env)
        if low is not None and high is not None and comparable(low, high) is None:
            env[2].warn(
                "NOT_COMPARABLE", at, "No range goes from {low} to {high}.", low=kind_told(low), high=kind_told(high)
            )
            return None
        return Range(start=low, end=high, start_included=start_included, end_included=end_included)

    return build


@compiles(UnaryRange)
def _unary_range(node: UnaryRange) -> Closure:
    operand, operator = closure(node.operand), node.operator
    upward, downward = operator in (">", ">=", "=", "!="), operator in ("<", "<=", "=", "!=")

    def build(env: Env) -> Value:
        value = operand(env)
        return Range(
            start=value if upward else None,
            end=value if downward else None,
            start_included=operator in (">=", "="),
            end_included=operator in ("<=", "="),
            operator=operator,
        )

    return build
