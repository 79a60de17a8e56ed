"""Lists of people as they are pasted or meant: logins, staff numbers and names in any order, or a whole department."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hr.people import org
from hr.people.org import Person
from kernel.db import Unit

MOST = 2000  # of one list
_BETWEEN = re.compile(r"[\s,;，、；|]+")
_KNOWN = """
select w.word, array_agg(e.login order by e.no)
  from unnest(%s::text[]) w(word) join employee e on w.word in (e.login, e.no, e.name) and e.left_on is null
 group by w.word
"""
_BELOW = """
with recursive below(id) as (
  select id from department where id = %s union select d.id from department d join below b on d.parent = b.id
)
select e.login from employee e join below b on b.id = e.department where e.left_on is null order by e.no limit %s
"""


@dataclass(frozen=True, slots=True)
class Meant:
    """The present employees of a list, each once, in its order; the words that fit nobody; those that fit several."""

    people: tuple[Person, ...]
    unknown: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def of_text(unit: Unit, text: str) -> Meant:
    """Who is meant by a pasted list. A name that several bear is told and not guessed. At most MOST words are read."""
    words = list(dict.fromkeys(word for word in _BETWEEN.split(text) if word))[:MOST]
    known = dict(unit.all(_KNOWN, (words,)))
    single = [known[word][0] for word in words if len(known.get(word, ())) == 1]
    return Meant(
        people=_people(unit, single),
        unknown=tuple(word for word in words if word not in known),
        several=tuple(word for word in words if len(known.get(word, ())) > 1),
    )


def of_department(unit: Unit, id: str) -> Meant:
    """The present employees of a department and of all below it, by number."""
    return Meant(people=_people(unit, [login for (login,) in unit.all(_BELOW, (id, MOST))]))


def _people(unit: Unit, logins: Sequence[str]) -> tuple[Person, ...]:
    known = org.people(unit, logins)
    return tuple(known[login] for login in dict.fromkeys(logins))
