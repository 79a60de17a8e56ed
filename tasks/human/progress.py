"""How far a case is: its duties by stage, and one sentence that says what was done and what it waits for.

Both are derived from the engine's user tasks and from the model that the case runs on, so they can't drift from it.
A duty's stage is the property `stage` of its user task in the model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from engine.turn import Engine
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.text import Text, say
from tasks.handlers.endings import UNKNOWN, Ending, endings
from tasks.human.access import is_candidate
from tasks.human.views import Duty, OpenItem, Stage, State
from tasks.stages import STAGES, StageId, stage_of

GROUPS = {
    "hr": say("HR"),
    "hr-head": say("Head of HR"),
    "it": say("IT"),
    "administration": say("Administration"),
    "finance": say("Finance"),
    "seal": say("Holder of the seal"),
    "admin": say("Administrators"),
    "designer": say("Process designers"),
    "employee": say("Employees"),
}


def group_name(group: str) -> Text:
    """A group as people call it."""
    return GROUPS.get(group, Text(group))


_TASKS = """
select t.key, t.element, t.name, t.state, t.assignee, t.candidate_groups, t.candidate_users, t.due_at, t.created_at,
       t.ended_at, t.ended_by, t.follow_up_at is not null, i.root_key, i.definition_key
  from instance i join user_task t on t.instance_key = i.key where i.root_key = any(%s) order by t.key
