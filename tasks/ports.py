"""What the work needs of systems outside, and the facts that they answer with.

Every port that changes something takes a `key`, the job's UUID: the same key twice changes the thing once. A port
raises `kernel.errors.Unavailable` where asking again later can help, and `Invalid` where a person must mend something
first; both sentences name the system. Each port has a real adapter in `tasks/adapters/` and an in-memory twin in
`adapters/memory.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from kernel.errors import Invalid
from kernel.text import say
from tasks.wire import Wire, Yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One letter to one address, plain text. Raises Invalid for an address that would break out of its header."""

    to: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        if not self.to.isprintable() or "@" not in self.to:
            raise Invalid(say("{address} is no mail address. Correct it in the employee file.", address=repr(self.to)))


def nothing() -> None:
    """What a mailer calls before the last word where nobody wants to know."""


class Mailer(Protocol):
    """Sends letters. SMTP cannot be asked what became of one."""

    def send(self, mail: Mail, *, key: str, last_word: Callable[[], None] = nothing) -> str:
        """Hand the letter over and return its Message-ID, which is derived from `key`.

        `last_word` is called when all but the letter itself has been said: from then on, until `send` returns or
        raises, only the server knows whether it has the letter.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsReceipt(Wire):
    """The gateway's word that it took a text message. `id` is the gateway's own."""

    id: str
    accepted_at: datetime


class Sms(Protocol):
    """Sends text messages to mainland numbers (11 digits, or E.164)."""

    def send(self, phone: str, text: str, *, key: str) -> SmsReceipt: ...

    def sent(self, key: str) -> SmsReceipt | None:
        """What became of an earlier `send` with this key: its receipt, or None if it never arrived."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState(Wire):
    """An account in the directory. One that does not exist cannot log in either: `exists` false, `active` false."""

    login: str
    exists: bool
    active: bool


class Accounts(Protocol):
    """Mail, OA and single sign-on accounts, by login. Freezing is undone by unfreezing; nothing is deleted."""

    def state(self, login: str) -> AccountState: ...

    def freeze(self, login: str, *, key: str) -> AccountState: ...

    def unfreeze(self, login: str, *, key: str) -> AccountState: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OaEvent(Wire):
    """What we tell OA about a resignation that it knows by `external_id`."""

    external_id: str
    event: str
    case_number: str
    employee_no: str
    at: datetime
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OaResignation(Wire):
    """A resignation filed in OA. `external_id` is OA's own number of it: the same number is the same resignation."""

    external_id: str
    employee_no: str
    reason: str
    reason_text: str = ""
    leaving_on: date
    filed_at: datetime


class Oa(Protocol):
    """The office automation system. Its resignations come in through `adapters.oa.receive`."""

    def report(self, event: OaEvent, *, key: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Wire):
    """A customer in CRM that a person owns or can reach."""

    id: str
    name: str
    contact: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRights(Wire):
    """What a person can reach in CRM: customers owned, open orders by number, roles held."""

    employee_no: str
    customers: tuple[Customer, ...] = ()
    orders: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def reachable(self) -> bool:
        return bool(self.customers or self.orders or self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmTransfer(Wire):
    """Customers that changed owner in one go."""

    from_no: str
    to_no: str
    customers: tuple[Customer, ...]
    orders: tuple[str, ...] = ()
    transferred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRevocation(Wire):
    """Roles that were taken. CRM keeps them, so that `restore` can give them back."""

    employee_no: str
    roles: tuple[str, ...]
    revoked_at: datetime


class Crm(Protocol):
    """Customer relationship management, by employee number. Nothing is ever deleted: owners change, roles are taken."""

    def rights(self, employee_no: str) -> CrmRights: ...

    def transfer(self, from_no: str, to_no: str, *, key: str) -> CrmTransfer: ...

    def revoke(self, employee_no: str, *, key: str) -> CrmRevocation: ...

    def restore(self, employee_no: str, *, key: str) -> CrmRights: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem(Wire):
    """Money between a person and the company that is not settled. A positive amount is owed by the person."""

    reference: str
    kind: Literal["travel", "loan", "reimbursement"]
    title: str
    amount: Yuan
    since: date


class Finance(Protocol):
    """Finance, by employee number. It reports; it never gates wages or the certificate."""

    def open_items(self, employee_no: str) -> tuple[OpenItem, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset(Wire):
    """A thing of the company in a person's hands. `value` is what replacing it costs, in yuan."""

    tag: str
    kind: str
    name: str
    serial: str = ""
    value: Yuan | None = None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetReturn(Wire):
    """What administration found when the thing came back, or did not."""

    tag: str
    state: Literal["returned", "lost"]
    at: datetime
    by: str


class Assets(Protocol):
    """The asset register, by employee number and asset tag."""

    def assigned(self, employee_no: str) -> tuple[Asset, ...]: ...

    def record(self, found: AssetReturn, *, key: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProof(Wire):
    """A provider's word on one of its tokens: whether it is this person's, when and how that was seen.

    This is all that is kept. A picture, a template or a score never comes here (domain F68, L8).
    """

    provider: str
    token_id: str
    matched: bool
    method: Literal["face", "fingerprint"]
    checked_at: datetime


class Identity(Protocol):
    """A provider that has checked a person by face or fingerprint, on the person's own device.

    An addition to the one-time code and never in its place; asked only for who has consented to that purpose alone.
    """

    @property
    def name(self) -> str: ...

    def proof(self, token: str, *, name: str, id_number: str) -> IdentityProof:
        """What the provider says of a token that the person's device brought. Raises NotFound for one that it does not
        know, or that was used before.
        """
        ...


class RecordStore(Protocol):
    """A learning record store (xAPI 1.0.3). A statement is known by its id: sent twice it is there once."""

    def keep(self, statements: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """Send the statements, 50 at most, and tell the ids of those that the store has now.

        One that it does not take is left out and told in the log. Raises Unavailable where it takes none, whatever is
        wrong there: nothing but time or an administrator helps.
        """
        ...
