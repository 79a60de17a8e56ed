"""What has changed between two versions of a file, element by element."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kernel.text import Text

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing that an element says otherwise; empty where it says nothing about it."""

    what: Text
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to one element. `tag` and `name` are those of the later file, of the earlier for a removed one."""

    element: str
    tag: str
    name: str | Text
    kind: Kind
    details: tuple[Detail, ...] = ()

    @property
    def title(self) -> Text:
        """The name, to be shown."""
        return self.name if isinstance(self.name, Text) else Text(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An element of a file that is no drawing: what it says by aspect, how each aspect is called, and where it stands.

    `place` orders it among its like, which are those of the same `among`; empty where the order says nothing.
    """

    tag: str
    name: str | Text
    says: Mapping[str, str]
    called: Mapping[str, Text] = field(default_factory=dict)
    among: str = ""
    place: int = 0


def between(old: Mapping[str, Item], new: Mapping[str, Item]) -> list[Change]:
    """The changes from some items to others, in the order of the later ones, those that were removed at the end.

    One that says the same has moved if others of its like, which stayed, stand on its other side now.
    """
    shifted = _shifted(old, new)
    found = []
    for id, item in new.items():
        details = _details(old[id], item) if id in old else ()
        if id not in old:
            found.append(_change(id, item, "added"))
        elif details:
            found.append(_change(id, item, "changed", details))
        elif id in shifted:
            found.append(_change(id, item, "moved"))
    return found + [_change(id, item, "removed") for id, item in old.items() if id not in new]


def _change(id: str, item: Item, kind: Kind, details: tuple[Detail, ...] = ()) -> Change:
    return Change(element=id, tag=item.tag, name=item.name, kind=kind, details=details)


def _details(old: Item, new: Item) -> tuple[Detail, ...]:
    names = [*new.says, *(name for name in old.says if name not in new.says)]
    return tuple(
        Detail(
            what=new.called.get(name) or old.called.get(name) or Text(name),
            before=old.says.get(name, ""),
            after=new.says.get(name, ""),
        )
        for name in names
        if old.says.get(name, "") != new.says.get(name, "")
    )


def _shifted(old: Mapping[str, Item], new: Mapping[str, Item]) -> set[str]:
    """The fewest that have to be taken out so that the others stand in their old order."""
    groups: dict[str, list[str]] = {}
    for id, item in sorted(new.items(), key=lambda entry: entry[1].place):
        if id in old and item.among and old[id].among == item.among:
            groups.setdefault(item.among, []).append(id)
    return {id for ids in groups.values() for id in set(ids) - set(_in_order(ids, old))}


def _in_order(ids: list[str], old: Mapping[str, Item]) -> list[str]:
    """The longest of the sequences within these that stand in their old order."""
    best: list[tuple[int, int]] = []  # of the sequence that ends here: its length, and where the one before stands
    for here, id in enumerate(ids):
        before = [(best[at][0], at) for at in range(here) if old[ids[at]].place < old[id].place]
        length, at = max(before, default=(0, -1))
        best.append((length + 1, at))
    at = max(range(len(ids)), key=lambda here: best[here][0], default=-1)
    found = []
    while at >= 0:
        found.append(ids[at])
        at = best[at][1]
    return found
