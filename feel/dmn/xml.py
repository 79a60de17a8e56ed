"""DMN files as trees: read without entities, DTDs or network, and asked by local names, whatever the DMN version."""

from collections.abc import Iterator

from lxml import etree

from feel.errors import FeelError
from feel.sentences import say

Element = etree._Element
VERSIONS = (
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
)


class DmnError(FeelError):
    """A file that is not a decision model, or a question that it cannot be asked. The message says which and why."""


def read(content: bytes) -> Element:
    """The `definitions` element. Raises DmnError for anything but DMN 1.2 to 1.6."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DmnError(say("The file is not XML: {reason}", reason=str(error))) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnError(say("A decision model has no document type declaration. Remove the DOCTYPE."))
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in VERSIONS:
        raise DmnError(say("The file is no DMN 1.2 or later: it begins with {tag}.", tag=root.tag))
    return root


def local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements, or those of the names given."""
    return (child for child in element if isinstance(child.tag, str) and (not names or local(child) in names))


def child(element: Element | None, name: str) -> Element | None:
    return next(children(element, name), None) if element is not None else None


def text(element: Element | None) -> str:
    """What stands in the element's `text` child; empty where there is none."""
    inner = child(element, "text")
    return (inner.text or "").strip() if inner is not None else ""


def name(element: Element) -> str:
    """The element's name, white space made single."""
    return " ".join((element.get("name") or "").split())
