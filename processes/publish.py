"""Checks files, tells what they would change, and deploys them together. What has not changed stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.commands.deploy import Deployment, Foreseen, deploy, foresee
from engine.model import ModelRefused, Problem, Resource
from engine.turn import Engine
from feel import Functions
from kernel.actor import Actor, system
from kernel.db import Unit
from processes import catalog, compare, lint, references
from processes.catalog import Source
from processes.compare import Change
from processes.references import Known

RELEASE = system("release")
_BY = "select p.actor from definition d join deployment p on p.key = d.deployment_key where d.key = %s"
_CONTENT = "select r.content from definition d join resource r on r.key = d.resource_key where d.key = %s"
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
    engine: Engine,
    unit: Unit,
    resources: Sequence[Resource],
    actor: Actor,
    tenant: str = "",
    *,
    comment: str = "",
    elsewhere: frozenset[str] = frozenset(),
) -> Published:
    """The same for files that came over the wire: no way of deploying passes by the rules of the law. `elsewhere` are
    processes and decisions that are deployed later.
    """
    problems = checked(engine, unit, resources, elsewhere)
    if errors := lint.errors(problems):
        raise ModelRefused(errors)
    done = deploy(engine, unit, resources, actor, tenant, comment=comment)
    return Published(deployment=done, warnings=problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What publishing a file would do. `definitions` are those in it.

    `changes` tell it apart from `before`, which is what is deployed, None for a new file; None where they cannot be
    told. A file that is the same can still make a new version: of a process that is bound to what is deployed with it.
    """

    name: str
    definitions: tuple[Foreseen, ...]
    before: bytes | None
    changes: tuple[Change, ...] | None

    @property
    def new(self) -> bool:
        """Whether the file makes a new version of anything."""
        return any(definition.new for definition in self.definitions)


def differences(engine: Engine, unit: Unit, resources: Sequence[Resource]) -> list[Difference]:
    """File by file, what deploying these together would change. Raises ModelRefused for files that cannot be run."""
    by_file: dict[str, list[Foreseen]] = {file.name: [] for file in resources}
    for found in foresee(engine, unit, resources):
        by_file[found.resource].append(found)
    return [_difference(unit, file, by_file[file.name]) for file in resources]


def _difference(unit: Unit, file: Resource, found: Sequence[Foreseen]) -> Difference:
    key = next((one.before for one in found if one.before is not None), None)
    before = bytes(unit.one(_CONTENT, (key,))[0]) if key is not None else None
    changes = compare.between(file.name, before, file.content) if before is not None else None
    return Difference(
        name=file.name,
        definitions=tuple(found),
        before=before,
        changes=tuple(changes) if changes is not None else None,
    )


def ship(engine: Engine, unit: Unit, family: str) -> Published | None:
    """Deploy a shipped family as this release has it; None where what is deployed of it has been changed here. It may
    refer to shipped families that are deployed after it.

    Whoever published another version of it, in the studio or from files, keeps that through every start and update.
    """
    folder = catalog.home() / family
    resources = [source.resource for source in catalog.gather([folder])]
    for found in foresee(engine, unit, resources):
        if found.new and found.before is not None and unit.one(_BY, (found.before,)) != (RELEASE.id,):
            return None
    return publish_files(engine, unit, resources, RELEASE, elsewhere=references.elsewhere([folder]))


def checked(
    engine: Engine, unit: Unit, resources: Sequence[Resource], elsewhere: frozenset[str] = frozenset()
) -> list[Problem]:
    """What lint finds in files that may refer to what is deployed, or will be; errors and warnings alike."""
    sources = [Source(Path(r.name), r) for r in resources if Path(r.name).suffix.lower() in catalog.ENDINGS]
    return lint.check(sources, replace(deployed(engine, unit), elsewhere=elsewhere))


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
