"""Names in FEEL that nothing provides: mistyped, or set only later.

A warning that is often wrong is soon read by nobody, so a name is told only
* where it is a letter or two from one that is known, and is not told apart from it by a number or a plural; or
* where all that comes before is known to the last variable, and the expression does not ask whether the name is there.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

import feel
from feel import syntax
from kernel.text import Text, say
from processes.hints.drawing import Place
from processes.hints.family import Family, loaded
from processes.hints.hint import Hint
from processes.hints.syntax import components, expressions
from processes.hints.tables import tables
from processes.hints.upstream import Seen, Upstream

_ASKS = frozenset({"is defined", "get or else", "is empty", "is blank"})
OFTEN = 2
MOST_TOLD = 200  # of one file: who has more has another problem than names
_DIGITS = re.compile(r"\d+")


def of_drawing(file: str, upstream: Upstream) -> Iterator[Hint]:
    """The names of a BPMN file that nothing provides where they are read."""
    if not upstream.known:
        return
    told = 0
    for place in upstream.drawn.places:
        for hint in _of_place(file, place, upstream) if place.expression and told < MOST_TOLD else ():
            told += 1
            yield hint


def unknown(upstream: Upstream, element: str | None, source: str) -> list[Text]:
    """The names of one expression that nothing provides at an element; nothing where that cannot be told."""
    node = upstream.drawn.nodes.get(element or "") if upstream.known else None
    if node is None and (element or "") not in upstream.flows:
        return []
    seen = upstream.flow(element or "") if node is None else upstream.inside(node, result=True)
    found = []
    for name, asked in sorted(names(source, upstream.family.functions).items()):
        if name not in seen and name not in upstream.family.examples:
            found.append(_sentence(say("Expression"), name, seen, upstream, asked=asked))
    return [sentence for sentence in found if sentence is not None]


def _of_place(file: str, place: Place, upstream: Upstream) -> Iterator[Hint]:
    read = names(place.text, upstream.family.functions)
    if not read:
        return
    seen = upstream.at(place)
    for name, asked in sorted(read.items()):
        if name in seen or name in upstream.family.examples:
            continue
        sentence = _sentence(place.words, name, seen, upstream, asked=asked)
        if sentence is not None:
            yield Hint(
                file=file,
                element=place.element,
                rule="name-unknown",
                sentence=sentence,
                error=False,
                property=place.property,
            )


def _sentence(words: Text, name: str, seen: Seen, upstream: Upstream, *, asked: bool) -> Text | None:
    meant = nearest(name, seen.names()) or (None if name in upstream.everything else nearest(name, upstream.everything))
    if meant is not None:
        return say("{place}: {name} is not known here. Did you mean {other}?", place=words, name=name, other=meant)
    if seen.open or asked:
        return None
    if name in upstream.everything:
        return say("{place}: {name} is not set yet here, but only by a later step.", place=words, name=name)
    return say(
        "{place}: nothing before this step sets {name}. Correct the name, or add the field or mapping that sets it.",
        place=words,
        name=name,
    )


def of_form(file: str, content: bytes, uses: list[Seen]) -> Iterator[Hint]:
    """The names of a form that are a letter from one that the form, or every element that shows it, knows."""
    schema = loaded(content)
    own = {"this", "parent", "i", "_this_", "_parent_", "_i_"}
    for component in components(schema):
        path = component.get("key") or component.get("path")
        own |= {path.split(".")[0]} if isinstance(path, str) else set()
    read = [
        (component, place, name)
        for component in components(schema)
        for place, source in expressions(component)
        for name in names(source, None, tests=place == "conditional.hide")
    ]
    known = own.union(*(seen.names() for seen in uses), _often(name for _, _, name in read))
    for component, place, name in read:
        meant = nearest(name, known) if name not in known else None
        if meant is not None:
            words = say("Property {name}", name=place)
            yield _mistyped(file, str(component.get("id", "")), place, words, name, meant)


def _often(read: Iterable[str]) -> set[str]:
    """Names that are read again and again are meant, wherever they come from."""
    return {name for name, times in Counter(read).items() if times >= OFTEN}


def of_tables(family: Family, file: Any, uses: dict[str, list[Seen]]) -> Iterator[Hint]:
    """The names of a DMN file that are a letter from one that it declares, or that every caller of the decision has."""
    read = tables(file)
    asked = {cell.id: names(cell.text, family.functions, tests=cell.tests, declared=read.names) for cell in read.cells}
    for cell in read.cells:
        callers = uses.get(cell.decision, [])
        known = read.names.union(*(seen.names() for seen in callers))
        for name in asked[cell.id]:
            meant = nearest(name, known) if name not in known else None
            if meant is not None:
                yield _mistyped(file.name, cell.decision, cell.id, say("Expression"), name, meant)


def _mistyped(file: str, element: str, property: str, words: Text, name: str, meant: str) -> Hint:
    return Hint(
        file=file,
        element=element,
        rule="name-unknown",
        sentence=say("{place}: {name} is not known here. Did you mean {other}?", place=words, name=name, other=meant),
        error=False,
        property=property,
    )


@lru_cache(maxsize=4096)
def _read(
    source: str, functions: feel.Functions | None, tests: bool, declared: frozenset[str]
) -> tuple[tuple[str, bool], ...]:
    try:
        made = (feel.compile_unary if tests else feel.compile)(source, declared, functions=functions)
    except feel.FeelSyntaxError:
        return ()
    asks = _asked(made.node)
    return tuple((name, name in asks) for name in made.names if name != "?")


def names(
    source: str, functions: feel.Functions | None, *, tests: bool = False, declared: frozenset[str] = frozenset()
) -> dict[str, bool]:
    """The variables that an expression reads, and of each whether it asks if there is one. None if it is no FEEL."""
    several = frozenset(name for name in declared if not name.isidentifier())
    return dict(_read(source, functions, tests, several))


def _asked(node: Any) -> set[str]:
    """The names that are compared with null, true or false, or handed to a function that asks for them."""
    found: set[str] = set()
    for inner in _walk(node):
        match inner:
            case syntax.Comparison(operator=operator, left=left, right=right) if operator in ("=", "!="):
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, syntax.Name) and isinstance(other, syntax.Literal) and _plain(other.value):
                        found.add(one.name)
            case syntax.Call(function=syntax.Name(name=name), arguments=arguments) if name in _ASKS:
                found |= {one.name for one in arguments[:1] if isinstance(one, syntax.Name)}
    return found


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _walk(node: Any) -> Iterator[Any]:
    ahead = [node]
    while ahead:
        here = ahead.pop()
        if isinstance(here, tuple):
            ahead += here
        elif type(here).__module__ == "feel.syntax":
            yield here
            ahead += [getattr(here, field) for field in here.__dataclass_fields__]


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that was surely meant: one slip away, two in a long one, or the same but for capitals."""
    for other in sorted(known):
        if other != name and other.casefold() == name.casefold():
            return other
    allowed = 0 if len(name) < 4 else 1 if len(name) < 8 else 2
    best: tuple[int, str] | None = None
    for other in sorted(known):
        if abs(len(other) - len(name)) > allowed or (name[0] != other[0] and name[-1] != other[-1]):
            continue
        slips = _slips(name, other, allowed)
        if 0 < slips <= allowed and (best is None or slips < best[0]) and not _told_apart(name, other):
            best = (slips, other)
    return best[1] if best else None


def _told_apart(one: str, other: str) -> bool:
    """Names that differ by a number, or as one from many, are different on purpose."""
    plural = one.rstrip("s") == other.rstrip("s")
    return plural or (one != other and _DIGITS.sub("", one) == _DIGITS.sub("", other))


def _slips(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour (Damerau-Levenshtein), up to `most` + 1."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        now = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]
