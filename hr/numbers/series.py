"""Numbers that people read out: one after the other in a series, without gaps. And codes that nobody can guess."""

import secrets

from kernel.db import Unit


def next_number(unit: Unit, series: str, *, digits: int) -> str:
    """The next number of a series, without gaps: a unit that fails gives its number back."""
    (last,) = unit.one(
        "insert into running_number as n (series, last) values (%s, 1)"
        " on conflict (series) do update set last = n.last + 1 returning last",
        (series,),
    )
    return f"{series}-{last:0{digits}d}"


def verify_code() -> str:
    """A code for the public page of verification: sixteen hexadecimal digits at random, in four groups."""
    return "-".join(secrets.token_hex(2).upper() for _ in range(4))
