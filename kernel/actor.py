"""Who is acting: written into every journal row, asked by every permission."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["person", "client", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The subject of a command.

    `id` is the login of a person, the id of an API client, or the name of a part of the product.
    `groups` are names such as `hr` or `it`. `ip` and `agent` come from the request, where there is one. `batch` is the
    key of a batch operation that acts in the name of who made it.
    """

    id: str
    kind: Kind = "person"
    name: str = ""
    groups: frozenset[str] = field(default_factory=frozenset)
    ip: str | None = None
    agent: str | None = None
    batch: int | None = None

    def has(self, *groups: str) -> bool:
        """True if the actor belongs to at least one of the groups."""
        return not self.groups.isdisjoint(groups)


def system(name: str) -> Actor:
    """A part of the product that acts by itself: `system('timer')`."""
    return Actor(id=name, kind="system", name=name)
