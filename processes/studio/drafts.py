"""Drafts: read, saved from the state that was edited, never over somebody else's; their history, and ways back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from engine.audit import Keeper
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say
from processes.studio import projects, rules
from processes.studio.projects import ENTRY, Entry

FOLDS_FOR = timedelta(minutes=10)

_OF = "from draft d join project p on p.key = d.project_key and p.removed_at is null"
_THIS = "d.project_key = %s and d.name = %s and d.removed_at is null"
_READ = f"select d.key, {ENTRY}, d.content {_OF} where {_THIS}"
_CLAIM = f"{_READ} for no key update of d"
_COUNT = "select count(*) from draft where project_key = %s and removed_at is null"
_LAST = "select folds, begun_at, changed_by, digest from draft_revision where draft_key = %s and number = %s"
_SET = """update draft set digest = %s, content = %s, revision = %s, changed_at = %s, changed_by = %s, comment = %s
  where key = %s"""
_ADD_REVISION = """insert into draft_revision (draft_key, number, name, digest, content, folds, begun_at, changed_at,
    changed_by, comment)
  values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_FOLD = "update draft_revision set digest = %s, content = %s, changed_at = %s where draft_key = %s and number = %s"
_HISTORY = """select r.number, r.name, r.digest, length(r.content), r.changed_at, r.changed_by, r.comment
  from draft_revision r where r.draft_key = %s order by r.number desc"""
_REVISION = "select content from draft_revision where draft_key = %s and number = %s"
_RENAME = "update draft set name = %s where key = %s"
_REMOVE = "update draft set removed_at = %s, removed_by = %s where key = %s"
_REMOVED = f"""select d.key, d.removed_at, d.removed_by, {ENTRY} {_OF} where d.project_key = %s
  and d.removed_at is not null order by d.removed_at desc"""
_BRING_BACK = """update draft set removed_at = null, removed_by = null
  where project_key = %s and key = %s and removed_at is not null returning name"""
_PUBLISHED = "update draft set base = %s where project_key = %s and name = %s and removed_at is null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Entry):
    """A file of a project as it stands, with its content byte for byte."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A state of a draft that was kept, numbered from 1. `name` is what the file was called then."""

    number: int
    name: str
    digest: str
    size: int
    changed_at: datetime
    changed_by: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A file that was removed and can be brought back by its `key`."""

    key: int
    entry: Entry
    removed_at: datetime
    removed_by: str


class Changed(Conflict):
    """The draft is no longer what it was edited from. `current` is what it is now, None where it is gone."""

    code = "INVALID_STATE"

    def __init__(self, name: str, current: Entry | None) -> None:
        self.current = current
        if current is None:
            sentence = say("{name} was renamed or removed meanwhile. What you wrote is not saved.", name=name)
        else:
            sentence = say(
                "{name} was changed by {who} meanwhile. What you wrote is not saved; nothing is overwritten.",
                name=name,
                who=current.changed_by,
            )
        super().__init__(sentence)


def read(unit: Unit, project: int, name: str) -> Draft:
    """Raises NotFound."""
    return _found(unit, project, name)[1]


def save(
    engine: Keeper,
    unit: Unit,
    project: int,
    name: str,
    content: bytes,
    *,
    expected: str | None,
    actor: Actor,
    comment: str = "",
    apart: bool = False,
) -> Draft:
    """Keep a new state of a draft. `expected` is the digest that it was edited from, None for a file that is new.

    Saves of one person without a comment go into one revision for FOLDS_FOR from the first of them, unless `apart`.
    What is there already changes nothing. Raises Changed where the draft is another one by now, and for a new file
    where there is one of this name (`asides.keep` then keeps the content); Invalid for a bad name, kind or size;
    NotFound for a missing project.
    """
    plain, _ = rules.checked_name(name)
    rules.checked_size(plain, content)
    if expected is None:
        return _begin(engine, unit, project, Resource(plain, content), actor, comment)
    row = unit.one(_CLAIM, (project, plain))
    if row is None:
        projects.read(unit, project)
        raise Changed(plain, None)
    key, draft = row[0], _draft(row[1:])
    if draft.digest == rules.digest(content) and not comment:
        return draft
    if draft.digest not in (expected, rules.digest(content)):
        raise Changed(plain, draft)
    _write(engine, unit, (project, key), draft, content, actor, comment, apart)
    return read(unit, project, plain)


def history(unit: Unit, project: int, name: str) -> list[Revision]:
    """The revisions of a draft, the newest first. Raises NotFound."""
    key, _ = _found(unit, project, name)
    return [
        Revision(number=number, name=name, digest=digest, size=size, changed_at=at, changed_by=by, comment=comment)
        for number, name, digest, size, at, by, comment in unit.all(_HISTORY, (key,))
    ]


def revision(unit: Unit, project: int, name: str, number: int) -> Resource:
    """A revision byte for byte, under the file's present name. Raises NotFound."""
    key, _ = _found(unit, project, name)
    row = unit.one(_REVISION, (key, number))
    if row is None:
        raise NotFound(say("{name} has no revision {number}. Reload its history.", name=name, number=number))
    return Resource(name, bytes(row[0]))


