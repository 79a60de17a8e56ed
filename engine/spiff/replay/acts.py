"""What came to a case from outside, read from its journal: each act with all that followed of itself.

An act is a line of the journal, written before what it led to. A failure that the engine reports to a step (a timer or
message that leads to what cannot be kept, a call that cannot begin) has no line of its own but the incident. What moves
no token (a task is claimed, an attempt at a job failed) is passed over.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from engine.model import Job, Reference, UserTask, Value, Values
from kernel.errors import Invalid
from kernel.text import Text

START = "START"
FAILED = "FAILED"
ANSWERS = {"USER_TASK_COMPLETED": UserTask, "JOB_COMPLETED": Job, "JOB_ERROR_THROWN": Job}
RETURNS = ("CALL_RETURNED", "CALL_THREW")
FIRES = ("TIMER_FIRED", "TIMER_FIRED_BY_HAND")
HEARS = ("MESSAGE_RECEIVED", "SIGNAL_RECEIVED")
OPERATES = ("TIMER_MOVED", "VARIABLES_SET", "INCIDENT_RETRIED", "INSTANCE_CANCELED")
CUTS = ("INSTANCE_MIGRATED", "INSTANCE_MODIFIED")
ACTS = frozenset((*ANSWERS, *RETURNS, *FIRES, *HEARS, *OPERATES, *CUTS))
REPORTED = ("TIMER_ERROR", "MESSAGE_ERROR", "CALLED_ELEMENT_ERROR")


class Line(NamedTuple):
    """A line of the journal, as far as a replay needs it."""

    at: datetime
    kind: str
    element: str
    token: int
    data: Any = None


@dataclass(slots=True, kw_only=True)
class Act:
    """Something that came from outside, at an instant, to an element and its token; `lines` are what it led to."""

    kind: str
    at: datetime
    element: str = ""
    token: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def variables(self) -> Values:
        """What it brought."""
        found: Values = self.data.get("variables") or {}
        return found


def read(lines: Sequence[Line]) -> list[Act]:
    """The acts of a case in their order, the start first; none for an empty journal."""
    if not lines:
        return []
    acts = [Act(kind=START, at=lines[0].at)]
    for place, line in enumerate(lines):
        if line.kind in ACTS:
            acts.append(_act(line, line.kind))
        elif _is_reported(line, lines, place):
            acts += [_act(line, FAILED)]
            acts[-1].lines.append(line)
        else:
            acts[-1].lines.append(line)
    return acts


def _act(line: Line, kind: str) -> Act:
    return Act(kind=kind, at=line.at, element=line.element, token=line.token, data=line.data or {})


def _is_reported(line: Line, lines: Sequence[Line], place: int) -> bool:
    before = lines[place - 1] if place else None
    of_a_job = before is not None and before.kind == "JOB_FAILED" and before.token == line.token
    return line.kind == "INCIDENT_CREATED" and line.data["kind"] in REPORTED and not of_a_job


def is_of_a_job(act: Act) -> bool:
    """Whether a retry only gave a failed job new attempts: no token moved."""
    return not any(line.kind == "INCIDENT_RESOLVED" and line.token == act.token for line in act.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a case began: its variables, its start event, and what came with that."""

    variables: Values
    element: str
    payload: Values


def beginning(start: Act) -> Beginning:
    """Read from what the start led to: the variables, the start event, then what this received, before anything else.

    Where the start event chooses among what came, that is a variable of its own token; else it went to the process.
    """
    lines = iter(start.lines)
    next(lines)  # the process itself
    variables: dict[str, Value] = {}
    for line in lines:
        if line.kind == "ELEMENT_ACTIVATED":
            received = list(_variables(lines))
            own = [change for change in received if change.token == line.token]
            payload = {change.data["name"]: change.data["after"] for change in own or received}
            return Beginning(variables=variables, element=line.element, payload=payload)
        if line.kind.startswith("VARIABLE_"):
            variables[line.data["name"]] = line.data["after"]
    return Beginning(variables=variables, element="", payload={})


def _variables(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        if not line.kind.startswith("VARIABLE_"):
            return
        yield line


class Remembered:
    """Decisions as they were made in the case: the answers that an act's lines tell, in their order."""

    def __init__(self) -> None:
        self._answers: deque[Any] = deque()
        self._failures: deque[Any] = deque()

    def recall(self, act: Act) -> None:
        """The act that is replayed next."""
        self._answers = deque(line.data for line in act.lines if line.kind == "DECISION_EVALUATED")
        told = (line.data for line in act.lines if line.kind == "INCIDENT_CREATED")
        self._failures = deque(data for data in told if data["kind"] in FAULTS)

    def answer(self, reference: Reference, inputs: Values, now: datetime) -> tuple[Value, Values]:
        """As it was. Raises what was raised."""
        for answer in self._answers:
            if answer["decision"] == reference.id:
                self._answers.remove(answer)
                return answer["output"], answer
        if self._failures:
            failed = self._failures.popleft()
            raise FAULTS[failed["kind"]](failed["message"])
        raise LookupError(reference.id)


FAULTS: Mapping[str, Any] = {
    "CALLED_DECISION_ERROR": LookupError,
    "DECISION_EVALUATION_ERROR": lambda message: Invalid(Text(message)),
}
