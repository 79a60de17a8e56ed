"""`list[condition]` and `list[index]` (DMN 1.5, 10.3.2.5)."""

from feel.compiler.registry import Closure, Env, closure, compiles
from feel.run import Run
from feel.syntax import Filter, Literal, Negation, Node
from feel.values.host import adopt
from feel.values.model import Value
from feel.values.numbers import is_number


@compiles(Filter)
def _filter(node: Filter) -> Closure:
    of, predicate, at = closure(node.of), closure(node.predicate), node.at
    constant = _is_constant_index(node.predicate)

    def apply(env: Env) -> Value:
        items = of(env)
        if items is None:
            return None
        if type(items) is not list:
            items = [items]
        if constant:
            return pick(items, predicate(env), env[2], at)
        return select(items, predicate, env, at)

    return apply


def _is_constant_index(node: Node) -> bool:
    literal = node.operand if isinstance(node, Negation) else node
    return isinstance(literal, Literal) and is_number(literal.value)


def pick(items: list[Value], index: Value, run: Run, at: int) -> Value:
    """The item at an index, from 1, or from the end by -1; null outside."""
    if not 1 <= abs(index) < len(items) + 1:
        run.warn("OUT_OF_BOUNDS", at, "A list of {count} items has none at {index}.", count=len(items), index=index)
        return None
    position = int(index)
    return adopt(items[position - 1 if position > 0 else position])


def item_env(item: Value, env: Env) -> Env:
    """Where a predicate runs: the entries of the item first, then `item`, then what is around."""
    run = env[2]
    if type(item) is not dict:
        return ({"item": item}, env, run)
    return (item, env if "item" in item else ({"item": item}, env, run), run)


def select(items: list[Value], predicate: Closure, env: Env, at: int) -> Value:
    """The items for which the predicate is true. One that is a number is an index after all."""
    run = env[2]
    chosen = []
    for index, raw in enumerate(items):
        run.charge(1)
        item = adopt(raw)
        verdict = predicate(item_env(item, env))
        if index == 0 and verdict is not None and type(verdict) is not bool:
            return _by_number(items, predicate, verdict, env, at)
        if verdict is True:
            chosen.append(item)
    return chosen


def _by_number(items: list[Value], predicate: Closure, verdict: Value, env: Env, at: int) -> Value:
    if not is_number(verdict):
        env[2].warn("INVALID_TYPE", at, "A filter is a condition or a number.")
        return []
    outside = predicate(env)
    return pick(items, outside if is_number(outside) else verdict, env[2], at)
