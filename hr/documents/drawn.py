"""Hand-drawn signatures: SVG made of plain strokes, and nothing else."""

import base64
import binascii
import re
from collections.abc import Iterator

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
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PART = re.compile(rf"([MmLlHhVvCcSsQqTtAaZz])|({_NUMBER})")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_WHITE = {
    "none",
    "transparent",
    "white",
    "snow",
    "ivory",
    "whitesmoke",
    "ghostwhite",
    "floralwhite",
    "mintcream",
    "azure",
}
_LIGHT = 0xE0  # of each of red, green and blue, from which on a colour is not told from the paper

Point = tuple[float, float]


def from_data_url(url: str) -> bytes:
    """The SVG of `data:image/svg+xml;base64,…`, parsed, checked and written anew. Raises FileRefused.

    Only `svg`, `g`, `path` and `circle` with drawing attributes pass: no script, no style, no reference, no text, no
    entity. One stroke or dot at least must be seen: in ink, and not wholly outside of the box.
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
    if not any(element.tag in _STROKES and _seen(element) for element in elements):
        raise FileRefused(say("The signature is empty. Draw it in the box and send it again."))
    etree.cleanup_namespaces(root)
    return etree.tostring(root)


def _plain(element: etree._Element) -> bool:
    allowed = _ALLOWED.get(element.tag) if isinstance(element.tag, str) else None
    if allowed is None or (element.text or "").strip() or (element.tail or "").strip():
        return False
    return all(name in allowed and _VALUE.fullmatch(str(value)) for name, value in element.attrib.items())


def _seen(element: etree._Element) -> bool:
    """Whether a stroke or dot shows on white paper, within the box that the picture has, if it says one."""
    box = _box(element.getroottree().getroot())
    if not _inked(element) or box is None:
        return False
    if element.tag == f"{_SVG}path":
        return any(_within(line, box) for line in _lines(element.get("d", "")))
    x, y, r = (_number(element.get(name, "0")) for name in ("cx", "cy", "r"))
    return r > 0 and _within([(x - r, y - r), (x + r, y + r)], box)


def _inked(element: etree._Element) -> bool:
    """Lines are drawn in a colour and have a width, or areas are filled with one (SVG 2, 13.2 and 13.5)."""
    wide = _number(_inherited(element, "stroke-width", "1")) > 0
    stroke, fill = _inherited(element, "stroke", "none"), _inherited(element, "fill", "black")
    return (wide and not _white(stroke)) or not _white(fill)


def _inherited(element: etree._Element, name: str, default: str) -> str:
    holders = (element, *element.iterancestors())
    return next((str(holder.get(name)).strip().lower() for holder in holders if holder.get(name)), default)


def _white(colour: str) -> bool:
    if not re.fullmatch("#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", colour):
        return colour in _WHITE
    digits = colour[1:] if len(colour) > 5 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue, *alpha = bytes.fromhex(digits)
    return min(red, green, blue) >= _LIGHT or alpha == [0]


def _box(root: etree._Element) -> tuple[Point, Point] | None:
    """Two corners of the box: all the plane for a picture that tells none, None for one that holds nothing."""
    told = root.get("viewBox")
    if told is None:
        return (float("-inf"), float("-inf")), (float("inf"), float("inf"))
    sides = [float(number) for number in re.findall(_NUMBER, told)]
    if len(sides) != 4 or min(sides[2:]) <= 0:
        return None
    return (sides[0], sides[1]), (sides[0] + sides[2], sides[1] + sides[3])


def _within(line: list[Point], box: tuple[Point, Point]) -> bool:
    """Whether the smallest upright rectangle around the points touches the box."""
    return all(
        min(point[axis] for point in line) <= box[1][axis] and max(point[axis] for point in line) >= box[0][axis]
        for axis in (0, 1)
    )


def _lines(d: str) -> Iterator[list[Point]]:
    """What a path draws, piece by piece, as the points that tell of it; a piece of no length draws nothing.

    The radii of an arc are left out. What follows a mistake is not drawn (SVG 2, 9.5.4).
    """
    at = start = (0.0, 0.0)
    for letter, numbers in _pieces(d):
        points = [start] if letter in "Zz" else _points(letter, numbers, at)
        if letter in "Mm":
            start = points[-1]
        elif any(point != at for point in points):
            yield [at, *points]
        at = points[-1]


def _pieces(d: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; a command that has more of them than it takes is repeated."""
    letter, numbers = "", list[float]()
    for part in _PART.finditer(d):
        if part[1]:
            letter, numbers = part[1], []
        elif not letter or letter in "Zz":
            return
        else:
            numbers.append(float(part[2]))
        if len(numbers) == _TAKES[letter.upper()]:
            yield letter, numbers
            letter, numbers = {"M": "L", "m": "l"}.get(letter, letter), []


def _points(letter: str, numbers: list[float], at: Point) -> list[Point]:
    x, y = at if letter.islower() else (0.0, 0.0)
    if letter in "Hh":
        return [(x + numbers[0], at[1])]
    if letter in "Vv":
        return [(at[0], y + numbers[0])]
    ends = numbers[-2:] if letter in "Aa" else numbers
    return [(x + across, y + down) for across, down in zip(ends[::2], ends[1::2], strict=True)]


def _number(text: str) -> float:
    found = re.match(_NUMBER, text.strip())
    return float(found[0]) if found else 0.0
