"""Credentials to an actor: a page session, HTTP Basic, or a bearer token.

Argon2 runs at login only. A Basic header that was proved is remembered for ten seconds under a keyed digest, so that a
job worker polling many times a second costs microseconds; the password itself is not kept. A session's row is
remembered for one second: the time that a logout takes to hold in every process.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from api import addresses
from hr.people import accounts
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Database, Unit
from kernel.errors import Forbidden, Refusal
from kernel.text import say

COOKIE = "session"
BROWSER_LASTS = timedelta(hours=12)
BEARER_LASTS = timedelta(hours=1)
REMEMBER_BASIC_SECONDS = 10.0
REMEMBER_SESSION_SECONDS = 1.0
REMEMBERED_MOST = 10_000

Headers = Iterable[tuple[bytes, bytes]]


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credentials are wrong. Pages lead to the login, the API answers 401."""

    code = "UNAUTHORIZED"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and the CSRF token that the request must carry if it came with a cookie."""

    actor: Actor
    csrf: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brings: the header or cookie, where it comes from."""

    authorization: bytes = b""
    cookie: str = ""
    ip: str | None = None
    agent: str | None = None


class Gate:
    """Tells who asks. One a process; its memory is a cache only."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, tuple[float, Visit]] = {}
        self._lock = threading.Lock()

    def visit(self, found: Credentials) -> Visit:
        """The visit that these credentials stand for. Raises Unauthenticated."""
        if found.authorization:
            visit = self._remembered(found.authorization, REMEMBER_BASIC_SECONDS, self._by_header)
        elif found.cookie:
            visit = self._remembered(found.cookie.encode(), REMEMBER_SESSION_SECONDS, self._by_cookie)
        else:
            raise Unauthenticated(say("Sign in first."))
        return Visit(replace(visit.actor, ip=found.ip, agent=found.agent), visit.csrf)

    def sign_in(self, unit: Unit, login: str, password: str) -> tuple[str, str]:
        """Start a browser session: the cookie's value and the CSRF token. Raises Unauthenticated."""
        account = accounts.verify(unit, login, password)
        if account is None:
            raise Unauthenticated(say("Login or password is wrong. Check both and try again."))
        return self._begin(unit, "browser", account.login, BROWSER_LASTS)

    def grant(self, unit: Unit, client: str, secret: str) -> tuple[str, int]:
        """A bearer token for client credentials, and the seconds it lasts. Raises Unauthenticated."""
        known = "\0" not in client  # PostgreSQL has no such text
        row = unit.one("select secret_hash from api_client where id = %s and active", (client,)) if known else None
        if row is None or not _proves(row[0], secret):
            raise Unauthenticated(say("Client id or secret is wrong."))
        token, _ = self._begin(unit, "bearer", client, BEARER_LASTS)
        return token, int(BEARER_LASTS.total_seconds())

    def sign_out(self, unit: Unit, cookie: str) -> None:
        """End the session of this cookie, now in this process and within a second in the others."""
        unit.run("delete from session where id = %s", (_digest(cookie),))
        with self._lock:
            self._seen.pop(self._name(cookie.encode()), None)

    def _begin(self, unit: Unit, kind: str, login: str, lasts: timedelta) -> tuple[str, str]:
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._clock.now()
        unit.run("delete from session where expires_at < %s", (now,))
        unit.run(
            "insert into session(id, kind, login, csrf, created_at, expires_at) values(%s, %s, %s, %s, %s, %s)",
            (_digest(token), kind, login, csrf, now, now + lasts),
        )
        return token, csrf

    def _remembered(self, secret: bytes, seconds: float, prove: "Callable[[Unit, bytes], Visit]") -> Visit:
        name, now = self._name(secret), time.monotonic()
        hit = self._seen.get(name)
        if hit is not None and hit[0] > now:
            return hit[1]
        with self._database.transaction() as unit:
            visit = prove(unit, secret)
        with self._lock:
            if len(self._seen) > REMEMBERED_MOST:
                self._seen.clear()
            self._seen[name] = (now + seconds, visit)
        return visit

    def _name(self, secret: bytes) -> bytes:
        return hmac.digest(self._key, secret, "sha256")

    def _by_header(self, unit: Unit, header: bytes) -> Visit:
        scheme, _, rest = header.decode("latin-1").partition(" ")
        if scheme.lower() == "basic":
            return Visit(_by_basic(unit, rest))
        if scheme.lower() == "bearer":
            return Visit(self._by_token(unit, "bearer", rest)[0])
        raise Unauthenticated(say("Authorization is neither Basic nor Bearer."))

    def _by_cookie(self, unit: Unit, cookie: bytes) -> Visit:
        actor, csrf = self._by_token(unit, "browser", cookie.decode("latin-1"))
        return Visit(actor, csrf)

    def _by_token(self, unit: Unit, kind: str, token: str) -> tuple[Actor, str]:
        row = unit.one(
            "select s.login, s.csrf, coalesce(a.groups, c.groups), coalesce(e.name, a.name, c.name), c.id is not null"
            " from session s left join account a on s.kind = 'browser' and a.login = s.login and a.active"
            " left join employee e on e.login = a.employee"
            " left join api_client c on s.kind = 'bearer' and c.id = s.login and c.active"
            " where s.id = %s and s.kind = %s and s.expires_at > %s and coalesce(a.login, c.id) is not null",
            (_digest(token), kind, self._clock.now()),
        )
        if row is None:
            raise Unauthenticated(say("The session is over. Sign in again."))
        login, csrf, groups, name, client = row
        return Actor(id=login, kind="client" if client else "person", name=name, groups=frozenset(groups)), csrf


def _by_basic(unit: Unit, text: str) -> Actor:
    try:
        login, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Unauthenticated(say("The Basic credentials cannot be read.")) from None
    account = None if "\0" in login else accounts.verify(unit, login, password)
    if account is None:
        raise Unauthenticated(say("Login or password is wrong. Check both and try again."))
    return Actor(id=account.login, name=account.name, groups=frozenset(account.groups))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _proves(stored: str, secret: str) -> bool:
    try:
        return PasswordHasher().verify(stored, secret)
    except VerificationError:
        return False


def check_origin(visit: Visit, origin: str, host: str) -> None:
    """A request with credentials in its header comes from no other site's page. Raises Forbidden."""
    if visit.csrf is None and origin and addresses.parts(origin).netloc != host:
        raise Forbidden(say("This call comes from a page of {origin}, which may not act here.", origin=origin))


def check_csrf(visit: Visit, sent: str) -> None:
    """A request that came with a cookie and changes something carries the session's token. Raises Forbidden."""
    if visit.csrf is not None and not hmac.compare_digest(visit.csrf.encode(), sent.encode()):
        raise Forbidden(say("This page is too old to be sent. Reload it and send it again; nothing was changed."))
