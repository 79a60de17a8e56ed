"""The record of what is open: for a dispute over a handover that was refused, who was asked for what, since when, how
often.

The open nodes come from whoever runs the process. The record is made whole or not at all, as JSON and as PDF, both by
hash.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hr.documents import typeset
from hr.documents.files import Files
from hr.evidence import log
from hr.evidence.canonical import canonical
from hr.offboarding import cases
from hr.offboarding.clocks import DEFAULT, Policy
from hr.offboarding.tables import Case, OpenRecord
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder that went out: when, on which way, to whom, and whether it arrived."""

    at: datetime
    channel: str
    to: str
    delivered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNode:
    """A node of the process that waits: for whom, since when, until when."""

    element: str
    name: str
    stage: str
    responsible: str
    opened_at: datetime
    due_at: datetime | None = None
    reminders: tuple[Reminder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The record: its row, and both files."""

    row: OpenRecord
    json: bytes
    pdf: bytes


def open_items(
    unit: Unit,
    files: Files,
    number: str,
    nodes: Sequence[OpenNode],
    *,
    organisation: str,
    clock: Clock,
    actor: Actor,
    policy: Policy = DEFAULT,
) -> Recorded:
    """Record the open nodes of a case as they are now. An empty list is a record too: nothing was open."""
    case = cases.find(unit, number)
    facts = _facts(case, nodes, clock, actor)
    as_json = canonical(facts)
    at = clock.now()
    stem = f"{number}-open-{at:%Y%m%dT%H%M%SZ}"
    kept = files.keep(
        unit,
        as_json,
        "application/json",
        name=f"{stem}.json",
        subject=number,
        purpose="open-record",
        actor=actor,
        at=at,
    )
    as_pdf = typeset.open_record(_printed(facts, kept.hash, organisation, policy), at=at)
    pdf = files.keep(
        unit, as_pdf, "application/pdf", name=f"{stem}.pdf", subject=number, purpose="open-record", actor=actor, at=at
    )
    row = OpenRecord(
        case_number=number, taken_at=at, taken_by=actor.id, nodes=len(nodes), json_hash=kept.hash, pdf_hash=pdf.hash
    )
    unit.session.add(row)
    unit.session.flush()
    log.append(unit, number, "open.recorded", actor, at, content_hash=kept.hash, nodes=len(nodes), pdf=pdf.hash)
    return Recorded(row=row, json=as_json, pdf=as_pdf)


def _facts(case: Case, nodes: Sequence[OpenNode], clock: Clock, actor: Actor) -> dict[str, Any]:
    """What is recorded, as JSON values: instants in UTC."""
    return {
        "case": case.number,
        "employee": {name: case.facts[name] for name in ("no", "login", "name", "departmentName", "position")},
        "filedAt": case.filed_at.isoformat(),
        "leavingOn": case.leaving_on.isoformat(),
        "takenAt": clock.now().isoformat(),
        "takenBy": actor.name or actor.id,
        "nodes": [_plain(asdict(node)) for node in nodes],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _printed(facts: dict[str, Any], hash_: str, organisation: str, policy: Policy) -> dict[str, Any]:
    def local(instant: str | None) -> str:
        return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(policy.zone)):%Y-%m-%d %H:%M}" if instant else "—"

    def reminder(sent: dict[str, Any]) -> str:
        return f"{local(sent['at'])} {sent['channel']} → {sent['to']}{'' if sent['delivered'] else '（未送达）'}"

    taken = datetime.fromisoformat(facts["takenAt"])
    person = facts["employee"]
    return {
        "title": "未完成节点记录",
        "organisation": organisation,
        "case": facts["case"],
        "hash": hash_,
        "name": person["name"],
        "no": person["no"],
        "department": person["departmentName"],
        "position": person["position"],
        "filed_at": local(facts["filedAt"]),
        "leaving_on": facts["leavingOn"],
        "taken_at": local(facts["takenAt"]),
        "taken_by": facts["takenBy"],
        "nodes": [
            {
                "name": node["name"],
                "stage": node["stage"],
                "responsible": node["responsible"],
                "opened_at": local(node["opened_at"]),
                "due_at": local(node["due_at"]),
                "overdue": bool(node["due_at"]) and datetime.fromisoformat(node["due_at"]) < taken,
                "reminders": [reminder(sent) for sent in node["reminders"]],
            }
            for node in facts["nodes"]
        ],
    }
