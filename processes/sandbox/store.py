"""What is kept of sandboxes, in the product's own database: their rows and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg
from psycopg.types.json import Json

from engine.audit import Keeper
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Database, Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say
from processes.sandbox.beginnings import Beginnings

KEPT = 50  # of one project
STEPS_MOST = 200

_ADD = """insert into sandbox (key, project_key, process_id, beginnings, created_at, created_by, used_at)
  values (%s, %s, %s, %s, %s, %s, %s)"""
_ADD_FILE = "insert into sandbox_file (sandbox_key, deployment, name, content) values (%s, %s, %s, %s)"
_OLDEST = "select key from sandbox where project_key = %s order by used_at desc, key desc offset %s"
_READ = """select s.key, s.project_key, p.name, s.process_id, s.beginnings, s.created_at, s.created_by
  from sandbox s join project p on p.key = s.project_key where s.key = %s"""
_LISTED = """select s.key, s.process_id, s.created_at, s.created_by, s.used_at,
    (select count(*) from sandbox_step t where t.sandbox_key = s.key)
  from sandbox s where s.project_key = %s order by s.used_at desc, s.key desc"""
_FILES = "select deployment, name, content from sandbox_file where sandbox_key = %s order by deployment, name"
_FILE = "select name, content from sandbox_file where sandbox_key = %s and deployment = %s and name = %s"
_STEPS = "select number, key, step, at, done_by from sandbox_step where sandbox_key = %s order by number"
_ADD_STEP = "insert into sandbox_step (sandbox_key, number, key, step, at, done_by) values (%s, %s, %s, %s, %s, %s)"
_USED = "update sandbox set used_at = %s where key = %s"
_TAKE_BACK = "delete from sandbox_step where sandbox_key = %s and number = %s and key = %s"
_REMOVE = (
    "delete from sandbox_step where sandbox_key = any(%s::bigint[])",
    "delete from sandbox_file where sandbox_key = any(%s::bigint[])",
    "delete from sandbox where key = any(%s::bigint[])",
)


class Rows(Keeper, Protocol):
    """Where the rows of sandboxes are: the engine's database, with its clock and keys."""

    database: Database


class Moved(Conflict):
    """Someone else was faster: the sandbox has other steps by now than the ones that were looked at."""


@dataclass(frozen=True, slots=True)
class Files:
    """The project's files as they were, and what they ask for of what was deployed then: deployments, oldest first."""

    project: Sequence[Resource]
    before: Sequence[Sequence[Resource]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A sandbox as it is kept."""

    key: int
    project: int
    project_name: str
    process: str
    beginnings: Beginnings
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A sandbox in a list, with the number of steps that were done."""

    key: int
    process: str
    created_at: datetime
    created_by: str
    used_at: datetime
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A step that was done. `at` is the stage's instant after it."""

    number: int
    key: int
    step: dict[str, Any]
    at: datetime
    by: str


def add(
    engine: Keeper, unit: Unit, project: int, beginnings: Beginnings, files: Files, *, actor: Actor
) -> tuple[int, list[int]]:
    """Keep a new sandbox; its key, and the keys of those that were put away for it, the longest unused."""
    key, now = engine.keys.next(), engine.clock.now()
    unit.run(_ADD, (key, project, beginnings.process, Json(beginnings.to_json()), now, actor.id, now))
    for number, deployment in enumerate((files.project, *files.before)):
        for file in deployment:
            unit.run(_ADD_FILE, (key, number, file.name, file.content))
    old = [found for (found,) in unit.all(_OLDEST, (project, KEPT))]
    remove(unit, *old)
    return key, old


def read(unit: Unit, key: int) -> Sandbox:
    """Raises NotFound."""
    row = unit.one(_READ, (key,))
    if row is None:
        raise NotFound(say("There is no sandbox {key}. It was put away; open a new one.", key=key))
    key, project, project_name, process, beginnings, at, by = row
    return Sandbox(
        key=key,
        project=project,
        project_name=project_name,
        process=process,
        beginnings=Beginnings.from_json(beginnings),
        created_at=at,
        created_by=by,
    )


def listed(unit: Unit, project: int) -> list[Listed]:
    """The sandboxes of a project, the last used first."""
    return [
        Listed(key=key, process=process, created_at=at, created_by=by, used_at=used, steps=steps)
        for key, process, at, by, used, steps in unit.all(_LISTED, (project,))
    ]


def files(unit: Unit, key: int) -> Files:
    """What it was opened on, by name."""
    together: dict[int, list[Resource]] = {0: []}
    for deployment, name, content in unit.all(_FILES, (key,)):
        together.setdefault(deployment, []).append(Resource(name, bytes(content)))
    return Files(together.pop(0), list(together.values()))


def file(unit: Unit, key: int, name: str, deployment: int = 0) -> Resource:
    """One of these files: the project's own, or of the deployment with this number from 1. Raises NotFound."""
    row = unit.one(_FILE, (key, deployment, name))
    if row is None:
        raise NotFound(say("The sandbox {key} has no file {name}.", key=key, name=name))
    return Resource(row[0], bytes(row[1]))


def steps(unit: Unit, key: int) -> list[Done]:
    """The steps that were done, in order."""
    return [
        Done(number=number, key=own, step=step, at=at, by=by) for number, own, step, at, by in unit.all(_STEPS, (key,))
    ]


def add_step(engine: Keeper, unit: Unit, key: int, number: int, step: Any, at: datetime, *, actor: Actor) -> Done:
    """Keep a step that was done. Raises Moved where another one has its number."""
    done = Done(number=number, key=engine.keys.next(), step=step, at=at, by=actor.id)
    try:
        unit.run(_ADD_STEP, (key, number, done.key, Json(step), at, actor.id))
    except psycopg.errors.UniqueViolation as fault:
        raise moved() from fault
    unit.run(_USED, (engine.clock.now(), key))
    return done


def take_back(engine: Keeper, unit: Unit, key: int, last: Done) -> None:
    """Forget the last step. Raises Moved where it is gone already."""
    if unit.run(_TAKE_BACK, (key, last.number, last.key)) == 0:
        raise moved()
    unit.run(_USED, (engine.clock.now(), key))


def remove(unit: Unit, *keys: int) -> None:
    """Put sandboxes away, with all that is kept of them."""
    for statement in _REMOVE if keys else ():
        unit.run(statement, (list(keys),))


def moved() -> Moved:
    return Moved(say("Someone took a step here meanwhile. Look at where it stands now, then go on."))
