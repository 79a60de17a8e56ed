"""Cases as pages show them: the list, one case with everything in it, and what HR may do with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from engine import queries
from engine.commands import message
from engine.turn import LIVE
from hr.grams import wanted
from hr.offboarding import cases as records
from hr.offboarding import certificate
from hr.offboarding import record as open_record
from hr.offboarding.record import Composed, Recorded
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.text import recognised, say
from tasks.deliveries import shown
from tasks.handlers.open_nodes import open_nodes
from tasks.house import House
from tasks.human import access, conversation, facts, files, find, inbox, necessity, progress, withdrawal
from tasks.human.find import ROOTS, CaseRoot
from tasks.human.progress import Work
from tasks.human.start import policy
from tasks.human.timeline import timeline
from tasks.human.views import CasePage, CaseRow, CaseView, Certificate, Delay, Delivered, File, Person
from tasks.stages import STAGES

PER_PAGE = 30
Scope = Literal["mine", "all"]

_FROM = f"""
  from offboarding_case c join {ROOTS} i on i.key = c.instance_key left join definition d on d.key = i.definition_key
  left join certificate z on z.case_number = c.number
"""
_COLUMNS = """
select c.number, i.key, coalesce(d.name, i.process_id), c.employee, c.name,
       c.facts ->> 'departmentName', c.facts ->> 'position', c.filed_at,
       case when c.notice ? 'askedFor' then (c.notice ->> 'statutoryLastDay')::date else c.leaving_on end,
       i.state, z.issued_at, c.status
"""
_MINE = """
 (c.employee = %(login)s or c.recipient = %(login)s or c.facts -> 'manager' ->> 'login' = %(login)s
  or exists (select from instance j join user_task t on t.instance_key = j.key
              where j.root_key = i.key and (t.assignee = %(login)s or t.ended_by = %(login)s)))
"""


def cases(house: House, unit: Unit, actor: Actor, *, scope: Scope = "mine", text: str = "", page: int = 1) -> CasePage:
    """A page of cases, the latest first. `all` is for the readers of all cases; others get their own."""
    conditions, args = ["true"], {"login": actor.id, "limit": PER_PAGE}
    if scope == "mine" or not actor.has(*access.READERS):
        conditions.append(_MINE)
    if text.strip():
        conditions.append("c.grams @> %(grams)s::text[]")
        args["grams"] = wanted(text)
    where = " where " + " and ".join(conditions)
    total: int = unit.one("select count(*)" + _FROM + where, args)[0]
    pages = max(1, -(-total // PER_PAGE))
    args["offset"] = (min(page, pages) - 1) * PER_PAGE
    order = " order by c.filed_at desc, c.number desc limit %(limit)s offset %(offset)s"
    rows = unit.all(_COLUMNS + _FROM + where + order, args)
    return CasePage(rows=_rows(house, unit, rows), total=total, text=text, page=min(page, pages), pages=pages)


def of_person(house: House, unit: Unit, login: str) -> tuple[CaseRow, ...]:
    """The cases about one person, the latest first."""
    rows = unit.all(_COLUMNS + _FROM + " where c.employee = %s order by c.filed_at desc", (login,))
    return _rows(house, unit, rows)


def _rows(house: House, unit: Unit, rows: Sequence[Any]) -> tuple[CaseRow, ...]:
    work: dict[int, list[Work]] = {}
    for task in progress.work(house.engine, unit, *(row[1] for row in rows)):
        work.setdefault(task.root_key, []).append(task)
    return tuple(_row(row, work.get(row[1], []), house.clock.now()) for row in rows)


def _row(row: Any, work: Sequence[Work], now: datetime) -> CaseRow:
    number, key, process, login, name, department, position, filed_at, leaving_on, state, issued_at, standing = row
    ended = None if state in LIVE else state
    waiting = [task for task in work if task.open]
    return CaseRow(
        number=number,
        instance_key=key,
        process=process,
        subject=Person(login=login, name=name, department=department or "", position=position or ""),
        filed_at=filed_at,
        status=progress.status(work, ended=ended, certificate=issued_at is not None, withdrawn=standing == "withdrawn"),
        leaving_on=leaving_on,
        stage=next((stage for stage in STAGES if any(task.stage == stage for task in waiting)), None),
        late=any(task.due_at is not None and task.due_at < now for task in waiting),
        ended=ended is not None,
    )


def case_view(house: House, unit: Unit, actor: Actor, number: str) -> CaseView:
    """Everything of one case that this reader may see. Raises NotFound."""
    root = find.case(unit, actor, number)
    work = progress.work(house.engine, unit, root.key)
    names = progress.people(unit, work)
    head = facts.header(unit, root.key)
    row = next(iter(_rows(house, unit, unit.all(_COLUMNS + _FROM + " where i.key = %s", (root.key,)))), None)
    if row is None:
        raise NotFound(say("{number} has no case record; look at it under Instances.", number=number))
    conversation.read(house, unit, actor, root.key)
    sight = necessity.sight(unit, actor, root.number)
    return CaseView(
        row=row,
        version=root.version,
        facts=facts.all_of_case(head, sight),
        stages=progress.stages(work, names, actor, house.clock.now(), head.by_system, row.ended),
        my_tasks=inbox.of_case(unit, actor, root.key),
        timeline=timeline(house.engine, unit, actor, root.key),
        open_items=progress.open_items(unit, root.key, work, names),
        delays=_delays(house, unit, actor, root.key),
        files=files.of_case(unit, actor, root.number),
        messages=_messages(house, unit, root.key, None if sight.all_messages else actor.id),
        comments=conversation.thread(unit, actor, root.key),
        certificate=_certificate(unit, root) if sight.file("certificate") else None,
        actions=_actions(house, unit, actor, root, head),
    )


_DELAYS = """
select i.definition_key, j.element, j.error_message, case when j.state = 'CREATED' then j.due_at end, j.key
  from instance i join job j on j.instance_key = i.key
 where i.root_key = %(root)s and j.state in ('CREATED', 'FAILED') and j.error_message is not null
