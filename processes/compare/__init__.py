"""Two versions of a file: what was added, removed, changed in meaning, or only moved."""

from collections.abc import Iterable

from lxml import etree

from processes.compare import bpmn, dmn, form
from processes.compare.bpmn import changes as compare
from processes.compare.change import Change, Detail, Kind

__all__ = ["Change", "Detail", "Kind", "between", "compare", "in_order"]

_ORDER: tuple[Kind, ...] = ("added", "removed", "changed", "moved")

_BY_ENDING = {".bpmn": bpmn.changes, ".dmn": dmn.changes, ".form": form.changes}


def in_order(changes: Iterable[Change]) -> list[Change]:
    """What means something first, and steps before flows."""
    return sorted(changes, key=lambda change: (_ORDER.index(change.kind), change.tag == "sequenceFlow"))


def between(name: str, before: bytes, after: bytes) -> list[Change] | None:
    """The changes from one version of the file of this name to the other; None where one of them cannot be read."""
    reader = _BY_ENDING.get(name[name.rfind(".") :].lower())
    if reader is None:
        return None
    try:
        return reader(before, after)
    except (etree.XMLSyntaxError, ValueError):
        return None
