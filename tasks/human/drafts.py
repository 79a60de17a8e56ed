"""What a person has filled into a task's form and not sent yet: theirs alone, sealed, gone once the task is over.

Answers may hold identity numbers, so nobody reads them in the database: they are sealed for the task and the person.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.rows import UserTaskRow
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import find

MOST = 256 * 1024  # bytes of the answers as JSON: a drawn signature is a tenth of it


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers by the form's fields, and when they were kept (UTC)."""

    answers: dict[str, Any]
    at: datetime


def read(house: House, unit: Unit, actor: Actor, key: int) -> Draft:
    """The actor's own draft. Raises NotFound where there is none, as for a task that is not theirs to see."""
    _open(house, unit, actor, key)
    row = unit.one("select answers, at from task_draft where task_key = %s and login = %s", (key, actor.id))
    if row is None:
        raise NotFound(say("You have no draft of task {key}.", key=key))
    sealed, at = row
    plain = house.world.files.cipher.open(base64.b64decode(sealed["sealed"]), about=_about(key, actor))
    return Draft(orjson.loads(plain), at)


def keep(house: House, unit: Unit, actor: Actor, key: int, answers: Mapping[str, Any]) -> Draft:
    """Keep the answers in the place of those before.

    Raises NotFound for a task that is not theirs to see, Conflict for one that is over or asks for nothing, Invalid for
    more than fits.
    """
    task = _open(house, unit, actor, key)
    if task.form_key is None:
        raise Conflict(say("{name} has no form, so there is nothing to keep.", name=Text(task.name)))
    plain = orjson.dumps(answers)
    if len(plain) > MOST:
        most = MOST // 1024
        raise Invalid(say("The draft is larger than {most} kB. Send the form, or leave pictures out.", most=most))
    sealed = base64.b64encode(house.world.files.cipher.seal(plain, about=_about(key, actor))).decode()
    now = house.clock.now()
    unit.run(
        "insert into task_draft(task_key, login, answers, at)"
        " values(%s, %s, jsonb_build_object('sealed', %s::text), %s)"
        " on conflict (task_key, login) do update set answers = excluded.answers, at = excluded.at",
        (key, actor.id, sealed, now),
    )
    return Draft(dict(answers), now)


def drop(house: House, unit: Unit, actor: Actor, key: int) -> None:
    """Take the actor's draft away, if there is one. Raises NotFound for a task that is not theirs to see."""
    find.task(house.engine, unit, actor, key)
    unit.run("delete from task_draft where task_key = %s and login = %s", (key, actor.id))


def over(unit: Unit, key: int) -> None:
    """The task has been completed: nobody needs a draft of it any more. Drafts of tasks that fell away go with them."""
    unit.run(
        "delete from task_draft d where d.task_key = %s or not exists"
        " (select from user_task t where t.key = d.task_key and t.state = 'CREATED')",
        (key,),
    )


def _open(house: House, unit: Unit, actor: Actor, key: int) -> UserTaskRow:
    task = find.task(house.engine, unit, actor, key).task
    if task.state != "CREATED":
        raise Conflict(say("{name} is over. There are no drafts of it.", name=Text(task.name)))
    return task


def _about(key: int, actor: Actor) -> str:
    return f"task_draft.answers/{key}/{actor.id}"
