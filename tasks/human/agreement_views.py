"""What the pages of agreements show: see `tasks.human.views` for what these views have in common."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kernel.text import Text
from tasks.human.signing.room import Party
from tasks.human.views import Fact, Person

Scope = Literal["mine", "all", "seal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """An agreement in a list. `waits_for` names who signs next; `overdue` once its time is over and nobody ended it."""

    number: str
    title: str
    kind: str
    person: Person
    status: str
    status_text: Text
    signers: tuple[Party, ...]
    waits_for: tuple[str, ...]
    prepared_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    overdue: bool
    case_number: str | None
    batch_key: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPage:
    """One page of agreements; `page` starts at 1. `scope` is the one shown, `mine` for whoever is not HR."""

    rows: tuple[AgreementRow, ...]
    total: int
    scope: Scope
    text: str
    status: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event. `ip` and `device` are empty for who may not see them; `messages` tell what was sent where, masked."""

    at: datetime
    event: str
    sentence: Text
    who: str
    ip: str
    device: str
    content_hash: str
    messages: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message about the agreement: to whom, by which channel, and whether it went out. `error` says why not.

    `state` is `waiting`, `sent` or `failed`, as of the messages of a case.
    """

    at: datetime
    to: str
    channel: str
    subject: str
    state: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """One agreement. `actions` are what this reader may do now: `sign`, `seal`, `withdraw`, `remind`, `evidence`.

    `deliveries` tell of each message what became of it. Events have addresses and devices for HR and the person alone.
    """

    row: AgreementRow
    pages: int
    document_hash: str
    sm3: str
    sealed: bool
    verify_code: str
    reason: str
    facts: tuple[Fact, ...] = ()
    events: tuple[Told, ...] = ()
    deliveries: tuple["Delivery", ...] = ()
    actions: frozenset[str] = field(default_factory=frozenset)
