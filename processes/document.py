"""A BPMN or DMN file as the house rules read it: elements with all their words, and how flows join them.

It is read without entities, document types or network. Whether the file is a model that runs is for the engine to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lxml import etree

_FLOW = "sequenceFlow"
_INNER = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_EVENTS = ("boundaryEvent", "startEvent", "intermediateCatchEvent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element with an id. `words` are all texts and attributes of its own, without those of elements inside it.

    `inside` are the ids of the flow nodes of a sub-process; `parent` is the id of what holds it.
    """

    id: str
    tag: str
    name: str
    words: str
    parent: str = ""
    source: str = ""
    target: str = ""
    condition: str = ""
    attached_to: str = ""
    interrupts: bool = True
    events: frozenset[str] = frozenset()
    job_type: str = ""
    groups: str = ""
    called: str = ""
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)  # without slots: its indexes are made once they are asked for
class Document:
    """The elements of a file by id, in document order. Empty for a file that is no XML."""

    nodes: dict[str, Node] = field(default_factory=dict)

    @cached_property
    def _flows(self) -> tuple[dict[str, list[Node]], dict[str, list[Node]]]:
        """The sequence flows by the element that they leave, and by the one that they lead to."""
        leaving: dict[str, list[Node]] = {}
        leading: dict[str, list[Node]] = {}
        for flow in self.of(_FLOW):
            leaving.setdefault(flow.source, []).append(flow)
            leading.setdefault(flow.target, []).append(flow)
        return leaving, leading

    @cached_property
    def _boundaries(self) -> dict[str, list[str]]:
        """The boundary events by the element that they are attached to."""
        found: dict[str, list[str]] = {}
        for event in self.of("boundaryEvent"):
            found.setdefault(event.attached_to, []).append(event.id)
        return found

    def of(self, *tags: str) -> Iterator[Node]:
        """The elements with one of the tags."""
        return (node for node in self.nodes.values() if node.tag in tags)

    def leaving(self, node: str) -> list[Node]:
        """The sequence flows that leave an element."""
        return self._flows[0].get(node, [])

    def boundaries(self, node: str) -> list[Node]:
        """The boundary events that are attached to an element."""
        return [self.nodes[event] for event in self._boundaries.get(node, ())]

    def before(self, node: str) -> list[Node]:
        """The elements right before one."""
        return [self.nodes[flow.source] for flow in self._flows[1].get(node, ()) if flow.source in self.nodes]

    def reached(self, *starts: str) -> set[str]:
        """All elements that a token from one of the starts can come to, into sub-processes, out of them, and over their
        boundaries.
        """
        seen: set[str] = set()
        ahead = [*starts]
        while ahead:
            here = ahead.pop()
            if here in seen or here not in self.nodes:
                continue
            seen.add(here)
            ahead += self._next(here)
        return seen

    def _next(self, here: str) -> list[str]:
        node = self.nodes[here]
        following = [flow.target for flow in self.leaving(here)]
        following += [inner for inner in node.inside if not self._entered_from_elsewhere(inner)]
        following += self._boundaries.get(here, [])
        parent = self.nodes.get(node.parent)
        if parent is not None and parent.tag in _INNER and not following:
            following += [flow.target for flow in self.leaving(parent.id)]
        return following

    def _entered_from_elsewhere(self, inner: str) -> bool:
        return self.nodes[inner].tag == "boundaryEvent" or bool(self.before(inner))


@lru_cache(maxsize=16)
def read(content: bytes) -> Document:
    """The document of a file; an empty one where it cannot be read. Each rule asks for it, so the last are kept."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return Document()
    nodes: dict[str, Node] = {}
    for element in root.iter("{*}*"):
        identity = element.get("id")
        if identity and not _is_diagram(element):
            nodes[identity] = _node(element, identity)
    return Document(nodes)


def _is_diagram(element: etree._Element) -> bool:
    space = etree.QName(element).namespace or ""
    return space.endswith(("/DI", "/BPMN/20100524/DI", "/DC", "/DMNDI/")) or "/DD/" in space


def _node(element: etree._Element, identity: str) -> Node:
    tag = etree.QName(element).localname
    parent = element.getparent()
    while parent is not None and not parent.get("id"):
        parent = parent.getparent()
    return Node(
        id=identity,
        tag=tag,
        name=" ".join((element.get("name") or "").split()),
        words="; ".join(word for word in _words(element) if word),
        parent="" if parent is None else parent.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition="".join(found.text or "" for found in element.iterfind("./{*}conditionExpression")),
        attached_to=element.get("attachedToRef", ""),
        interrupts=element.get("cancelActivity", element.get("isInterrupting", "true")) != "false",
        events=frozenset(_event_kinds(element)) if tag in _EVENTS else frozenset(),
        job_type=_extension(element, "taskDefinition", "type"),
        groups=_extension(element, "assignmentDefinition", "candidateGroups"),
        called=_extension(element, "calledElement", "processId"),
        inside=tuple(child.get("id", "") for child in element if tag in _INNER and child.get("id")),
    )


def _extension(element: etree._Element, name: str, attribute: str) -> str:
    found = element.find(f"./{{*}}extensionElements/{{*}}{name}")
    return "" if found is None else found.get(attribute, "")


def _event_kinds(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name.endswith("EventDefinition"):
            yield name.removesuffix("EventDefinition")


def _words(element: etree._Element) -> Iterator[str]:
    """Attribute values and texts, down to the next element that has an id and is no part of this one."""
    yield from (str(value) for value in element.attrib.values())
    yield (element.text or "").strip()
    for child in element:
        if isinstance(child.tag, str) and (
            not child.get("id") or etree.QName(child).localname.endswith("EventDefinition")
        ):
            yield from _words(child)
