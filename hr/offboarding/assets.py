"""Company things in a leaver's hands: listed, asked for, checked by administration. Never a ground to hold wages."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from hr.documents import files
from hr.evidence import log
from hr.offboarding import cases
from hr.offboarding.tables import ASSET_STATUSES, AssetLine, AssetNote
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.text import say

CHECKERS = ("administration", "it", "hr")


def register(
    unit: Unit, number: str, things: Sequence[Mapping[str, Any]], *, clock: Clock, actor: Actor
) -> list[AssetLine]:
    """Put the things on the case: each has `tag`, `kind`, `name` and perhaps `serial`. A tag that is on it stays as
    it is.
    """
    cases.still_open(unit, number)
    present = {line.tag for line in lines(unit, number)}
    added = [thing for thing in things if thing["tag"] not in present]
    for thing in added:
        unit.session.add(
            AssetLine(
                case_number=number,
                tag=str(thing["tag"]),
                kind=str(thing["kind"]),
                name=str(thing["name"]),
                serial=str(thing.get("serial") or ""),
            )
        )
    unit.session.flush()
    if added:
        log.append(unit, number, "assets.listed", actor, clock.now(), tags=[str(thing["tag"]) for thing in added])
    return lines(unit, number)


def lines(unit: Unit, number: str) -> list[AssetLine]:
    """The things of a case, by tag."""
    chosen = select(AssetLine).where(col(AssetLine.case_number) == number).order_by(col(AssetLine.tag))
    return list(unit.session.exec(chosen))


def outstanding(unit: Unit, number: str) -> list[AssetLine]:
    """The things that nobody has checked yet."""
    return [line for line in lines(unit, number) if line.status == "held"]


def notes(unit: Unit, number: str) -> list[AssetNote]:
    """What was written about the things of a case, in order."""
    chosen = select(AssetNote).where(col(AssetNote.case_number) == number).order_by(col(AssetNote.id))
    return list(unit.session.exec(chosen))


def write_note(
    unit: Unit, number: str, tag: str, text: str, *, photo_hash: str | None = None, clock: Clock, actor: Actor
) -> AssetNote:
    """Write about one thing, with a photo: the leaver says “returned”, administration asks back."""
    case = cases.still_open(unit, number)
    if actor.id != case.employee and not actor.has(*CHECKERS):
        raise Forbidden(say("Only the leaver and administration write about the things of {number}.", number=number))
    line = _line(unit, number, tag)
    if not text.strip() and photo_hash is None:
        raise Invalid(say("Write a sentence or attach a photo."))
    _attach(unit, number, photo_hash, clock, actor)
    note = AssetNote(
        case_number=number, tag=line.tag, author=actor.id, at=clock.now(), text=text.strip(), photo_hash=photo_hash
    )
    unit.session.add(note)
    unit.session.flush()
    return note


def check(
    unit: Unit,
    number: str,
    tag: str,
    status: str,
    *,
    cost_cents: int = 0,
    note: str = "",
    photo_hash: str | None = None,
    clock: Clock,
    actor: Actor,
) -> AssetLine:
    """Record what administration found: `returned`, `lost`, or `cost` where the person pays for a damage.

    A cost is a claim of its own, never taken from wages here (Interim Wage Provisions 15, 16). A later check replaces
    an earlier one; both stay in the evidence. Raises Forbidden, NotFound, or Invalid for a cost without an amount.
    """
    cases.still_open(unit, number)
    if not actor.has(*CHECKERS):
        raise Forbidden(say("Administration checks the things of {number}.", number=number))
    if status not in ASSET_STATUSES or status == "held":
        raise Invalid(say("A thing is found returned, lost or cost, not {status}.", status=status))
    if cost_cents < 0 or (status == "cost") != (cost_cents > 0):
        raise Invalid(say("Enter the amount of a cost to recover, and only of that."))
    line = _line(unit, number, tag)
    _attach(unit, number, photo_hash, clock, actor)
    line.status, line.cost_cents, line.note, line.photo_hash = status, cost_cents, note.strip(), photo_hash
    line.checked_by, line.checked_at = actor.id, clock.now()
    unit.flush()
    log.append(unit, number, f"asset.{status}", actor, clock.now(), tag=tag, cost_cents=cost_cents, photo=photo_hash)
    return line


def _line(unit: Unit, number: str, tag: str) -> AssetLine:
    line = unit.session.get(AssetLine, (number, tag))
    if line is None:
        raise NotFound(say("The case {number} has no thing with the tag {tag}.", number=number, tag=tag))
    return line


def _attach(unit: Unit, number: str, photo_hash: str | None, clock: Clock, actor: Actor) -> None:
    if photo_hash is None or files.belongs(unit, photo_hash, number):
        return
    if not files.may_attach(unit, photo_hash, login=actor.id, subject=number):
        raise NotFound(say("The photo is not among yours. Send it again."))
    files.attach(unit, photo_hash, name="photo", subject=number, purpose="asset-photo", actor=actor, at=clock.now())
