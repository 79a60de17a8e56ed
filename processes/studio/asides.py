"""What could not be saved because someone else had come first: kept, so that nobody's work is lost with a browser."""

from dataclasses import dataclass
from datetime import datetime

from engine.audit import Keeper
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from processes.studio import rules

_KEEP = """insert into draft_aside (key, project_key, name, digest, content, expected, written_at, written_by)
  values (%s, %s, %s, %s, %s, %s, %s, %s)
  on conflict (project_key, name, written_by, digest) do update set written_at = excluded.written_at returning key"""
# What has become a revision after all, of this file or of a copy, is no longer aside.
_LISTED = """select a.key, a.name, a.digest, length(a.content), a.written_at, a.written_by from draft_aside a
  where a.project_key = %s and a.name = %s and not exists (select from draft d
    join draft_revision r on r.draft_key = d.key and r.digest = a.digest where d.project_key = a.project_key)
  order by a.written_at desc, a.key desc"""
_DROP = "delete from draft_aside where project_key = %s and key = %s"
_ONE = "select name, content from draft_aside where project_key = %s and key = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What `written_by` could not save to the file of this name. `size` is in bytes."""

    key: int
    name: str
    digest: str
    size: int
    written_at: datetime
    written_by: str


def keep(
    engine: Keeper, unit: Unit, project: int, name: str, content: bytes, *, expected: str | None, actor: Actor
) -> int:
    """Keep what `drafts.save` refused with Changed, in a transaction of its own, and give its key. Once is enough."""
    plain, _ = rules.checked_name(name)
    rules.checked_size(plain, content)
    row = (engine.keys.next(), project, plain, rules.digest(content), content, expected, engine.clock.now(), actor.id)
    return int(unit.one(_KEEP, row)[0])


def listed(unit: Unit, project: int, name: str) -> list[Aside]:
    """What could not be saved to a file of this name and is in no revision of the project, the last one first."""
    return [
        Aside(key=key, name=name, digest=digest, size=size, written_at=at, written_by=by)
        for key, name, digest, size, at, by in unit.all(_LISTED, (project, name))
    ]


def read(unit: Unit, project: int, key: int) -> Resource:
    """The kept bytes under the name of their file. Raises NotFound."""
    row = unit.one(_ONE, (project, key))
    if row is None:
        raise NotFound(say("Nothing is kept under {key}. Reload the history.", key=key))
    return Resource(row[0], bytes(row[1]))


def drop(unit: Unit, project: int, key: int) -> None:
    """Forget what whoever wrote it does not want any more."""
    unit.run(_DROP, (project, key))
