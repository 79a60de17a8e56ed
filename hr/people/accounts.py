"""Accounts: who may sign in, and to which groups they belong. Passwords are Argon2id (RFC 9106)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hr.people.tables import Account
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

GROUPS = ("employee", "hr", "hr-head", "it", "administration", "finance", "seal", "designer", "admin")
SHORTEST_PASSWORD = 8

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The Argon2id hash of a password. Takes tens of milliseconds on purpose."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(say("A password has at least {length} characters.", length=SHORTEST_PASSWORD))
    return _hasher.hash(password)


def create(
    unit: Unit,
    login: str,
    *,
    password_hash: str,
    groups: tuple[str, ...] = ("employee",),
    name: str = "",
    employee: str | None = None,
    clock: Clock,
) -> Account:
    """A new account. Raises Conflict if the login is taken, Invalid for a group that does not exist."""
    _refuse_strange(groups)
    if unit.one("select 1 from account where login = %s", (login,)):
        raise Conflict(say("The login {login} is taken. Choose another.", login=login))
    account = Account(
        login=login,
        password_hash=password_hash,
        groups=sorted(groups),
        name=name or login,
        employee=employee,
        created_at=clock.now(),
    )
    unit.session.add(account)
    unit.session.flush()
    return account


def find(unit: Unit, login: str) -> Account | None:
    return unit.session.get(Account, login)


def verify(unit: Unit, login: str, password: str) -> Account | None:
    """The active account with this login and password, else None. An unknown login takes as long as a known one."""
    account = unit.session.get(Account, login)
    known = account is not None and account.active
    hashed = account.password_hash if account is not None and known else _nobody()
    try:
        _hasher.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account if known else None


@cache
def _nobody() -> str:
    return _hasher.hash("the password of an account that does not exist")


def set_password(unit: Unit, login: str, password: str) -> None:
    _found(unit, login).password_hash = hash_password(password)
    unit.flush()


def set_groups(unit: Unit, login: str, groups: tuple[str, ...]) -> None:
    """Put an account into these groups and no others. Raises Invalid for a group that does not exist."""
    _refuse_strange(groups)
    _found(unit, login).groups = sorted(set(groups))
    unit.flush()


def set_active(unit: Unit, login: str, active: bool) -> None:
    """Let an account sign in, or not."""
    _found(unit, login).active = active
    unit.flush()


def _refuse_strange(groups: tuple[str, ...]) -> None:
    strange = sorted(set(groups) - set(GROUPS))
    if strange:
        raise Invalid(say("There is no group {group}. Groups are: {known}.", group=strange[0], known=", ".join(GROUPS)))


def _found(unit: Unit, login: str) -> Account:
    account = unit.session.get(Account, login)
    if account is None:
        raise NotFound(say("There is no account {login}.", login=login))
    return account
