"""Two versions of a DMN file: decisions, inputs, columns of tables, and rules cell by cell. Matched by id."""

from collections.abc import Mapping

from lxml import etree

from kernel.text import Text, say
from processes.compare.change import Change, Item, between

Element = etree._Element

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
_APART = frozenset({"input", "output", "rule", "decisionTable", "informationRequirement", "knowledgeRequirement"})
ASPECTS: Mapping[str, Text] = {
    "name": say("name"),
    "label": say("label"),
    "question": say("question"),
    "allowedAnswers": say("allowed answers"),
    "description": say("documentation"),
    "typeRef": say("type"),
    "variable": say("result variable"),
    "hitPolicy": say("hit policy"),
    "aggregation": say("aggregation"),
    "expression": say("expression"),
    "values": say("allowed values"),
    "default": say("default value"),
    "needs": say("depends on"),
    "annotation": say("annotation"),
}


def changes(before: bytes, after: bytes) -> list[Change]:
    """The changes from one file to the other. Raises lxml's XMLSyntaxError for a file that is no XML."""
    return between(_read(before), _read(after))


def _read(content: bytes) -> dict[str, Item]:
    root = etree.fromstring(content, _PARSER)
    found: dict[str, Item] = {}
    for place, element in enumerate(root.iterfind("./{*}*")):
        tag, id = _local(element), element.get("id", f"element-{place}")
        if tag in ("inputData", "businessKnowledgeModel", "knowledgeSource", "itemDefinition", "decision"):
            found[id] = Item(tag=tag, name=element.get("name") or id, says=_says(element), called=ASPECTS)
        for table in element.iterfind("./{*}decisionTable"):
            found |= _table(table)
    return found


def _says(element: Element) -> dict[str, str]:
    """A decision, or what decisions need, without the columns and rules of its table."""
    told = {
        "name": element.get("name", ""),
        "variable": _attribute(element, "variable", "name"),
        "typeRef": _attribute(element, "variable", "typeRef"),
        "needs": ", ".join(
            sorted(reference.get("href", "").lstrip("#") for reference in element.iterfind(".//*[@href]"))
        ),
    }
    for child in element.iterfind("./{*}*"):
        tag = _local(child)
        if tag in ("description", "question", "allowedAnswers"):
            told[tag] = _text(child)
        elif tag == "decisionTable":
            told |= {name: child.get(name, "") for name in ("hitPolicy", "aggregation")}
        elif tag not in _APART and tag not in ("variable", "extensionElements", "authorityRequirement"):
            told["expression"] = "; ".join(filter(None, (told.get("expression"), _written(child))))
    return told


def _table(table: Element) -> dict[str, Item]:
    own = table.get("id", "")
    found: dict[str, Item] = {}
    columns: list[tuple[str, Text]] = []
    for tag in ("input", "output", "annotation"):
        for place, column in enumerate(table.iterfind(f"./{{*}}{tag}")):
            id = column.get("id") or f"{own}-{tag}-{place + 1}"
            expression = _text(column.find("./{*}inputExpression"))
            name = column.get("label") or column.get("name") or expression or id
            columns.append((id, Text(name)))
            if tag != "annotation":
                says = _column(column, expression)
                found[id] = Item(tag=tag, name=name, says=says, called=ASPECTS, among=f"{own} {tag}", place=place)
    called: dict[str, Text] = {**ASPECTS, **dict(columns)}
    for place, rule in enumerate(table.iterfind("./{*}rule")):
        cells = [cell for tag in ("inputEntry", "outputEntry") for cell in rule.iterfind(f"./{{*}}{tag}")]
        says = {id: _text(cell) for (id, _), cell in zip(columns, cells, strict=False)}
        notes = "; ".join(filter(None, map(_text, rule.iterfind("./{*}annotationEntry"))))
        says["annotation"] = "; ".join(filter(None, (_text(rule.find("./{*}description")), notes)))
        id = rule.get("id") or f"{own}-rule-{place + 1}"
        title = say("{n}: {cells}", n=place + 1, cells=" | ".join(_text(cell) or "-" for cell in cells))
        found[id] = Item(tag="rule", name=title, says=says, called=called, among=own, place=place)
    return found


def _column(column: Element, expression: str) -> dict[str, str]:
    inner = column.find("./{*}inputExpression")
    values = next(
        (_text(found) for tag in ("inputValues", "outputValues") for found in column.iterfind(f"./{{*}}{tag}")), ""
    )
    return {
        "label": column.get("label", ""),
        "name": column.get("name", ""),
        "typeRef": (inner if inner is not None else column).get("typeRef", ""),
        "expression": expression,
        "values": values,
        "default": _text(column.find("./{*}defaultOutputEntry")),
    }


def _attribute(element: Element, child: str, name: str) -> str:
    found = element.find(f"./{{*}}{child}")
    return "" if found is None else found.get(name, "")


def _text(element: Element | None) -> str:
    """What is written in it, without the white space between its parts."""
    return "" if element is None else " ".join(" ".join(map(str, element.itertext())).split())


def _written(element: Element) -> str:
    """An expression: its text, and the names of what it is made of."""
    names = [f"{_local(part)} {part.get('name')}" for part in element.iter("{*}*") if part.get("name")]
    return " ".join([*names, _text(element)])


def _local(element: Element) -> str:
    return str(etree.QName(element).localname)
