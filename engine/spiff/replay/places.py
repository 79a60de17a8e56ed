"""Where an act of the case belongs in the proposed version: at the token that stands where the case's token stood."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.model import Timer, Work
from engine.spiff.replay.acts import Act
from engine.spiff.replay.pairing import Pairing, Side
from engine.spiff.replay.twin import Place, Twin
from engine.spiff.replay.words import Parted, minute, named_each, unanswered
from kernel.text import say

Fits = Callable[[Any], bool]


class Places:
    """Of both versions. Its methods raise Parted where there is no such place."""

    def __init__(self, pairing: Pairing, old: Twin, new: Twin) -> None:
        self._pairing, self._old, self._new = pairing, old, new

    def of_case(self, act: Act, kind: type, fits: Fits) -> Place:
        """What the case waited for at the act's token: of several the one that fits."""
        found = [
            place
            for place, work in self._old.work.items()
            if place[0] == act.token and isinstance(work, kind) and work.element == act.element
        ]
        if not found:
            raise self.gone(act.element)
        return next((place for place in found if fits(self._old.work[place])), found[0])

    def of_replay(self, act: Act, fits: Fits, old: Place | None = None) -> Place:
        """The place in the proposed version. `fits` tells which open work could be meant."""
        place = old or (act.token, 0)
        element = act.element or (self._old.work[place].element if place in self._old.work else "")
        image = self._pairing.images.get(element)
        if image is None:
            raise self.gone(element)
        kin, others = _at(self._old, element, fits), _at(self._new, image, fits)
        found = self._like(place, kin, others, self._pairing.old, self._pairing.new)
        if found is None:
            raise unanswered(self._pairing, self._new) or Parted(
                "CANNOT",
                element,
                say(
                    "{element} does not wait for what the case did there at {at}; it waits at {places}.",
                    element=self._pairing.new.named(image),
                    at=minute(act.at),
                    places=named_each([self._pairing.new.named(work.element) for work in self._new.work.values()]),
                ),
            )
        return found

    def timer_of_case(self, place: Place) -> Timer | None:
        """The timer of the case that is the one at a place of the proposed version, if it runs."""
        element = self._new.work[place].element
        kin, others = _at(self._new, element, _is_timer), _at(self._old, self._pairing.sources.get(element), _is_timer)
        found = self._like(place, kin, others, self._pairing.new, self._pairing.old)
        timer = self._old.work[found] if found is not None else None
        return timer if isinstance(timer, Timer) else None

    def scope(self, token: int) -> int:
        """The token of the proposed version that owns the variables that a token of the case owns."""
        if not token:
            return 0
        here = self._old.paths({token})
        wanted = self._pairing.old.path(here[token]) if token in here else ()
        found = self._new.at_path(wanted, self._pairing.new.path) if wanted else []
        if not found:
            raise Parted("CANNOT", "", say("The step whose variables were set is not there in the proposed version."))
        return found[0]

    def gone(self, element: str) -> Parted:
        """What is raised for an element that only the case's version has."""
        return Parted(
            "CANNOT",
            element,
            say(
                "{element} is not in the proposed version, so that what the case got there has no place.",
                element=self._pairing.old.named(element),
            ),
        )

    def _like(self, place: Place, kin: list[Place], others: list[Place], here: Side, there: Side) -> Place | None:
        """Of `others` the one that stands as `place` does among its kin: on the same path, there in the same order."""
        if len(kin) <= 1 and len(others) <= 1:
            return others[0] if others else None
        twins = (self._old, self._new) if here is self._pairing.old else (self._new, self._old)
        mine, theirs = twins[0].paths({token for token, _ in (*kin, place)}), twins[1].paths({t for t, _ in others})
        if place[0] not in mine:
            return None
        wanted = here.path(mine[place[0]])
        alike = sorted(p for p in kin if here.path(mine[p[0]]) == wanted)
        found = sorted(p for p in others if there.path(theirs[p[0]]) == wanted)
        rank = alike.index(place) if place in alike else 0
        return found[rank] if rank < len(found) else None


def _at(twin: Twin, element: str | None, fits: Fits) -> list[Place]:
    return [place for place, work in twin.work.items() if work.element == element and fits(work)]


def _is_timer(work: Work) -> bool:
    return isinstance(work, Timer)


def instant(written: Any) -> datetime:
    """An instant as the journal has it."""
    return written if isinstance(written, datetime) else datetime.fromisoformat(written)
