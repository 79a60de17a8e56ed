"""Files as they were deployed, and what a decision's file is as a whole."""

from dataclasses import dataclass

from engine.definitions import Definitions
from engine.queries import nouns
from engine.queries.nouns import noun
from engine.queries.search import Condition, Search
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True)
class Resource:
    """A deployed file. `version` counts those of the same name; `version_tag` is of what it defines."""

    key: int
    name: str
    deployment_key: int
    version: int
    version_tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """A DMN file as Camunda 8 lists it: its decisions with what they require. `key` is the file's.

    `version` is the highest that one of its decisions has.
    """

    key: int
    id: str
    name: str
    version: int
    resource_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDefinition:
    """A deployed decision and the file that it lies in."""

    key: int
    id: str
    name: str
    version: int
    latest: bool
    requirements: Requirements

    @property
    def requirements_key(self) -> int:
        return self.requirements.key

    @property
    def requirements_id(self) -> str:
        return self.requirements.id

    @property
    def requirements_name(self) -> str:
        return self.requirements.name

    @property
    def requirements_version(self) -> int:
        return self.requirements.version


RESOURCE = noun(
    Resource,
    "resource r",
    "r.key",
    version="(select count(*) from resource p where p.name = r.name and p.key <= r.key)",
    version_tag="(select max(d.version_tag) from definition d where d.resource_key = r.key)",
)
_DECISIONS = f"""select d.key, d.id, d.name, d.version, d.resource_key, d.resource_name, {nouns.LATEST},
    max(d.version) over (partition by d.resource_key)
  from definition d where d.kind = 'decision' order by d.key"""


resources = Search(RESOURCE)


def resource(unit: Unit, key: int) -> Resource:
    """A deployed file by its key, or by that of what it defines. Raises NotFound."""
    of = unit.one("select resource_key from definition where key = %s", (key,))
    found = resources(unit, [Condition("key", of[0] if of else key)]).items
    if not found:
        raise NotFound(say("There is no resource {key}. Check the key.", key=key))
    return found[0]


def bytes_of(unit: Unit, key: int) -> tuple[Resource, bytes]:
    """A deployed file with what is in it. Raises NotFound."""
    found = resource(unit, key)
    content: bytes = unit.one("select content from resource where key = %s", (found.key,))[0]
    return found, content


def decisions(unit: Unit, definitions: Definitions) -> list[DecisionDefinition]:
    """Every deployed decision. What this release cannot read any more goes by the name of its file."""
    made: dict[int, Requirements] = {}
    found = []
    for key, id_, name, version, resource_key, resource_name, latest, highest in unit.all(_DECISIONS):
        whole = made.get(resource_key)
        if whole is None:
            file_id, file_name = _of_file(unit, definitions, key, resource_name)
            whole = made[resource_key] = Requirements(
                key=resource_key, id=file_id, name=file_name, version=highest, resource_name=resource_name
            )
        found.append(DecisionDefinition(key=key, id=id_, name=name, version=version, latest=latest, requirements=whole))
    return found


def decision(unit: Unit, definitions: Definitions, key: int) -> DecisionDefinition:
    """Raises NotFound."""
    found = next((item for item in decisions(unit, definitions) if item.key == key), None)
    if found is None:
        raise NotFound(say("There is no decision {key}. Check the key.", key=key))
    return found


def requirements(unit: Unit, definitions: Definitions) -> list[Requirements]:
    """Every deployed file of decisions."""
    return list({item.requirements.key: item.requirements for item in decisions(unit, definitions)}.values())


def _of_file(unit: Unit, definitions: Definitions, key: int, resource_name: str) -> tuple[str, str]:
    try:
        model = definitions.get(unit, key).compiled
    except (Conflict, NotFound, ValueError):
        return resource_name, resource_name
    return model.id or resource_name, model.name or model.id or resource_name
