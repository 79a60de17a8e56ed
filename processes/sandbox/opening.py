"""Opening a sandbox: the project's files as they are now, the world of its stories, and a story to begin with."""

from engine.turn import Engine
from kernel.actor import Actor
from processes.sandbox import beginnings, store
from processes.sandbox.stages import Stages
from processes.story.sight import Failed
from processes.studio import projects


def begin(
    stages: Stages, engine: Engine, project: int, process: str, *, story: str = "", at: str = "", actor: Actor
) -> tuple[int, Failed | None]:
    """A new sandbox on the project's files; its key, and where the story does not come out, if one is named.

    The longest unused ones of the project are put away for it. Raises NotFound for a project, process or story that is
    not there, ModelRefused for files that do not run, Invalid for stories that cannot be read, Unavailable without a
    database.
    """
    now = engine.clock.now().astimezone(engine.zone)
    with engine.database.transaction() as unit:
        files = projects.resources(unit, project)
        began, told = beginnings.begin(files, process, now, story=story, at=at)
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
