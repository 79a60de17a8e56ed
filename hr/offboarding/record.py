"""The record of what is undone: for a dispute over a handover that was refused, who was asked for what, since when, how
often, and how it ended.

The nodes come from whoever runs the process. A record is composed, which changes nothing, and becomes evidence when it
is kept: made whole or not at all, as JSON and as PDF, both by hash, under a name that no other record has.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hr.documents import typeset
from hr.documents.files import Files, Stored
from hr.evidence import log
from hr.evidence.canonical import canonical, content_hash
from hr.offboarding import cases
from hr.offboarding.clocks import DEFAULT, Policy
from hr.offboarding.tables import Case, OpenRecord
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit

Process = Literal["active", "completed", "terminated"]
Reading = Literal["evidence", "reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder that went out: when, on which way, to whom, and whether it arrived."""

    at: datetime
    channel: str
    to: str
    delivered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNode:
    """A node of the process that is not done: of whom, since when, until when.

    `state` is `open`, `undone` (it ended without being done) or `stopped` (a step of the product); `ended_at` and `why`
    say when and why it ended.
    """

    element: str
    name: str
    stage: str
    responsible: str
    opened_at: datetime
    due_at: datetime | None = None
    reminders: tuple[Reminder, ...] = ()
    state: Literal["open", "undone", "stopped"] = "open"
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A record as it can be read: its facts, the same as JSON and as PDF. Nothing is stored yet."""

    number: str
    nodes: int
    json: bytes
    pdf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The record as evidence: its row, and both files."""

    row: OpenRecord
    json: bytes
    pdf: bytes


def compose(
    unit: Unit,
    number: str,
    nodes: Sequence[OpenNode],
    *,
    process: Process,
    organisation: str,
    clock: Clock,
    actor: Actor,
    reading: Reading = "reading",
    policy: Policy = DEFAULT,
) -> Composed:
    """What of a case is undone now, as JSON and PDF, for a reader. Stores nothing. Raises NotFound.

    `process` is where the process stands. That all is done is said only of one that came to its end by itself.
    """
    case = cases.find(unit, number)
    facts = _facts(case, nodes, process, reading, clock, actor)
    pdf = typeset.open_record(_printed(facts, organisation, policy), at=clock.now())
    return Composed(number=number, nodes=len(nodes), json=canonical(facts), pdf=pdf)


def keep(unit: Unit, files: Files, made: Composed, *, clock: Clock, actor: Actor, policy: Policy = DEFAULT) -> Recorded:
    """Make a composed record evidence: both files under the case, a row, an entry in the chain."""
    number, at = made.number, clock.now()
    cases.locked(unit, number)
    (before,) = unit.one("select count(*) from open_record where case_number = %s", (number,))
    stem = f"{number}-{at.astimezone(ZoneInfo(policy.zone)):%Y%m%d-%H%M%S}-{before + 1:02d}"

    def stored(content: bytes, kind: str) -> Stored:
        return files.keep(
            unit,
            content,
            f"application/{kind}",
            name=f"{stem}.{kind}",
            subject=number,
            purpose="open-record",
            actor=actor,
            at=at,
        )

    as_json, as_pdf = stored(made.json, "json"), stored(made.pdf, "pdf")
    row = OpenRecord(
        case_number=number,
        taken_at=at,
        taken_by=actor.id,
        nodes=made.nodes,
        json_hash=as_json.hash,
        pdf_hash=as_pdf.hash,
    )
    unit.session.add(row)
    unit.session.flush()
    log.append(unit, number, "open.recorded", actor, at, content_hash=as_json.hash, nodes=made.nodes, pdf=as_pdf.hash)
    return Recorded(row=row, json=made.json, pdf=made.pdf)


def open_items(
    unit: Unit,
    files: Files,
    number: str,
    nodes: Sequence[OpenNode],
    *,
    process: Process,
    organisation: str,
    clock: Clock,
    actor: Actor,
    policy: Policy = DEFAULT,
) -> Recorded:
    """Compose and keep in one. An empty list is a record too: nothing was open."""
    made = compose(
        unit,
        number,
        nodes,
        process=process,
        organisation=organisation,
        clock=clock,
        actor=actor,
        reading="evidence",
        policy=policy,
    )
    return keep(unit, files, made, clock=clock, actor=actor, policy=policy)


