"""Stored files, for those who may see the case that they belong to."""

from hr.documents.files import Content, Stored, uses
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, necessity
from tasks.human.views import File

_USES = """
select u.subject, u.name, f.media_type, f.size, u.purpose, u.added_by, u.added_at, c.instance_key
  from file_use u
  join stored_file f on f.hash = u.hash
  left join offboarding_case c on c.number = u.subject
 where u.hash = %s order by u.id
"""


def read(house: House, unit: Unit, actor: Actor, hash: str) -> tuple[Stored, bytes]:
    """A file with its bytes. Raises NotFound, also for who may not see any case that it belongs to."""
    for subject, name, media_type, size, purpose, by, at, instance in unit.all(_USES, (hash,)):
        key = instance or (int(subject.removeprefix("instance/")) if subject.startswith("instance/") else None)
        takes_part = key is not None and access.may_see_case(unit, actor, key)
        agreed = purpose in necessity.AGREEMENT and necessity.party(unit, actor, subject)
        if by == actor.id or agreed or (takes_part and necessity.sight(unit, actor, subject).file(purpose)):
            content: Content = house.world.files.read(unit, hash)
            stored = Stored(
                hash=hash, name=name, media_type=media_type, size=size, purpose=purpose, added_by=by, added_at=at
            )
            return stored, content.content
    raise NotFound(say("There is no such file, or it is not yours to see."))


def of_case(unit: Unit, actor: Actor, subject: str) -> tuple[File, ...]:
    """The files of a case that the actor may see, in the order in which they came."""
    sight = necessity.sight(unit, actor, subject)
    seen = [f for f in uses(unit, subject) if sight.file(f.purpose) or f.added_by == actor.id]
    names = org.names(unit, {stored.added_by for stored in seen})
    return tuple(
        File(
            hash=stored.hash,
            name=stored.name,
            size=stored.size,
            media_type=stored.media_type,
            added_by=names.get(stored.added_by, stored.added_by),
            added_at=stored.added_at,
        )
        for stored in seen
        if stored.purpose != "signature"
    )
