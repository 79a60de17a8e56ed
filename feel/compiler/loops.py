"""for, some, every (DMN 1.5, 10.3.2.14)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from feel import syntax
from feel.compiler.free import mentions
from feel.compiler.registry import Closure, Env, closure, compiles
from feel.temporal import Date
from feel.values.host import NATIVE, adopt
from feel.values.model import Range, Value
from feel.values.numbers import BIG, is_number


class _Source(NamedTuple):
    name: str
    low: Closure
    high: Closure | None


def _sources(iterators: tuple[syntax.Iterator, ...]) -> list[_Source]:
    return [_Source(it.name, closure(it.low), closure(it.high) if it.high else None) for it in iterators]


def domain(low: Value, high: Value, *, two_ended: bool) -> Iterable[Value] | None:
    """What an iterator runs over: a list, or a range of whole numbers or days; null for anything else."""
    if two_ended:
        return _span(low, high)
    if type(low) is Range:
        return _within(low)
    return low if type(low) is list else None


def _span(low: Value, high: Value) -> Iterable[Value] | None:
    """From one end to the other, downwards too."""
    if is_number(low) and is_number(high) and abs(low) < BIG and abs(high) < BIG:
        first, last = int(low), int(high)
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    if type(low) is Date and type(high) is Date:
        days = _span(low.days, high.days)
        return map(Date.from_days, days) if days is not None else None
    return None


def _within(bounds: Range) -> Iterable[Value] | None:
    """The whole numbers or days of a range; null where it runs downwards."""
    low, high = bounds.start, bounds.end
    if type(low) is Date and type(high) is Date:
        days = _inner(low.days, high.days, bounds)
        return None if days is None else map(Date.from_days, days)
    if bounds.operator or type(low) is not int or type(high) is not int:
        return None
    return _inner(low, high, bounds)


def _inner(low: int, high: int, bounds: Range) -> range | None:
    if low > high:
        return None
    return range(low if bounds.start_included else low + 1, high + 1 if bounds.end_included else high)


def _turns(sources: list[_Source], env: Env, index: int = 0) -> Iterator[Env | None]:
    """An environment for every combination of the iterators' values; null where one has nothing to run over."""
    source = sources[index]
    high = source.high(env) if source.high else None
    values = domain(source.low(env), high, two_ended=source.high is not None)
    run = env[2]
    if values is None:
        run.warn("INVALID_TYPE", 0, "'{name}' has neither a list nor a range to run over.", name=source.name)
        yield None
        return
    for value in values:
        run.charge(1)
        inner: Env = ({source.name: value if type(value) in NATIVE else adopt(value)}, env, run)
        if index + 1 == len(sources):
            yield inner
        else:
            yield from _turns(sources, inner, index + 1)


@compiles(syntax.For)
def _for(node: syntax.For) -> Closure:
    sources, body = _sources(node.iterators), closure(node.body)
    with_partial = mentions(node.body, "partial")

    def apply(env: Env) -> Value:
        results: list[Value] = []
        run, most = env[2], env[2].limits.items
        for inner in _turns(sources, env):
            if inner is None:
                return None
            if with_partial:
                run.charge(len(results))
                inner = ({"partial": list(results)}, inner, run)
            results.append(body(inner))
            if len(results) > most:
                run.allow_items(len(results))
        return results

    return apply


@compiles(syntax.Quantified)
def _quantified(node: syntax.Quantified) -> Closure:
    sources, condition = _sources(node.iterators), closure(node.condition)
    decisive = not node.universal  # `some` is decided by one true, `every` by one false

    def apply(env: Env) -> Value:
        result: bool | None = not decisive
        for inner in _turns(sources, env):
            if inner is None:
                return None
            value = condition(inner)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
        return result

    return apply
