"""Opening a sandbox: the project's files as they are now, the world of its stories, and a story to begin with."""

from collections.abc import Sequence
from pathlib import Path

import feel
from engine.model import ModelRefused, Resource
from engine.turn import Engine
from kernel.actor import Actor
from kernel.db import Unit
from processes.catalog import Source
from processes.proof.standing import standing
from processes.sandbox import beginnings, store
from processes.sandbox.stages import Stages
from processes.story.sight import Failed
from processes.studio import projects


def begin(
    stages: Stages, engine: Engine, project: int, process: str, *, story: str = "", at: str = "", actor: Actor
) -> tuple[int, Failed | None]:
    """A new sandbox on the project's files; its key, and where the story does not come out, if one is named.

    What the files ask for and do not bring (a called process, a form, a decision) is taken from what is deployed. The
    longest unused ones of the project are put away for it. Raises NotFound for a project, process or story that is not
    there, ModelRefused for files that do not run, Invalid for stories that cannot be read, Unavailable without a
    database.
    """
    now = engine.clock.now().astimezone(engine.zone)
    with engine.database.transaction() as unit:
        own = projects.resources(unit, project)
        began, told = beginnings.begin(own, process, now, story=story, at=at)
        files = store.Files(own, _deployed(engine, unit, own))
        key, old = store.add(engine, unit, project, began, files, actor=actor)
    stages.forget(*old)
    try:
        with stages.shown(key):
            pass
    except BaseException:  # files that do not run, a server without room: what cannot be tried is not kept
        with engine.database.transaction() as unit:
            store.remove(unit, key)
        raise
    if told is None:
        return key, None
    return key, stages.play(key, told.steps, actor=actor)


def _deployed(engine: Engine, unit: Unit, files: Sequence[Resource]) -> list[list[Resource]]:
    """What stands around the files as they would be published: a run goes on into it, as a case would."""
    sources = [Source(Path(file.name), file) for file in beginnings.deployable(files)]
    try:
        return standing(engine.definitions, unit, sources).others
    except (ModelRefused, feel.FeelError):  # files that do not run: the stage tells all that is wrong with them
        return []
