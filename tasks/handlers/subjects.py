"""What several orders share: the person who leaves, and the people around."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """The variable `employee`, as far as handlers read it."""

    no: str
    login: str
    name: str = ""
    family: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """The variables `manager`, `departmentHead` and `recipient`."""

    login: str
    name: str = ""
