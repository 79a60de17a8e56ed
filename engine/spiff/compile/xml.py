"""Reading the XML of a model: no entities, no DTD, no network, and limits on size and depth."""

from typing import Any

from lxml import etree

from engine.model import ModelRefused, Problem, Resource
from kernel.text import Text, say

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TRUE = ("true", "1")  # of a boolean of XML Schema
MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 64  # nested sub-processes end one inside the other, so this bounds the call stack

Tree = Any  # an lxml element: its stubs give up on attributes and iteration


def bpmn(name: str) -> str:
    """A BPMN tag as lxml writes it."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    """A tag of the zeebe extension as lxml writes it."""
    return f"{{{ZEEBE}}}{name}"


def local(element: Tree) -> str:
    """A tag without its namespace."""
    return str(etree.QName(element).localname)


def elements(parent: Tree) -> list[Tree]:
    """The child elements, without comments and processing instructions."""
    return [child for child in parent if isinstance(child.tag, str)]


def read(resource: Resource) -> Tree:
    """The root of a BPMN file. Raises ModelRefused with the one problem that stops the reading."""
    if len(resource.content) > MOST_BYTES:
        raise _refused(resource, "size", say("The file is larger than {most} bytes. Split it.", most=MOST_BYTES))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Tree = etree.fromstring(resource.content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(resource, "xml", say("The file is no well-formed XML: {reason}", reason=str(error))) from None
    if root is None:
        raise _refused(resource, "xml", say("The file is empty."))
    if root.getroottree().docinfo.doctype:
        raise _refused(resource, "doctype", say("The file has a DOCTYPE, which could bring in other files. Remove it."))
    if _depth(root) > MOST_DEPTH:
        raise _refused(resource, "depth", say("Elements are nested deeper than {most}. Flatten them.", most=MOST_DEPTH))
    if root.tag != bpmn("definitions"):
        raise _refused(resource, "bpmn", say("The file is no BPMN 2.0: its root is {tag}.", tag=str(root.tag)))
    return root


def _depth(root: Tree) -> int:
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for parent in level for child in parent]
    return deepest


def _refused(resource: Resource, rule: str, sentence: Text) -> ModelRefused:
    return ModelRefused([Problem(file=resource.name, element="", rule=rule, sentence=sentence)])
