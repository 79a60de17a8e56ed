"""Boxed expressions (DMN 1.5, 10.2.2): each element becomes a closure as an expression in text does."""

from collections.abc import Callable, Iterable

from feel.compiler import Closure, Env
from feel.compiler.filters import item_env, pick
from feel.compiler.functions import apply_named, arguments_as
from feel.compiler.loops import domain
from feel.dmn.sources import Sources, conform, typed
from feel.dmn.table_xml import table
from feel.dmn.types import reference
from feel.dmn.xml import Element, child, children, local, name, text
from feel.run import Run
from feel.sentences import Sentence, say
from feel.values.host import adopt
from feel.values.model import Function, Value
from feel.values.numbers import is_number
from feel.values.types import Type

Build = Callable[[Element, Sources, Sentence], Closure]


def logic_of(element: Element | None) -> Element | None:
    """The boxed expression inside an element."""
    if element is None:
        return None
    return next((inner for inner in children(element) if local(inner) in _BUILDERS), None)


def boxed(element: Element | None, sources: Sources, place: Sentence) -> Closure:
    """The closure of a boxed expression; null where there is none."""
    if element is None:
        return lambda env: None
    closure = _BUILDERS[local(element)](element, sources, place)
    return typed(closure, reference(element.get("typeRef")), place)


def _inner(element: Element | None, sources: Sources, place: Sentence) -> Closure:
    return boxed(logic_of(element), sources, place)


def _literal(element: Element, sources: Sources, place: Sentence) -> Closure:
    return sources.at(element.get("id")).expression(text(element), place)


def _table(element: Element, sources: Sources, place: Sentence) -> Closure:
    return table(element, sources, place)


