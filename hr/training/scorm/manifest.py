"""The manifest of a SCORM package: its pages in their order, and when one of them counts as passed.

SCORM 1.2 Content Aggregation Model §2.3 and SCORM 2004 (2nd to 4th edition) Content Aggregation Model §3.4. What is
laid down there about sequencing is not followed: pages may be gone through in any order.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from kernel.errors import Invalid
from kernel.text import say

NAME = "imsmanifest.xml"
ITEMS_MOST = 200
DEPTH_MOST = 20
TITLE_MOST = 200
LAUNCH_DATA_MOST = 4096  # characters; SCORM 1.2 CAM §2.3.2.5.1 allows 255, 2004 4000
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ANYWHERE = "http://package.invalid/"
_EDITIONS = re.compile(r"CAM 1\.3|2004 (?:2nd|3rd|4th) Edition|2004", re.IGNORECASE)

Element = etree._Element


class PackageRefused(Invalid):
    """A SCORM package cannot be played, or is not safe to unpack; the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One page to launch. `href` is its address within the package, with its parameters.

    `sco` tells whether it reports a result; one that does not counts as done when it is opened. `mastery` is the score
    in percent from which it counts as passed, `threshold` the share (0 to 1) from which it counts as completed.
    """

    key: str
    title: str
    href: str
    sco: bool = True
    mastery: float | None = None
    threshold: float | None = None
    launch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`standard` is `1.2` or `2004`."""

    standard: str
    title: str
    items: tuple[Item, ...]

    def facts(self) -> dict[str, Any]:
        """As JSON, to be kept with the package."""
        return asdict(self)

    def item(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)


def kept(facts: Mapping[str, Any]) -> Manifest:
    """The manifest out of its facts."""
    items = tuple(Item(**item) for item in facts["items"])
    return Manifest(standard=facts["standard"], title=facts["title"], items=items)


def read(content: bytes, files: Collection[str]) -> Manifest:
    """The manifest of a package that holds these files. Raises PackageRefused.

    XML is read without entities, document types or network.
    """
    root = _root(content)
    standard = _standard(root)
    resources = dict(_resources(root))
    organisation = _organisation(root)
    shared = _shared_sequencing(root)
    items = [_item(element, resources, shared) for element in _items(organisation) if element.get("identifierref")]
    if not items:  # SCORM 1.2 has packages of resources alone
        items = [_bare(key, resource) for key, resource in resources.items() if resource[1] and resource[0]][:1]
    if not items:
        raise PackageRefused(say("The package has no page to begin with. Export it again as a SCORM package."))
    if len(items) > ITEMS_MOST:
        raise PackageRefused(say("The package has more than {most} pages. Split it into courses.", most=ITEMS_MOST))
    for item in items:
        _launches(item, files)
    title = _text(organisation, "title") if organisation is not None else ""
    return Manifest(standard=standard, title=title or items[0].title, items=tuple(_apart(items)))


