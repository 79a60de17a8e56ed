"""What a signer had before their eyes, page by page, in seconds as the server counted them (domain F74).

A page tells how long it was in view since it last told. No more is counted than the time that really went by since
then, whatever it says and however many windows say it.
"""

from dataclasses import dataclass
from datetime import datetime

from hr.agreements import signers
from hr.agreements.signers import Standing
from hr.evidence import log
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say

LEAST = 1.0  # seconds that a page must have been shown
LONGEST = 60.0  # of one message: who is away from the page longer is not reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Seconds by page (from 1), and whether the end of the document was reached."""

    seconds: dict[int, float]
    ended: bool

    def done(self, pages: int) -> bool:
        """Every page was shown long enough, and the end was reached."""
        return self.ended and not self.left(pages)

    def left(self, pages: int) -> list[int]:
        """The pages that were not shown long enough."""
        return [page for page in range(1, pages + 1) if self.seconds.get(page, 0.0) < LEAST]


def read(unit: Unit, standing: Standing, holder: str) -> Read:
    """What the holder has read of the document as it is now."""
    rows = unit.all(
        "select page, seconds from page_read where signer_id = %s and holder = %s and document_hash = %s order by page",
        (standing.signer.id, holder, standing.agreement.current_hash),
    )
    return Read(seconds=dict(rows), ended=_ended(unit, standing, holder))


def opened(unit: Unit, standing: Standing, actor: Actor, at: datetime, **device: str) -> None:
    """The signer has the document open: from now on the time counts. `device` is what their browser told of itself."""
    signer, agreement = standing.signer, standing.agreement
    signers.lock(unit, signer.id)
    _touch(unit, standing, actor.id, 1, 0.0, at)
    signer.opened_at = signer.opened_at or at
    _note(unit, standing, "document.opened", actor, at, pages=agreement.pages, device=device)


def beat(
    unit: Unit, standing: Standing, actor: Actor, page: int, seconds: float, *, at_end: bool, at: datetime
) -> Read:
    """Count the seconds for which a page was in view since the last word. Raises Invalid for a page that is none.

    A page that was read long enough for the first time becomes evidence, and so does the end, once all pages were: who
    only jumps to the last line has not read the document.
    """
    if not 1 <= page <= standing.agreement.pages:
        raise Invalid(
            say("The document has {pages} pages; there is no page {page}.", pages=standing.agreement.pages, page=page)
        )
    signers.lock(unit, standing.signer.id)
    before = read(unit, standing, actor.id)
    _touch(unit, standing, actor.id, page, _credited(unit, standing, actor.id, seconds, at), at)
    after = read(unit, standing, actor.id)
    if page in before.left(page) and page not in after.left(page):
        _note(unit, standing, "page.read", actor, at, page=page)
    if at_end and not before.ended and not after.left(standing.agreement.pages):
        _note(unit, standing, "document.read", actor, at, pages=standing.agreement.pages)
    return read(unit, standing, actor.id)


def _credited(unit: Unit, standing: Standing, holder: str, seconds: float, at: datetime) -> float:
    """No more than went by since anything was last told of this document: one page is in view at a time."""
    (last,) = unit.one(
        "select max(last_at) from page_read where signer_id = %s and holder = %s and document_hash = %s",
        (standing.signer.id, holder, standing.agreement.current_hash),
    )
    passed = (at - last).total_seconds() if last is not None else 0.0
    return max(0.0, min(seconds, passed, LONGEST))


def _touch(unit: Unit, standing: Standing, holder: str, page: int, seconds: float, at: datetime) -> None:
    unit.run(
        "insert into page_read as p (signer_id, holder, document_hash, page, seconds, first_at, last_at)"
        " values (%(signer)s, %(holder)s, %(hash)s, %(page)s, %(seconds)s, %(at)s, %(at)s)"
        " on conflict (signer_id, holder, document_hash, page)"
        " do update set seconds = p.seconds + excluded.seconds, last_at = excluded.last_at",
        {
            "signer": standing.signer.id,
            "holder": holder,
            "hash": standing.agreement.current_hash,
            "page": page,
            "seconds": seconds,
            "at": at,
        },
    )


def _ended(unit: Unit, standing: Standing, holder: str) -> bool:
    found = unit.one(
        "select from evidence where subject = %s and event = 'document.read' and content_hash = %s and actor = %s"
        " and detail ->> 'field' = %s limit 1",
        (standing.agreement.number, standing.agreement.current_hash, holder, standing.signer.field),
    )
    return found is not None


def _note(unit: Unit, standing: Standing, event: str, actor: Actor, at: datetime, **detail: object) -> None:
    agreement, signer = standing.agreement, standing.signer
    log.append(
        unit,
        agreement.number,
        event,
        actor,
        at,
        content_hash=agreement.current_hash,
        field=signer.field,
        role=signer.role,
        **detail,
    )
