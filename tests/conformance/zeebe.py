"""Models in the Zeebe dialect: deployed as `jiaojie deploy` does, then driven until they end.

Every test case of a spec counts one, and so does every `.bpmn` and `.dmn` file. A file passes when each
of its processes, from each of its starts, comes to its end or waits by design with nothing stuck; or when it is refused
with a problem that names an element.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.model import ModelRefused
from engine.spiff.model import Model, Start
from kernel.db import Database
from processes import publish, references
from processes.catalog import Source, gather
from processes.document import read
from processes.story.stage import Theatre
from tests.conformance import _zeebe_guess as guess
from tests.conformance import _zeebe_specs as specs
from tests.conformance._zeebe_specs import Unmet
from tests.conformance._zeebe_world import ACTOR, MOST_STEPS, World


def run(folder: Path) -> int:
    """Run the suite of a folder, print each failure on a line, and end with the count. Exit code 1 on failure."""
    passed = total = 0
    with server() as url, Theatre(url).opened() as theatre:
        for case in specs.cases(folder):
            with theatre.database() as database:
                total += 1
                passed += tried(case.title, lambda case=case, database=database: specs.run(case, World(database)))
        files = gather([folder])
        for source in (source for source in files if source.ending in (".bpmn", ".dmn")):
            with theatre.database() as database:
                total += 1
                title = str(source.path.relative_to(folder))
                passed += tried(
                    title, lambda source=source, database=database: deploy_and_drive(source, files, database)
                )
    print(f"zeebe: {passed} of {total}")
    return 0 if passed == total else 1


@contextmanager
def server() -> Iterator[str]:
    """The server that JIAOJIE_TEST_DATABASE_URL names, else an embedded one for the run."""
    url = os.environ.get("JIAOJIE_TEST_DATABASE_URL")
    if url:
        yield url
        return
    from kernel.postgres import Server

    home = Path(tempfile.mkdtemp(prefix="jiaojie-conformance-"))
    home.chmod(0o711)
    server = Server(home)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def tried(title: str, attempt: object) -> bool:
    assert callable(attempt)
    try:
        attempt()
    except Exception as error:  # the boundary: whatever happens to one model is told, and the others are run
        print(f"{title}: {type(error).__name__}: {error}")
        return False
    return True


def deploy_and_drive(source: Source, files: list[Source], database: Database) -> None:
    """Deploy a file and drive each of its processes from each of its starts. Raises Unmet with what went wrong.

    A refusal is well, where each problem names rule, reason and some problem an element.
    """
    world = World(database, guess.variables(read(source.resource.content)))
    try:
        _deploy(source, files, world)
    except ModelRefused as refused:
        if all(problem.rule and str(problem.sentence) for problem in refused.problems):
            named = [problem for problem in refused.problems if problem.element]
            if named or not read(source.resource.content).nodes:
                return
        raise Unmet("refused without naming an element") from refused
    for model in references.models(source) if source.ending == ".bpmn" else ():
        for begin in model.starts:
            _drive(model, begin, world)


def _deploy(source: Source, files: list[Source], world: World) -> None:
    """Deploy a file with those of the folder that it refers to."""
    wanted, found = [source], references.names(files)
    for part in wanted:
        for model in references.models(part) if part.ending == ".bpmn" else ():
            named = [(found.processes, model.calls), (found.decisions, model.decisions), (found.forms, model.forms)]
            for there, asked in named:
                for _, reference in asked:
                    wanted += [other for other in there.get(reference.id, [])[:1] if other not in wanted]
    with world.database.transaction() as unit:
        publish.publish(world.engine, unit, [part.path for part in wanted], ACTOR)


def _drive(model: Model, begin: Start, world: World) -> None:
    before = {key for key, _ in world.instances()}
    _begin(model, begin, world)
    started = [key for key, _ in world.instances() if key not in before]
    if not started:
        raise Unmet(f"{begin.element} started nothing")
    for _ in range(MOST_STEPS):
        if _stuck(world) or _states(world, started) != {"ACTIVE"} or not world.step():
            break
    if _stuck(world):
        raise Unmet(f"stuck: {_stuck(world)}")
    for key, state in world.instances():
        if state == "ACTIVE":
            world.cancel(key)


def _stuck(world: World) -> list[tuple[str, str, str]]:
    """Incidents, save of a join that waits in vain: then the model is drawn so, and nothing of ours is stuck."""
    return [incident for incident in world.incidents() if incident[1] != "DEADLOCK"]


def _begin(model: Model, begin: Start, world: World) -> None:
    match begin.kind:
        case "none":
            world.begin(model.process_id)
        case "message":
            world.publish(begin.name, "key-1")
        case "signal":
            world.signal(begin.name)
        case "timer":
            world.pass_time()
        case _:
            raise Unmet(f"{begin.element} starts by {begin.kind}, which nobody can do from outside")


def _states(world: World, keys: list[int]) -> set[str]:
    return {state for key, state in world.instances() if key in keys}
