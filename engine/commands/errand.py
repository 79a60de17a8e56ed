"""What one turn owes another instance, as a worker holds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.store import leases as sql
from engine.turn import Engine, Turned
from kernel.actor import system
from kernel.db import Unit

ENGINE = system("engine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A row of `follow_up` under a lease. Whatever does it removes the row in the same commit."""

    key: int
    kind: str
    instance_key: int | None
    token: int | None
    payload: dict[str, Any]
    lease: int
    attempts: int = 0

    @property
    def target(self) -> int:
        """The instance that it is for."""
        if self.instance_key is None:
            raise LookupError(f"errand {self.key} ({self.kind}) names no instance")
        return self.instance_key


Handler = Callable[[Engine, Unit, Errand], list[Turned]]


def read(unit: Unit, key: int, lease: int) -> Errand | None:
    """The errand, if it is still there and still held under this lease."""
    row = unit.one(sql.READ_FOLLOW_UP, (key, lease))
    if row is None:
        return None
    key, kind, instance_key, token, payload, attempts = row
    return Errand(
        key=key, kind=kind, instance_key=instance_key, token=token, payload=payload, lease=lease, attempts=attempts
    )


def drop(unit: Unit, errand: Errand) -> list[Turned]:
    """Nothing is left to do."""
    unit.run(sql.DROP_FOLLOW_UP, (errand.key, errand.lease))
    return []