def _facts(
    case: Case, nodes: Sequence[OpenNode], process: Process, reading: Reading, clock: Clock, actor: Actor
) -> dict[str, Any]:
    """What is recorded, as JSON values: instants in UTC."""
    return {
        "case": case.number,
        "caseStatus": case.status,
        "employee": {name: case.facts[name] for name in ("no", "login", "name", "departmentName", "position")},
        "filedAt": case.filed_at.isoformat(),
        "leavingOn": case.leaving_on.isoformat(),
        "closedAt": case.closed_at and case.closed_at.isoformat(),
        "process": process,
        "purpose": reading,
        "takenAt": clock.now().isoformat(),
        "takenBy": actor.name or actor.id,
        "allDone": process == "completed" and not nodes,
        "nodes": [_plain(asdict(node)) for node in nodes],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


_CASE = {"open": "办理中", "closed": "已结案", "withdrawn": "已撤回"}
_PROCESS = {"active": "流程进行中", "completed": "流程已走完", "terminated": "流程被终止"}
_CHANNELS = {"message": "站内消息", "mail": "邮件", "sms": "短信"}
_STATE = {"open": "进行中", "undone": "未完成", "stopped": "已停下"}


def _conclusion(facts: dict[str, Any]) -> str:
    """The one sentence under the table; it claims nothing that the process has not shown."""
    undone = len(facts["nodes"])
    if undone:
        return f"以上 {undone} 个节点未完成。"
    if facts["allDone"]:
        return "流程已走完，全部节点均已完成。"
    if facts["process"] == "active":
        return "截至记录时间没有到期未完成的节点。流程仍在进行，尚未开始的节点不在此列。"
    return "流程被终止，终止时没有进行中的节点；其后的节点没有开始，也没有完成。"


def _printed(facts: dict[str, Any], organisation: str, policy: Policy) -> dict[str, Any]:
    def local(instant: str | None) -> str:
        return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(policy.zone)):%Y-%m-%d %H:%M}" if instant else "—"

    person = facts["employee"]
    closed = f"（{local(facts['closedAt'])}）" if facts["closedAt"] else ""
    return {
        "title": "未完成节点记录",
        "organisation": organisation,
        "case": facts["case"],
        "hash": content_hash(facts),
        "name": person["name"],
        "no": person["no"],
        "department": person["departmentName"],
        "position": person["position"],
        "filed_at": local(facts["filedAt"]),
        "leaving_on": facts["leavingOn"],
        "taken_at": local(facts["takenAt"]),
        "taken_by": facts["takenBy"],
        "status": f"{_CASE[facts['caseStatus']]}{closed} · {_PROCESS[facts['process']]}",
        "evidence": facts["purpose"] == "evidence",
        "conclusion": _conclusion(facts),
        "nodes": [_row(node, facts["takenAt"], local) for node in facts["nodes"]],
    }


def _row(node: dict[str, Any], taken_at: str, local: Any) -> dict[str, Any]:
    over = node["ended_at"] or taken_at
    late = bool(node["due_at"]) and datetime.fromisoformat(node["due_at"]) < datetime.fromisoformat(over)
    return {
        "name": node["name"],
        "stage": node["stage"],
        "responsible": node["responsible"],
        "opened_at": local(node["opened_at"]),
        "due_at": local(node["due_at"]),
        "overdue": late,
        "state": _STATE[node["state"]],
        "ended_at": local(node["ended_at"]) if node["ended_at"] else "",
        "why": node["why"],
        "reminders": [
            f"{local(sent['at'])} {_CHANNELS.get(sent['channel'], sent['channel'])} → {sent['to']}"
            f"{'' if sent['delivered'] else '（未送达）'}"
            for sent in node["reminders"]
        ],
    }