"""
_REMINDERS = (
    "select recipient, count(*) from delivery where instance_key = %s and channel = 'message' group by recipient"
)


@dataclass(frozen=True, slots=True)
class Work:
    """A user task of a case, open or over, with the stage that its model puts it in."""

    key: int
    element: str
    name: str
    state: str
    assignee: str | None
    candidate_groups: Sequence[str]
    candidate_users: Sequence[str]
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    planned: bool
    root_key: int
    stage: StageId
    ending: Ending | None = None  # how a task ended that nobody completed

    @property
    def open(self) -> bool:
        return self.state == "CREATED"

    @property
    def undone(self) -> bool:
        return self.ending is not None and self.ending.undone


def work(engine: Engine, unit: Unit, *root_keys: int) -> list[Work]:
    """Every user task of these cases and of the processes that they called, in the order in which they came."""
    found = []
    for row in unit.all(_TASKS, (list(root_keys),)):
        *columns, definition_key = row
        element = engine.definitions.get(unit, definition_key).model.elements.get(columns[1])
        found.append(Work(*(*columns, stage_of(element))))
    if all(task.state != "CANCELED" for task in found):
        return found
    ended = endings(unit, engine.definitions, root_keys)
    return [replace(task, ending=ended.get(task.key, UNKNOWN)) if task.state == "CANCELED" else task for task in found]


def stages(
    done: Sequence[Work],
    names: dict[str, str],
    actor: Actor,
    now: datetime,
    by_system: Mapping[StageId, Duty],
    ended: bool,
) -> tuple[Stage, ...]:
    """The four stages with their duties. `by_system` are those that no user task stands for; they come first.

    A duty that was settled another way is left out; one that ended undone stays, as `undone`.
    """
    made = []
    for id, name in STAGES.items():
        mine = [task for task in done if task.stage == id and (task.state != "CANCELED" or task.undone)]
        duties = tuple(_duty(task, names, actor, now) for task in mine)
        if id in by_system:
            duties = (by_system[id], *duties)
        made.append(_stage(id, name, duties, ended))
    return tuple(made)


def _stage(id: StageId, name: Text, duties: tuple[Duty, ...], ended: bool) -> Stage:
    waiting = [duty for duty in duties if duty.state in ("now", "late")]
    if waiting:
        first = min(waiting, key=lambda duty: (duty.due_at is None, duty.due_at or 0))
        state: State = "late" if any(duty.state == "late" for duty in waiting) else "now"
        return Stage(id=id, name=name, state=state, owner=first.owner, due_at=first.due_at, duties=duties)
    if duties:
        undone = [duty for duty in duties if duty.state == "undone"]
        last = max((duty.done_at for duty in duties if duty.done_at), default=None)
        over: Literal["undone", "done"] = "undone" if undone else "done"
        owner = (undone or duties)[-1].owner
        return Stage(id=id, name=name, state=over, owner=owner, done_at=last, duties=duties)
    return Stage(id=id, name=name, state="skipped" if ended else "todo")


def _duty(task: Work, names: dict[str, str], actor: Actor, now: datetime) -> Duty:
    late = task.due_at is not None and task.due_at < now
    state: State = "undone" if task.undone else "done" if not task.open else "late" if late else "now"
    mine = task.open and (task.assignee == actor.id or (task.assignee is None and is_candidate(actor, task)))
    return Duty(
        name=_name(task),
        state=state,
        owner=owner(task, names),
        due_at=task.due_at,
        done_at=task.ended_at,
        task_key=task.key if mine else None,
        why=task.ending.sentence if task.undone and task.ending else None,
    )


def owner(task: Work, names: dict[str, str]) -> str | Text:
    """Who has to do it, or who did: a person's name, or the group's."""
    login = task.ended_by if task.state == "COMPLETED" else task.assignee
    if login:
        return names.get(login, login)
    for group in task.candidate_groups:
        return group_name(group)
    return names.get(task.candidate_users[0], task.candidate_users[0]) if task.candidate_users else ""


def people(unit: Unit, done: Iterable[Work]) -> dict[str, str]:
    """The names of everyone who has or had one of these tasks."""
    logins = {login for task in done for login in (task.assignee, task.ended_by, *task.candidate_users) if login}
    return org.names(unit, logins)


def status(done: Sequence[Work], *, ended: str | None, certificate: bool, withdrawn: bool = False) -> Text:
    """What was done last and what it waits for: 已提交申请，待直属经理确认 (domain F22).

    Of a case that is over it says how it ended, and how much of it is undone.
    """
    if ended:
        return _ended(ended, sum(task.undone for task in done), certificate, withdrawn)
    over = [task for task in done if task.state == "COMPLETED" and task.ended_at]
    last: Text = (
        say("“{name}” done", name=_name(max(over, key=lambda t: t.ended_at or t.created_at))) if over else FILED
    )
    if certificate:
        last = say("Certificate issued")
    waiting = _first_stage([task for task in done if task.open])
    if not waiting:
        return say("{last}; the system goes on", last=last)
    if len(waiting) == 1:
        return say("{last}; waiting for “{name}”", last=last, name=_name(waiting[0]))
    return say("{last}; waiting for “{name}” and {more} more", last=last, name=_name(waiting[0]), more=len(waiting) - 1)


def _ended(ended: str, undone: int, certificate: bool, withdrawn: bool) -> Text:
    if withdrawn:
        return say("Withdrawn")
    if ended == "TERMINATED":
        return say("The process was canceled; {n} steps undone", n=undone)
    how = say("Closed; the certificate is issued") if certificate else say("Closed")
    return say("{how}; {n} steps undone", how=how, n=undone) if undone else how


def _first_stage(waiting: Sequence[Work]) -> list[Work]:
    """What holds the case up: the tasks of the earliest stage, without those that are planned for a later day."""
    for stage in STAGES:
        here = [task for task in waiting if task.stage == stage and not task.planned]
        if here:
            return here
    return list(waiting)


def _name(task: Work) -> Text:
    """A label of the model, which a page shows in the reader's language."""
    return Text(task.name)


FILED = say("Application filed")


def open_items(unit: Unit, root_key: int, done: Sequence[Work], names: dict[str, str]) -> tuple[OpenItem, ...]:
    """What is not done, open or ended undone: who owes it, since when, how often they were reminded (domain F9)."""
    reminded: dict[str, int] = dict(unit.all(_REMINDERS, (root_key,)))
    return tuple(
        OpenItem(
            name=task.name,
            owner=owner(task, names),
            since=task.created_at,
            due_at=task.due_at,
            reminders=reminded.get(task.assignee or "", 0),
            ended_at=task.ended_at if task.undone else None,
            why=task.ending.sentence if task.undone and task.ending else None,
        )
        for task in done
        if task.open or task.undone
    )
