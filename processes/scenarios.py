"""Plays the stories of a family on the real engine, database, handlers and forms; outside systems are in memory.

What a story looks like is told in `processes/story/script.py` and `expectations.py`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.commands import deploy
from engine.model import Resource
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import NotFound, Refusal
from kernel.text import say
from processes import catalog, references
from processes.story import sight
from processes.story.player import Player
from processes.story.report import Coverage, Report, Told
from processes.story.script import Story, read
from processes.story.stage import Stage, Theatre

PUBLISHER = system("story")
_VISITED = "select distinct i.process_id, j.element from journal j join instance i on i.key = j.instance_key"


def run(paths: Iterable[Path | str], database_url: str, report: Path | None = None) -> Report:
    """Play every story under the paths, each on a database of its own on the server at `database_url`.

    The server's user must be able to create databases. `report` is where JUnit XML goes. Raises NotFound where there
    are no stories and Invalid for a story that cannot be read.
    """
    files = catalog.stories(paths)
    if not files:
        raise NotFound(say("There are no stories here. Write them into a scenarios.yaml beside the model."))
    told: list[Told] = []
    visited: set[tuple[str, str]] = set()
    with Theatre(database_url).opened() as theatre:
        for file in files:
            resources = [source.resource for source in catalog.gather([file.parent])]
            told += [play(theatre, story, [resources], visited) for story in read(file)]
    result = Report(stories=tuple(told), coverage=_coverage(files, visited))
    if report is not None:
        result.write_junit(report)
    return result


def play(
    theatre: Theatre, story: Story, deployments: Sequence[Sequence[Resource]], visited: set[tuple[str, str]]
) -> Told:
    """Play one story on files that are deployed before it, one deployment after the other.

    `visited` takes in the process and element of every place that its cases come to.
    """
    began = time.perf_counter()
    failure = ""
    try:
        with theatre.stage(story) as stage:
            try:
                for resources in deployments:
                    deploy_on(stage, resources)
                Player(story, stage).play()
            finally:
                visited.update(_visited(stage.house.database.once()))
    except (sight.Failed, Refusal) as failed:
        failure = str(failed)
    except Exception as broken:  # the boundary: a fault of the product fails its story, and the other stories are told
        failure = f"{type(broken).__name__}: {broken}"
    return Told(
        file=story.file,
        name=story.name,
        failure=failure,
        seconds=time.perf_counter() - began,
        requirements=story.requirements,
    )


def deploy_on(stage: Stage, resources: Sequence[Resource]) -> None:
    with stage.house.database.transaction() as unit:
        deploy.deploy(stage.house.engine, unit, resources, PUBLISHER)


def _visited(unit: Unit) -> Iterator[tuple[str, str]]:
    return ((process, element) for process, element in unit.all(_VISITED))


def _coverage(files: list[Path], visited: set[tuple[str, str]]) -> dict[str, Coverage]:
    found: dict[str, Coverage] = {}
    for folder in dict.fromkeys(file.parent for file in files):
        for source in catalog.gather([folder]):
            for model in references.models(source) if source.ending == ".bpmn" else ():
                elements = [element.id for element in model.elements.values() if element.type != "process"]
                missed = tuple(name for name in elements if (model.process_id, name) not in visited)
                found[model.process_id] = Coverage(process_id=model.process_id, elements=len(elements), missed=missed)
    return found
