"""A task given to a colleague for a while: they see it, work on it and hand it back, or complete it.

The owner stays answerable and keeps seeing the task. What a person declares of themselves is nobody else's to do, and
nobody decides about their own case.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from engine.commands import user_task
from engine.rows import UserTaskRow
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.text import Text, say
from tasks import deliveries
from tasks.house import House
from tasks.human import alone, find
from tasks.human.forms import local

LONGEST = 1000  # characters of a note


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who gave the task to whom, why and when (UTC); `returned_at` once the delegate is through."""

    key: int
    owner: str
    delegate: str
    note: str
    at: datetime
    returned_at: datetime | None


_COLUMNS = "select key, owner, delegate, note, at, returned_at from delegation"


def delegations(house: House, unit: Unit, actor: Actor, key: int) -> tuple[Delegation, ...]:
    """Every time that this task was given to a colleague, the first one first. Raises NotFound."""
    find.task(house.engine, unit, actor, key)
    return tuple(Delegation(*row) for row in unit.all(f"{_COLUMNS} where task_key = %s order by key", (key,)))


def delegate(house: House, unit: Unit, actor: Actor, key: int, to: str, note: str = "") -> Delegation:
    """Give a task to a colleague, who is told.

    Raises NotFound for a task that is not the actor's to see or a colleague who is not there, Forbidden for who does
    not have the task and for what a person does alone, Conflict where it is with a colleague already.
    """
    found = find.task(house.engine, unit, actor, key)
    task = found.task
    said = _note(note)
    alone.refuse_handing_on(unit, key)
    owner = _owner(actor, task)
    if _open(unit, key) is not None:
        raise Conflict(say("{name} is with a colleague already. Have it handed back first.", name=Text(task.name)))
    _may_get(house, unit, found, owner, to)
    user_task.assign(house.engine, unit, key, to, actor=actor)
    made = Delegation(house.engine.keys.next(), owner, to, said, house.clock.now(), None)
    unit.run(
        "insert into delegation(key, task_key, owner, delegate, note, at) values(%s, %s, %s, %s, %s, %s)",
        (made.key, key, owner, to, said, made.at),
    )
    sentence = say("{who} asks you to do {name} in their place.", who=_named(unit, owner), name=Text(task.name))
    _tell(house, unit, found, to, sentence, said)
    return made


def give_back(house: House, unit: Unit, actor: Actor, key: int, note: str = "") -> Delegation:
    """Hand the task back to its owner, who is told; or, by the owner or an administrator, take it back.

    Raises NotFound for a task that is not the actor's to see, Conflict where it is with no colleague, Forbidden for
    whom it does not concern.
    """
    found = find.task(house.engine, unit, actor, key)
    task, said = found.task, _note(note)
    given = _open(unit, key)
    if given is None:
        raise Conflict(say("{name} is with no colleague, so nobody can hand it back.", name=Text(task.name)))
    if actor.id not in (given.owner, given.delegate) and not actor.has("admin"):
        raise Forbidden(say("Only {who} hands {name} back.", who=given.delegate, name=Text(task.name)))
    user_task.assign(house.engine, unit, key, given.owner, actor=actor)
    now = house.clock.now()
    unit.run("update delegation set returned_at = %s where key = %s", (now, given.key))
    other = given.owner if actor.id != given.owner else given.delegate
    sentence = say("{name} is with {owner} again.", name=Text(task.name), owner=_named(unit, given.owner))
    _tell(house, unit, found, other, sentence, said)
    return Delegation(given.key, given.owner, given.delegate, given.note, given.at, now)


def over(house: House, unit: Unit, found: find.Task, actor: Actor) -> None:
    """The task has been completed: where a colleague did it, its owner is told."""
    given = _open(unit, found.task.key)
    if given is None:
        return
    unit.run("update delegation set returned_at = %s where key = %s", (house.clock.now(), given.key))
    if actor.id != given.owner:
        sentence = say("{who} has done {name}.", who=_named(unit, actor.id), name=Text(found.task.name))
        _tell(house, unit, found, given.owner, sentence, "")


def _open(unit: Unit, key: int) -> Delegation | None:
    """The delegation that lasts. One whose task went on to others by hand is over."""
    row = unit.one(
        f"{_COLUMNS} d where task_key = %s and returned_at is null and exists"
        " (select from user_task t where t.key = d.task_key and t.assignee = d.delegate) order by key desc limit 1",
        (key,),
    )
    return None if row is None else Delegation(*row)


def _owner(actor: Actor, task: UserTaskRow) -> str:
    if task.state != "CREATED":
        raise Conflict(say("{name} is over. Reload your inbox.", name=Text(task.name)))
    if task.assignee is None:
        raise Conflict(say("{name} is with nobody yet. Take it first.", name=Text(task.name)))
    if actor.id != task.assignee and not actor.has("admin"):
        raise Forbidden(
            say("{name} is with {who}. Only they can give it away.", name=Text(task.name), who=task.assignee)
        )
    return task.assignee


def _may_get(house: House, unit: Unit, found: find.Task, owner: str, to: str) -> None:
    """The red lines, and whether the colleague is there at all."""
    name = Text(found.task.name)
    if to == owner:
        raise Invalid(say("{name} is with {who} already.", name=name, who=owner))
    present = unit.one(
        "select e.login from employee e join account a on a.employee = e.login"
        " where e.login = %s and a.active and (e.left_on is null or e.left_on >= %s)",
        (to, local(house).now().date()),
    )
    if present is None:
        raise NotFound(say("There is no colleague with the login {login}.", login=to))
    about = unit.one("select employee from offboarding_case where instance_key = %s", (found.instance.root_key,))
    if about is None:
        return
    (employee,) = about
    if owner == employee:
        raise Forbidden(say("{name} is what {who} declares alone; nobody does it for them.", name=name, who=owner))
    if to == employee:
        raise Forbidden(say("{name} is about {who}, who may not decide it.", name=name, who=to))


def _named(unit: Unit, login: str) -> str:
    row = unit.one("select name from employee where login = %s", (login,))
    return row[0] if row else login


def _note(note: str) -> str:
    said = note.strip()
    if len(said) > LONGEST:
        raise Invalid(say("The note has {length} characters; at most {most} fit.", length=len(said), most=LONGEST))
    return said


def _tell(house: House, unit: Unit, found: find.Task, login: str, sentence: Text, note: str) -> None:
    subject = sentence.within(house.settings.language)
    number = unit.one("select number from offboarding_case where instance_key = %s", (found.instance.root_key,))
    deliveries.tell(
        unit,
        login,
        subject=subject,
        body=note or subject,
        template="delegation",
        instance_key=found.instance.key,
        case_number=number[0] if number else "",
        job=uuid4(),
        at=house.clock.now(),
    )
