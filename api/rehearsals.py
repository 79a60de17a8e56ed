"""The scenarios of the studio's projects, played in the background, and what came of them the last time."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from api.background import Background, Told
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import Text, say
from processes.proof import rehearse
from processes.proof.findings import heard_sentence, kept_sentence
from processes.story.report import Place
from processes.story.report import Told as Result
from processes.studio import projects
from tasks.house import House

KEPT = 50  # runs of a project that are looked at

_READ = """select key, state, chosen, files, created_by, created_at, result from scenario_run where project_key = %s
  order by created_at desc, key desc limit %s"""
_HOLD = "select 1 from project where key = %s for update"
_RUNNING = "select key from scenario_run where project_key = %s and state = 'RUNNING'"
_ADD = """insert into scenario_run (key, project_key, state, chosen, files, created_by, created_at)
  values (%s, %s, 'RUNNING', %s, %s, %s, %s)"""
_ASKED = "select project_key, chosen, files from scenario_run where key = %s"
_CANCEL = "delete from scenario_run where project_key = %s and state = 'RUNNING'"
# Of the runs that have ended: those of the same stories as this one, and those from before the last one of all stories.
_FORGET = """delete from scenario_run r using scenario_run this where this.key = %s and r.project_key = this.project_key
  and r.state <> 'RUNNING' and (r.chosen = this.chosen or exists (select from scenario_run n
    where n.project_key = r.project_key and n.chosen is null and n.state = 'DONE' and n.created_at > r.created_at))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a story the last time that it was played. `step` and `why` are of where it failed.

    `outdated` names the files of the project that have changed since, or are gone.
    """

    name: str
    at: datetime
    by: str
    why: Text | None
    step: int
    seconds: float
    visited: frozenset[Place]
    outdated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of a project: the one under way with how far it is, and the last result of each story by its name.

    `failure` says why the last run came to nothing.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    failure: Text | None = None
    played: Mapping[str, Played]


def begin(house: House, project: int, names: Sequence[str] | None, *, actor: Actor) -> threading.Thread:
    """Play stories of a project in a thread of its own: those of these names, or all.

    Raises NotFound for a project that is not there, and Conflict where some are being played.
    """
    key = house.engine.keys.next()
    with house.database.transaction() as unit:
        found = projects.read(unit, project)
        unit.one(_HOLD, (project,))
        if unit.one(_RUNNING, (project,)) is not None:
            raise Conflict(say("Scenarios of this project are being run. Wait for them, or stop them."))
        digests = {file.name: file.digest for file in found.files}
        chosen = list(names) if names is not None else None
        unit.run(_ADD, (key, project, chosen, Jsonb(digests), actor.id, house.clock.now()))
    return PLAYS.start(house, key)


def cancel(house: House, project: int) -> None:
    """Stop what is being played, after the story that it is at. Nothing is kept of it. Raises Conflict for none."""
    if house.database.once().run(_CANCEL, (project,)) == 0:
        raise Conflict(say("No scenario is being run, so there is nothing to stop."))


def take_up(house: House) -> list[threading.Thread]:
    """Play again what a process left that died over it. For the start of the web."""
    return PLAYS.take_up(house)


def read(unit: Unit, project: projects.Project) -> Runs:
    """How things stand with a project's stories."""
    digests = {file.name: file.digest for file in project.files}
    rows = unit.all(_READ, (project.key, KEPT))
    running = next((row for row in rows if row[1] == "RUNNING"), None)
    ended = [row for row in rows if row[1] != "RUNNING"]
    told = (running[-1] or {}) if running else {}
    played: dict[str, Played] = {}
    for row in reversed(ended):
        played |= _played(row, digests)
    return Runs(
        running=running is not None,
        done=told.get("done", 0),
        total=told.get("total", 0),
        failure=heard_sentence((ended[0][-1] or {}).get("failure")) if ended else None,
        played=played,
    )


def _played(row: Any, digests: Mapping[str, str]) -> dict[str, Played]:
    _, _, _, files, by, at, result = row
    outdated = tuple(sorted(name for name in {*files, *digests} if files.get(name) != digests.get(name)))
    return {
        story["name"]: Played(
            name=story["name"],
            at=at,
            by=by,
            why=heard_sentence(story["why"]),
            step=story["step"],
            seconds=story["seconds"],
            visited=frozenset((process, id) for process, ids in story["visited"].items() for id in ids),
            outdated=outdated,
        )
        for story in (result or {}).get("stories", ())
    }


def _play(house: House, unit: Unit, key: int, told: Told, stopped: Callable[[], bool]) -> dict[str, Any]:
    project, chosen, _ = unit.one(_ASKED, (key,))
    with house.database.transaction() as inside:
        files = projects.resources(inside, project)
        digests = {file.name: file.digest for file in projects.read(inside, project).files}
    unit.run("update scenario_run set files = %s where key = %s", (Jsonb(digests), key))
    results = rehearse(house, files, chosen, told, stopped)
    unit.run(_FORGET, (key,))
    return {"stories": [_kept(result) for result in results]}


def _kept(result: Result) -> dict[str, Any]:
    visited: dict[str, list[str]] = {}
    for process, id in sorted(result.visited):
        visited.setdefault(process, []).append(id)
    return {
        "name": result.name,
        "why": kept_sentence(result.why),
        "step": result.step,
        "seconds": round(result.seconds, 3),
        "visited": visited,
    }


PLAYS = Background("scenario_run", _play)