union all
select i.definition_key, n.element, n.message, null, n.key from instance i join incident n on n.instance_key = i.key
 where i.root_key = %(root)s and n.state = 'ACTIVE' and n.job_key is null
 order by 5
"""
SAFE = say("Nothing is lost: what was entered is kept, and the case goes on from here.")


def _delays(house: House, unit: Unit, actor: Actor, root_key: int) -> tuple[Delay, ...]:
    """The steps that wait for a system outside, or that stopped. The reason is for those who can do something."""
    found = []
    for definition_key, element_id, sentence, next_at, _ in unit.all(_DELAYS, {"root": root_key}):
        element = house.engine.definitions.get(unit, definition_key).model.elements.get(element_id)
        name = element.name if element is not None and element.name else element_id
        told = recognised(sentence) if actor.has(*access.READERS) else SAFE
        found.append(Delay(name=name, sentence=told, next_at=next_at))
    return tuple(found)


def _messages(house: House, unit: Unit, root_key: int, to: str | None) -> tuple[Delivered, ...]:
    """What the case sent, the latest first: to everyone, or to the one reader alone."""
    rows = unit.all(
        "select coalesce(v.sent_at, v.queued_at), coalesce(e.name, v.recipient), v.channel, v.subject, v.state, v.body,"
        " v.error from delivery v join instance i on i.key = v.instance_key"
        " left join employee e on e.login = v.recipient where i.root_key = %(root)s"
        " and (%(to)s::text is null or v.recipient = %(to)s) order by v.id desc limit 200",
        {"root": root_key, "to": to},
    )
    return tuple(
        Delivered(
            at=at, to=to, channel=channel, subject=subject, text=shown(text, house.settings.language), error=error,
            state="waiting" if state == "queued" else state,
        )
        for at, to, channel, subject, state, text, error in rows
    )  # fmt: skip


def _certificate(unit: Unit, root: CaseRoot) -> Certificate | None:
    row = certificate.of_case(unit, root.number)
    if row is None or row.issued_at is None:
        return None
    file = File(hash=row.pdf_hash, name=f"{row.number}.pdf", media_type="application/pdf")
    return Certificate(number=row.number, issued_at=row.issued_at, file=file)


def _actions(house: House, unit: Unit, actor: Actor, root: CaseRoot, head: facts.Header) -> frozenset[str]:
    may = {withdrawal.step(house, unit, actor, records.find(unit, root.number))} - {""}
    if actor.has(*access.READERS):
        may.add("export")
        if root.ended is None:
            may.add("back" if head.absent else "absent")
    return frozenset(may)


def diagram(unit: Unit, actor: Actor, number: str) -> queries.Diagram:
    """The model with where the case stands. Raises NotFound."""
    return queries.diagram(unit, find.case(unit, actor, number).key)


def absent(house: House, unit: Unit, actor: Actor, number: str, reason: str) -> None:
    """Go on without the employee, who cannot be reached: notice is served, the manager hands over (domain F11)."""
    _turn(house, unit, actor, number, reason, absent=True)


def back(house: House, unit: Unit, actor: Actor, number: str, reason: str) -> None:
    """The employee is back: the ordinary path again."""
    _turn(house, unit, actor, number, reason, absent=False)


def _turn(house: House, unit: Unit, actor: Actor, number: str, reason: str, *, absent: bool) -> None:
    root = find.case(unit, actor, number)
    if not actor.has(*access.READERS):
        raise Forbidden(say("Only HR puts a case on the path of an absent employee."))
    if not reason:
        raise Invalid(say("Say why: it is written into the record."))
    case = records.find(unit, root.number)
    if case.absent == absent:
        raise Conflict(say("Case {number} is on that path already. Reload the page.", number=number))
    records.mark_absent(unit, root.number, absent, clock=house.clock, actor=actor)
    message.publish(
        house.engine,
        unit,
        name="employee-absent" if absent else "employee-back",
        correlation_key=root.number,
        variables={"absent": absent, "absentReason": reason},
        actor=actor,
    )


def record(house: House, unit: Unit, actor: Actor, number: str, kind: Literal["pdf", "json"]) -> bytes:
    """The record of what is undone now, to read. Nothing is stored (domain F9)."""
    made = _composed(house, unit, actor, number, "reading")
    return made.pdf if kind == "pdf" else made.json


def keep_record(house: House, unit: Unit, actor: Actor, number: str) -> Recorded:
    """Make the same record evidence: both files are stored under the case and written into its chain (domain F9)."""
    made = _composed(house, unit, actor, number, "evidence")
    return open_record.keep(unit, house.world.files, made, clock=house.clock, actor=actor, policy=policy(house))


_PROCESS: dict[str, open_record.Process] = {"COMPLETED": "completed", "TERMINATED": "terminated"}


def _composed(house: House, unit: Unit, actor: Actor, number: str, reading: open_record.Reading) -> Composed:
    root = find.case(unit, actor, number)
    if not actor.has(*access.READERS):
        raise Forbidden(say("Only HR takes the record of a case."))
    now = house.clock.now()
    return open_record.compose(
        unit,
        root.number,
        open_nodes(unit, house.engine.definitions, root.number, root.key, now),
        process=_PROCESS.get(root.state, "active"),
        organisation=house.settings.organisation,
        clock=house.clock,
        actor=actor,
        reading=reading,
        policy=policy(house),
    )
