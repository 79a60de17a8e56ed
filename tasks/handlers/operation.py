"""What a handler is: one job type, a typed order read from the variables, a typed answer that becomes variables.

A handler has one or two phases. `call` runs outside any transaction and may talk to outside systems under the job's
UUID as key. `record` runs inside the transaction that completes the job, so what it writes and the instance's next step
commit together or not at all. The worker knows only `Handler.call(job, world)` and
`Handler.record(job, result, unit, world)`.

    @handles("crm.revoke", title=("收回 CRM 权限", "Revoke CRM access"), help=(…, …))
    def revoke(order: Order, job: Job, world: World) -> Revoked: ...        the call

    @revoke.then
    def revoked(order: Order, result: Revoked, job: Job, unit: Unit, world: World) -> Answer: ...

    @records("case.close", title=…, help=…)                                  a record without a call
    def close(order: Order, job: Job, unit: Unit, world: World) -> Closed: ...
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar, get_type_hints
from uuid import UUID

from hr.documents.files import Files
from hr.documents.signing.keys import EventKeys, SigningKey, Trust
from hr.documents.signing.stamps import TimeAuthority
from hr.people.calendar import WorkCalendar
from hr.training.media import Media
from kernel.clock import Clock
from kernel.config import Settings
from kernel.db import Database, Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say
from tasks import wire
from tasks.ports import Accounts, Assets, Crm, Finance, Identity, Mailer, Oa, RecordStore, Sms
from tasks.seals import Seals, TrialAuthority


class Job(Protocol):
    """The leased job as a handler sees it. `retries` counts what is left, this attempt included.

    `created_at` is the same in every attempt: a moment told to an outside system is this one and never now, because a
    repeat under the job's key must be the same request word for word.
    """

    @property
    def key(self) -> int: ...
    @property
    def uuid(self) -> UUID: ...
    @property
    def type(self) -> str: ...
    @property
    def instance_key(self) -> int: ...
    @property
    def element(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def variables(self) -> Mapping[str, Any]: ...
    @property
    def retries(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a handler may touch. A system that this organisation does not have is None.

    Without `keys` everything is signed and stamped by the trial authority of the database.
    """

    clock: Clock
    settings: Settings
    database: Database
    files: Files
    calendar: WorkCalendar
    mailer: Mailer | None = None
    sms: Sms | None = None
    scim: Accounts | None = None
    oa: Oa | None = None
    crm: Crm | None = None
    finance: Finance | None = None
    assets: Assets | None = None
    identity: Identity | None = None
    lrs: RecordStore | None = None
    keys: Seals | None = None

    def __post_init__(self) -> None:
        if self.keys is None:
            trial = TrialAuthority(self.database, self.files.cipher, self.settings.organisation, self.clock)
            object.__setattr__(self, "keys", Seals(trial=trial))

    @property
    def media(self) -> Media:
        """The material of courses, beside the files."""
        return Media(self.settings.home / "media", self.settings.media_max_bytes)

    @property
    def seals(self) -> Seals:
        """What signs and stamps here."""
        assert self.keys is not None
        return self.keys

    @property
    def event_keys(self) -> EventKeys:
        """Issues a key for one signature of one person."""
        return self.seals.event_keys

    @property
    def company_key(self) -> SigningKey:
        """The key behind the company's seal."""
        return self.seals.company_key

    @property
    def time(self) -> TimeAuthority:
        """Who certifies the time (RFC 3161)."""
        return self.seals.time

    @property
    def trust(self) -> Trust:
        """What a validation may rest on, as of now."""
        return self.seals.trust


