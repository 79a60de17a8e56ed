"""What is deployed, as it is used: looked up by key, by id, or as an element binds it; compiled once and shared."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.model import Reference, Resource
from engine.spiff.compile import Model
from engine.spiff.compile import compiled as compile_file
from engine.store import definitions as sql
from feel import Functions, dmn
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say

KEPT = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A deployed definition. `compiled` is a Model of `engine.spiff`, a model of `feel.dmn`, or a form's bytes."""

    key: int
    kind: str
    id: str
    name: str
    version: int
    version_tag: str | None
    deployment_key: int
    resource_name: str
    content: bytes
    compiled: Any

    @property
    def model(self) -> Model:
        """The executable process."""
        model: Model = self.compiled
        return model


class Definitions:
    """A cache over the deployed definitions: they never change, so a key means the same for ever.

    The latest version of a process is remembered too; a start that relies on it is refused by the database once there
    is a newer one or it is withdrawn, and looked up again. `functions` are those that expressions may call beside
    FEEL's own.
    """

    def __init__(self, functions: Functions | None = None) -> None:
        self.functions = functions
        self._kept: OrderedDict[int, Loaded] = OrderedDict()
        self._latest: dict[str, int] = {}
        self._lock = Lock()

    def get(self, unit: Unit, key: int) -> Loaded:
        """The definition with this key. Raises NotFound."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        row = unit.one(sql.BY_KEY, (key,))
        if row is None:
            raise NotFound(say("There is no definition {key}. Deploy it first, or check the key.", key=key))
        loaded = _load(row, self.functions)
        with self._lock:
            self._kept[key] = loaded
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return loaded

    def process(self, unit: Unit, key: int) -> Loaded:
        """The process definition with this key. Raises NotFound, also for a decision's or form's key."""
        found = self.get(unit, key)
        if found.kind != "process":
            raise NotFound(say("{key} is the key of a {kind}, not of a process.", key=key, kind=found.kind))
        return found

    def latest(self, unit: Unit, process_id: str) -> Loaded:
        """The latest version of a process that is not withdrawn. Raises NotFound."""
        key = self._latest.get(process_id)
        if key is None:
            key = self._found(unit.one(sql.KEY_OF_LATEST, ("process", process_id)), process_id)
            if unit.autocommit:
                self._latest[process_id] = key
        return self.get(unit, key)

    def forget_latest(self, process_id: str) -> None:
        """Another version counts than the one remembered."""
        self._latest.pop(process_id, None)

    def forget(self, key: int) -> None:
        """The definition may have been deleted."""
        with self._lock:
            self._kept.pop(key, None)

    def version(self, unit: Unit, process_id: str, version: int) -> Loaded:
        """A version of a process by its number. Raises NotFound."""
        row = unit.one(sql.KEY_OF_VERSION, ("process", process_id, version))
        if row is None:
            raise NotFound(
                say(
                    "Process {id} has no version {version}. Deploy it, or start the latest.",
                    id=process_id,
                    version=version,
                )
            )
        return self.get(unit, row[0])

    def bound(self, unit: Unit, kind: str, reference: Reference, deployment_key: int) -> Loaded:
        """What an element of a process of this deployment refers to. Raises NotFound naming the reference."""
        if reference.binding == "deployment":
            row = unit.one(sql.KEY_OF_DEPLOYMENT, (deployment_key, kind, reference.id))
        elif reference.binding == "versionTag":
            row = unit.one(sql.KEY_OF_TAG, (kind, reference.id, reference.version_tag))
        else:
            row = unit.one(sql.KEY_OF_LATEST, (kind, reference.id))
        if row is None:
            raise NotFound(_missing(kind, reference))
        return self.get(unit, row[0])

    @staticmethod
    def _found(row: Any, process_id: str) -> int:
        if row is None:
            raise NotFound(say("There is no process {id}. Deploy it first, or check its id.", id=process_id))
        key: int = row[0]
        return key


def _missing(kind: str, reference: Reference) -> Any:
    if reference.binding == "deployment":
        return say(
            "There is no {kind} {id} in the deployment of this process. Deploy both files together.",
            kind=kind,
            id=reference.id,
        )
    if reference.binding == "versionTag":
        return say(
            "There is no {kind} {id} with the version tag {tag}. Deploy it first.",
            kind=kind,
            id=reference.id,
            tag=reference.version_tag,
        )
    return say("There is no {kind} {id}. Deploy it first.", kind=kind, id=reference.id)


def _process(resource: Resource, id_: str, functions: Functions | None) -> Model:
    """A deployed process. What an earlier release accepted runs on, also where this one would refuse to deploy it."""
    found = compile_file(resource, functions)
    if found.errors:
        told = "; ".join(str(problem.sentence) for problem in found.errors)
        log.warning("%s was deployed before and could not be deployed today: %s", resource.name, told)
    model = next((model for model in found.models if model.process_id == id_), None)
    if model is None:
        raise Conflict(
            say("Process {id} of {file} cannot be run by this release. Deploy it anew.", id=id_, file=resource.name)
        )
    return model


def _load(row: Any, functions: Functions | None) -> Loaded:
    key, kind, id_, name, version, version_tag, deployment_key, _, resource_name, _, content = row
    compiled: Any = content
    if kind == "process":
        compiled = _process(Resource(resource_name, content), id_, functions)
    elif kind == "decision":
        compiled = dmn.load(content, functions=functions)
    return Loaded(
        key=key,
        kind=kind,
        id=id_,
        name=name,
        version=version,
        version_tag=version_tag,
        deployment_key=deployment_key,
        resource_name=resource_name,
        content=content,
        compiled=compiled,
    )
