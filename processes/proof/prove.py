"""Looks at files before they are published: lint, the stories on them, and cases replayed on them in a dry run."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.commands.deploy import foresee
from engine.model import Resource
from engine.queries import overview, replay
from engine.queries.replay import Case, Refused, Replayed
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Invalid, Refusal
from kernel.text import Text, say
from processes import catalog, lint, publish
from processes.catalog import Source
from processes.proof import rehearsal
from processes.proof.findings import Along, ProcessProof, Proof, Scenario, Stuck
from processes.proof.findings import Case as Found
from processes.proof.standing import Standing, standing
from processes.story.script import Story
from tasks.house import House

SAMPLE = 20
MOST = 1_000

log = logging.getLogger(__name__)

Told = Callable[[int, int], None]


class Stopped(Exception):
    """Whoever waited for the proof wants it no more."""


def prove(
    house: House,
    files: Sequence[Resource],
    sample: int = SAMPLE,
    told: Told = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Proof:
    """What a new version would do, before it is one. Nothing is written but databases that the stories play in.

    `files` are those to be published; stories may be among them as `.yaml`. Of each process `sample` finished and as
    many running cases are replayed. `told` hears how many of the stories and cases are done; `stopped` is asked after
    each. Raises Invalid for files of another kind, for stories that cannot be read, and for a sample beyond 0 to MOST;
    Stopped when it is told to stop.
    """
    check(files, sample)
    unit = house.database.once()
    sources = [Source(Path(file.name), file) for file in deployable(files)]
    problems = tuple(publish.checked(house.engine, unit, [source.resource for source in sources]))
    if lint.errors(problems):
        return Proof(sample=sample, problems=problems)
    stands = standing(house.engine.definitions, unit, sources)
    plans = _plans(house.engine, unit, files, stands, sample)
    progress = _Progress(sum(len(plan.stories) + len(plan.cases) for plan in plans), told, stopped)
    found = tuple(_prove(house, unit, stands, plan, progress) for plan in plans)
    return Proof(sample=sample, problems=problems, processes=found, standing=stands.keys)


def deployable(files: Sequence[Resource]) -> list[Resource]:
    """The files without the stories among them."""
    return [file for file in files if _ending(file) in catalog.ENDINGS]


def _ending(file: Resource) -> str:
    return Path(file.name).suffix.lower()


def check(files: Sequence[Resource], sample: int) -> None:
    """Raises Invalid where a proof cannot be begun."""
    if not 0 <= sample <= MOST:
        raise Invalid(say("{sample} cases cannot be chosen. Give a number from 0 to {most}.", sample=sample, most=MOST))
    known = (*catalog.ENDINGS, *rehearsal.ENDINGS)
    strange = [file.name for file in files if _ending(file) not in known]
    if strange or not deployable(files):
        raise Invalid(
            say(
                "{files} cannot be published. Give {endings} files, and stories as scenarios.yaml.",
                files=", ".join(strange or [file.name for file in files]) or "-",
                endings=", ".join(catalog.ENDINGS),
            )
        )
    rehearsal.stories(files, frozenset())


class _Plan:
    """What is to be looked at for one process."""

    def __init__(
        self, process_id: str, new: bool, stories: list[Story], cases: list[Case], counts: tuple[int, int]
    ) -> None:
        self.process_id = process_id
        self.new = new
        self.stories = stories
        self.cases = cases
        self.counts = counts


def _plans(engine: Engine, unit: Unit, files: Sequence[Resource], stands: Standing, sample: int) -> list[_Plan]:
    stories = rehearsal.stories(files, frozenset(stands.models))
    new = {found.id for found in foresee(engine, unit, stands.resources) if found.kind == "process" and found.new}
    return [
        _Plan(id, id in new, stories.get(id, []), replay.chosen(unit, id, sample), replay.counts(unit, id))
        for id in sorted(stands.models)
    ]


class _Progress:
    def __init__(self, total: int, told: Told, stopped: Callable[[], bool]) -> None:
        self._done, self._total, self._told, self._stopped = 0, total, told, stopped
        self._tell()

    def step(self) -> None:
        """One story or case more is done. Raises Stopped."""
        self._done += 1
        self._tell()

    def _tell(self) -> None:
        if self._stopped():
            raise Stopped
        self._told(self._done, self._total)


def _prove(house: House, unit: Unit, stands: Standing, plan: _Plan, progress: _Progress) -> ProcessProof:
    scenarios: list[Scenario] = []
    unplayed: Text | None = say("No scenario is known for this process. Write some into a scenarios.yaml beside it.")
    if plan.stories:
        played, unplayed = rehearsal.play(plan.stories, stands, house.database.url, progress.step)
        scenarios = [
            Scenario(file=told.file.name, name=told.name, failure=told.why or "", seconds=told.seconds)
            for told in played
        ]
    cases = []
    for case in plan.cases:
        cases.append(_looked_at(house.engine, unit, stands, plan.process_id, case))
        progress.step()
    return ProcessProof(
        process_id=plan.process_id,
        name=stands.models[plan.process_id].name,
        version=stands.version(plan.process_id),
        scenarios=tuple(scenarios),
        unplayed=unplayed,
        finished=plan.counts[0],
        running=plan.counts[1],
        cases=tuple(cases),
        along=tuple(_along(house.engine, unit, stands, plan.process_id)) if plan.new else (),
    )


def _along(engine: Engine, unit: Unit, stands: Standing, process_id: str) -> Iterator[Along]:
    """By version, how many running cases could come along; of all versions together at most MOST are looked at."""
    found: dict[int, list[list[Refused]]] = {}
    for case in replay.running(unit, process_id, MOST):
        found.setdefault(case.version, []).append(replay.stuck(engine, unit, case, process_id, stands.proposed))
    running = {row.version: row.running for row in overview.versions(unit, process_id)}
    for version, looked in sorted(found.items()):
        reasons = Counter((id, sentence) for refused in looked for id, sentence in _reasons(refused))
        sentences = {str(one.sentence): one.sentence for refused in looked for one in refused}
        yield Along(
            version=version,
            running=running.get(version, len(looked)),
            checked=len(looked),
            able=sum(not refused for refused in looked),
            reasons=tuple((id, sentences[sentence], times) for (id, sentence), times in reasons.most_common()),
        )


def _reasons(refused: Sequence[Refused]) -> set[tuple[str, str]]:
    """Each reason of a case once, however many tokens it holds."""
    return {(one.element, str(one.sentence)) for one in refused}


def _looked_at(engine: Engine, unit: Unit, stands: Standing, process_id: str, case: Case) -> Found:
    stuck: list[Refused] = []
    try:
        way = replay.replayed(engine, unit, case, process_id, stands.proposed)
        if case.state not in ("COMPLETED", "TERMINATED"):
            stuck = replay.stuck(engine, unit, case, process_id, stands.proposed)
    except Refusal as refusal:
        way = Replayed(verdict="CANNOT", sentence=refusal.message)
    except Exception as fault:  # the boundary: a fault of ours at one case is told, and the others are looked at
        log.exception("case %s could not be replayed", case.key)
        reason = type(fault).__name__
        told = say("The case could not be replayed because of a fault of ours ({kind}).", kind=reason)
        way = Replayed(verdict="CANNOT", sentence=told)
    return Found(
        key=case.key,
        business_id=case.business_id,
        version=case.version,
        state=case.state,
        verdict=way.verdict,
        element=way.element,
        sentence=way.sentence,
        beside=way.beside,
        stuck=tuple(Stuck(element=refused.element, sentence=refused.sentence) for refused in stuck),
    )
