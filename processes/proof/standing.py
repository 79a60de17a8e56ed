"""The files as they would stand among what is deployed: what they bring, what they change, what else they need."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import feel.dmn
from engine.definitions import Definitions, Loaded
from engine.model import Reference, Resource
from engine.queries.replay import Proposed
from engine.spiff.compile import compile_models
from engine.spiff.model import Model
from kernel.db import Unit
from kernel.errors import NotFound
from processes.catalog import Source
from processes.references import Names, names

Named = tuple[str, str]  # kind and id

_LATEST = """select distinct on (kind, id) kind, id, key, version from definition where withdrawn_at is null
  order by kind, id, version desc"""

_TOGETHER = "select definition_key from deployment_entry where deployment_key = %s order by definition_key"


@dataclass(slots=True, kw_only=True)
class Standing:
    """`latest` has key and version of every deployed definition; `models` are the processes that are looked at."""

    resources: Sequence[Resource]
    brought: frozenset[Named]
    models: dict[str, Model]
    proposed: Proposed
    latest: dict[Named, tuple[int, int]]
    others: list[list[Resource]] = field(default_factory=list)

    @property
    def keys(self) -> dict[str, int]:
        """For each definition of the files the deployed key that it would follow, 0 for a new one."""
        return {f"{kind} {id}": self.latest.get((kind, id), (0, 0))[0] for kind, id in sorted(self.brought)}

    def version(self, process_id: str) -> int:
        """The version of a process that new cases start with, 0 if there is none."""
        return self.latest.get(("process", process_id), (0, 0))[1]


def standing(definitions: Definitions, unit: Unit, sources: Sequence[Source]) -> Standing:
    """Read the files, which are known to be sound, and look at what is deployed.

    A process that the files do not bring is looked at too where it asks for one of their decisions or forms.
    """
    resources = [source.resource for source in sources]
    found = names(sources)
    brought = frozenset(_brought(found))
    models = {
        model.process_id: model
        for resource in resources
        if resource.name.lower().endswith(".bpmn")
        for model in compile_models(resource, definitions.functions)
    }
    latest = {(kind, id): (key, version) for kind, id, key, version in unit.all(_LATEST)}
    models |= dict(_touched(definitions, unit, latest, brought))
    decisions = {decision.id: decision for resource in resources for decision in _decisions(resource, definitions)}
    made = Standing(
        resources=resources,
        brought=brought,
        models=models,
        proposed=Proposed(models=models, decisions=decisions),
        latest=latest,
    )
    made.others = _Needed(definitions, unit, made).deployments()
    return made


def _brought(found: Names) -> Iterator[Named]:
    for kind, ids in (("process", found.processes), ("decision", found.decisions), ("form", found.forms)):
        yield from ((kind, id) for id in ids)


def _touched(
    definitions: Definitions, unit: Unit, latest: dict[Named, tuple[int, int]], brought: frozenset[Named]
) -> Iterator[tuple[str, Model]]:
    """Deployed processes that the files do not bring but would change."""
    for (kind, id), (key, _) in latest.items():
        if kind == "process" and (kind, id) not in brought:
            model = definitions.get(unit, key).model
            asked = {(what, reference.id) for what, reference in _asked(model) if reference.binding == "latest"}
            if asked & {name for name in brought if name[0] != "process"}:
                yield id, model


def _asked(model: Model) -> Iterator[tuple[str, Reference]]:
    yield from (("form", reference) for _, reference in model.forms)
    yield from (("form", start.form) for start in model.starts if start.form is not None)
    yield from (("decision", reference) for _, reference in model.decisions)
    yield from (("process", reference) for _, reference in model.calls)


def _decisions(resource: Resource, definitions: Definitions) -> Iterator[Loaded]:
    if not resource.name.lower().endswith(".dmn"):
        return
    model = feel.dmn.load(resource.content, functions=definitions.functions)
    for decision in model.decisions:
        yield Loaded(
            key=0,
            kind="decision",
            id=decision.id,
            name=decision.name,
            version=0,
            version_tag=None,
            deployment_key=0,
            resource_name=resource.name,
            content=resource.content,
            compiled=model,
        )


class _Needed:
    """What the files do not bring and their processes may ask for: what they name, and what was deployed together with
    the versions that are deployed now, for references that are worked out at run time.
    """

    def __init__(self, definitions: Definitions, unit: Unit, made: Standing) -> None:
        self._definitions, self._unit, self._made = definitions, unit, made
        self._found: dict[int, Loaded] = {}

    def deployments(self) -> list[list[Resource]]:
        """The files, as they were deployed: each deployment's together, the oldest first."""
        for model in self._made.models.values():
            self._add_around(self._made.latest.get(("process", model.process_id)))
            self._add_all(model)
        together: dict[int, dict[str, Resource]] = {}
        for loaded in sorted(self._found.values(), key=lambda loaded: loaded.deployment_key):
            files = together.setdefault(loaded.deployment_key, {})
            files[loaded.resource_name] = Resource(loaded.resource_name, loaded.content)
        return [list(files.values()) for files in together.values()]

    def _add_all(self, model: Model) -> None:
        for kind, reference in _asked(model):
            try:
                self._add(self._definitions.bound(self._unit, kind, reference, 0))
            except NotFound:  # brought by the files, or bound to them
                continue

    def _add_around(self, latest: tuple[int, int] | None) -> None:
        if latest is not None:
            deployment = self._definitions.get(self._unit, latest[0]).deployment_key
            self._add_each(key for (key,) in self._unit.all(_TOGETHER, (deployment,)))

    def _add_each(self, keys: Iterable[int]) -> None:
        for key in keys:
            self._add(self._definitions.get(self._unit, key))

    def _add(self, loaded: Loaded) -> None:
        if (loaded.kind, loaded.id) in self._made.brought or loaded.key in self._found:
            return
        self._found[loaded.key] = loaded
        if loaded.kind == "process":
            self._add_around((loaded.key, loaded.version))
            self._add_all(loaded.model)
