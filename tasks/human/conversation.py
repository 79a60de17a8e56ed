"""The conversation of a case: one thread for everyone who takes part, with attachments and read marks (domain F59)."""

from collections.abc import Sequence
from typing import Any

from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, subject
from tasks.human.forms import Sent, store
from tasks.human.tables import CaseComment
from tasks.human.views import Comment, File, Person

LONGEST = 4000


def add(
    house: House, unit: Unit, actor: Actor, root_key: int, text: str, files: Sequence[Sent] = ()
) -> tuple[Comment, ...]:
    """Say something in the conversation of a case. Raises NotFound for who takes no part, Invalid for nothing said."""
    if not access.may_see_case(unit, actor, root_key):
        raise NotFound(say("There is no case {key}.", key=root_key))
    said = text.strip()
    if not said and not files:
        raise Invalid(say("Write something, or attach a file."))
    if len(said) > LONGEST:
        raise Invalid(say("The comment has {length} characters; at most {most} fit.", length=len(said), most=LONGEST))
    filed_under = subject.of(unit, root_key)
    stored = [store(house, unit, sent, actor, filed_under, "comment") for sent in files]
    row = CaseComment(
        key=house.engine.keys.next(),
        instance_key=root_key,
        author=actor.id,
        at=house.clock.now(),
        text=said,
        files=[{"hash": s.hash, "name": s.name, "size": s.size, "media_type": s.media_type} for s in stored],
    )
    unit.session.add(row)
    unit.flush()
    read(house, unit, actor, root_key)
    return thread(unit, actor, root_key)


def read(house: House, unit: Unit, actor: Actor, root_key: int) -> None:
    """Note that the actor has seen everything that was said so far."""
    unit.run(
        "insert into case_read(instance_key, login, last_key, at)"
        " select %(instance)s, %(login)s, max(key), %(now)s from case_comment where instance_key = %(instance)s"
        " having max(key) is not null"
        " on conflict (instance_key, login) do update set last_key = excluded.last_key, at = excluded.at"
        " where case_read.last_key < excluded.last_key",
        {"instance": root_key, "login": actor.id, "now": house.clock.now()},
    )


def thread(unit: Unit, actor: Actor, root_key: int) -> tuple[Comment, ...]:
    """The whole conversation, the first comment first."""
    rows = unit.all(
        "select key, author, at, text, files from case_comment where instance_key = %s order by key", (root_key,)
    )
    marks = unit.all("select login, last_key from case_read where instance_key = %s", (root_key,))
    people = org.people(unit, {row[1] for row in rows} | {login for login, _ in marks})
    names = {login: person.name for login, person in people.items()}
    return tuple(_comment(row, marks, names, actor) for row in rows)


def _comment(row: Any, marks: list[Any], names: dict[str, str], actor: Actor) -> Comment:
    key, author, at, text, files = row
    readers = tuple(names.get(login, login) for login, last in marks if last >= key and login != author)
    return Comment(
        key=key,
        author=Person(login=author, name=names.get(author, author)),
        at=at,
        text=text,
        files=tuple(File(**file) for file in files),
        read_by=readers,
        own=author == actor.id,
    )
