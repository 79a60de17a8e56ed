"""The handover list: versions, items, comments and returns. A submitted version is bound by its content hash.

A list goes draft → submitted → returned (a new draft follows) or confirmed → sealed. Which items must be there is
decided when it is opened, by the role's template; the person who fills it in can add items and cannot drop required
ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from hr.evidence import log
from hr.offboarding import cases, items
from hr.offboarding.items import Item
from hr.offboarding.tables import Case, HandoverItem, HandoverList, ItemComment, Signature
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.text import Text, say

STATUS = {
    "draft": say("draft"),
    "submitted": say("submitted"),
    "returned": say("returned"),
    "confirmed": say("confirmed"),
    "sealed": say("sealed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the recipient decides about an item. A return says what is missing."""

    key: str
    confirmed: bool
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One version of a list, its sheet, with its items, and the comments of all versions."""

    sheet: HandoverList
    items: list[HandoverItem]
    comments: list[ItemComment] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)

    def variables(self) -> dict[str, Any]:
        """The list as the variable `handover`: version, hash, items, decision, whether all is confirmed."""
        said = {comment.item_key: comment.text for comment in self.comments}
        return {
            "version": self.sheet.version,
            "hash": self.sheet.content_hash,
            "items": [
                items.content(item) | {"comment": said.get(item.key, ""), "status": item.status} for item in self.items
            ],
            "decision": self.sheet.status,
            "confirmed": self.sheet.status in ("confirmed", "sealed"),
        }


def view(unit: Unit, number: str, version: int | None = None) -> View:
    """The latest version of a case's list, or the one asked for. Raises NotFound."""
    chosen = select(HandoverList).where(col(HandoverList.case_number) == number)
    if version is not None:
        chosen = chosen.where(col(HandoverList.version) == version)
    found = unit.session.exec(chosen.order_by(col(HandoverList.version).desc())).first()
    if found is None:
        raise NotFound(say("The case {number} has no handover list yet.", number=number))
    return View(
        sheet=found,
        items=items.stored(unit, number, found.version),
        comments=_rows(unit, ItemComment, number),
        signatures=[row for row in _rows(unit, Signature, number) if row.version == found.version],
    )


def _rows(unit: Unit, row: type[Any], number: str) -> list[Any]:
    return list(unit.session.exec(select(row).where(row.case_number == number).order_by(row.id)))


def open_list(unit: Unit, number: str, rows: Sequence[Item], *, clock: Clock, actor: Actor) -> View:
    """Begin the list with the role's template. A case whose list is begun keeps it as it is."""
    cases.still_open(unit, number)
    if unit.one("select 1 from handover_list where case_number = %s", (number,)) is None:
        unit.session.add(HandoverList(case_number=number, version=1, opened_at=clock.now()))
        unit.session.flush()
        items.write(unit, number, 1, rows)
        log.append(unit, number, "handover.opened", actor, clock.now(), items=len(rows))
    return view(unit, number)


def save(unit: Unit, number: str, rows: Sequence[Item], *, clock: Clock, actor: Actor) -> View:
    """Keep a draft as it stands, complete or not. Raises Conflict once it is submitted, Forbidden for strangers."""
    case, draft = _draft(unit, number, actor)
    whole = items.merge(draft.items, rows)
    items.attach_files(unit, case, whole, clock=clock, actor=actor)
    items.write(unit, number, draft.sheet.version, whole)
    return view(unit, number)


def submit(unit: Unit, number: str, rows: Sequence[Item], *, clock: Clock, actor: Actor) -> View:
    """Hand the list to the recipient. Raises Incomplete naming each required item that is empty.

    The manager may submit for an employee who is absent, which stays on record as such.
    """
    case, draft = _draft(unit, number, actor)
    whole = _whole(draft, rows)
    items.attach_files(unit, case, whole, clock=clock, actor=actor)
    items.write(unit, number, draft.sheet.version, whole)
    submitted = draft.sheet
    submitted.status = "submitted"
    submitted.submitted_at = clock.now()
    submitted.submitted_by = actor.id
    submitted.on_behalf = actor.id != case.employee
    submitted.content_hash = items.hash_of(unit, case, submitted.version)
    unit.flush()
    log.append(
        unit,
        number,
        "handover.submitted",
        actor,
        clock.now(),
        content_hash=submitted.content_hash,
        version=submitted.version,
        on_behalf=submitted.on_behalf,
    )
    return view(unit, number)


def check(unit: Unit, number: str, rows: Sequence[Item]) -> None:
    """Say what `submit` would say of these rows, and change nothing: for the form, before anything is kept."""
    _whole(view(unit, number), rows)


