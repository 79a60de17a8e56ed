"""What one turn does, collected while it runs."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from engine.model import (
    Event,
    Incident,
    Reference,
    Signal,
    Thrown,
    Value,
    Values,
    VariableChange,
    Work,
)
from kernel.clock import read_in

_EVENT = tuple.__new__  # a turn makes several: the class's own constructor costs twice as much


class Host(Protocol):
    """What a run asks of the world. It is handed in with every start and load."""

    def now(self) -> datetime: ...

    def decide(self, reference: Reference, inputs: Values) -> tuple[Value, Values]:
        """The decision's result and its trace. Raises LookupError or kernel.errors.Refusal with a sentence."""
        ...


class Turn:
    """The difference that a turn makes. Work that opens and closes within it is never told."""

    __slots__ = ("_closed", "_opened", "events", "host", "signals", "thrown", "variables")

    def __init__(self, host: Host) -> None:
        self.host = host
        self._opened: dict[tuple[int, int], Work] = {}
        self._closed: list[tuple[int, int]] = []
        self.events: list[Event] = []
        self.variables: dict[tuple[int, str], VariableChange] = {}
        self.signals: list[Signal] = []
        self.thrown: list[Thrown] = []

    def open(self, work: Work) -> None:
        """An element starts to wait for this."""
        self._opened[work.token, getattr(work, "index", 0)] = work

    def close(self, token: int, index: int = 0) -> None:
        """An element waits for this no longer."""
        if self._opened.pop((token, index), None) is None:
            self._closed.append((token, index))

    @property
    def zone(self) -> tzinfo:
        """Where cron and `today()` read the clock: the host's `zone` if it has one, else UTC."""
        zone: tzinfo = getattr(self.host, "zone", UTC)
        return zone

    def now(self) -> datetime:
        """The instant of the turn as the organisation reads it: the clock of expressions."""
        return read_in(self.zone, self.host.now())

    @property
    def opened(self) -> list[Work]:
        return list(self._opened.values())

    @property
    def closed(self) -> list[tuple[int, int]]:
        return self._closed

    def event(self, kind: str, element: str, token: int, data: Mapping[str, Value] | None = None) -> None:
        """A line of history."""
        self.events.append(_EVENT(Event, (kind, element, token, data)))

    def variable(self, scope: int, name: str, before: Value, after: Value, *, created: bool) -> None:
        """A variable got another value."""
        self.variables[scope, name] = _EVENT(VariableChange, (scope, name, after))
        data = {"name": name, "after": after} if created else {"name": name, "before": before, "after": after}
        self.events.append(_EVENT(Event, ("VARIABLE_CREATED" if created else "VARIABLE_UPDATED", "", scope, data)))

    def incident(self, token: int, element: str, kind: str, message: str) -> None:
        """An element stopped and waits for someone to mend it."""
        self.open(Incident(token=token, element=element, kind=kind, message=message))
        self.event("INCIDENT_CREATED", element, token, {"kind": kind, "message": message})
