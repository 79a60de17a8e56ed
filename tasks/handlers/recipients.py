"""Who a message goes to: logins, and groups written `group:hr`."""

from collections.abc import Iterable
from dataclasses import dataclass

from kernel.db import Unit

GROUP = "group:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Someone to tell. `mail` and `phone` are empty where none is on file."""

    login: str
    name: str
    mail: str
    phone: str


# A member of staff without an account is still written to; the account of a desk, such as `hr`, has no employee.
_FOUND = """
select coalesce(e.login, a.login), coalesce(e.name, a.name), coalesce(e.mail, ''), coalesce(e.phone, ''),
       coalesce(a.groups, '{}')
  from employee e full join account a on a.login = e.login
 where coalesce(e.login, a.login) = any(%s) or (a.active and a.groups && %s::text[])
 order by 1
"""


def resolve(unit: Unit, to: Iterable[str]) -> tuple[list[Recipient], list[str]]:
    """The recipients, each once in the order they were named, and the entries of `to` that reach nobody."""
    entries = list(dict.fromkeys(entry for entry in to if entry))
    groups = [entry.removeprefix(GROUP) for entry in entries if entry.startswith(GROUP)]
    rows = unit.all(_FOUND, (entries, groups))
    found: dict[str, Recipient] = {}
    nobody: list[str] = []
    for entry in entries:
        meant = [row for row in rows if _means(entry, row)]
        if not meant:
            nobody.append(entry)
        for login, name, mail, phone, _ in meant:
            found.setdefault(login, Recipient(login=login, name=name, mail=mail, phone=phone))
    return list(found.values()), nobody


def _means(entry: str, row: tuple[str, str, str, str, list[str]]) -> bool:
    if entry.startswith(GROUP):
        return entry.removeprefix(GROUP) in row[4]
    return entry == row[0]
