"""In-memory twins of every port: they keep the same promises as the real systems and show what happened to them.

A twin serves trial mode, simulations and tests. `down` makes it refuse as an unreachable system would.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kernel.clock import Clock
from kernel.errors import NotFound, Unavailable
from kernel.text import say
from tasks.ports import (
    AccountState,
    Asset,
    AssetReturn,
    CrmRevocation,
    CrmRights,
    CrmTransfer,
    IdentityProof,
    Mail,
    OaEvent,
    OpenItem,
    SmsReceipt,
    nothing,
)


@dataclass(slots=True)
class Twin:
    """What all twins share: a name for sentences, a switch for trouble, and the keys already served."""

    clock: Clock
    down: bool = False
    calls: int = 0
    name = "the system"

    def _enter(self) -> None:
        self.calls += 1
        if self.down:
            raise Unavailable(
                say("{system} cannot be used at the moment: it is switched off in memory.", system=self.name),
                system=self.name,
            )


@dataclass(slots=True)
class MemoryMailer(Twin):
    """`Mailer` in memory: every letter by its Message-ID, once."""

    letters: dict[str, Mail] = field(default_factory=dict)
    name = "mail"

    def send(self, mail: Mail, *, key: str, last_word: Callable[[], None] = nothing) -> str:
        self._enter()
        last_word()
        message_id = f"<{key}@memory.invalid>"
        self.letters.setdefault(message_id, mail)
        return message_id


@dataclass(slots=True)
class MemorySms(Twin):
    """`Sms` in memory. `lose_answers` takes a message and then fails, as a gateway does whose answer is lost."""

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    receipts: dict[str, SmsReceipt] = field(default_factory=dict)
    lose_answers: bool = False
    name = "SMS"

    def send(self, phone: str, text: str, *, key: str) -> SmsReceipt:
        self._enter()
        if key not in self.receipts:
            self.texts[key] = (phone, text)
            self.receipts[key] = SmsReceipt(id=f"sms-{len(self.receipts) + 1}", accepted_at=self.clock.now())
        if self.lose_answers:
            raise Unavailable(say("{system} cannot be used at the moment: its answer was lost.", system=self.name))
        return self.receipts[key]

    def sent(self, key: str) -> SmsReceipt | None:
        self._enter()
        return self.receipts.get(key)


@dataclass(slots=True)
class MemoryAccounts(Twin):
    """`Accounts` in memory: login to active or not."""

    active: dict[str, bool] = field(default_factory=dict)
    name = "SCIM"

    def state(self, login: str) -> AccountState:
        self._enter()
        return AccountState(login=login, exists=login in self.active, active=self.active.get(login, False))

    def freeze(self, login: str, *, key: str) -> AccountState:
        return self._become(login, False)

    def unfreeze(self, login: str, *, key: str) -> AccountState:
        return self._become(login, True)

    def _become(self, login: str, active: bool) -> AccountState:
        self._enter()
        if login in self.active:
            self.active[login] = active
        return AccountState(login=login, exists=login in self.active, active=self.active.get(login, False))


@dataclass(slots=True)
class MemoryOa(Twin):
    """`Oa` in memory: the events told, once a key."""

    events: dict[str, OaEvent] = field(default_factory=dict)
    name = "OA"

    def report(self, event: OaEvent, *, key: str) -> None:
        self._enter()
        self.events.setdefault(key, event)


@dataclass(slots=True)
class MemoryCrm(Twin):
    """`Crm` in memory. Roles that were taken stay in `taken`, so that they can be given back."""

    people: dict[str, CrmRights] = field(default_factory=dict)
    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    transfers: dict[str, CrmTransfer] = field(default_factory=dict)
    revocations: dict[str, CrmRevocation] = field(default_factory=dict)
    name = "CRM"

    def rights(self, employee_no: str) -> CrmRights:
        self._enter()
        return self._of(employee_no)

    def transfer(self, from_no: str, to_no: str, *, key: str) -> CrmTransfer:
        self._enter()
        if key not in self.transfers:
            source, target = self._of(from_no), self._of(to_no)
            self.people[from_no] = replace(source, customers=(), orders=())
            self.people[to_no] = replace(
                target, customers=target.customers + source.customers, orders=target.orders + source.orders
            )
            self.transfers[key] = CrmTransfer(
                from_no=from_no,
                to_no=to_no,
                customers=source.customers,
                orders=source.orders,
                transferred_at=self.clock.now(),
            )
        return self.transfers[key]

    def revoke(self, employee_no: str, *, key: str) -> CrmRevocation:
        self._enter()
        if key not in self.revocations:
            held = self._of(employee_no)
            self.taken[employee_no] = self.taken.get(employee_no, ()) + held.roles
            self.people[employee_no] = replace(held, roles=())
            self.revocations[key] = CrmRevocation(
                employee_no=employee_no, roles=held.roles, revoked_at=self.clock.now()
            )
        return self.revocations[key]

    def restore(self, employee_no: str, *, key: str) -> CrmRights:
        self._enter()
        held = self._of(employee_no)
        self.people[employee_no] = replace(held, roles=held.roles + self.taken.pop(employee_no, ()))
        return self.people[employee_no]

    def _of(self, employee_no: str) -> CrmRights:
        return self.people.get(employee_no, CrmRights(employee_no=employee_no))


@dataclass(slots=True)
class MemoryFinance(Twin):
    """`Finance` in memory: open items by employee number."""

    items: dict[str, tuple[OpenItem, ...]] = field(default_factory=dict)
    name = "finance"

    def open_items(self, employee_no: str) -> tuple[OpenItem, ...]:
        self._enter()
        return self.items.get(employee_no, ())


@dataclass(slots=True)
class MemoryAssets(Twin):
    """`Assets` in memory: what each person holds, and what was found at the return."""

    held: dict[str, tuple[Asset, ...]] = field(default_factory=dict)
    returns: dict[str, AssetReturn] = field(default_factory=dict)
    name = "the asset register"

    def assigned(self, employee_no: str) -> tuple[Asset, ...]:
        self._enter()
        return tuple(asset for asset in self.held.get(employee_no, ()) if asset.tag not in self.returns)

    def record(self, found: AssetReturn, *, key: str) -> None:
        self._enter()
        if not any(asset.tag == found.tag for held in self.held.values() for asset in held):
            raise NotFound(say("{system} does not know what was asked for.", system=self.name), system=self.name)
        self.returns.setdefault(found.tag, found)


@dataclass(slots=True)
class MemoryIdentity(Twin):
    """`Identity` in memory. `tokens` are those that devices brought, each for a name and a number, spent once."""

    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    name = "the identity provider"

    def proof(self, token: str, *, name: str, id_number: str) -> IdentityProof:
        self._enter()
        seen = self.tokens.pop(token, None)
        if seen is None:
            raise NotFound(say("{system} does not know what was asked for.", system=self.name), system=self.name)
        return IdentityProof(
            provider=self.name,
            token_id=token[:8],
            matched=seen == (name, id_number),
            method="face",
            checked_at=self.clock.now(),
        )
