"""The signer's will by one-time code: six digits that go to the phone or mail on file (ESL 13; domain F63, L8).

A code is bound to signer, holder, document and purpose: under another of these its digest is another. It lasts ten
minutes and bears five wrong attempts. Only its digest is kept, under a key that is not in the database.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from hr.agreements import signers
from hr.agreements.tables import SigningCode
from kernel.db import Unit
from kernel.errors import Conflict, Unavailable
from kernel.text import Text, say

LASTS = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
DAY = timedelta(days=1)
ATTEMPTS = 5
A_DAY = 10
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a code is for: who (`holder`, a login) does what (`open`, `sign`) with which document as which signer."""

    signer_id: int
    holder: str
    purpose: str
    document_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a code: the row that it fits, or why it is refused. `spent` tells that a wrong one was counted."""

    code_id: int | None = None
    refusal: Text | None = None
    spent: bool = False


def new_code(unit: Unit, secret: str, act: Act, *, channel: str, masked: str, at: datetime) -> tuple[int, str]:
    """A fresh code and its row; former ones for the same act are void. Raises Unavailable within the minute and beyond
    ten a day, for each purpose by itself.
    """
    signers.lock(unit, act.signer_id)
    _refuse_too_many(unit, act, at)
    unit.run(
        "update signing_code set void_at = %s where signer_id = %s and holder = %s and purpose = %s"
        " and used_at is null and void_at is null",
        (at, act.signer_id, act.holder, act.purpose),
    )
    plain = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = SigningCode(
        **_columns(act),
        digest=_digest(secret, act, plain),
        channel=channel,
        address_masked=masked,
        sent_at=at,
        expires_at=at + LASTS,
    )
    unit.session.add(row)
    unit.flush()
    assert row.id is not None
    return row.id, plain


def void(unit: Unit, code_id: int, at: datetime) -> None:
    """The code could not be sent, or must not work any more."""
    unit.run("update signing_code set void_at = %s where id = %s and used_at is null", (at, code_id))


def void_elsewhere(unit: Unit, act: Act, reached: Sequence[str], at: datetime) -> None:
    """Codes for this act that went anywhere but to these masked addresses work no more."""
    signers.lock(unit, act.signer_id)
    unit.run(
        "update signing_code set void_at = %s where signer_id = %s and holder = %s and purpose = %s"
        " and used_at is null and void_at is null and address_masked <> all(%s)",
        (at, act.signer_id, act.holder, act.purpose, list(reached)),
    )


def check(unit: Unit, secret: str, act: Act, plain: str, at: datetime) -> Verdict:
    """Whether the code fits the act now. A wrong one is counted: the caller commits also when it is refused."""
    signers.lock(unit, act.signer_id)
    row = _latest(unit, act)
    if row is None:
        return Verdict(refusal=say("No code was sent to you for this. Have one sent first."))
    stale = _stale(row, act, at)
    if stale is not None:
        return Verdict(refusal=stale)
    if hmac.compare_digest(row.digest, _digest(secret, act, plain.strip())):
        return Verdict(code_id=row.id)
    row.attempts += 1
    left = ATTEMPTS - row.attempts
    if left <= 0:
        row.void_at = at
    unit.flush()
    wrong = say("The code is wrong. Check it and enter it again; {left} attempts are left.", left=left)
    over = say("The code was wrong {times} times and is void now. Have a new one sent.", times=ATTEMPTS)
    return Verdict(refusal=wrong if left > 0 else over, spent=True)


def use(unit: Unit, code_id: int, at: datetime) -> None:
    """Note that the code has been used. Raises Conflict where it was used, or became void, since it was checked."""
    done = unit.run(
        "update signing_code set used_at = %s where id = %s and used_at is null and void_at is null", (at, code_id)
    )
    if not done:
        raise Conflict(say("This code has been used already. Reload the page; nothing was changed."))


def sent_until(unit: Unit, act: Act, at: datetime) -> datetime | None:
    """Until when the code that was last sent for this act works, if it does."""
    row = _latest(unit, act)
    return row.expires_at if row is not None and _stale(row, act, at) is None else None


def _latest(unit: Unit, act: Act) -> SigningCode | None:
    chosen = select(SigningCode).where(
        col(SigningCode.signer_id) == act.signer_id,
        col(SigningCode.holder) == act.holder,
        col(SigningCode.purpose) == act.purpose,
    )
    newest = chosen.order_by(col(SigningCode.id).desc()).limit(1).with_for_update()
    return unit.session.exec(newest.execution_options(populate_existing=True)).first()


def _stale(row: SigningCode, act: Act, at: datetime) -> Text | None:
    if row.used_at is not None:
        return say("This code has been used already. Have a new one sent.")
    if row.void_at is not None:
        return say("This code is void. Have a new one sent.")
    if row.expires_at <= at:
        return say("This code is too old: it lasted {minutes} minutes. Have a new one sent.", minutes=_minutes(LASTS))
    if row.document_hash != act.document_hash:
        return say(
            "The document has changed since this code was sent: someone else has signed it. Look at it again, then "
            "have a new code sent."
        )
    return None


def _refuse_too_many(unit: Unit, act: Act, at: datetime) -> None:
    """Each purpose is counted by itself: whoever has the link can have codes sent that open it, and must not use up
    those that sign. Wrong tries do not end the pause; a code that could not be sent does.
    """
    recent, today = unit.one(
        "select count(*) filter (where sent_at > %s and used_at is null and holder = %s"
        "                          and (void_at is null or attempts >= %s)), count(*)"
        "  from signing_code where signer_id = %s and purpose = %s and sent_at > %s",
        (at - PAUSE, act.holder, ATTEMPTS, act.signer_id, act.purpose, at - DAY),
    )
    if recent:
        raise Unavailable(say("A code was sent to you within the last minute. Wait for it before you ask again."))
    if today >= A_DAY:
        raise Unavailable(
            say("{most} codes were sent for this agreement within a day, which is the most. Try tomorrow.", most=A_DAY)
        )


def _digest(secret: str, act: Act, plain: str) -> bytes:
    key = hmac.digest(secret.split()[0].encode(), b"jiaojie signing code", "sha256")
    told = "\n".join((plain, str(act.signer_id), act.holder, act.document_hash, act.purpose))
    return hmac.digest(key, told.encode(), "sha256")


def _columns(act: Act) -> dict[str, Any]:
    return {
        "signer_id": act.signer_id,
        "holder": act.holder,
        "purpose": act.purpose,
        "document_hash": act.document_hash,
    }


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
