"""Projects: made, listed, read as a whole, renamed, removed and brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from engine import audit
from engine.audit import Keeper
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say
from processes import catalog, document
from processes.studio import rules
from processes.studio.rules import Kind

ENTRY = "d.name, d.kind, d.digest, d.revision, d.changed_at, d.changed_by, d.comment, length(d.content), d.base"
_FILES = f"""select d.project_key, {ENTRY} from draft d where d.project_key = any(%s::bigint[]) and d.removed_at is null
  order by array_position(array['bpmn', 'dmn', 'form', 'scenarios']::text[], d.kind::text), d.name"""
_PROJECTS = "select key, name, family, created_at, created_by, removed_at, removed_by from project"
_LISTED = f"{_PROJECTS} where removed_at is null order by name, key"
_REMOVED = f"{_PROJECTS} where removed_at is not null order by removed_at desc"
_ONE = f"{_PROJECTS} where key = %s and removed_at is null"
_ADD = """insert into project (key, name, family, created_at, created_by) values (%s, %s, %s, %s, %s)
  on conflict do nothing"""
_CONTENTS = "select name, content from draft where project_key = %s and removed_at is null order by name"
_CLAIM = "select name from project where key = %s and removed_at is null for no key update"
_RENAME = "update project set name = %s where key = %s"
_REMOVE = "update project set removed_at = %s, removed_by = %s where key = %s and removed_at is null returning name"
_BRING_BACK = """update project set removed_at = null, removed_by = null where key = %s and removed_at is not null
  returning name"""
_FAMILY = "select key from project where family = %s"
_NAMES = "select name from project where removed_at is null"
_ADD_DRAFT = """insert into draft (key, project_key, name, kind, digest, content, revision, base, changed_at,
    changed_by, comment)
  values (%s, %s, %s, %s, %s, %s, 1, %s, %s, %s, %s) on conflict do nothing"""
_FIRST = """insert into draft_revision (draft_key, number, name, digest, content, folds, begun_at, changed_at,
    changed_by, comment)
  select key, 1, name, digest, content, false, changed_at, changed_at, changed_by, comment from draft where key = %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of a project as it stands, without its content.

    `digest` is SHA-256 in hex, `size` in bytes, `revision` counts from 1. `base` is the digest that it was taken from
    what is deployed with, or was last published as; None for a file that never was.
    """

    name: str
    kind: Kind
    digest: str
    revision: int
    changed_at: datetime
    changed_by: str
    comment: str
    size: int
    base: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A family's files together, models first. `family` is the shipped family that it was made from."""

    key: int
    name: str
    family: str | None
    created_at: datetime
    created_by: str
    files: tuple[Entry, ...]
    removed_at: datetime | None = None
    removed_by: str | None = None


def listed(unit: Unit) -> list[Project]:
    """All projects with their files, by name."""
    return _with_files(unit, unit.all(_LISTED))


def removed(unit: Unit) -> list[Project]:
    """Those that were removed and can be brought back, the last one first."""
    return _with_files(unit, unit.all(_REMOVED))


def read(unit: Unit, key: int) -> Project:
    """Raises NotFound."""
    row = unit.one(_ONE, (key,))
    if row is None:
        raise missing(key)
    return _with_files(unit, [row])[0]


def create(
    engine: Keeper,
    unit: Unit,
    name: str,
    files: Sequence[Resource],
    *,
    actor: Actor,
    comment: str = "",
    bases: Mapping[str, str] | None = None,
    family: str | None = None,
) -> int:
    """Make a project of these files, and give its key.

    `bases` are the digests of what the files were taken from, by file. Raises Invalid for a bad name, size or number of
    files, and Conflict where another project has the name.
    """
    plain, kept = rules.checked_project_name(name), rules.checked(files)
    key = engine.keys.next()
    if unit.run(_ADD, (key, plain, family, engine.clock.now(), actor.id)) == 0:
        raise _taken(plain)
    for file in kept:
        add(engine, unit, key, file, actor=actor, comment=comment, base=(bases or {}).get(file.name))
    note(unit, engine, actor, "CREATE", key, name=plain, files=[file.name for file in kept])
    return key


def add(
    engine: Keeper, unit: Unit, key: int, file: Resource, *, actor: Actor, comment: str, base: str | None = None
) -> bool:
    """Put a file into a project as its first revision; False where one of this name is there already.

    The name is one that `rules.checked_name` gave. Without a note in the audit log, which the caller writes.
    """
    own, kind = engine.keys.next(), rules.checked_name(file.name)[1]
    digest, now = rules.digest(file.content), engine.clock.now()
    row = (own, key, file.name, kind, digest, file.content, base, now, actor.id, comment)
    return unit.run(_ADD_DRAFT, row) == 1 and unit.run(_FIRST, (own,)) == 1


