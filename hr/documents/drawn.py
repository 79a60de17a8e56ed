"""Hand-drawn signatures: SVG made of plain strokes, and nothing else."""

import base64
import binascii
import re

from lxml import etree

from hr.documents.kinds import FileRefused
from kernel.text import say

MEDIA_TYPE = "image/svg+xml"
LARGEST = 256 * 1024
_PREFIX = f"data:{MEDIA_TYPE};base64,"
_SVG = "{http://www.w3.org/2000/svg}"
_ALLOWED = {
    f"{_SVG}svg": {"viewBox", "width", "height", "version", "class"},  # `class="typed"`: a name that was typed
    f"{_SVG}g": {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"},
    f"{_SVG}path": {"d", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"},
    f"{_SVG}circle": {"cx", "cy", "r", "fill", "stroke"},
}
_STROKES = (f"{_SVG}path", f"{_SVG}circle")
_VALUE = re.compile(r"[-+.,#%\s\w]*", re.ASCII)


def from_data_url(url: str) -> bytes:
    """The SVG of `data:image/svg+xml;base64,…`, parsed, checked and written anew. Raises FileRefused.

    Only `svg`, `g`, `path` and `circle` with drawing attributes pass: no script, no style, no reference, no text, no
    entity.
    """
    if not url.startswith(_PREFIX):
        raise FileRefused(say("There is no signature here. Draw it in the box and send it again."))
    try:
        content = base64.b64decode(url.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise FileRefused(say("The signature arrived damaged. Draw it again.")) from None
    return checked(content)


def checked(content: bytes) -> bytes:
    """The same for the bare SVG."""
    if len(content) > LARGEST:
        raise FileRefused(say("The signature is too large. Clear the box and draw it again with fewer strokes."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise FileRefused(say("The signature arrived damaged. Draw it again.")) from None
    elements = list(root.iter())
    if root.tag != f"{_SVG}svg" or b"<!" in content or not all(map(_plain, elements)):
        raise FileRefused(say("The signature holds more than strokes and is not taken in. Draw it in the box."))
    if not any(element.tag in _STROKES for element in elements):
        raise FileRefused(say("The signature is empty. Draw it in the box and send it again."))
    etree.cleanup_namespaces(root)
    return etree.tostring(root)


def _plain(element: etree._Element) -> bool:
    allowed = _ALLOWED.get(element.tag) if isinstance(element.tag, str) else None
    if allowed is None or (element.text or "").strip() or (element.tail or "").strip():
        return False
    return all(name in allowed and _VALUE.fullmatch(str(value)) for name, value in element.attrib.items())