class BpmnError(Exception):
    """A business outcome that the model may catch: an error event with `code` (BPMN 2.0 §10.5.6)."""

    def __init__(self, code: str, message: str, variables: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.message = message
        self.variables = dict(variables or {})
        super().__init__(f"{code}: {message}")


@dataclass(frozen=True, slots=True)
class Label:
    """Words for the designer, in the two languages of the element templates."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values that a setting may have. `feel` is what it stands for, where it stands for an expression."""

    value: str
    label: Label
    feel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a designer fills in at the element: a task header, or an input mapping in FEEL.

    `choices` close a header; an input offers them beside an expression of the designer's own. `when` shows the setting
    only while another one has that value. `group` is one of `element_templates.GROUPS`.
    """

    name: str
    label: Label
    help: Label
    kind: Literal["header", "input"] = "header"
    group: str = "input"
    choices: tuple[Choice, ...] = ()
    value: str = ""
    placeholder: str = ""
    when: tuple[str, str] | None = None


Order = TypeVar("Order")  # read from the variables
Result = TypeVar("Result")  # what the call brought back
Answer = TypeVar("Answer")  # what becomes variables


class Handler(Generic[Order, Result]):
    """One job type with its phases, its typed border and its words for the designer.

    `edition` rises with every change of what the designer is offered, so that an element in a model shows that there is
    a newer template.
    """

    def __init__(
        self,
        type: str,
        title: Label,
        help: Label,
        settings: tuple[Setting, ...],
        order: type[Order],
        edition: int = 0,
    ) -> None:
        self.type = type
        self.title = title
        self.help = help
        self.settings = settings
        self.order = order
        self.edition = edition
        self.answer: Any = None
        self._call: Callable[[Order, Job, World], Result] | None = None
        self._record: Callable[[Order, Any, Job, Unit, World], Any] | None = None

    def then(
        self, function: Callable[[Order, Result, Job, Unit, World], Answer]
    ) -> Callable[[Order, Result, Job, Unit, World], Answer]:
        """Add the phase that runs inside the completing transaction; its answer becomes the variables."""
        self._record = function
        self.answer = get_type_hints(function)["return"]
        return function

    def call(self, job: Job, world: World) -> Any:
        """The phase outside any transaction. None for a handler that only records."""
        with _told_to_a_person(job):
            return self._call(self.read(job), job, world) if self._call else None

    def record(self, job: Job, result: Any, unit: Unit, world: World) -> dict[str, Any]:
        """The phase inside the completing transaction: writes, and the variables that the job answers with."""
        with _told_to_a_person(job):
            answer = self._record(self.read(job), result, job, unit, world) if self._record else result
        return wire.write(answer) if answer is not None else {}

    def read(self, job: Job) -> Order:
        """The job's variables as this handler's order. Raises Invalid naming job type, element and variable."""
        try:
            return wire.read(self.order, dict(job.variables))
        except wire.Mismatch as fault:
            raise Invalid(
                say(
                    "{type} at {element} cannot start: variable {where} does not fit ({why}). Correct the variable or "
                    "the input mapping, then retry the incident.",
                    type=self.type,
                    element=job.element,
                    where=fault.where,
                    why=fault.why,
                )
            ) from None


HANDLERS: dict[str, Handler[Any, Any]] = {}


@contextmanager
def _told_to_a_person(job: Job) -> Iterator[None]:
    """A record that stands against the job is for a person to see: to the worker, Conflict means a lost lease."""
    try:
        yield
    except Conflict as refused:
        raise Invalid(refused.message, element=job.element, **refused.details) from None


def handles(
    type: str, *, title: tuple[str, str], help: tuple[str, str], settings: tuple[Setting, ...] = (), edition: int = 0
) -> Callable[[Callable[[Order, Job, World], Result]], Handler[Order, Result]]:
    """Register a function as the call phase of a job type. Order and answer are its annotations."""

    def register(function: Callable[[Order, Job, World], Result]) -> Handler[Order, Result]:
        handler: Handler[Order, Result] = _new(type, title, help, settings, function, edition)
        handler._call = function
        return handler

    return register


def records(
    type: str, *, title: tuple[str, str], help: tuple[str, str], edition: int = 0
) -> Callable[[Callable[[Order, Job, Unit, World], Answer]], Handler[Order, None]]:
    """Register a function as the record phase of a job type that calls nobody."""

    def register(function: Callable[[Order, Job, Unit, World], Answer]) -> Handler[Order, None]:
        handler: Handler[Order, None] = _new(type, title, help, (), function, edition)
        handler._record = lambda order, _, job, unit, world: function(order, job, unit, world)
        return handler

    return register


def _new(
    type: str,
    title: tuple[str, str],
    help: tuple[str, str],
    settings: tuple[Setting, ...],
    function: Callable[..., Any],
    edition: int,
) -> Handler[Any, Any]:
    if type in HANDLERS:
        raise ValueError(f"Two handlers claim the job type {type}.")
    hints = get_type_hints(function)
    order = next(iter(hints.values()))
    handler: Handler[Any, Any] = Handler(type, Label(*title), Label(*help), settings, order, edition)
    handler.answer = hints["return"]
    HANDLERS[type] = handler
    return handler
