"""A deployed process as it is shared by all its instances and threads: nodes, flows, and an index of what it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Literal

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.model import Reference
from engine.spiff.expression import Evaluates
from engine.spiff.scope import Scope
from engine.spiff.timers import Due, Kind, first_due
from engine.spiff.turn import Host, Turn
from feel import Functions

EventKind = Literal[
    "message", "signal", "timer", "condition", "error", "escalation", "cancel", "compensate", "terminate"
]


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, or the way from a link throw event to its catch event."""

    id: str
    source: Any
    target: Any
    condition: Evaluates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """What an event waits for or throws (BPMN 2.0.2, 10.5.5). Only the fields of its kind are filled.

    `code` is the error or escalation code, None for any; for compensation it is the activity, None for all.
    """

    kind: EventKind
    name: Evaluates | None = None
    key: Evaluates | None = None
    expression: Evaluates | None = None
    timer: Kind = "date"
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of the file by its id. `type` is its BPMN tag; `scope` the process or sub-process it lies in."""

    id: str
    type: str
    name: str
    scope: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartTimer:
    """When a timer start event is due. Its expression sees no variables."""

    kind: Kind
    expression: Evaluates

    def first_due(self, host: Host, zone: tzinfo = UTC) -> Due | None:
        """The first firing after now. Raises engine.spiff.expression.Fault where the expression gives no such timer."""
        return first_due(self.kind, self.expression(Scope(0, None, Turn(host))), host.now(), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A way to start the process, one for each event of a start event. `name` is that of the message or signal."""

    element: str
    kind: Literal["none", "message", "signal", "timer"] = "none"
    name: str = ""
    timer: StartTimer | None = None
    form: Reference | None = None


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """SpiffWorkflow's process without its predicted end, and with what hangs on a scope of ours.

    The base's constructor is passed over: it adds nodes named Start, End and EndJoin, which collide with ids of files.
    """

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.io_specification = self.svg = self.end = None
        self.start = BpmnStartTask(self, "<start>")
        self.plain_start: Any = None
        self.event_subprocesses: list[Any] = []
        self.compensation_handler: str | None = None
        self.adhoc: Any = None

    @property
    def nodes(self) -> list[Any]:
        """The flow nodes of this scope, without those of the scopes inside."""
        return [node for node in self.task_specs.values() if node is not self.start]


@dataclass(slots=True, kw_only=True)
class Model:
    """One executable process of a file, compiled. Nothing in it changes once it is built.

    `forms`, `decisions` and `calls` name what elements refer to; a reference that is an expression is left out.
    `job_types` lists every element that becomes a job, with None where an expression gives the type.
    `functions` are those that its expressions may call beside FEEL's own. `nodes` and `scopes` belong to this package.
    """

    process_id: str
    name: str = ""
    version_tag: str = ""
    functions: Functions | None = None
    elements: dict[str, Element] = field(default_factory=dict)
    forms: list[tuple[str, Reference]] = field(default_factory=list)
    decisions: list[tuple[str, Reference]] = field(default_factory=list)
    calls: list[tuple[str, Reference]] = field(default_factory=list)
    job_types: list[tuple[str, str | None]] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    spec: Any = None
    nodes: dict[str, Any] = field(default_factory=dict)
    scopes: dict[str, ProcessSpec] = field(default_factory=dict)
