"""What the pages show: frozen objects that `tasks.human` makes and `api.pages` lays out.

Instants are aware and in UTC; a page shows them in the organisation's zone. A `Text` is translated when it is shown. A
`str` was written by a person and is shown as it is, or is a label of the model (of a task, a process), which a page
looks up in the reader's catalogue. Keys are integers; pages write them as text. Whatever the reader may not see is left
out here, never hidden by a page.

`tasks/human/__init__.py` lists who makes what.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from kernel.text import Text
from tasks.human.contacts import KnownSecret
from tasks.stages import StageId

Tab = Literal["mine", "group", "done"]
State = Literal["todo", "now", "late", "done", "undone", "skipped"]
Delivery = Literal["waiting", "sent", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone as others see them."""

    login: str
    name: str
    department: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What surrounds every page: who is reading, and how much waits for them. `leads`: somebody is below them."""

    person: Person
    groups: frozenset[str] = field(default_factory=frozenset)
    inbox: int = 0
    unread: int = 0
    leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A task in a list. `subject` is whom it is about; `assignee` is None while a group's task is unclaimed.

    `signing` is the number of the agreement, where the task is a signature or a seal, and `learning` that of the
    enrolment, where it is a course or its exam: see `TaskView`.
    """

    key: int
    name: str
    process: str
    instance_key: int
    created_at: datetime
    subject: Person | None = None
    case_number: str = ""
    due_at: datetime | None = None
    completed_at: datetime | None = None
    assignee: Person | None = None
    groups: tuple[str, ...] = ()
    signing: str = ""
    learning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the inbox. `counts` has all three tabs; `page` starts at 1."""

    tab: Tab
    rows: tuple[InboxRow, ...] = ()
    counts: Mapping[Tab, int] = field(default_factory=dict)
    text: str = ""
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what is known: a label and its value."""

    label: Text
    value: str | Text | date | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One step within a stage. `owner` names a person or a group; `task_key` is set if the reader may open the task.

    `why` says of an `undone` step what ended it, at `done_at`.
    """

    name: Text
    state: State
    owner: str | Text = ""
    due_at: datetime | None = None
    done_at: datetime | None = None
    task_key: int | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the four stages. `owner` and `due_at` are never missing once the stage is `now` or `late`.

    `done` means that every duty of it was done; one that ended with a duty undone is `undone`.
    """

    id: StageId
    name: Text
    state: State
    owner: str | Text = ""
    due_at: datetime | None = None
    done_at: datetime | None = None
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A stored file, fetched at `/files/<hash>`. `size` in bytes."""

    hash: str
    name: str
    size: int = 0
    media_type: str = ""
    added_by: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One entry of a case's conversation. `read_by` names the others who have seen it; `own` marks the reader's."""

    key: int
    author: Person
    at: datetime
    text: str
    files: tuple[File, ...] = ()
    read_by: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """A form as the browser draws it: form-js schema 19, and the data it starts on."""

    id: str
    schema: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the reader may do with the task now."""

    complete: bool = False
    claim: bool = False
    release: bool = False
    assign: bool = False
    comment: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task with everything needed to decide it. `record` is the read-only HTML, set where nothing can be entered.

    `ended_at` and `ended` say when and why a task is over that nobody completed; no deadline holds any more. `signing`
    is the number of the agreement that this task is the reader's signature of: it is signed at `/sign/<number>`. So is
    `learning` that of the enrolment whose course is learned, and examined, at `/learn/<number>`.
    """

    key: int
    name: str
    process: str
    version: int
    instance_key: int
    created_at: datetime
    may: Abilities
    subject: Person | None = None
    case_number: str = ""
    due_at: datetime | None = None
    completed_at: datetime | None = None
    assignee: Person | None = None
    completed_by: Person | None = None
    ended_at: datetime | None = None
    ended: Text | None = None
    undone: bool = False
    groups: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    form: FormView | None = None
    signing: str = ""
    learning: str = ""
    record: str = ""
    stages: tuple[Stage, ...] = ()
    files: tuple[File, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A form was accepted. `next_task` is what waits for the same person in the same case."""

    sentence: Text
    case_number: str = ""
    instance_key: int | None = None
    next_task: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened. `who` is None where the product acted by itself; `ip` is for HR's eyes only."""

    at: datetime
    sentence: Text
    kind: Literal["task", "system", "timer", "message", "signature", "file", "incident", "end"] = "system"
    who: Person | None = None
    note: str = ""
    ip: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A message that the case sent, one entry a recipient and channel. `error` says why it failed."""

    at: datetime
    to: str
    channel: str
    subject: str
    state: Delivery
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """A duty that is not done: who owes it, since when, how often they were reminded (domain F9).

    `ended_at` and `why` are set where it ended undone.
    """

    name: str
    owner: str | Text
    since: datetime
    due_at: datetime | None = None
    reminders: int = 0
    ended_at: datetime | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A step that a system outside keeps waiting. It is tried again at `next_at`; without one, somebody has to act.

    `sentence` has the reason for those who mend it, and for others that nothing is lost.
    """

    name: str
    sentence: Text
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The leaving certificate of a case, once it is issued."""

    number: str
    issued_at: datetime
    file: File


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list. `stage` is the first one that is not done.

    `leaving_on` is the lawful day while an earlier one is asked for and not agreed.
    """

    number: str
    instance_key: int
    process: str
    subject: Person
    filed_at: datetime
    status: Text
    leaving_on: date | None = None
    stage: StageId | None = None
    late: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of cases; `page` starts at 1."""

    rows: tuple[CaseRow, ...] = ()
    total: int = 0
    text: str = ""
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case, all in one view. `actions` names what the reader may do: `absent`, `back`, `export`,
    `withdrawal` (the employee asks to take the resignation back), `withdrawal-agreed` (HR agrees).
    """

    row: CaseRow
    version: int
    facts: tuple[Fact, ...] = ()
    stages: tuple[Stage, ...] = ()
    my_tasks: tuple[InboxRow, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    delays: tuple[Delay, ...] = ()
    files: tuple[File, ...] = ()
    messages: tuple[Delivered, ...] = ()
    comments: tuple[Comment, ...] = ()
    certificate: Certificate | None = None
    actions: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """A process that the reader may start by hand."""

    process_id: str
    name: str
    description: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StartView:
    """The start form of a process, with what the applicant should know before signing (domain F14, F131)."""

    process: Startable
    form: FormView | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the reader. `href` leads to what it is about."""

    key: int
    at: datetime
    subject: str
    text: str
    read: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """An employee in the list of people."""

    person: Person
    no: str
    level: Text | None = None
    hired_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """One page of people; `page` starts at 1."""

    rows: tuple[PersonRow, ...] = ()
    total: int = 0
    text: str = ""
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """An employee's file as HR sees it; identity numbers arrive masked.

    `secrets` are their contacts with secrets of the company; `records` tells whether the reader keeps these.
    """

    row: PersonRow
    facts: tuple[Fact, ...] = ()
    contracts: tuple[tuple[Fact, ...], ...] = ()
    assets: tuple[Fact, ...] = ()
    cases: tuple[CaseRow, ...] = ()
    secrets: tuple[KnownSecret, ...] = ()
    records: bool = False
