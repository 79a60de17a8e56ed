"""Who signs an agreement, and whose turn it is: equal places at once, a greater place after all smaller ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from hr.agreements.tables import Agreement, AgreementSigner
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say

COMPANY = "company"
SEAL = "seal"  # the group whose members hold the company's seal
ROLE = {
    "employee": say("Employee"),
    "manager": say("Manager"),
    "witness": say("Witness"),
    COMPANY: say("Company"),
}
OPEN = ("waiting", "asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One signer of one agreement beside all who sign it, as they stand."""

    agreement: Agreement
    signer: AgreementSigner
    signers: tuple[AgreementSigner, ...]

    @property
    def waits_for(self) -> list[AgreementSigner]:
        """Who signs before this one and has not."""
        return [other for other in self.signers if other.place < self.signer.place and other.status != "signed"]

    @property
    def last(self) -> bool:
        """Nobody else is left to sign."""
        return all(other.status == "signed" for other in self.signers if other.id != self.signer.id)


def of(unit: Unit, number: str, *, locked: bool = False) -> list[AgreementSigner]:
    """The signers of an agreement in their order. With `locked` the agreement is held, and they are from now on."""
    chosen = select(AgreementSigner).where(col(AgreementSigner.agreement_number) == number)
    ordered = chosen.order_by(col(AgreementSigner.place), col(AgreementSigner.id))
    wanted = ordered.with_for_update() if locked else ordered
    return list(unit.session.exec(wanted.execution_options(populate_existing=True)))


def lock(unit: Unit, signer_id: int | None) -> None:
    """Have whatever else this signer does wait until this unit is through.

    Everybody takes agreement, signers, codes and the chain of evidence in this order, and leaves out what they need
    not: of two who took them in another one, neither would get further.
    """
    unit.one("select id from agreement_signer where id = %s for update", (signer_id,))


def required(found: Sequence[AgreementSigner], number: str, field: str) -> AgreementSigner:
    """The signer of a signature field. Raises NotFound."""
    signer = next((each for each in found if each.field == field), None)
    if signer is None:
        raise NotFound(say("The agreement {number} has no signer {field}.", number=number, field=field))
    return signer


def stages(found: Sequence[AgreementSigner]) -> list[list[dict[str, Any]]]:
    """Who signs at once, stage after stage, as the process wants it."""
    places = sorted({signer.place for signer in found})
    return [[_told(signer) for signer in found if signer.place == place] for place in places]


def _told(signer: AgreementSigner) -> dict[str, Any]:
    return {
        "login": signer.login,
        "name": signer.name,
        "role": signer.role,
        "field": signer.field,
        "place": signer.place,
    }


def named(found: Sequence[AgreementSigner]) -> str:
    """Names one after another, for a sentence."""
    return "、".join(signer.name for signer in found)


def role(signer: AgreementSigner) -> Text:
    """The role in words."""
    return ROLE[signer.role]
