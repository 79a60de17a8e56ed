"""The ledger of consents: who agreed to which purpose, to which words, from where, until when (PIPL 14, 15; ESL 3).

A consent is never deleted. Who takes it back adds the moment at which it ended, and what was done under it stands.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import col, select

from hr.agreements.tables import Consent
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say

ELECTRONIC_SIGNING = "electronic-signing"
IDENTITY_CHECK = "identity-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a person may agree to: a name for it, and the words that are agreed to."""

    id: str
    title: Text
    words: Text


PURPOSES = {
    ELECTRONIC_SIGNING: Purpose(
        id=ELECTRONIC_SIGNING,
        title=say("Electronic signing"),
        words=say(
            "I agree to sign this agreement electronically (Electronic Signature Law, article 3). For that the time, "
            "the network address and the device of each step, the pages that I read, my hand-drawn signature and the "
            "one-time codes sent to the phone or mail on my file are recorded as evidence. A certificate is issued for "
            "this one signature. I can take this consent back at any time; then I can sign on paper instead, and what "
            "I signed before stays valid."
        ),
    ),
    IDENTITY_CHECK: Purpose(
        id=IDENTITY_CHECK,
        title=say("Check by face or fingerprint"),
        words=say(
            "I agree that a provider checks my face or fingerprint on my own device, in addition to the one-time code "
            "(PIPL, articles 28 to 30). It is my choice: I can sign with the code alone, and nothing becomes worse for "
            "me. My name and identity number go to the provider with the token of my device. The company keeps the "
            "provider's name, the token's id, the method and whether it fits, and no picture and no template. I can "
            "take this consent back at any time."
        ),
    ),
}


def purpose(id: str) -> Purpose:
    """Raises NotFound for a purpose that nobody is asked about."""
    if id not in PURPOSES:
        raise NotFound(say("Nobody is asked to agree to {purpose}.", purpose=id))
    return PURPOSES[id]


def given(unit: Unit, person: str, id: str) -> Consent | None:
    """The consent that holds now, if there is one."""
    chosen = select(Consent).where(
        col(Consent.person) == person, col(Consent.purpose) == id, col(Consent.withdrawn_at).is_(None)
    )
    return unit.session.exec(chosen.order_by(col(Consent.id).desc()).limit(1)).first()


def give(unit: Unit, person: str, id: str, *, language: str, actor: Actor, at: datetime) -> Consent:
    """Note that the person agrees to the words as they were shown in this language. One that holds already stays."""
    shown = purpose(id).words.within(language)
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"consent/{person}/{id}",))
    words = sha256(shown.encode()).hexdigest()
    present = given(unit, person, id)
    if present is not None and present.words_hash == words:
        return present
    row = Consent(person=person, purpose=id, words_hash=words, given_at=at, ip=actor.ip, agent=actor.agent)
    unit.session.add(row)
    unit.flush()
    return row


def withdraw(unit: Unit, person: str, id: str, *, at: datetime) -> None:
    """The person takes the consent back. Raises NotFound where none holds."""
    ended = unit.run(
        "update consent set withdrawn_at = %s where person = %s and purpose = %s and withdrawn_at is null",
        (at, person, id),
    )
    if not ended:
        raise NotFound(say("You have not agreed to this, so there is nothing to take back."))


def ledger(unit: Unit, person: str) -> list[Consent]:
    """Every consent of a person, the latest first."""
    chosen = select(Consent).where(col(Consent.person) == person).order_by(col(Consent.id).desc())
    return list(unit.session.exec(chosen))
