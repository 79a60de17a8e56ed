"""Who may come in: accounts of people, clients of programs. Whoever runs the installation keeps them, and everybody
their own password. Each change is evidence in the chain `account/{login}` or `client/{id}`, without what is secret.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from hr.evidence import log
from hr.people import accounts, org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.text import say
from tasks.house import House

CLIENT_GROUPS = ("client",)
_LISTED = """
select a.login, coalesce(e.name, a.name), a.groups, a.active, e.left_on is not null
  from account a left join employee e on e.login = a.employee order by a.login
"""
_WITHOUT = """
select e.login, e.name from employee e
 where e.left_on is null and not exists (select from account a where a.login = e.login or a.employee = e.login)
 order by e.no
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An account as a list tells it. `left` is whether the person has left the company."""

    login: str
    name: str
    groups: tuple[str, ...]
    active: bool
    left: bool


def listed(unit: Unit) -> list[Listed]:
    """Every account, by login."""
    return [
        Listed(login=login, name=name, groups=tuple(groups), active=active, left=left)
        for login, name, groups, active, left in unit.all(_LISTED)
    ]


def add(
    house: House, unit: Unit, login: str, password: str, *, groups: tuple[str, ...], name: str = "", actor: Actor
) -> None:
    """An account for an employee of this login, or with `name` for somebody who is none.

    Raises Conflict for a login that is taken and for who has left, Invalid for a strange group, a short password, and
    a login that is nobody's without a name.
    """
    person = org.person(unit, login)
    if person is not None and person.left_on is not None:
        raise Conflict(say("{name} has left the company and gets no account.", name=person.name))
    if person is None and not name.strip():
        raise Invalid(say("Nobody on file has the login {login}. Say whose account it is: a name.", login=login))
    accounts.create(
        unit,
        login,
        password_hash=accounts.hash_password(password),
        groups=groups,
        name=person.name if person else name.strip(),
        employee=login if person else None,
        clock=house.clock,
    )
    _note(house, unit, login, "account.opened", actor, groups=sorted(groups))


def without(unit: Unit) -> list[tuple[str, str]]:
    """Login and name of everybody present who has no account, by number."""
    return [(login, name) for login, name in unit.all(_WITHOUT)]


def set_groups(house: House, unit: Unit, login: str, groups: tuple[str, ...], *, actor: Actor) -> None:
    """Put an account into these groups and no others. It holds from the next request on. Raises NotFound, Invalid."""
    accounts.set_groups(unit, login, groups)
    _note(house, unit, login, "account.groups", actor, groups=sorted(set(groups)))


def set_password(house: House, unit: Unit, login: str, password: str, *, actor: Actor) -> None:
    """A new password for whoever forgot theirs: their browsers are signed out. Raises NotFound, Invalid."""
    accounts.set_password(unit, login, password)
    _sign_out(unit, login)
    _note(house, unit, login, "password.reset", actor)


def change_password(house: House, unit: Unit, actor: Actor, old: str, new: str, *, cookie: str) -> None:
    """A person's own new password: every other browser is signed out. Raises Forbidden for a wrong old one, Invalid."""
    if accounts.verify(unit, actor.id, old) is None:
        raise Forbidden(say("The present password is wrong. Nothing was changed."))
    accounts.set_password(unit, actor.id, new)
    _sign_out(unit, actor.id, but=cookie)
    _note(house, unit, actor.id, "password.changed", actor)


def set_active(house: House, unit: Unit, login: str, active: bool, *, actor: Actor) -> None:
    """Close an account, or open it again. Whoever is signed in with it is out within a second. Raises NotFound."""
    accounts.set_active(unit, login, active)
    if not active:
        _sign_out(unit, login)
    _note(house, unit, login, "account.reopened" if active else "account.closed", actor)


def add_client(house: House, unit: Unit, id: str, name: str, *, actor: Actor) -> str:
    """A program that calls the API: its secret, told this once. Raises Conflict, and Invalid for an empty id."""
    if not id.strip():
        raise Invalid(say("A client needs an id, such as payroll."))
    if unit.one("select 1 from api_client where id = %s", (id,)):
        raise Conflict(say("The client {id} is there already. Choose another id, or give it a new secret.", id=id))
    secret = secrets.token_urlsafe(32)
    unit.run(
        "insert into api_client(id, name, secret_hash, groups, active) values (%s, %s, %s, %s, true)",
        (id, name.strip() or id, accounts.hash_password(secret), list(CLIENT_GROUPS)),
    )
    _note(house, unit, id, "client.opened", actor, of="client")
    return secret


def renew_client(house: House, unit: Unit, id: str, *, actor: Actor) -> str:
    """A new secret, open where it was closed. The old one and the tokens got with it end. Raises NotFound."""
    secret = secrets.token_urlsafe(32)
    _change_client(unit, id, "secret_hash = %s, active = true", accounts.hash_password(secret))
    _note(house, unit, id, "client.renewed", actor, of="client")
    return secret


def close_client(house: House, unit: Unit, id: str, *, actor: Actor) -> None:
    """The program calls no more. Raises NotFound."""
    _change_client(unit, id, "active = %s", False)
    _note(house, unit, id, "client.closed", actor, of="client")


def clients(unit: Unit) -> list[tuple[str, str, bool]]:
    """Id, name, and whether it is open, of every client."""
    return [(id, name, active) for id, name, active in unit.all("select id, name, active from api_client order by id")]


def _change_client(unit: Unit, id: str, change: str, value: object) -> None:
    if not unit.one(f"update api_client set {change} where id = %s returning id", (value, id)):
        raise NotFound(say("There is no client {id}.", id=id))
    unit.run("delete from session where kind = 'bearer' and login = %s", (id,))


def _sign_out(unit: Unit, login: str, *, but: str = "") -> None:
    kept = hashlib.sha256(but.encode()).digest()
    unit.run("delete from session where kind = 'browser' and login = %s and id <> %s", (login, kept))


def _note(
    house: House,
    unit: Unit,
    who: str,
    event: str,
    actor: Actor,
    *,
    of: Literal["account", "client"] = "account",
    **detail: Any,
) -> None:
    log.append(unit, f"{of}/{who}", event, actor, house.clock.now(), **detail)