def _context(element: Element, sources: Sources, place: Sentence) -> Closure:
    """An entry without a name is the result of the whole."""
    entries: list[tuple[str | None, Closure]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        key = name(variable) if variable is not None else None
        here = say("{place}, entry '{name}'", place=place, name=key) if key else say("{place}, result", place=place)
        type_ = reference(variable.get("typeRef")) if variable is not None else None
        entries.append((key, typed(_inner(entry, sources, here), type_, here)))

    def build(env: Env) -> Value:
        context: dict[str, Value] = {}
        inner: Env = (context, env, env[2])
        for key, value in entries:
            found = value(inner)
            if key is None:
                return found
            context[key] = found
        return context

    return build


def _list(element: Element, sources: Sources, place: Sentence) -> Closure:
    items = [boxed(item, sources, place) for item in children(element) if local(item) in _BUILDERS]
    return lambda env: [item(env) for item in items]


def _relation(element: Element, sources: Sources, place: Sentence) -> Closure:
    columns = [name(column) for column in children(element, "column")]
    rows = []
    for number, row in enumerate(children(element, "row"), 1):
        cells = [item for item in children(row) if local(item) in _BUILDERS]
        here = [
            say("{place}, row {row}, column '{column}'", place=place, row=number, column=column) for column in columns
        ]
        rows.append([(c, boxed(cell, sources, at)) for c, cell, at in zip(columns, cells, here, strict=False)])
    return lambda env: [{column: cell(env) for column, cell in row} for row in rows]


def _invocation(element: Element, sources: Sources, place: Sentence) -> Closure:
    function = _inner(element, sources, place)
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        key = name(parameter) if parameter is not None else ""
        here = say("{place}, parameter '{name}'", place=place, name=key)
        bindings.append((key, _inner(binding, sources, here)))

    def call(env: Env) -> Value:
        target = function(env)
        arguments = {key: value(env) for key, value in bindings}
        return apply_named(target, env[2], arguments, 0)

    return call


def _function(element: Element, sources: Sources, place: Sentence) -> Closure:
    return function(element, sources, place, None)


def function(element: Element, sources: Sources, place: Sentence, result: Type | None) -> Closure:
    """A function definition, or the encapsulated logic of a business knowledge model with its result type."""
    parameters = list(children(element, "formalParameter"))
    names = tuple(name(parameter) for parameter in parameters)
    types = tuple(reference(parameter.get("typeRef")) for parameter in parameters)
    foreign = element.get("kind") in ("Java", "PMML")
    body = _inner(element, sources.within("", names), place)

    def build(env: Env) -> Value:
        def call(run: Run, arguments: list[Value]) -> Value:
            if foreign:
                run.warn("NO_FUNCTION_FOUND", 0, "Functions in Java and PMML are not called.", place=place)
                return None
            values = arguments_as(types, arguments, run, 0)
            if values is None:
                return None
            return conform(body((dict(zip(names, values, strict=True)), env, run)), result, run, place)

        return Function(name="", parameters=names, call=call, types=types, result=result)

    return build


def _conditional(element: Element, sources: Sources, place: Sentence) -> Closure:
    condition, then, otherwise = (_inner(child(element, part), sources, place) for part in ("if", "then", "else"))

    def choose(env: Env) -> Value:
        verdict = condition(env)
        if verdict is not None and type(verdict) is not bool:
            env[2].warn("INVALID_TYPE", 0, "The condition is not a boolean.", place=place)
            return None
        return then(env) if verdict is True else otherwise(env)

    return choose


def _filter(element: Element, sources: Sources, place: Sentence) -> Closure:
    of, match = _inner(child(element, "in"), sources, place), _inner(child(element, "match"), sources, place)

    def select(env: Env) -> Value:
        items = of(env)
        if items is None:
            return None
        items = items if type(items) is list else [items]
        chosen = []
        for raw in items:
            env[2].charge(1)
            item = adopt(raw)
            verdict = match(item_env(item, env))
            if is_number(verdict):
                return pick(items, verdict, env[2], 0)
            if verdict is not None and type(verdict) is not bool:
                env[2].warn("INVALID_TYPE", 0, "A filter is a condition or a number.", place=place)
                return None
            if verdict is True:
                chosen.append(item)
        return chosen

    return select


def _values(element: Element, sources: Sources, place: Sentence) -> Callable[[Env], Iterable[Value] | None]:
    """What an iterator runs over; `1..10` may stand there without brackets."""
    inner = logic_of(child(element, "in"))
    source = text(inner) if inner is not None and local(inner) == "literalExpression" else ""
    if ".." in source and source[0] not in "[](":
        low, high = (sources.expression(part.strip(), place) for part in source.split("..", 1))
        return lambda env: domain(low(env), high(env), two_ended=True)
    values = boxed(inner, sources, place)
    return lambda env: domain(values(env), None, two_ended=False)


def _for(element: Element, sources: Sources, place: Sentence) -> Closure:
    variable = element.get("iteratorVariable") or ""
    values, body = _values(element, sources, place), _inner(child(element, "return"), sources, place)

    def iterate(env: Env) -> Value:
        found, run = values(env), env[2]
        if found is None:
            run.warn("INVALID_TYPE", 0, "There is neither a list nor a range to run over.", place=place)
            return None
        results: list[Value] = []
        for value in found:
            run.allow_items(len(results) + 1)
            results.append(body(({variable: adopt(value), "partial": list(results)}, env, run)))
        return results

    return iterate


def _some(element: Element, sources: Sources, place: Sentence) -> Closure:
    return _quantified(element, sources, place, decisive=True)


def _every(element: Element, sources: Sources, place: Sentence) -> Closure:
    return _quantified(element, sources, place, decisive=False)


def _quantified(element: Element, sources: Sources, place: Sentence, *, decisive: bool) -> Closure:
    """Unlike `some` in text, a condition that is not a boolean for any of the values makes null (10.2.2.11)."""
    variable = element.get("iteratorVariable") or ""
    values, condition = _values(element, sources, place), _inner(child(element, "satisfies"), sources, place)

    def test(env: Env) -> Value:
        found, run = values(env), env[2]
        if found is None:
            return None
        verdicts = []
        for value in found:
            run.charge(1)
            verdicts.append(condition(({variable: adopt(value)}, env, run)))
        if not all(type(verdict) is bool for verdict in verdicts):
            run.warn("INVALID_TYPE", 0, "The condition is not always a boolean.", place=place)
            return None
        return decisive if decisive in verdicts else not decisive

    return test


_BUILDERS: dict[str, Build] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _some,
    "every": _every,
}
