"""Plays the stories of a family on the real engine, database, handlers and forms; outside systems are in memory.

What a story looks like is told in `processes/story/script.py` and `expectations.py`.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.commands import deploy
from engine.model import Resource
from engine.spiff.model import Model
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import NotFound, Refusal
from kernel.text import say
from processes import catalog, references
from processes.story import sight
from processes.story.player import Player
from processes.story.report import Place, Report, Told, covered
from processes.story.script import Story, read
from processes.story.stage import Stage, Theatre

PUBLISHER = system("story")
# A node tells when it is come to, a flow when it is taken: `engine.spiff.nodes` writes both for every way out.
_VISITED = """select distinct i.process_id, j.element from journal j join instance i on i.key = j.instance_key
  where j.element <> ''"""

log = logging.getLogger(__name__)


def run(paths: Iterable[Path | str], database_url: str, report: Path | None = None) -> Report:
    """Play every story under the paths, each on a database of its own on the server at `database_url`.

    Families beside that are called are deployed first, and what stories come to in them is not counted.
    The server's user must be able to create databases. `report` is where JUnit XML goes. Raises NotFound where there
    are no stories and Invalid for a story that cannot be read.
    """
    files = catalog.stories(paths)
    if not files:
        raise NotFound(say("There are no stories here. Write them into a scenarios.yaml beside the model."))
    with Theatre(database_url).opened() as theatre:
        result = tell(theatre, files)
    if report is not None:
        result.write_junit(report)
    return result


def tell(theatre: Theatre, files: Sequence[Path]) -> Report:
    """Play the stories of these files in a theatre that is open. Raises Invalid for a story that cannot be read."""
    told: list[Told] = []
    for file in files:
        folders = [*references.called(file.parent), file.parent]
        deployments = [[source.resource for source in catalog.gather([folder])] for folder in folders]
        told += [play(theatre, story, deployments) for story in read(file)]
    return Report(stories=tuple(told), coverage=covered(_models(files), [story.visited for story in told]))


def play(theatre: Theatre, story: Story, deployments: Sequence[Sequence[Resource]]) -> Told:
    """Play one story on files that are deployed before it, one deployment after the other."""
    began = time.perf_counter()
    why, step = None, 0
    visited: set[Place] = set()
    try:
        with theatre.stage(story) as stage:
            try:
                for resources in deployments:
                    deploy_on(stage, resources)
                Player(story, stage).play()
            finally:
                visited.update(_visited(stage.house.database.once()))
    except sight.Failed as failed:
        why, step = failed.sentence, failed.step.number
    except Refusal as refusal:
        why = refusal.message
    except Exception as broken:  # the boundary: a fault of the product fails its story, and the other stories are told
        log.exception("the story %s broke off", story.name)
        why = say("A fault of ours ended it ({kind}: {words}).", kind=type(broken).__name__, words=str(broken))
    return Told(
        file=story.file,
        name=story.name,
        why=why,
        step=step,
        visited=frozenset(visited),
        seconds=time.perf_counter() - began,
        requirements=story.requirements,
    )


def deploy_on(stage: Stage, resources: Sequence[Resource]) -> None:
    with stage.house.database.transaction() as unit:
        deploy.deploy(stage.house.engine, unit, resources, PUBLISHER)


def _visited(unit: Unit) -> Iterator[Place]:
    return ((process, element) for process, element in unit.all(_VISITED))


def _models(files: Sequence[Path]) -> Iterator[Model]:
    for folder in dict.fromkeys(file.parent for file in files):
        for source in catalog.gather([folder]):
            yield from references.models(source) if source.ending == ".bpmn" else ()
