"""Evidence as people ask for it: the package of an agreement, and the hourly round that stamps every chain that moved.

Time stamps are asked outside of any transaction: an authority that answers late holds nobody up.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from hr.agreements import dossier
from hr.agreements.report import Rows
from hr.documents.signing import stamps
from hr.evidence import anchors, log
from hr.evidence.anchors import Head
from hr.evidence.package import Seal
from kernel.actor import Actor
from kernel.errors import Conflict, Unavailable
from kernel.text import say
from tasks.house import House
from tasks.human import agreements

AGAIN = 3  # times that a head is stamped which moves meanwhile
EVERY = timedelta(hours=1)
AT_ONCE = 50

notes = logging.getLogger(__name__)


def package(house: House, actor: Actor, number: str) -> bytes:
    """The evidence package of an agreement, for HR and for those who sign it; having it becomes evidence itself.

    Raises NotFound for everybody else, Unavailable while no time authority answers, Conflict where the agreement moves
    on all the time.
    """
    with house.database.transaction() as unit:
        agreements.agreement_view(house, unit, actor, number)
    rows = _anchored(house, number)
    now, settings = house.clock.now(), house.settings
    url = f"{settings.public_url}/verify" if settings.public_url else ""
    made = dossier.compose(
        rows, seal(house), organisation=settings.organisation, zone=settings.zone, verify_url=url, at=now
    )
    with house.database.transaction() as unit:
        log.append(unit, number, "downloaded", actor, house.clock.now(), package=True)
    return made


def _anchored(house: House, number: str) -> Rows:
    """The rows of an agreement whose last event bears a stamp."""
    for _ in range(AGAIN):
        with house.database.transaction() as unit:
            head = anchors.head(unit, number)
            if head is None:
                return dossier.gathered(unit, house.world.files, number)
        anchor(house, head)
    raise Conflict(say("The agreement {number} is being signed right now. Try again in a minute.", number=number))


def anchor(house: House, head: Head) -> None:
    """Stamp one head and keep the stamp. Raises Unavailable if the time authority does not answer."""
    token = stamps.token(house.world.time, head.digest)
    trust = house.world.trust
    with house.database.transaction() as unit:
        anchors.anchor(unit, head, token, trust, at=house.clock.now())


def seal(house: House) -> Seal:
    """By the SM2 key and under the roots of this house."""
    authority, trust, key = house.world.seals.authority, house.world.trust, house.world.company_key
    return Seal(
        time=house.world.time,
        sm2=authority.sm2_key,
        sm2_certificate=authority.sm2_certificate,
        roots=trust.roots,
        certificates=(*trust.others, key.certificate, *key.chain),
        crls=trust.crls,
    )


class Anchoring:
    """A chore of the upkeep (`tasks.house.Chore`): once an hour every chain that moved is stamped, some at a time.

    An authority that does not answer is asked again in the next hour; the chains stand as they are meanwhile.
    """

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if self._next is not None and now < self._next:
            return 0
        with house.database.transaction() as unit:
            heads = anchors.due(unit, AT_ONCE)
        done = 0
        try:
            for head in heads:
                if stopped():
                    return done
                anchor(house, head)
                done += 1
        except Unavailable as refusal:
            notes.warning("evidence could not be stamped: %s", refusal.message)
        if done < AT_ONCE:
            self._next = now + EVERY
        return done
