"""The certificate of a passed course (F83): made and sealed outside of any transaction, put on record within one."""

from hr.training import certificate
from hr.training.certificate import Content, Made
from hr.training.printed import Letterhead
from hr.training.tables import TrainingCertificate
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Unavailable
from tasks.handlers import sealing
from tasks.handlers.operation import World


def make(world: World, number: str, *, last: bool = False) -> Made | None:
    """The certificate of an enrolment under the company's seal; None if one is on record. For the call of a job.

    While the seal or the time stamp cannot be had this raises Unavailable; with `last`, the certificate goes out
    without a seal: what a person has passed is passed, and their code proves it. Raises Conflict for what is not
    passed.
    """
    with world.database.transaction() as unit:
        if certificate.of_enrolment(unit, number) is not None:
            return None
        stated = certificate.content(unit, number, clock=world.clock, zone=world.settings.zone)
    pdf = certificate.document(stated, letterhead(world), at=world.clock.now())
    try:
        return _sealed(stated, pdf, world)
    except Unavailable:
        if last:
            return Made(content=stated, pdf=pdf)
        raise


def record(unit: Unit, world: World, number: str, made: Made | None, actor: Actor) -> TrainingCertificate:
    """The certificate on record: what was made, or the one that is there already. For the record of a job."""
    present = certificate.of_enrolment(unit, number)
    if present is not None:
        return present
    assert made is not None  # there was a certificate when it was not made, and none is ever taken away
    return certificate.issue(unit, world.files, made, clock=world.clock, actor=actor)


def letterhead(world: World) -> Letterhead:
    """The organisation's paper."""
    address = world.settings.public_url
    return Letterhead(
        organisation=world.settings.organisation,
        verify_url=f"{address}/verify" if address else "",
        trial=world.company_key.trial,
        zone=world.settings.zone,
    )


def _sealed(stated: Content, pdf: bytes, world: World) -> Made:
    made = sealing.sealed(world, pdf, "签发培训合格证书")
    return Made(content=stated, pdf=made, authority=sealing.authority(world), trial=world.company_key.trial)
