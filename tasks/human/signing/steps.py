"""The first and the third step of a signature: may they and is the code right, and all rows in one transaction.

The second lies between them, outside any transaction: keys, PDF, time. What fails there has changed nothing, and the
code works on until it is too old. The third holds the agreement and asks everything again, so that of two clicks one
signs, and a document that changed meanwhile is not signed over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hr.agreements import acts, consents, reading, signers, will
from hr.agreements.signers import Standing
from hr.agreements.tables import AgreementSigner
from hr.documents.files import Stored
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import Text, listed, say
from tasks.house import House
from tasks.human.signing import codes, turns
from tasks.human.signing.reading import device
from tasks.human.signing.visitors import Visitor, act, standing

Keep = Callable[[Unit, Standing], Stored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """It is signed. `sealed` once nobody is left to sign; `next` names who signs next."""

    number: str
    title: str
    sealed: bool
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What the second step works on: the document, whose signature, and where the evidence stands.

    `code_id` is None for a seal of a batch, whose code was checked for all of it. `told` goes into the evidence.
    """

    found: Standing
    pdf: bytes
    head: str
    at: datetime
    code_id: int | None
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> str:
        """SHA-256 of the document before the signature."""
        return self.found.agreement.current_hash


def ready(house: House, visitor: Visitor, number: str, code: str, told: Mapping[str, str]) -> Ready:
    """The first step. A wrong code is counted, and that is kept. Raises as `signing.sign`."""
    with house.database.transaction() as unit:
        found = admitted(house, unit, visitor, number)
        now = house.clock.now()
        verdict = codes.check(house, unit, codes.to_sign(found, visitor.login), code, now)
        if verdict.code_id is not None:
            return prepared(house, unit, found, verdict.code_id, {"device": device(told)})
        if verdict.spent:
            acts.note(
                unit, found, "code.wrong", visitor.actor, now, content_hash=found.agreement.current_hash, purpose="sign"
            )
    raise Invalid(verdict.refusal or say("The code does not fit."))


def prepared(house: House, unit: Unit, found: Standing, code_id: int | None, told: Mapping[str, Any]) -> Ready:
    """Everything that the second step needs, read in one transaction."""
    number = found.agreement.number
    (head,) = unit.one("select hash from evidence where subject = %s order by sequence desc limit 1", (number,))
    pdf = house.world.files.read(unit, found.agreement.current_hash).content
    return Ready(found=found, pdf=pdf, head=head, at=house.clock.now(), code_id=code_id, told=told)


def admitted(house: House, unit: Unit, visitor: Visitor, number: str, *, locked: bool = False) -> Standing:
    """The visitor's signature, if they may make it now and have done what comes before it."""
    found = standing(unit, visitor, number, locked=locked)
    now, zone = house.clock.now(), ZoneInfo(house.settings.zone)
    refusal = acts.may_sign(found, now, zone) or turns.over(unit, found.agreement)
    if refusal is not None:
        raise Conflict(refusal)
    if act(found) == "sign":
        _refuse_unready(unit, found, visitor)
    return found


def _refuse_unready(unit: Unit, found: Standing, visitor: Visitor) -> None:
    if consents.given(unit, visitor.login, consents.ELECTRONIC_SIGNING) is None:
        raise Invalid(say("Agree to electronic signing first, or ask HR for a copy on paper."))
    seen = reading.read(unit, found, visitor.login)
    left = seen.left(found.agreement.pages)
    if left:
        told = listed([Text(str(page)) for page in left])
        raise Invalid(
            say("Read every page of the document as it is now before you sign it. Left: {pages}.", pages=told)
        )
    if not seen.ended:
        raise Invalid(say("Read the document to its end before you sign it."))


def finish(house: House, visitor: Visitor, made: Ready, keep: Keep) -> Signed:
    """The third step: `keep` writes the signature, and the process takes its turn in the same commit."""
    number, now = made.found.agreement.number, house.clock.now()
    with house.database.transaction() as unit:
        found = _unchanged(house, unit, visitor, made)
        if made.code_id is not None:
            will.use(unit, made.code_id, now)
            acts.note(unit, found, "code.checked", visitor.actor, now, content_hash=made.document)
        keep(unit, found)
        turns.complete(house, unit, found, visitor.actor, "signed")
        left = acts.standing(unit, number, made.found.signer.id or 0)
        return Signed(
            number=number,
            title=left.agreement.title,
            sealed=left.agreement.status == "sealed",
            next=tuple(signer.name for signer in _next(left)),
        )


def _unchanged(house: House, unit: Unit, visitor: Visitor, made: Ready) -> Standing:
    """The same signature of the same document, with the agreement held."""
    found = standing(unit, visitor, made.found.agreement.number, locked=True)
    if found.agreement.current_hash != made.document and found.signer.id == made.found.signer.id:
        refusal = acts.may_sign(found, house.clock.now(), ZoneInfo(house.settings.zone)) or acts.CHANGED
        raise Conflict(refusal)
    if found.signer.id != made.found.signer.id:
        raise Conflict(say("This signature has been made meanwhile. Reload the page; nothing was changed."))
    return admitted(house, unit, visitor, made.found.agreement.number, locked=True)


def _next(found: Standing) -> list[AgreementSigner]:
    still = [signer for signer in found.signers if signer.status in signers.OPEN]
    first = min((signer.place for signer in still), default=0)
    return [signer for signer in still if signer.place == first]
