"""The variables that an editor offers where FEEL is written: name, type, where each comes from, an example."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from kernel.text import Text, say
from processes.hints.family import Family
from processes.hints.provides import kind
from processes.hints.shapes import LEVELS, Shape, merged
from processes.hints.tables import tables
from processes.hints.upstream import Seen, Source, Upstream

LONGEST = 40  # letters of an example
MOST = 200  # variables at one element


Key = tuple[Any, ...]  # a variable's name with its sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """`type` is a type of FEEL, empty where it is not known. `origin` tells the node; `element` is its id.

    `entries` are those of a context, or of the items of a list.
    """

    name: str
    type: str = ""
    detail: str = ""
    origin: Text = Text("")
    element: str = ""
    entries: tuple["Offered", ...] = ()

    def told(self, language: str) -> dict[str, Any]:
        """As JSON, without what is empty."""
        found = {
            "name": self.name,
            "type": self.type,
            "detail": self.detail,
            "origin": self.origin.within(language) if self.origin.template else "",
            "element": self.element,
            "isList": self.type == "list",
            "entries": [entry.told(language) for entry in self.entries],
        }
        return {key: value for key, value in found.items() if value}


def variables(family: Family, name: str) -> dict[str, list[Offered]]:
    """What FEEL may name at each element of a file.

    Of a BPMN file those are its flow nodes and sequence flows; of a form its own id, of a DMN file its decisions, with
    what is there at the elements that show or ask them.
    """
    upstreams = [Upstream(family=family, drawn=drawn) for file, drawn in family.drawings.items()]
    known = [upstream for upstream in upstreams if upstream.known]
    if name in family.drawings:
        return _of_drawing(next((one for one in known if one.drawn is family.drawings[name]), None), family)
    for id, file in family.form_files.items():
        if file.name == name:
            own = {path: Source(None, shape) for path, shape in family.filled[id].items()}
            return {id: _merged(_at(known, "formDefinition", "formId", id), own, family)}
    found = {}
    for file in family.of(".dmn"):
        for decision in tables(file).decisions if file.name == name else ():
            own = {one: Source(None, Shape()) for one in tables(file).names if one.isidentifier()}
            found[decision.id] = _merged(_at(known, "calledDecision", "decisionId", decision.id), own, family)
    return found


def _of_drawing(upstream: Upstream | None, family: Family) -> dict[str, list[Offered]]:
    if upstream is None:
        return {}
    # Most elements see most variables alike: each is described once.
    made: dict[Key, Offered] = {}
    nodes = upstream.drawn.nodes.items()
    found = {id: _listed(upstream.inside(node, result=True), family, made) for id, node in nodes}
    found |= {id: _listed(upstream.flow(id), family, made) for id in upstream.flows}
    return found


def _at(upstreams: list[Upstream], extension: str, attribute: str, id: str) -> list[Seen]:
    """What is seen where a form is shown, or a decision asked."""
    return [
        upstream.inside(node)
        for upstream in upstreams
        for node in upstream.drawn.nodes.values()
        if upstream.drawn.extension(node.id, extension).get(attribute) == id
    ]


def _merged(seen: list[Seen], own: Mapping[str, Source], family: Family) -> list[Offered]:
    found: dict[str, Offered] = {}
    for name, source in own.items():
        found[name] = _offered(name, [source], family)
    for one in seen:
        for offered in _listed(one, family, {}):
            found.setdefault(offered.name, offered)
    return sorted(found.values(), key=lambda offered: offered.name)[:MOST]


def _listed(seen: Seen, family: Family, made: dict[Key, Offered]) -> list[Offered]:
    found = []
    for name in seen.names()[:MOST]:
        sources = seen.sources(name)
        key = (name, *((id(source.node), id(source.shape), source.surely) for source in sources))
        if key not in made:
            made[key] = _offered(name, sources, family)
        found.append(made[key])
    return found


def _offered(name: str, sources: list[Source], family: Family) -> Offered:
    """A variable as its sources together know it, said to come from the nearest."""
    shape, node = reduce(merged, [source.shape for source in sources]), sources[0].node
    example = _example(family.examples.get(name))
    origin = Text("")
    if node is not None:
        called = say("{name} ({kind})", name=Text(node.name or node.id), kind=kind(node.tag))
        origin = called if sources[0].surely else say("{node}, on another branch", node=called)
    return Offered(
        name=name,
        type="" if shape.type == "Any" else shape.type,
        detail=" · ".join(part for part in (shape.words, example) if part),
        origin=origin,
        element=node.id if node is not None else "",
        entries=_entries(shape, LEVELS),
    )


def _entries(shape: Shape, levels: int) -> tuple[Offered, ...]:
    if not levels:
        return ()
    return tuple(
        Offered(
            name=name,
            type="" if inner.type == "Any" else inner.type,
            detail=inner.words,
            entries=_entries(inner, levels - 1),
        )
        for name, inner in list(shape.entries.items())[:MOST]
    )


def _example(value: Any) -> str:
    """A plain value from a story, short."""
    if value is None or isinstance(value, dict | list) or str(value).startswith("="):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"= {text}" if len(text) <= LONGEST else f"= {text[: LONGEST - 1]}…"
