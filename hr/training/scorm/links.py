"""The address under which a package is played: for one visit of one learner to one lesson, and for a while.

It is a capability: the origin that plays packages knows no session. The token is made anew from the row of the visit
and kept nowhere.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hr.training.tables import LearningVisit
from kernel.db import Unit

LASTS = timedelta(hours=8)
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9a-f]{8,10})\.([0-9a-f]{40})")
_LENGTH = 40  # hexadecimal digits: 160 bits


def token(secret: str, visit: LearningVisit, host: str) -> str:
    """What stands behind `/_content/`, good under this host alone. `secret`: the present one, then former ones."""
    until = int((visit.opened_at + LASTS).timestamp())
    return f"{visit.id}.{until:08x}.{_proof(secret.split()[0], visit, until, host)}"


def visit_of(unit: Unit, secret: str, token: str, host: str, at: datetime) -> LearningVisit | None:
    """The visit of this token, over or not; None for a token that has run out, or was never made for this host."""
    found = _TOKEN.fullmatch(token)
    visit = unit.session.get(LearningVisit, found[1], populate_existing=True) if found else None
    if found is None or visit is None:
        return None
    until = int(found[2], 16)
    proofs = [_proof(each, visit, until, host) for each in secret.split()]
    genuine = any([hmac.compare_digest(found[3], proof) for proof in proofs])
    return visit if genuine and at < datetime.fromtimestamp(until, UTC) else None


def _proof(secret: str, visit: LearningVisit, until: int, host: str) -> str:
    key = hmac.digest(secret.encode(), b"jiaojie course package", "sha256")
    told = f"{visit.id}\n{visit.enrolment}\n{visit.round}\n{visit.lesson}\n{visit.login}\n{until}\n{host}"
    return hmac.new(key, told.encode(), sha256).hexdigest()[:_LENGTH]