def _whole(draft: View, rows: Sequence[Item]) -> list[Item]:
    """The list as it would be submitted. Raises Incomplete naming each required item that is empty or gone."""
    whole = items.merge(draft.items, rows)
    items.refuse_gaps(whole, sent={row.key for row in rows})
    return whole


def comment(unit: Unit, number: str, key: str, text: str, *, clock: Clock, actor: Actor) -> View:
    """Say something about an item of the latest version. Raises NotFound for an item that it does not have."""
    cases.still_open(unit, number)
    found = view(unit, number)
    if key not in {item.key for item in found.items}:
        raise NotFound(say("The handover list of {number} has no item {key}.", number=number, key=key))
    _say(unit, found.sheet, key, text, clock, actor)
    return view(unit, number)


def review(unit: Unit, number: str, decisions: Sequence[Decision], *, clock: Clock, actor: Actor) -> View:
    """The recipient's decision on every item: confirmed as a whole, or returned with what is missing.

    An item that was confirmed before and is unchanged needs no new decision. A return opens the next version as a
    draft. Raises Forbidden for anyone but the recipient, Conflict unless a list is submitted, Invalid for an item
    left undecided.
    """
    case = cases.still_open(unit, number)
    found = view(unit, number)
    if actor.id != case.recipient:
        raise Forbidden(say("Only the recipient of the handover of {number} can review it.", number=number))
    if found.sheet.status != "submitted":
        raise Conflict(_not_in(number, "submitted", found.sheet.status))
    decided = {decision.key: decision for decision in decisions}
    for item in found.items:
        _decide(unit, found.sheet, item, decided.get(item.key), clock, actor)
    returned = [item.key for item in found.items if item.status == "returned"]
    found.sheet.status = "returned" if returned else "confirmed"
    found.sheet.decided_at = clock.now()
    found.sheet.decided_by = actor.id
    unit.flush()
    log.append(
        unit,
        number,
        f"handover.{found.sheet.status}",
        actor,
        clock.now(),
        content_hash=found.sheet.content_hash,
        version=found.sheet.version,
        returned=returned,
    )
    if returned:
        _next_draft(unit, found, clock)
    return view(unit, number, found.sheet.version)


def _decide(
    unit: Unit, bound: HandoverList, item: HandoverItem, decision: Decision | None, clock: Clock, actor: Actor
) -> None:
    if decision is None:
        if item.status != "confirmed":
            raise Invalid(
                say("Decide on “{title}” as well: confirm it, or return it with what is missing.", title=item.title)
            )
        return
    if not decision.confirmed and not decision.comment.strip():
        raise Invalid(say("Say what “{title}” lacks, so that it can be supplemented.", title=item.title))
    item.status = "confirmed" if decision.confirmed else "returned"
    item.decided_by = actor.id
    item.decided_at = clock.now()
    if decision.comment.strip():
        _say(unit, bound, item.key, decision.comment, clock, actor, returns=not decision.confirmed)


def _say(
    unit: Unit, bound: HandoverList, key: str, text: str, clock: Clock, actor: Actor, *, returns: bool = False
) -> None:
    unit.session.add(
        ItemComment(
            case_number=bound.case_number,
            version=bound.version,
            item_key=key,
            author=actor.id,
            at=clock.now(),
            text=text.strip(),
            returns_item=returns,
        )
    )
    unit.session.flush()


def _next_draft(unit: Unit, found: View, clock: Clock) -> None:
    version = found.sheet.version + 1
    unit.session.add(HandoverList(case_number=found.sheet.case_number, version=version, opened_at=clock.now()))
    unit.session.flush()
    items.write(unit, found.sheet.case_number, version, [Item.of(items.content(item)) for item in found.items])


def _draft(unit: Unit, number: str, actor: Actor) -> tuple[Case, View]:
    case = cases.still_open(unit, number)
    found = view(unit, number)
    manager = (case.facts["manager"] or {}).get("login")
    if actor.id != case.employee and not (case.absent and (actor.id == manager or actor.has("hr"))):
        raise Forbidden(
            say(
                "Only the leaver fills in the handover list of {number}, or the manager for an absent one.",
                number=number,
            )
        )
    if found.sheet.status != "draft":
        raise Conflict(_not_in(number, "draft", found.sheet.status))
    return case, found


def _not_in(number: str, wanted: str, status: str) -> Text:
    return say(
        "The handover list of {number} is {status}, not {wanted}. Reload the page.",
        number=number,
        status=STATUS[status],
        wanted=STATUS[wanted],
    )
