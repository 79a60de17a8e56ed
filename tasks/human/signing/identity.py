"""A check by face or fingerprint, for who wants one: an addition to the one-time code, never in its place (F68, L8)."""

from typing import Any
from zoneinfo import ZoneInfo

from hr.agreements import acts, consents
from hr.people import org
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import say
from tasks.house import House
from tasks.human.signing.visitors import Visitor, act, standing
from tasks.ports import Identity, IdentityProof

LONGEST_TOKEN = 4096


def offered(house: House) -> bool:
    """Whether this organisation has a provider. Most have none."""
    return house.world.identity is not None


def consent(house: House, unit: Unit, visitor: Visitor, number: str, language: str) -> None:
    """The signer agrees to such a check, and to nothing else. Raises Conflict where there is no provider."""
    _provider(house)
    found, now = standing(unit, visitor, number), house.clock.now()
    row = consents.give(unit, visitor.login, consents.IDENTITY_CHECK, language=language, actor=visitor.actor, at=now)
    told = {"purpose": consents.IDENTITY_CHECK, "words": row.words_hash, "language": language}
    acts.note(unit, found, "consent.given", visitor.actor, now, **told)


def check(house: House, visitor: Visitor, number: str, token: str) -> IdentityProof:
    """Ask the provider about the token that the signer's device brought, and note the answer in the evidence.

    Whatever it is, the signer signs with the code. Raises Forbidden before the signer has agreed to this purpose,
    Conflict where there is no provider or they cannot sign now, Invalid without a number on file, NotFound for
    a token that the provider does not know, Unavailable.
    """
    provider = _provider(house)
    with house.database.transaction() as unit:
        found = standing(unit, visitor, number)
        refusal = acts.may_sign(found, house.clock.now(), ZoneInfo(house.settings.zone))
        if refusal is not None:
            raise Conflict(refusal)
        if act(found) != "sign" or consents.given(unit, visitor.login, consents.IDENTITY_CHECK) is None:
            raise Forbidden(say("Agree to the check by face or fingerprint first. You can sign without it."))
        person = org.required(unit, visitor.login)
        id_number = org.identity_number(unit, visitor.login, house.world.files.cipher)
    if not id_number or not 0 < len(token) <= LONGEST_TOKEN:
        raise Invalid(say("This check needs your identity number on file and a token. Sign with the code alone."))
    proof = provider.proof(token, name=person.name, id_number=id_number)
    with house.database.transaction() as unit:
        found = standing(unit, visitor, number)
        seen: dict[str, Any] = {
            "provider": proof.provider,
            "token": proof.token_id,
            "method": proof.method,
            "matched": proof.matched,
            "checked": proof.checked_at.isoformat(),
        }
        acts.note(unit, found, "identity.checked", visitor.actor, house.clock.now(), **seen)
    return proof


def _provider(house: House) -> Identity:
    if house.world.identity is None:
        raise Conflict(say("There is no check by face or fingerprint here. Sign with the code."))
    return house.world.identity
