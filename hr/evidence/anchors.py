"""Anchors: the head of a chain under a time stamp, so that rows cut off at its end are missed.

A chain that was shortened still holds by itself. A stamp over its head says that the rows up to there existed then; who
cuts one off, or writes the chain anew, has no stamp for it. Tokens are asked outside of any transaction: `due` reads
which heads moved, `anchor` keeps what was stamped.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from hr.documents.signing import stamps
from hr.documents.signing.keys import Trust
from hr.documents.signing.stamps import Unstamped
from hr.evidence import log
from hr.evidence.tables import Anchor, Evidence
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import Text, say

_HEADS = """
select e.subject, e.sequence, e.hash from evidence e
where (%(subject)s::text is null or e.subject = %(subject)s)
  and not exists (select 1 from evidence n where n.subject = e.subject and n.sequence = e.sequence + 1)
  and not exists (select 1 from evidence_anchor a where a.subject = e.subject and a.sequence = e.sequence)
order by e.at limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain: its number and hash. `digest` is what is stamped: the 32 bytes of the hash."""

    subject: str
    sequence: int
    hash: str

    @property
    def digest(self) -> bytes:
        return bytes.fromhex(self.hash)


@dataclass(frozen=True, slots=True)
class Checked:
    """A chain held against its anchors: its length, the time of the last anchor, and what does not hold."""

    length: int
    anchored: int
    anchored_at: datetime | None
    problems: tuple[Text, ...]

    @property
    def holds(self) -> bool:
        return not self.problems


def due(unit: Unit, most: int = 200) -> list[Head]:
    """The heads that bear no anchor, the one that waits longest first."""
    return [Head(*row) for row in unit.all(_HEADS, {"subject": None, "most": most})]


def head(unit: Unit, subject: str) -> Head | None:
    """The head of one chain if it bears no anchor yet."""
    row = unit.one(_HEADS, {"subject": subject, "most": 1})
    return Head(*row) if row else None


def anchor(unit: Unit, head: Head, token: bytes, trust: Trust, *, at: datetime) -> None:
    """Keep the token over a head. Kept once: another one for the same row is let go.

    Raises Unstamped if the token is for something else, Conflict if there is no such row.
    """
    told = stamps.told(token, head.digest, trust, at)
    row = unit.one("select hash from evidence where subject = %s and sequence = %s", (head.subject, head.sequence))
    if row is None or row[0] != head.hash:
        raise Conflict(say("The evidence of {subject} is not what was stamped. Check it.", subject=head.subject))
    unit.run(
        "insert into evidence_anchor (subject, sequence, head, token, authority, stamped_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        (head.subject, head.sequence, head.hash, token, told.authority, told.at),
    )


def of(unit: Unit, subject: str) -> list[Anchor]:
    """The anchors of a chain, the first one first."""
    chosen = select(Anchor).where(col(Anchor.subject) == subject).order_by(col(Anchor.sequence))
    return list(unit.session.exec(chosen))


def check(unit: Unit, subject: str, trust: Trust, *, at: datetime) -> Checked:
    """Walk a chain as it is stored now, and hold it against every anchor."""
    unit.flush()
    unit.session.expire_all()
    chain, kept = log.rows(unit, subject), of(unit, subject)
    walk = log.walk_rows(chain)
    problems = []
    if walk.broken_at is not None:
        problems.append(
            say("Row {row} of the evidence of {subject} was changed or moved.", row=walk.broken_at, subject=subject)
        )
    for one in kept:
        problems += _against(one, chain, trust, at)
    last = kept[-1] if kept else None
    return Checked(len(chain), last.sequence if last else 0, last.stamped_at if last else None, tuple(problems))


def _against(one: Anchor, chain: list[Evidence], trust: Trust, at: datetime) -> list[Text]:
    if one.sequence > len(chain):
        return [
            say(
                "The evidence of {subject} had {then} rows at {at} and has {now}: rows were cut off at its end.",
                subject=one.subject,
                then=one.sequence,
                at=one.stamped_at,
                now=len(chain),
            )
        ]
    try:
        told = stamps.told(one.token, bytes.fromhex(one.head), trust, at)
    except Unstamped as fault:
        return [fault.message]
    if chain[one.sequence - 1].hash != one.head or not told.trusted:
        return [
            say(
                "Row {row} of the evidence of {subject} is not the one that was stamped at {at}.",
                row=one.sequence,
                subject=one.subject,
                at=one.stamped_at,
            )
        ]
    return []
