"""What the engine speaks of: values, work that leaves it, what a turn did. Pure data, no database, no SpiffWorkflow.

An element waits by *work*: a user task, a job, a timer, a subscription, a called process, an incident. Each piece of
work hangs on a token of the instance (`token`, an int that is unique in the instance and never used again) and, where a
token waits for several things at once, on the `index` of its event definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from kernel.errors import Invalid
from kernel.text import Text

Value = Any  # a JSON value: None, bool, int, float, str, list or dict of values
Values = Mapping[str, Value]

InstanceState = Literal["ACTIVE", "COMPLETED", "TERMINATED"]
Binding = Literal["latest", "deployment", "versionTag"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A file as it is deployed: `name` with its ending (.bpmn, .dmn, .form), `content` as bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a file. `error` false means a warning: it is told, but deploying goes on."""

    file: str
    element: str
    rule: str
    sentence: Text
    error: bool = True


class ModelRefused(Invalid):
    """A file is not accepted. `problems` names file, element, rule and remedy of each fault."""

    code = "INVALID_ARGUMENT"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems[0].sentence, problems=problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an element names outside its file: a form, a decision, a process."""

    id: str
    binding: Binding = "latest"
    version_tag: str | None = None


@dataclass(slots=True, kw_only=True)
class UserTask:
    """Work for a person. Instants are UTC; `priority` runs from 0 to 100, 50 where the model says nothing.

    Not frozen, like Job: most turns make one, and the freezing would cost them a tenth of their time.
    """

    token: int
    element: str
    name: str
    form: Reference | None = None
    external_form: str | None = None
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Job:
    """Work for a handler: `variables` are what the element sees when the job is made, input mappings applied."""

    token: int
    element: str
    type: str
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """An instant that an element waits for. A cycle opens its next timer when this one has fired."""

    token: int
    index: int
    element: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A message or signal that an element waits for. A signal has no correlation key."""

    token: int
    index: int
    element: str
    kind: Literal["message", "signal"]
    name: str
    correlation_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Another process that an element runs as an instance of its own, with `variables` to start on."""

    token: int
    element: str
    process: Reference
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An element that cannot go on until someone mends it and retries. The rest of the instance goes on."""

    token: int
    element: str
    kind: str
    message: str


Work = UserTask | Job | Timer | Subscription | Call | Incident


class Event(NamedTuple):
    """One line of history. `kind` is such as `ELEMENT_ACTIVATED`; `data` holds what changed, before and after.

    A turn makes many of these and of variable changes: a tuple costs a fourth of a frozen dataclass.
    """

    kind: str
    element: str = ""
    token: int = 0
    data: Values | None = None


class VariableChange(NamedTuple):
    """A variable that got another value. `scope` is the token that owns the scope, 0 for the process."""

    scope: int
    name: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal that the instance threw, to be told to every other instance that listens."""

    name: str
    variables: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """An error or escalation that nothing in the instance caught: for the instance that called this one, if one did.

    An uncaught error has left an incident at its element; the caller that catches it cancels this instance.
    """

    token: int
    kind: Literal["error", "escalation"]
    code: str
    message: str = ""
    variables: Values = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one turn did: the new state, and the difference of open work against the state before.

    `closed` names work that is over by (token, index); index is 0 for user tasks, jobs, calls and incidents. At any
    time at most one piece of work is open by that name: an incident on a job replaces the job (closed and opened by the
    same name), and a retry replaces the incident by a new job. So close first, then open.
    `ended` is the state that the instance has come to if it is over.
    """

    state: bytes
    ended: InstanceState | None = None
    opened: list[Work] = field(default_factory=list)
    closed: list[tuple[int, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    variables: list[VariableChange] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    result: Values = field(default_factory=dict)
