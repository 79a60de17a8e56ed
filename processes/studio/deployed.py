"""Drafts beside what is deployed: how each file stands to it, and a deployed process with everything that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.model import Reference, Resource
from engine.turn import Engine
from feel import Functions
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from processes import references
from processes.catalog import Source
from processes.studio import projects, rules
from processes.studio.drafts import Draft
from processes.studio.projects import Entry

State = Literal["same", "changed", "new", "behind"]

_LATEST = """select distinct on (d.kind, d.id) d.kind, d.id, d.version, encode(sha256(r.content), 'hex')
  from definition d join resource r on r.key = d.resource_key
  where d.withdrawn_at is null order by d.kind, d.id, d.version desc"""
_FILE = """select r.name, r.content from definition d join resource r on r.key = d.resource_key
  where d.kind = %s and d.id = %s and d.withdrawn_at is null order by d.version desc limit 1"""
_PROCESSES = """select distinct on (id) id, name from definition where kind = 'process' and withdrawn_at is null
  order by id, version desc"""

Name = tuple[str, str]  # kind (process, decision, form) and id


File = Resource | Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a draft stands to what is deployed.

    `same`: those very bytes are what is deployed. `changed`: others are. `new`: nothing of what it defines is.
    `behind`: others were deployed since it was taken from there or published. `version` is the deployed one. Scenarios
    are never deployed: they are `same` or `changed` against what they were taken as, else `new`.
    """

    state: State
    version: int | None = None


def standings(unit: Unit, key: int) -> dict[str, Standing]:
    """How each file of a project stands, by name. Raises NotFound."""
    project = projects.read(unit, key)
    latest = {(kind, id): (version, digest) for kind, id, version, digest in unit.all(_LATEST)}
    contents = {file.name: file for file in projects.resources(unit, key)}
    return {entry.name: _standing(entry, list(defined(contents[entry.name])), latest) for entry in project.files}


def _standing(entry: Entry, names: list[Name], latest: dict[Name, tuple[int, str]]) -> Standing:
    if entry.kind == "scenarios":
        return Standing(state="new" if entry.base is None else "same" if entry.base == entry.digest else "changed")
    there = [latest[name] for name in names if name in latest]
    if not there:
        return Standing(state="new")
    version, digest = max(there)
    if all(found == entry.digest for _, found in there):
        return Standing(state="same", version=version)
    if entry.base is not None and digest != entry.base:
        return Standing(state="behind", version=version)
    return Standing(state="changed", version=version)


def current(unit: Unit, file: File) -> Resource | None:
    """The deployed file that defines what this one does; None where nothing of it is deployed."""
    for kind, id in defined(file):
        row = unit.one(_FILE, (kind, id))
        if row is not None:
            return Resource(row[0], bytes(row[1]))
    return None


def processes(unit: Unit) -> list[tuple[str, str]]:
    """The processes that can be taken up, id and name."""
    return [(id, name) for id, name in unit.all(_PROCESSES)]


def taken(engine: Engine, unit: Unit, process_id: str) -> list[Resource]:
    """The deployed file of a process and of everything that it names, and that those name: the newest of each.

    Raises NotFound where the process is not deployed. What is named and not deployed is left out.
    """
    found: dict[str, Resource] = {}
    ahead: list[Name] = [("process", process_id)]
    seen: set[Name] = set()
    while ahead:
        name = ahead.pop()
        row = None if name in seen else unit.one(_FILE, name)
        seen.add(name)
        if row is None:
            continue
        file = Resource(_plain(row[0]), bytes(row[1]))
        if found.setdefault(file.name, file) is file:
            ahead += _named(engine, file)
    if not found:
        raise NotFound(say("There is no deployed process {id}. Choose one of the list.", id=process_id))
    return sorted(found.values(), key=lambda file: file.name)


def defined(file: File) -> Iterator[Name]:
    """The processes, decisions and forms that a file defines; none where it cannot be read."""
    source = Source(Path(file.name), Resource(file.name, file.content))
    if source.ending not in rules.ENDINGS:
        return
    known = references.beside([source])
    yield from (("process", id) for id in sorted(known.processes))
    yield from (("decision", id) for id in sorted(known.decisions))
    yield from (("form", id) for id in sorted(known.forms))


def _named(engine: Engine, file: Resource) -> list[Name]:
    known = references.Known(functions=engine.definitions.functions or Functions())
    source = Source(Path(file.name), file)
    models = references.models(source, known) if source.ending == ".bpmn" else []
    named: list[tuple[str, Reference]] = []
    for model in models:
        starts = [start.form for start in model.starts if start.form is not None]
        named += [("form", form) for form in [*starts, *(form for _, form in model.forms)]]
        named += [("decision", reference) for _, reference in model.decisions]
        named += [("process", reference) for _, reference in model.calls]
    return [(kind, reference.id) for kind, reference in named]


def _plain(name: str) -> str:
    """A name that a file of a project can have: deployments may have had folders, or other endings."""
    last = name.replace("\\", "/").rpartition("/")[2]
    for old, new in ((".xml", ".bpmn"), (".json", ".form")):
        if last.lower().endswith(old):
            return last[: -len(old)] + new
    return last
