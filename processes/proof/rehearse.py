"""The stories of a set of files, played on them among what is deployed: which came out, and what they came to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.model import Resource
from kernel.errors import Invalid, NotFound
from kernel.text import say
from processes.catalog import Source
from processes.proof import rehearsal
from processes.proof.prove import Stopped, deployable
from processes.proof.standing import standing
from processes.story.report import Told as Result
from tasks.house import House

Told = Callable[[int, int], None]


def rehearse(
    house: House,
    files: Sequence[Resource],
    names: Sequence[str] | None,
    told: Told = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Result]:
    """Play the stories among the files that have these names, or all of them, each on a database of its own.

    What the files refer to and do not bring comes from what is deployed. `told` hears how many are done; `stopped` is
    asked after each. Raises ModelRefused for files that cannot be run, Invalid for stories that cannot be read or for
    which no database can be had, NotFound where there are none of these names, Stopped when it is told to stop.
    """
    stories = [story for story in rehearsal.given(files) if names is None or story.name in names]
    if not stories:
        raise NotFound(say("There is no such scenario in these files. Reload the page, or write one."))
    sources = [Source(Path(file.name), file) for file in deployable(files)]
    stands = standing(house.engine.definitions, house.database.once(), sources)
    done = 0

    def after_each() -> None:
        nonlocal done
        done += 1
        told(done, len(stories))
        if stopped():
            raise Stopped

    told(0, len(stories))
    played, why = rehearsal.play(stories, stands, house.database.url, after_each)
    if why is not None:
        raise Invalid(why)
    return played
