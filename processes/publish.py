"""Checks files and deploys them together. What has not changed stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.commands.deploy import Deployment, deploy
from engine.model import ModelRefused, Problem, Resource
from engine.turn import Engine
from feel import Functions
from kernel.actor import Actor
from kernel.db import Unit
from processes import catalog, lint
from processes.catalog import Source
from processes.references import Known

_NAMES = "select kind, array_agg(distinct id) from definition group by kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was deployed, and what lint said besides. `changed` is False if every definition was there already."""

    deployment: Deployment
    warnings: list[Problem]

    @property
    def changed(self) -> bool:
        return any(definition.new for definition in self.deployment.definitions)


def publish(engine: Engine, unit: Unit, paths: Iterable[Path | str], actor: Actor, *, comment: str = "") -> Published:
    """Deploy the files under the paths as one deployment, all or none.

    They may refer to what is deployed already. Raises NotFound for a path without files and ModelRefused with every
    error that lint finds; then nothing is deployed.
    """
    return publish_files(engine, unit, [source.resource for source in catalog.gather(paths)], actor, comment=comment)


def publish_files(
    engine: Engine, unit: Unit, resources: Sequence[Resource], actor: Actor, tenant: str = "", *, comment: str = ""
) -> Published:
    """The same for files that came over the wire: no way of deploying passes by the rules of the law."""
    problems = checked(engine, unit, resources)
    if errors := lint.errors(problems):
        raise ModelRefused(errors)
    done = deploy(engine, unit, resources, actor, tenant, comment=comment)
    return Published(deployment=done, warnings=problems)


def checked(engine: Engine, unit: Unit, resources: Sequence[Resource]) -> list[Problem]:
    """What lint finds in files that may refer to what is deployed; errors and warnings alike."""
    sources = [Source(Path(r.name), r) for r in resources if Path(r.name).suffix.lower() in catalog.ENDINGS]
    return lint.check(sources, deployed(engine, unit))


def deployed(engine: Engine, unit: Unit) -> Known:
    """The names of everything that is deployed."""
    names = {kind: frozenset(ids) for kind, ids in unit.all(_NAMES)}
    nothing: frozenset[str] = frozenset()
    return Known(
        forms=names.get("form", nothing),
        decisions=names.get("decision", nothing),
        processes=names.get("process", nothing),
        apart=True,
        functions=engine.definitions.functions or Functions(),
    )
