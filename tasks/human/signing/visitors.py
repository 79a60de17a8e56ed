"""Who is in the signing room, and which signature of an agreement is theirs. For everybody else there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hr.agreements import acts, signers
from hr.agreements.signers import COMPANY, OPEN, SEAL, Standing
from hr.agreements.tables import AgreementSigner
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Someone who came in with their login, or by link and code: then as one signer alone (`signer_id`)."""

    login: str
    name: str
    actor: Actor
    by: Literal["login", "link"]
    signer_id: int | None = None


def by_login(actor: Actor) -> Visitor:
    """The person of a session."""
    return Visitor(login=actor.id, name=actor.name or actor.id, actor=actor, by="login")


def standing(unit: Unit, visitor: Visitor, number: str, *, locked: bool = False) -> Standing:
    """The visitor's own signature: the one whose turn it is, else the next, else the last that is done.

    Raises NotFound for whoever does not sign this agreement, HR and administrators among them.
    """
    agreement = acts.find(unit, number, locked=locked)
    found = signers.of(unit, number, locked=locked)
    mine = [signer for signer in found if _is(visitor, signer, found)]
    if not mine:
        raise NotFound(say("There is no agreement {number}, or it is not yours to see.", number=number))
    still = [signer for signer in mine if signer.status in OPEN]
    return Standing(agreement=agreement, signer=(still or mine[-1:])[0], signers=tuple(found))


def act(found: Standing) -> Literal["sign", "seal"]:
    """Whether it is a person's signature, or the company's seal."""
    return "seal" if found.signer.role == COMPANY else "sign"


def waiting(unit: Unit, visitor: Visitor, at: datetime) -> list[str]:
    """The agreements that wait for this visitor's signature or seal now, the most urgent first."""
    if visitor.actor.kind != "person":
        return []
    rows = unit.all(
        "select a.number from agreement a join agreement_signer s on s.agreement_number = a.number"
        " where a.status = 'signing' and a.expires_at > %s and s.status = any(%s)"
        "   and (s.login = %s or (s.role = 'company' and s.login is null and %s and a.employee <> %s))"
        "   and not exists (select from agreement_signer b where b.agreement_number = a.number"
        "                    and b.place < s.place and b.status <> 'signed')"
        " order by a.expires_at, a.number",
        (at, list(OPEN), visitor.login, visitor.actor.has(SEAL), visitor.login),
    )
    return list(dict.fromkeys(number for (number,) in rows))


def _is(visitor: Visitor, signer: AgreementSigner, everyone: Sequence[AgreementSigner]) -> bool:
    if visitor.actor.kind != "person":  # the id of a program may be spelled like a login
        return False
    if visitor.by == "link":
        return signer.id == visitor.signer_id and signer.login == visitor.login
    if signer.login is not None:
        return signer.login == visitor.login
    return visitor.actor.has(SEAL) and not _is_the_employee(visitor, everyone)


def _is_the_employee(visitor: Visitor, everyone: Sequence[AgreementSigner]) -> bool:
    """Nobody seals for the company what they agree with it themselves."""
    return any(signer.role == "employee" and signer.login == visitor.login for signer in everyone)
