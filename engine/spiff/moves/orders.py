"""What can be changed by hand in an instance: activate, move, terminate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.model import Values

Rule = Literal["inferred", "parent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activate:
    """A token comes to `element`, whatever leads there. A join does not wait for others then.

    `variables` are set before, by the id of the scope that gets them: the element, a sub-process around it, or ""
    for the process. `ancestor` is the token of an active sub-process around the element, 0 for the process; all that
    lies between it and the element begins anew. None takes the nearest that is active, which has to be the only one.
    """

    element: str
    variables: Mapping[str, Values] = field(default_factory=dict)
    ancestor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Each token of `source`, an element's id or one token, is terminated, and `target` activated in its place.

    `ancestor` is a token as for Activate, `parent` for the scope that the source lies in, or `inferred` for the nearest
    scope around both. The source's own variables end with it.
    """

    source: str | int
    target: str
    variables: Mapping[str, Values] = field(default_factory=dict)
    ancestor: int | Rule = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate:
    """All tokens at an element, or one token, with all that runs inside."""

    what: str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """What is to be done in one turn."""

    activate: tuple[Activate, ...] = ()
    move: tuple[Move, ...] = ()
    terminate: tuple[Terminate, ...] = ()
