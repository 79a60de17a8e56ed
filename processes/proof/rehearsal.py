"""The stories of the processes, played on the proposed files in databases of their own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import psycopg

from engine.model import Resource
from kernel.text import Text, say
from processes import catalog, scenarios
from processes.proof.standing import Standing
from processes.story import script
from processes.story.report import Told
from processes.story.script import Story
from processes.story.stage import Theatre

ENDINGS = (".yaml", ".yml")


def gathered(paths: Iterable[Path]) -> list[Resource]:
    """The files under the paths with their stories: those that are given, that lie in a folder, or beside a file.

    Raises NotFound for a path without files.
    """
    given = list(paths)
    told = [path for path in given if path.suffix.lower() in ENDINGS]
    models = [path for path in given if path not in told]
    beside = [path.parent / catalog.STORIES for path in models if path.is_file()]
    told += [path for path in beside if path.is_file()]
    told += catalog.stories(path for path in models if path.is_dir())
    files = [source.resource for source in catalog.gather(models)]
    return [*files, *(Resource(path.name, path.read_bytes()) for path in dict.fromkeys(told))]


def stories(files: Sequence[Resource], processes: frozenset[str]) -> dict[str, list[Story]]:
    """By process: those among the files; of a process that they tell nothing of, the shipped ones.

    Raises Invalid for a file of stories that cannot be read.
    """
    own = list(given(files))
    told = {story.process for story in own}
    found: dict[str, dict[str, Story]] = {}
    for story in (*own, *(story for story in _shipped() if story.process not in told)):
        if story.process in processes:
            found.setdefault(story.process, {}).setdefault(story.name, story)
    return {process: list(told.values()) for process, told in found.items()}


def given(files: Sequence[Resource]) -> Iterator[Story]:
    """The stories among the files. Raises Invalid for a file of stories that cannot be read."""
    for file in files:
        if Path(file.name).suffix.lower() in ENDINGS and file.content.strip():
            yield from script.read_bytes(file.content, Path(file.name))


def _shipped() -> Iterator[Story]:
    for family in catalog.families():
        for path in catalog.stories([catalog.home() / family]):
            yield from script.read(path)


def play(
    told: Sequence[Story], stands: Standing, server: str, after_each: Callable[[], None]
) -> tuple[list[Told], Text | None]:
    """What came of each story; or why none could be played, where the server gives them no database."""
    deployments = [*stands.others, stands.resources]
    played: list[Told] = []
    try:
        with Theatre(server).opened() as theatre:
            for story in told:
                played.append(scenarios.play(theatre, story, deployments))
                after_each()
    except psycopg.Error as error:
        return [], say(
            "The scenarios were not run: a database of their own could not be made on this server ({reason}). Give the"
            " database's user the right CREATEDB, or run them elsewhere with jiaojie test.",
            reason=str(error).strip().partition("\n")[0],
        )
    return played, None