def rename(engine: Keeper, unit: Unit, key: int, name: str, *, actor: Actor) -> None:
    """Give a project another name. Raises NotFound, Invalid for a bad name, Conflict for one that another has."""
    plain, before = rules.checked_project_name(name), claim(unit, key)
    if plain == before:
        return
    if plain in {other for (other,) in unit.all(_NAMES)}:
        raise _taken(plain)
    _unique(unit, _RENAME, (plain, key), plain)
    note(unit, engine, actor, "UPDATE", key, name=plain, before=before)


def remove(engine: Keeper, unit: Unit, key: int, *, actor: Actor) -> None:
    """Take a project away. It can be brought back, with all its files. Raises NotFound."""
    row = unit.one(_REMOVE, (engine.clock.now(), actor.id, key))
    if row is None:
        raise missing(key)
    note(unit, engine, actor, "DELETE", key, name=row[0])


def bring_back(engine: Keeper, unit: Unit, key: int, *, actor: Actor) -> None:
    """Have a removed project again. Raises NotFound where none was removed, Conflict where its name has been taken."""
    row = _unique(unit, _BRING_BACK, (key,), "")
    if row is None:
        raise missing(key)
    note(unit, engine, actor, "RESTORED", key, name=row[0])


def resources(unit: Unit, key: int) -> list[Resource]:
    """Every file of a project byte for byte, scenarios included, by name. Raises NotFound."""
    if unit.one(_ONE, (key,)) is None:
        raise missing(key)
    return [Resource(name, bytes(content)) for name, content in unit.all(_CONTENTS, (key,))]


def overlaid(unit: Unit, key: int, name: str, content: bytes | None) -> list[Resource]:
    """The same, with the content that one file is about to get; None leaves it as it is. Raises NotFound."""
    kept = resources(unit, key)
    if content is None:
        return kept
    others = [file for file in kept if file.name != name]
    return sorted([*others, Resource(name, content)], key=lambda file: file.name)


def adopt(engine: Keeper, unit: Unit, family: str, *, actor: Actor) -> int | None:
    """Make a project of a shipped family, scenarios included; None where there is or once was one.

    Raises NotFound for a family that does not ship.
    """
    if unit.one(_FAMILY, (family,)) is not None:
        return None
    folder = catalog.home() / family
    files = [source.resource for source in catalog.gather([folder])]
    files += [Resource(path.name, path.read_bytes()) for path in catalog.stories([folder])]
    bases = {file.name: rules.digest(file.content) for file in files}
    name = _free(unit, _called(files) or family)
    return create(engine, unit, name, files, actor=actor, bases=bases, family=family)


def claim(unit: Unit, key: int) -> str:
    """A project's name, with its row held until the transaction ends: one change to its list of files at a time.

    Raises NotFound.
    """
    row = unit.one(_CLAIM, (key,))
    if row is None:
        raise missing(key)
    return str(row[0])


def note(unit: Unit, engine: Keeper, actor: Actor, operation: str, key: int, **told: Any) -> None:
    """Write into the audit log what was done to a project."""
    audit.note(unit, engine, actor, entity="PROJECT", operation=operation, entity_key=key, **told)


def missing(key: int) -> NotFound:
    return NotFound(say("There is no project {key}. It may have been removed: look at the list of projects.", key=key))


def entry(row: Sequence[Any]) -> Entry:
    """An entry of the columns ENTRY."""
    name, kind, digest, revision, changed_at, changed_by, comment, size, base = row
    return Entry(
        name=name,
        kind=kind,
        digest=digest,
        revision=revision,
        changed_at=changed_at,
        changed_by=changed_by,
        comment=comment,
        size=size,
        base=base,
    )


def _with_files(unit: Unit, rows: Sequence[Any]) -> list[Project]:
    files: dict[int, list[Entry]] = {row[0]: [] for row in rows}
    for key, *columns in unit.all(_FILES, (list(files),)):
        files[key].append(entry(columns))
    return [
        Project(
            key=key,
            name=name,
            family=family,
            created_at=created_at,
            created_by=created_by,
            removed_at=removed_at,
            removed_by=removed_by,
            files=tuple(files[key]),
        )
        for key, name, family, created_at, created_by, removed_at, removed_by in rows
    ]


def _called(files: Sequence[Resource]) -> str:
    """How people call the process of a family."""
    models = (file for file in files if rules.kind_of(file.name) == "bpmn")
    names = (node.name for file in models for node in document.read(file.content).of("process"))
    return next((name for name in names if name), "")


def _free(unit: Unit, name: str) -> str:
    """The name, or the name with the first number that makes it one that no project has."""
    taken = {found for (found,) in unit.all(_NAMES)}
    number, free = 2, name
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _unique(unit: Unit, statement: str, args: Sequence[Any], name: str) -> Any:
    try:
        return unit.one(statement, args) if "returning" in statement else unit.run(statement, args)
    except psycopg.errors.UniqueViolation as fault:
        raise _taken(name) from fault


def _taken(name: str) -> Conflict:
    if not name:
        return Conflict(say("Another project has this name by now. Rename that one first."))
    return Conflict(say("There is a project {name} already. Choose another name.", name=name))
