"""Two ways compared, passage by passage: what the case did, and what it did again on another version.

A passage is an element that was completed, with the flows that it left by, or one that was cut off. Only elements that
both versions have are compared, each element's passages in their own order, so that branches that run side by side may
take turns as they like. Flows are the same where they lead to the same: see `pairing`.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.spiff.replay.pairing import Pairing, Side

ENDS = {"ELEMENT_COMPLETED": "completed", "ELEMENT_TERMINATED": "terminated"}


@dataclass(slots=True)
class Passage:
    """`nth` counts the passages of an element in one turn, from 0."""

    element: str
    token: int
    end: str
    nth: int = 0
    flows: list[str] = field(default_factory=list)


def passages(events: Iterable[tuple[str, str, int]]) -> list[Passage]:
    """Of the lines of a turn, each as kind, element and token, in the order of their ends."""
    found: list[Passage] = []
    counts: dict[str, int] = defaultdict(int)
    of_token: dict[int, Passage] = {}
    for kind, element, token in events:
        if kind in ENDS:
            of_token[token] = passage = Passage(element, token, ENDS[kind], counts[element])
            counts[element] += 1
            found.append(passage)
        elif kind == "SEQUENCE_FLOW_TAKEN" and token in of_token:
            of_token[token].flows.append(element)
    return found


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same element was passed and left by ways that lead elsewhere: `took` in the case, `takes` in the replay."""

    old: Passage
    new: Passage
    took: tuple[str, ...]
    takes: tuple[str, ...]


class Ledger:
    """`owed` is what the case did and the replay has not, `ahead` the reverse, by shared element and end."""

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._owed: dict[tuple[str, str], deque[Passage]] = defaultdict(deque)
        self._ahead: dict[tuple[str, str], deque[Passage]] = defaultdict(deque)
        self.beside: dict[str, None] = {}  # elements that only the replay passed

    def enter(self, case: Sequence[Passage], replay: Sequence[Passage]) -> Conflict | None:
        """Take in what both did in a turn. Gives the first passage whose ways part."""
        conflicts = [*self._settle(case, self._pairing.old, self._ahead, self._owed)]
        conflicts += self._settle(replay, self._pairing.new, self._owed, self._ahead)
        return conflicts[0] if conflicts else None

    def _settle(
        self,
        done: Sequence[Passage],
        side: Side,
        waiting: dict[tuple[str, str], deque[Passage]],
        left: dict[tuple[str, str], deque[Passage]],
    ) -> Iterator[Conflict]:
        for passage in done:
            if passage.element not in side.shared:
                if side is self._pairing.new and passage.end == "completed":
                    self.beside[passage.element] = None
                continue
            key = side.shared[passage.element], passage.end
            if not waiting[key]:
                left[key].append(passage)
                continue
            other = waiting[key].popleft()
            old, new = (passage, other) if side is self._pairing.old else (other, passage)
            conflict = self._compared(old, new)
            if conflict is not None:
                yield conflict

    def _compared(self, old: Passage, new: Passage) -> Conflict | None:
        """Each flow of one needs a flow of the other that leads to the same; what leads to nothing shared is free."""
        took = [flow for flow in old.flows if self._pairing.old.leads(flow)]
        takes = [flow for flow in new.flows if self._pairing.new.leads(flow)]
        for flow in list(took):
            leads = self._pairing.old.leads(flow)
            alike = next((other for other in takes if leads & self._pairing.new.leads(other)), None)
            if alike is not None:
                took.remove(flow)
                takes.remove(alike)
        if not took and not takes:
            return None
        others = [flow for flow in new.flows if not self._pairing.new.leads(flow)]
        return Conflict(old, new, tuple(took), tuple(takes or (others if took else ())))

    @property
    def owed(self) -> Passage | None:
        """The first passage of the case that the replay has not done."""
        return _first(self._owed)

    @property
    def ahead(self) -> Passage | None:
        """The first passage of the replay that the case has not done."""
        return _first(self._ahead)


def _first(found: dict[tuple[str, str], deque[Passage]]) -> Passage | None:
    return min((queue[0] for queue in found.values() if queue), key=lambda passage: passage.token, default=None)
