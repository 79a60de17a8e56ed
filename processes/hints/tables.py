"""A DMN file as hints read it: what each decision is asked, what it gives, and every cell that holds FEEL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.model import Resource
from engine.spiff.compile.xml import Tree
from processes.hints.shapes import ANY, Shape

TYPES: Mapping[str, str] = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
}
_LISTS = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
# What gives a name that expressions of the file may use.
_NAMED = frozenset(
    {
        "variable",
        "informationItem",
        "inputData",
        "decision",
        "businessKnowledgeModel",
        "decisionService",
        "import",
        "output",
        "column",
        "itemComponent",
        "formalParameter",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An expression of a table or a literal one. `id` is that of the XML element that holds it."""

    decision: str
    id: str
    text: str
    tests: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision. `asks` are label and expression of each input; `gives` is its result; `words` its description."""

    id: str
    name: str
    words: str
    asks: tuple[tuple[str, str], ...]
    gives: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The decisions of a file in its order, its cells, and the names that it declares itself."""

    decisions: tuple[Decided, ...] = ()
    cells: tuple[Cell, ...] = ()
    names: frozenset[str] = frozenset()


@lru_cache(maxsize=32)
def tables(resource: Resource) -> Tables:
    """The decisions of a file; none of one that cannot be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(resource.content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Tables()
    found = [element for element in root.iter("{*}decision") if element.get("id")]
    declared = {
        " ".join((element.get("name") or "").split()) for element in root.iter("{*}*") if _tag(element) in _NAMED
    }
    iterators = {element.get("iteratorVariable", "") for element in root.iter("{*}*")}
    return Tables(
        decisions=tuple(_decided(element) for element in found),
        cells=tuple(cell for element in found for cell in _cells(element)),
        names=frozenset((declared | iterators) - {""}),
    )


def _tag(element: Tree) -> str:
    return str(etree.QName(element).localname)


def _child(element: Tree, name: str) -> Tree | None:
    return element.find(f"./{{*}}{name}")


def _text(element: Tree | None) -> str:
    found = None if element is None else element.find("./{*}text")
    return "" if found is None else (found.text or "").strip()


def _decided(element: Tree) -> Decided:
    table, words = _child(element, "decisionTable"), _child(element, "description")
    columns = [] if table is None else list(table.iterfind("./{*}input"))
    asks = [(column.get("label", ""), _text(_child(column, "inputExpression"))) for column in columns]
    return Decided(
        id=element.get("id", ""),
        name=" ".join((element.get("name") or "").split()),
        words=" ".join((words.text or "").split()) if words is not None else "",
        asks=tuple((label or source, source) for label, source in asks),
        gives=_gives(element, table),
    )


def _gives(element: Tree, table: Tree | None) -> Shape:
    if table is None:
        variable = _child(element, "variable")
        return Shape(TYPES.get("" if variable is None else variable.get("typeRef", ""), "Any"))
    outputs = list(table.iterfind("./{*}output"))
    named = {
        out.get("name", ""): Shape(TYPES.get(out.get("typeRef", ""), "Any"), {}, out.get("label", ""))
        for out in outputs
    }
    one = Shape("context", named) if len(outputs) > 1 else next(iter(named.values()), ANY)
    if table.get("hitPolicy", "UNIQUE") not in _LISTS:
        return one
    aggregated = table.get("hitPolicy") == "COLLECT" and table.get("aggregation")
    return Shape("number") if aggregated else Shape("list", one.entries)


def _cells(element: Tree) -> Iterator[Cell]:
    decision = element.get("id", "")
    for part in element.iter("{*}inputExpression", "{*}inputEntry", "{*}outputEntry", "{*}literalExpression"):
        source = _text(part)
        if source:
            yield Cell(decision=decision, id=part.get("id", ""), text=source, tests=_tag(part) == "inputEntry")