def _root(content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise PackageRefused(say("{name} of the package cannot be read as XML. Export it again.", name=NAME)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise PackageRefused(say("{name} of the package declares a document type. Export it without one.", name=NAME))
    if _name(root) != "manifest":
        raise PackageRefused(say("{name} of the package is no manifest. Export it again as SCORM.", name=NAME))
    return root


def _standard(root: Element) -> str:
    """By the version that is stated, else by the namespaces in use (2004 has its own of `adlcp`)."""
    metadata = _child(root, "metadata")
    stated = _text(metadata, "schemaversion") if metadata is not None else ""
    if stated == "1.2":
        return "1.2"
    if _EDITIONS.fullmatch(stated):
        return "2004"
    spaces = {uri for element in root.iter(etree.Element) for uri in element.nsmap.values() if uri}
    if not stated and any("adlcp_v1p3" in uri for uri in spaces):
        return "2004"
    if not stated and any("adlcp_rootv1p2" in uri for uri in spaces):
        return "1.2"
    raise PackageRefused(
        say("The package is of “{stated}”. SCORM 1.2 and SCORM 2004 are played.", stated=stated[:60] or "–")
    )


def _organisation(root: Element) -> Element | None:
    """The one that is the default, else the first."""
    around = _child(root, "organizations")
    if around is None:
        return None
    found = _children(around, "organization")
    return next((one for one in found if one.get("identifier") == around.get("default")), found[0] if found else None)


def _items(around: Element | None, depth: int = 0) -> Iterator[Element]:
    """Every item, outer before inner, in the order in which they are written; without hidden ones."""
    for item in _children(around, "item") if around is not None and depth < DEPTH_MOST else ():
        if item.get("isvisible", "true").strip().lower() != "false":
            yield item
        yield from _items(item, depth + 1)


def _resources(root: Element) -> Iterator[tuple[str, tuple[str, bool]]]:
    """By identifier: the address within the package, and whether it is a SCO."""
    around = _child(root, "resources")
    for resource in _children(around, "resource") if around is not None else ():
        bases = [str(one.get(_XML_BASE, "")) for one in (root, around, resource) if one is not None]
        href = _joined([*bases, str(resource.get("href", "")).strip()])
        kinds = [value for name, value in resource.attrib.items() if _local(str(name)).lower() == "scormtype"]
        yield resource.get("identifier", ""), (href, "sco" in [str(kind).lower() for kind in kinds])


def _joined(addresses: Sequence[str]) -> str:
    """Each address within the one before it. Raises PackageRefused for what is no address at all."""
    try:
        whole = reduce(urljoin, addresses)
        urlsplit(whole)
    except ValueError:  # brackets that are no IPv6 address
        told = say("{address} in the manifest is no address. Export the package again.", address=addresses[-1][:200])
        raise PackageRefused(told) from None
    return whole


def _item(element: Element, resources: Mapping[str, tuple[str, bool]], shared: Mapping[str, Element]) -> Item:
    reference = element.get("identifierref", "")
    if reference not in resources or not resources[reference][0]:
        raise PackageRefused(say("The manifest names a page {key} that it does not describe.", key=reference[:100]))
    href, sco = resources[reference]
    return Item(
        key=element.get("identifier", "")[:100],
        title=_text(element, "title") or reference[:TITLE_MOST],
        href=_with_parameters(href, element.get("parameters", "").strip()),
        sco=sco,
        mastery=_mastery(element, shared),
        threshold=_threshold(element),
        launch=(_text(element, "datafromlms", LAUNCH_DATA_MOST) or _text(element, "dataFromLMS", LAUNCH_DATA_MOST)),
    )


def _bare(key: str, resource: tuple[str, bool]) -> Item:
    return Item(key=key[:100], title=key[:TITLE_MOST], href=resource[0], sco=resource[1])


def _with_parameters(href: str, parameters: str) -> str:
    """As CAM 2004 §3.4.1.7 puts the parameters of an item behind the address of its resource."""
    stripped = parameters.lstrip("?&")
    if not stripped:
        return href
    if stripped.startswith("#"):
        return href if "#" in href else href + stripped
    return f"{href}{'&' if '?' in href else '?'}{stripped}"


def _mastery(element: Element, shared: Mapping[str, Element]) -> float | None:
    """Percent. 1.2: `masteryscore` of 0 to 100; 2004: the measure of −1 to 1 of the primary objective."""
    told = _number(_text(element, "masteryscore"))
    if told is not None:
        return min(100.0, max(0.0, told))
    sequencing = _child(element, "sequencing")
    if sequencing is None:
        return None
    for one in (sequencing, shared.get(sequencing.get("IDRef", ""))):
        objectives = _child(one, "objectives") if one is not None else None
        primary = _child(objectives, "primaryObjective") if objectives is not None else None
        if primary is not None and primary.get("satisfiedByMeasure", "false").lower() == "true":
            measure = _number(_text(primary, "minNormalizedMeasure"))
            return 100.0 * min(1.0, max(0.0, 1.0 if measure is None else measure))
    return None


def _threshold(element: Element) -> float | None:
    """`minProgressMeasure` where completion goes by measure (4th edition); the bare number of earlier ones."""
    found = _child(element, "completionThreshold")
    if found is None:
        return None
    by_measure = found.get("completedByMeasure")
    if by_measure is not None and by_measure.lower() != "true":
        return None
    told = _number(found.get("minProgressMeasure") or (found.text or ""))
    return min(1.0, max(0.0, told)) if told is not None else None


def _shared_sequencing(root: Element) -> dict[str, Element]:
    around = _child(root, "sequencingCollection")
    return {one.get("ID", ""): one for one in _children(around, "sequencing")} if around is not None else {}


def _launches(item: Item, files: Collection[str]) -> None:
    """The page lies in the package. Raises PackageRefused for one of elsewhere or one that is missing."""
    path = path_of(item.href)
    if path is None:
        raise PackageRefused(
            say("The page “{title}” lies outside the package ({href}).", title=item.title, href=item.href[:200])
        )
    if path not in files:
        raise PackageRefused(say("The page “{title}” is missing: there is no {path}.", title=item.title, path=path))


def path_of(href: str) -> str | None:
    """The file that an address within a package means; None for one that leads out of it."""
    if urlsplit(href).scheme or href.startswith(("/", "\\")):
        return None
    joined = urljoin(_ANYWHERE + "in/", href.replace("\\", "/"))
    path = unquote(urlsplit(joined).path)
    within = path.removeprefix("/in/")
    return within if path.startswith("/in/") and within and ".." not in within.split("/") else None


def _apart(items: list[Item]) -> Iterator[Item]:
    """Each under a key of its own: authoring tools give the same one twice."""
    seen: set[str] = set()
    for place, item in enumerate(items, start=1):
        key = item.key if item.key and item.key not in seen else f"item-{place}"
        seen.add(key)
        yield Item(**{**asdict(item), "key": key})


def _name(element: Element) -> str:
    return _local(str(element.tag)) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _children(around: Element, name: str) -> list[Element]:
    return [child for child in around if _name(child) == name]


def _child(around: Element, name: str) -> Element | None:
    return next(iter(_children(around, name)), None)


def _text(around: Element, name: str, most: int = TITLE_MOST) -> str:
    found = _child(around, name)
    return " ".join((found.text or "").split())[:most] if found is not None else ""


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -1e9 < number < 1e9 else None
