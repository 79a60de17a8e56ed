"""The YAML specs of zeebe-io/bpmn-tck: actions on an instance, then verifications of what became of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.spiff.model import Model
from processes import publish, references
from processes.catalog import gather
from tests.conformance._zeebe_world import ACTOR, World

_STATES = {
    "activated": "ELEMENT_ACTIVATED",
    "completed": "ELEMENT_COMPLETED",
    "terminated": "ELEMENT_TERMINATED",
    "taken": "SEQUENCE_FLOW_TAKEN",
}
_INSTANCE_STATES = {"activated": "ACTIVE", "completed": "COMPLETED", "terminated": "TERMINATED"}
MOST_WAITS = 20


class Unmet(AssertionError):
    """An action that cannot be taken, or a verification that does not hold."""


@dataclass(frozen=True)
class Case:
    """One test case of a spec file with the models that it needs."""

    spec: Path
    name: str
    resources: list[Path]
    actions: list[dict[str, Any]]
    verifications: list[dict[str, Any]]

    @property
    def title(self) -> str:
        return f"{self.spec.name}: {self.name}"


def cases(folder: Path) -> Iterator[Case]:
    """Every test case of every spec under a folder. A YAML file that is none is passed over."""
    for spec in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        written = yaml.safe_load(spec.read_text(encoding="utf-8"))
        if not isinstance(written, dict) or "testCases" not in written:
            continue
        resources = [next(iter(folder.rglob(name)), spec.parent / name) for name in written.get("resources", [])]
        for case in written["testCases"]:
            yield Case(spec, case["name"], resources, case.get("actions", []), case.get("verifications", []))


def run(case: Case, world: World) -> None:
    """Run a case on a fresh world. Raises Unmet, or what the engine refuses with."""
    with world.database.transaction() as unit:
        publish.publish(world.engine, unit, case.resources, ACTOR)
    models = [model for _, model in references.names(gather(case.resources)).models]
    player = _Player(world, models)
    for action in case.actions:
        player.act(action["action"], action.get("args") or {})
    for verification in case.verifications:
        player.verify(verification["verification"], verification.get("args") or {})


@dataclass
class _Player:
    world: World
    models: list[Model]
    instance: int = 0
    actions: dict[str, Callable[[dict[str, Any]], None]] = field(init=False)

    def __post_init__(self) -> None:
        self.actions = {
            "create-instance": self._create,
            "complete-task": self._complete,
            "throw-error": self._throw,
            "publish-message": self._publish,
            "cancel-instance": lambda _: self.world.cancel(self.instance),
            "await-element-instance-state": lambda args: self.verify("element-instance-state", args),
        }

    def act(self, action: str, args: dict[str, Any]) -> None:
        if action not in self.actions:
            raise Unmet(f"the action {action} is not known")
        self.actions[action](args)

    def _create(self, args: dict[str, Any]) -> None:
        self.models = [model for model in self.models if model.process_id == args["bpmn_process_id"]]
        self.instance = self.world.begin(args["bpmn_process_id"], _values(args))

    def _complete(self, args: dict[str, Any]) -> None:
        self.world.finish_job(self._job(args), _values(args))

    def _throw(self, args: dict[str, Any]) -> None:
        self.world.throw(self._job(args), args["error_code"])

    def _publish(self, args: dict[str, Any]) -> None:
        self.world.publish(args["message_name"], args.get("correlation_key", ""), _values(args))

    def _job(self, args: dict[str, Any]) -> Any:
        leases = self.world.leases(args["job_type"])
        if not leases:
            raise Unmet(f"no job of type {args['job_type']}")
        return leases[0]

    def verify(self, verification: str, args: dict[str, Any]) -> None:
        """A verification that does not hold yet may hold when time has gone by."""
        for _ in range(MOST_WAITS):
            if self._holds(verification, args):
                return
            if not self.world.pass_time():
                break
        raise Unmet(f"{verification} {json.dumps(args)} does not hold; {self.world.history()} {self.world.incidents()}")

    def _holds(self, verification: str, args: dict[str, Any]) -> bool:
        match verification:
            case "element-instance-state":
                return (_STATES[args["state"]], self._element(args)) in self.world.history()
            case "workflow-instance-state" | "process-instance-state":
                return (self.instance, _INSTANCE_STATES[args["state"]]) in self.world.instances()
            case "workflow-instance-variable" | "process-instance-variable":
                return bool(self.world.variable(args["name"]) == json.loads(args["value"]))
            case "incident-state":
                found = [(kind, element) for element, kind, _ in self.world.incidents()]
                return (args["error_type"], self._element(args)) in found
        raise Unmet(f"the verification {verification} is not known")

    def _element(self, args: dict[str, Any]) -> str:
        if "element_id" in args:
            return str(args["element_id"])
        named = [e.id for model in self.models for e in model.elements.values() if e.name == args["element_name"]]
        return named[0] if named else str(args["element_name"])


def _values(args: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(args.get("variables") or "{}")
    return values
