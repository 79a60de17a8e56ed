"""The words for people in BPMN and DMN files: for the translation catalogue, and put in another language for a reader.

Names that something is found by (messages, signals, errors, a decision's variables) are no such words and stay as they
are. Babel calls `extract` for `*.bpmn` and `*.dmn` files.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

from lxml import etree

from kernel.text import translate

Element = etree._Element

_FOUND_BY = frozenset({"message", "signal", "error", "escalation", "property", "variable", "informationItem"})
_TEXTS = frozenset({"documentation", "description"})
_QUOTED = re.compile(r'"([^"\\]+)"')


def labels(xml: bytes) -> Iterator[tuple[str, str]]:
    """Each text with the id of the element that shows it, in document order.

    Of a decision table the texts among its answers come too, since pages show them: an article, the title of an item.
    """
    for element in _elements(_parsed(xml)):
        where = _where(element)
        for text in _shown(element):
            if text.strip():
                yield text.strip(), where


def names(xml: bytes) -> dict[str, str]:
    """The name of each element that has one, by its id; none of a file that is no XML."""
    try:
        root = _parsed(xml)
    except etree.XMLSyntaxError:
        return {}
    named = (element for element in _elements(root) if "id" in element.attrib and "name" in element.attrib)
    return {str(one.attrib["id"]): name for one in named if (name := " ".join(str(one.attrib["name"]).split()))}


def translated(xml: bytes, language: str) -> bytes:
    """A BPMN file with its names, documentation and annotations in `language`; the same bytes where nothing changes."""
    root = _parsed(xml)
    changed = False
    for element in _elements(root):
        if "name" in element.attrib and _local(element) not in _FOUND_BY:
            own = str(element.attrib["name"])
            element.attrib["name"] = translate(own, language)
            changed |= element.attrib["name"] != own
        elif _is_text(element):
            own = element.text or ""
            element.text = translate(own.strip(), language)
            changed |= element.text != own.strip()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") if changed else xml


def extract(
    fileobj: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method: line (always 1), no function name, message, and the element as a comment."""
    for text, where in labels(fileobj.read()):
        yield 1, None, text, [where]


def _parsed(xml: bytes) -> Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _shown(element: Element) -> Iterator[str]:
    kind = _local(element)
    if kind not in _FOUND_BY:
        yield from (str(element.attrib[name]) for name in ("name", "label") if name in element.attrib)
    if _is_text(element):
        yield element.text or ""
    if kind == "text" and _local(element.getparent()) == "outputEntry":
        yield from _QUOTED.findall(element.text or "")


def _is_text(element: Element) -> bool:
    kind = _local(element)
    return kind in _TEXTS or (kind == "text" and _local(element.getparent()) == "textAnnotation")


def _where(element: Element) -> str:
    holder = element if "id" in element.attrib else element.getparent()
    return str(holder.get("id", "")) if holder is not None else ""


def _local(element: Element | None) -> str:
    return "" if element is None else etree.QName(element).localname
