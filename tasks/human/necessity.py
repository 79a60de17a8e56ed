"""Who sees which fact and which file of a case: as much as their part in it needs, and no more (PIPL 6, 19).

One table for pages, lists and downloads; a test walks it role by role. What is not in it is for HR alone.
"""

from dataclasses import dataclass
from typing import Literal

from kernel.actor import Actor
from kernel.db import Unit

Role = Literal["employee", "manager", "recipient", "hr", "admin", "desk"]

EVERYONE: frozenset[Role] = frozenset(("employee", "manager", "recipient", "hr", "admin", "desk"))
GUIDES: frozenset[Role] = frozenset(("employee", "manager", "hr"))
OWN: frozenset[Role] = frozenset(("employee", "hr"))

# `desk` is whoever takes part by a task alone: IT, administration, finance, the head of the department.
FACTS: dict[str, frozenset[Role]] = {
    "employee": EVERYONE,
    "department": EVERYONE,
    "position": EVERYONE,
    "last-day": EVERYONE,
    "recipient": EVERYONE,
    "filed": GUIDES | {"admin"},
    "statutory-day": GUIDES,
    "legal-basis": GUIDES,
    "reason": GUIDES,  # the manager confirms with it in view, and leads the talk
    "contract-ends": OWN,
}
FILES: dict[str, frozenset[Role]] = {
    "comment": EVERYONE,  # the conversation is open to all who take part, and says so
    "handover": GUIDES | {"recipient"},
    "handover-list": GUIDES | {"recipient"},
    "asset-photo": OWN | {"desk"},
    "certificate": OWN,  # it has the identity number; the employee's from the day of issue on
}
AGREEMENT: frozenset[str] = frozenset(("agreement",))  # files of an agreement for its parties and HR; strokes for none
MESSAGES: frozenset[Role] = frozenset(("hr", "admin"))  # to others their own


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see of one case. `issued` tells whether the certificate is out."""

    roles: frozenset[Role]
    issued: bool = False
    recorded: bool = True  # False for a process without a case record, which has no such facts

    def fact(self, name: str) -> bool:
        return not self.roles.isdisjoint(FACTS.get(name, {"hr"}))

    def file(self, purpose: str) -> bool:
        if "hr" in self.roles:
            return True
        if not self.recorded:
            return purpose != "signature"
        if purpose == "certificate" and not self.issued:
            return False
        return not self.roles.isdisjoint(FILES.get(purpose, {"hr"}))

    @property
    def all_messages(self) -> bool:
        return not self.roles.isdisjoint(MESSAGES)


_PARTS = """
select c.employee, c.recipient, c.facts -> 'manager' ->> 'login', z.issued_at is not null
  from offboarding_case c left join certificate z on z.case_number = c.number where c.number = %s
"""


def sight(unit: Unit, actor: Actor, number: str) -> Sight:
    """What the actor, who takes part in the case with this number or reads all, may see of it.

    A leaver who works in HR is the employee of the own case and nothing else there.
    """
    row = unit.one(_PARTS, (number,))
    desk: frozenset[Role] = frozenset({"desk"})
    if row is None:
        return Sight(roles=_offices(actor) or desk, recorded=False)
    employee, recipient, manager, issued = row
    parts: dict[str | None, Role] = {recipient: "recipient", manager: "manager", employee: "employee"}
    own: frozenset[Role] = frozenset(role for login, role in parts.items() if login == actor.id)
    roles = own if "employee" in own else own | _offices(actor)
    return Sight(roles=roles or desk, issued=issued)


_PARTY = """
select exists (select from agreement_signer where agreement_number = %(number)s and login = %(login)s)
    or exists (select from agreement where number = %(number)s and employee = %(login)s)
"""


def party(unit: Unit, actor: Actor, number: str) -> bool:
    """Whether the actor is one of those who sign the agreement with this number, or HR, who keeps it (LCL 16, 50)."""
    known: bool = unit.one(_PARTY, {"number": number, "login": actor.id})[0]
    return known or (
        "hr" in _offices(actor) and unit.one("select from agreement where number = %s", (number,)) is not None
    )


def _offices(actor: Actor) -> frozenset[Role]:
    found: set[Role] = set()
    if actor.has("hr", "hr-head"):
        found.add("hr")
    if actor.has("admin"):
        found.add("admin")
    return frozenset(found)
