"""Item definitions as types (DMN 1.5, 7.3.3)."""

from collections.abc import Callable

from feel.compiler import Env
from feel.dmn.xml import Element, child, children, text
from feel.expression import UnaryExpression
from feel.run import Run
from feel.sentences import Sentence, say
from feel.values.model import Value
from feel.values.types import ANY, Constrained, ContextOf, FunctionOf, ListOf, Named, Type, named

Tests = Callable[[str, Sentence], UnaryExpression | None]


def reference(text_: str | None) -> Type | None:
    """The type that a `typeRef` names, prefixes left out; null where there is none."""
    if not text_ or not text_.strip():
        return None
    return named(text_.strip().rpartition(":")[2].removeprefix("feel."))


def item_type(item: Element, tests: Tests, name: str) -> Type:
    """The type of an item definition or component. `tests` compiles its allowed values."""
    type_, place = _base(item, tests, name), say("type '{name}'", name=name)
    allowed, constraint = text(child(item, "allowedValues")), text(child(item, "typeConstraint"))
    if allowed:
        type_ = _constrained(type_, tests(allowed, place))
    if item.get("isCollection") == "true":
        type_ = ListOf(type_)
    return _constrained(type_, tests(constraint, place)) if constraint else type_


def _base(item: Element, tests: Tests, name: str) -> Type:
    function = child(item, "functionItem")
    if function is not None:
        parameters = tuple(reference(p.get("typeRef")) or ANY for p in children(function, "parameters"))
        return FunctionOf(parameters, reference(function.get("outputTypeRef")) or ANY)
    components = {
        c.get("name") or "": item_type(c, tests, f"{name}.{c.get('name')}") for c in children(item, "itemComponent")
    }
    if components:
        return ContextOf(components)
    named_ = child(item, "typeRef")
    return (reference(named_.text) if named_ is not None else None) or ANY


def _constrained(base: Type, expression: UnaryExpression | None) -> Type:
    if expression is None:
        return base

    def allows(value: Value, run: Run) -> bool:
        env: Env = ({}, None, run)
        return expression.test(value, env) is True

    return Constrained(base, allows)


def prefixed(type_: Type, prefix: str, known: set[str]) -> Type:
    """A type of an imported model, with that model's own names prefixed as the importing model knows them."""
    match type_:
        case Named(name=name):
            return Named(prefix + name) if name in known else type_
        case ListOf(item=item):
            return ListOf(prefixed(item, prefix, known))
        case ContextOf(entries=entries):
            return ContextOf({key: prefixed(entry, prefix, known) for key, entry in entries.items()})
        case FunctionOf(parameters=parameters, result=result):
            return FunctionOf(tuple(prefixed(p, prefix, known) for p in parameters), prefixed(result, prefix, known))
        case Constrained(base=base, allows=allows):
            return Constrained(prefixed(base, prefix, known), allows)
    return type_
