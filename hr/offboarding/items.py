"""The items of a handover list: from a form's rows to stored rows, under the duties that the role's template set."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from hr.documents import files
from hr.evidence.canonical import content_hash
from hr.offboarding.tables import ITEM_KINDS, Case, HandoverItem
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say

FIELDS = ("key", "title", "kind", "required", "content", "path", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to hand over, as a form or a template gives it. `files` lists `{hash, name}`."""

    key: str
    title: str
    kind: str = "other"
    required: bool = False
    content: str = ""
    path: str = ""
    files: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Item":
        """From a row of variables; what it holds beyond an item's own fields is left out. Raises Invalid."""
        if not row.get("key") or not row.get("title") or row.get("kind", "other") not in ITEM_KINDS:
            raise Invalid(
                say("A handover item needs a key, a title and a kind out of: {kinds}.", kinds=", ".join(ITEM_KINDS))
            )
        known = {name: row[name] for name in FIELDS if row.get(name) is not None}
        chosen = tuple({"hash": str(file["hash"]), "name": str(file["name"])} for file in row.get("files") or ())
        return cls(**{**known, "files": chosen})


class Incomplete(Invalid):
    """Required items are empty or gone. `errors` has a sentence for each, by its key."""

    def __init__(self, sentence: Text, errors: dict[str, Text]) -> None:
        self.errors = errors
        super().__init__(sentence, errors=errors)


def stored(unit: Unit, number: str, version: int) -> list[HandoverItem]:
    """The items of one version, in their order."""
    chosen = select(HandoverItem).where(col(HandoverItem.case_number) == number, col(HandoverItem.version) == version)
    return list(unit.session.exec(chosen.order_by(col(HandoverItem.place))))


def content(item: HandoverItem | Item) -> dict[str, Any]:
    """What of an item is handed over and hashed: not its place, not what was decided about it."""
    return {name: getattr(item, name) for name in FIELDS} | {"files": [dict(file) for file in item.files]}


def hash_of(unit: Unit, case: Case, version: int) -> str:
    """The content hash of a version as it is stored: the case, the leaver and every item, in order."""
    listed = [content(item) for item in stored(unit, case.number, version)]
    return content_hash({"case": case.number, "version": version, "employee": case.employee, "items": listed})


def write(unit: Unit, number: str, version: int, items: Sequence[Item]) -> None:
    """Make these the items of a version. One that was confirmed in the version before and is the same stays
    confirmed.
    """
    before = {row.key: row for row in stored(unit, number, version - 1) if row.status == "confirmed"}
    present = {row.key: row for row in stored(unit, number, version)}
    for place, item in enumerate(items):
        row = present.pop(item.key, None) or HandoverItem(
            case_number=number, version=version, key=item.key, place=place, title=item.title, kind=item.kind
        )
        for name, value in content(item).items():
            setattr(row, name, value)
        was = before.get(item.key)
        unchanged = was is not None and content(was) == content(item)
        row.place, row.status = place, "confirmed" if unchanged else "open"
        row.decided_by, row.decided_at = (was.decided_by, was.decided_at) if was and unchanged else (None, None)
        unit.session.add(row)
    for gone in present.values():
        unit.session.delete(gone)
    unit.session.flush()


def merge(rows: Sequence[HandoverItem], sent: Sequence[Item]) -> list[Item]:
    """The items as sent, under the template: its titles, kinds and duties stay; a required item left out comes back
    empty.

    Items that the template does not know are added; nobody makes them required but the template.

    """
    by_key = {item.key: item for item in sent}
    own = {row.key for row in rows}
    filled = ("content", "path", "files")
    whole = [
        Item.of(
            {**content(row), **({name: content(by_key[row.key])[name] for name in filled} if row.key in by_key else {})}
        )
        for row in rows
        if row.required or row.key in by_key
    ]
    return whole + [Item.of({**content(item), "required": False}) for item in by_key.values() if item.key not in own]


def attach_files(unit: Unit, case: Case, items: Sequence[Item], *, clock: Clock, actor: Actor) -> None:
    """Make the items' files part of the case. Raises NotFound for a file that neither brought."""
    for file in (file for item in items for file in item.files):
        if files.belongs(unit, file["hash"], case.number):
            continue
        if not files.may_attach(unit, file["hash"], login=actor.id, subject=case.number):
            raise NotFound(say("The file {name} is not among yours. Send it again.", name=file["name"]))
        files.attach(
            unit,
            file["hash"],
            name=file["name"],
            subject=case.number,
            purpose="handover",
            actor=actor,
            at=clock.now(),
        )


def refuse_gaps(items: Sequence[Item], *, sent: Collection[str]) -> None:
    """Raises Incomplete if a required item was not sent or has neither content nor path nor file, or if there is none
    at all.
    """
    if not items:
        raise Incomplete(say("The handover list is empty. Add what is handed over."), {})
    errors: dict[str, Text] = {}
    for item in items:
        if item.required and item.key not in sent:
            errors[item.key] = say("“{title}” is required and is not in the list. Reload the page.", title=item.title)
        elif item.required and not (item.content.strip() or item.path.strip() or item.files):
            errors[item.key] = say(
                "“{title}” is required: describe it, give its path or attach a file.", title=item.title
            )
    if errors:
        raise Incomplete(next(iter(errors.values())), errors)
