"""Certificates of courses as people meet them: the paper for its person and for HR, the word for a stranger."""

from dataclasses import replace

from hr.training import certificate
from hr.training.tables import TrainingCertificate
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import access
from tasks.human.verdicts import Digests, Verdict, masked


def pdf(house: House, unit: Unit, actor: Actor, number: str) -> bytes:
    """The certificate as PDF. It bears a score: NotFound for whoever is neither its person nor HR."""
    row = certificate.find(unit, number)
    if row.employee != actor.id and not actor.has(*access.READERS):
        raise NotFound(say("There is no certificate {number}.", number=number))
    return house.world.files.read(unit, row.file_hash).content


def by_code(house: House, row: TrainingCertificate) -> Verdict:
    """What the code on a certificate stands for. No score, and the name in part."""
    until = row.valid_until
    expired = until is not None and house.today() > until
    return Verdict(
        outcome="recorded",
        kind="certificate",
        explanation=say("A certificate with this code was issued. Your file is it only if its hash is this one."),
        facts=(
            (say("Name of the document"), say("Certificate of training")),
            (say("Course"), row.course),
            (say("Number"), row.number),
            (say("Issued by"), house.settings.organisation),
            (say("Issued to"), masked(row.name)),
            (say("Issued on"), row.issued_at),
            (say("Valid until"), until or say("for ever")),
            (say("Validity"), say("expired") if expired else say("in force")),
        ),
        compare=Digests(sha256=row.file_hash, sm3=None),
        warning=_expired(row) if expired else None,
    )


def genuine(house: House, row: TrainingCertificate) -> Verdict:
    """What the very file of a certificate is."""
    said = say("It is the certificate that was issued, byte for byte.")
    return replace(by_code(house, row), outcome="genuine", explanation=said)


def _expired(row: TrainingCertificate) -> Text:
    return say(
        "It held until {day}. Since then it proves what was learned, and no more that it is still known.",
        day=row.valid_until,
    )