def restore(
    engine: Keeper, unit: Unit, project: int, name: str, number: int, *, expected: str, actor: Actor, comment: str = ""
) -> Draft:
    """Make a revision the newest one again. Raises NotFound, and Changed where the draft is not `expected` any more."""
    content = revision(unit, project, name, number).content
    return save(engine, unit, project, name, content, expected=expected, actor=actor, comment=comment, apart=True)


def rename(engine: Keeper, unit: Unit, project: int, name: str, new: str, *, actor: Actor) -> Entry:
    """Give a file another name of the same kind. Raises NotFound, Invalid, and Conflict for a name that is taken."""
    projects.claim(unit, project)
    key, draft = _found(unit, project, name)
    plain, kind = rules.checked_name(new)
    if kind != draft.kind:
        raise Invalid(say("{name} cannot become {new}: keep the ending of the name.", name=name, new=plain))
    if plain != name:
        if unit.one(_READ, (project, plain)) is not None:
            raise taken(plain)
        unit.run(_RENAME, (plain, key))
        projects.note(unit, engine, actor, "UPDATE", project, file=plain, before=name)
    return read(unit, project, plain)


def remove(engine: Keeper, unit: Unit, project: int, name: str, *, expected: str, actor: Actor) -> None:
    """Take a file away; it can be brought back. Raises NotFound, and Changed where it is not `expected` any more."""
    row = unit.one(_CLAIM, (project, name))
    if row is None:
        raise missing(name)
    if row[3] != expected:
        raise Changed(name, _draft(row[1:]))
    unit.run(_REMOVE, (engine.clock.now(), actor.id, row[0]))
    projects.note(unit, engine, actor, "DELETE", project, file=name)


def removed(unit: Unit, project: int) -> list[Removed]:
    """The files that were removed, the last one first."""
    return [
        Removed(key=key, removed_at=at, removed_by=by, entry=projects.entry(columns))
        for key, at, by, *columns in unit.all(_REMOVED, (project,))
    ]


def bring_back(engine: Keeper, unit: Unit, project: int, key: int, *, actor: Actor) -> str:
    """Have a removed file again, and give its name. Raises NotFound, Conflict where its name is taken, and Invalid
    where the project is full.
    """
    projects.claim(unit, project)
    _check_room(unit, project)
    try:
        row = unit.one(_BRING_BACK, (project, key))
    except psycopg.errors.UniqueViolation as fault:
        raise Conflict(say("Another file has this name by now. Rename that one first.")) from fault
    if row is None:
        raise NotFound(say("There is no removed file {key}. Reload the project.", key=key))
    projects.note(unit, engine, actor, "RESTORED", project, file=row[0])
    return str(row[0])


def published(unit: Unit, project: int, digests: Mapping[str, str]) -> None:
    """Remember by file what was published, as the base that later changes are told against."""
    for name, digest in digests.items():
        unit.run(_PUBLISHED, (digest, project, name))


def missing(name: str) -> NotFound:
    return NotFound(say("The project has no file {name}. It may have been renamed or removed.", name=name))


def taken(name: str) -> Conflict:
    return Conflict(say("The project has a file {name} already. Choose another name.", name=name))


def _found(unit: Unit, project: int, name: str) -> tuple[int, Draft]:
    row = unit.one(_READ, (project, name))
    if row is None:
        projects.read(unit, project)
        raise missing(name)
    return row[0], _draft(row[1:])


def _draft(row: Sequence[Any]) -> Draft:
    found = projects.entry(row[:-1])
    return Draft(**{name: getattr(found, name) for name in Entry.__dataclass_fields__}, content=bytes(row[-1]))


def _begin(engine: Keeper, unit: Unit, project: int, file: Resource, actor: Actor, comment: str) -> Draft:
    projects.claim(unit, project)
    there = unit.one(_READ, (project, file.name))
    if there is not None:
        draft = _draft(there[1:])
        if draft.digest == rules.digest(file.content):
            return draft
        raise Changed(file.name, draft)
    _check_room(unit, project)
    projects.add(engine, unit, project, file, actor=actor, comment=comment)
    projects.note(unit, engine, actor, "CREATE", project, file=file.name, comment=comment)
    return read(unit, project, file.name)


def _check_room(unit: Unit, project: int) -> None:
    if unit.one(_COUNT, (project,))[0] >= rules.FILES_MOST:
        raise rules.too_many()


def _write(
    engine: Keeper,
    unit: Unit,
    keys: tuple[int, int],
    draft: Draft,
    content: bytes,
    actor: Actor,
    comment: str,
    apart: bool,
) -> None:
    (project, key), now, digest = keys, engine.clock.now(), rules.digest(content)
    number, folds = draft.revision, not comment and not apart
    if folds and _folds(unit, key, draft, actor, now):
        unit.run(_FOLD, (digest, content, now, key, number))
    else:
        number += 1
        row = (key, number, draft.name, digest, content, folds, now, now, actor.id, comment)
        unit.run(_ADD_REVISION, row)
        projects.note(unit, engine, actor, "UPDATE", project, file=draft.name, revision=number, comment=comment)
    unit.run(_SET, (digest, content, number, now, actor.id, comment, key))


def _folds(unit: Unit, key: int, draft: Draft, actor: Actor, now: datetime) -> bool:
    """Whether the newest revision takes in one more save. What was published stays as it is."""
    folds, begun_at, by, digest = unit.one(_LAST, (key, draft.revision))
    return bool(folds and by == actor.id and now - begun_at < FOLDS_FOR and digest != draft.base)
