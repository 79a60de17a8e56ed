"""The address under which a package is played: for one visit of one learner to one lesson, and for a while.

It is a capability: the origin that plays packages knows no session. The token is made anew from the row of the visit
and kept nowhere. Where HR tries a package there is no visit: the token itself tells who tries which one.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hr.training.tables import LearningVisit
from kernel.db import Unit

LASTS = timedelta(hours=8)
TRIAL_LASTS = timedelta(hours=1)
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9a-f]{8,10})\.([0-9a-f]{40})")
# Its proof comes first: by what comes first those are told apart who store too often, and nobody else knows it.
_TRIAL = re.compile(r"([0-9a-f]{40})\.([A-Za-z0-9_-]{1,400})\.([0-9a-f]{64})\.([0-9a-f]{8,10})")
_LENGTH = 40  # hexadecimal digits: 160 bits


@dataclass(frozen=True, slots=True)
class Trial:
    """A package that is tried by somebody of HR: their login, and its hash in the media."""

    login: str
    package: str


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


def trial_token(secret: str, trial: Trial, host: str, at: datetime) -> str:
    """What stands behind `/_content/` for a trial that begins now, good under this host alone."""
    until = int((at + TRIAL_LASTS).timestamp())
    login = urlsafe_b64encode(trial.login.encode()).decode().rstrip("=")
    return f"{_trial_proof(secret.split()[0], trial, until, host)}.{login}.{trial.package}.{until:08x}"


def trial_of(secret: str, token: str, host: str, at: datetime) -> Trial | None:
    """The trial of this token; None for a token of a visit, one that has run out, or was never made for this host."""
    found = _TRIAL.fullmatch(token)
    if found is None:
        return None
    trial, until = Trial(_login(found[2]), found[3]), int(found[4], 16)
    proofs = [_trial_proof(each, trial, until, host) for each in secret.split()]
    genuine = any([hmac.compare_digest(found[1], proof) for proof in proofs])
    return trial if genuine and at < datetime.fromtimestamp(until, UTC) else None


def _login(encoded: str) -> str:
    """Empty for what is none: nothing was ever made for that."""
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        return ""


def _trial_proof(secret: str, trial: Trial, until: int, host: str) -> str:
    key = hmac.digest(secret.encode(), b"jiaojie course package on trial", "sha256")
    return hmac.new(key, f"{trial.package}\n{until}\n{host}\n{trial.login}".encode(), sha256).hexdigest()[:_LENGTH]


def _proof(secret: str, visit: LearningVisit, until: int, host: str) -> str:
    key = hmac.digest(secret.encode(), b"jiaojie course package", "sha256")
    told = f"{visit.id}\n{visit.enrolment}\n{visit.round}\n{visit.lesson}\n{visit.login}\n{until}\n{host}"
    return hmac.new(key, told.encode(), sha256).hexdigest()[:_LENGTH]
