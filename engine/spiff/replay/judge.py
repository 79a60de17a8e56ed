"""After each turn: do the case and its replay still go the same way, and if not, where did they part."""

from collections import Counter
from collections.abc import Sequence

from engine.model import Incident, Timer, Work
from engine.spiff.replay.ledger import Ledger, Passage, passages
from engine.spiff.replay.pairing import Pairing
from engine.spiff.replay.twin import Twin
from engine.spiff.replay.words import Parted, named_each, other_way, unanswered
from kernel.text import Text, say


class Judge:
    """Looks at both after each turn. Its methods raise Parted."""

    def __init__(self, pairing: Pairing, old: Twin, new: Twin) -> None:
        self._pairing, self._old, self._new = pairing, old, new
        self.ledger = Ledger(pairing)

    def turned(self, case: Sequence[Passage]) -> None:
        """A turn is over: `case` is what the case passed in it, nothing where only the replay moved."""
        outcome = self._new.outcome
        assert outcome is not None
        replayed = passages((event.kind, event.element, event.token) for event in outcome.events)
        conflict = self.ledger.enter(case, replayed)
        if conflict is not None:
            raise other_way(self._pairing, conflict, self._old, self._new)
        self._stops()
        ahead, owed = self.ledger.ahead, self.ledger.owed
        if ahead is not None:
            self._runs_ahead(ahead)
        elif owed is not None:
            self._lags(owed)

    def standing(self) -> None:
        """The journal is at its end: the case waits, or is over, where its replay does."""
        owed = self.ledger.owed
        if owed is not None:
            raise self._does_not_come(owed)
        self._has_no_place()
        was = Counter(self._pairing.images[work.element] for work in _open(self._old))
        now = Counter(work.element for work in _open(self._new) if work.element in self._pairing.sources)
        missing, more = [*(was - now)], [*(now - was)]
        if missing or more:
            element = (missing or more)[0]
            raise Parted(
                "OTHER",
                self._pairing.sources[element],
                say(
                    "It waits at {now} where the case waits at {was}.",
                    now=self.waits(),
                    was=named_each([self._pairing.old.named(work.element) for work in _open(self._old)]),
                ),
            )

    def waits(self) -> Text:
        """Where the replay waits."""
        return named_each([self._pairing.new.named(work.element) for work in self._new.work.values()])

    # -- how they can part

    def _stops(self) -> None:
        """An incident that the case did not have."""
        was = Counter(self._pairing.images.get(work.element) for work in _incidents(self._old))
        for work in _incidents(self._new):
            if was[work.element] > 0:
                was[work.element] -= 1
                continue
            raise Parted(
                "OTHER",
                self._pairing.sources.get(work.element, work.element),
                say(
                    "It stops at {element} with an incident: {message}",
                    element=self._pairing.new.named(work.element),
                    message=work.message,
                ),
            )

    def _runs_ahead(self, ahead: Passage) -> None:
        self._has_no_place()
        now = Counter(self._pairing.sources.get(work.element) for work in _incidents(self._new))
        for work in _incidents(self._old):
            if not now[work.element]:
                raise Parted(
                    "OTHER",
                    work.element,
                    say(
                        "It does not stop at {element}, where the case had an incident: {message}",
                        element=self._pairing.old.named(work.element),
                        message=work.message,
                    ),
                )
        source = self._pairing.sources[ahead.element]
        element = self._pairing.new.named(ahead.element)
        if ahead.end == "terminated":
            sentence = say("It gives up {element}, which the case did not at that point.", element=element)
        else:
            sentence = say("It passes {element}, which the case did not at that point.", element=element)
        raise Parted("OTHER", source, sentence)

    def _lags(self, owed: Passage) -> None:
        """What the case passed is still to come: perhaps only a timer of the proposed version stands between."""
        if not any(isinstance(work, Timer) and work.element not in self._pairing.sources for work in _open(self._new)):
            raise self._does_not_come(owed)

    def _does_not_come(self, owed: Passage) -> Parted:
        asked = unanswered(self._pairing, self._new)
        if asked is not None:
            return asked
        element = self._pairing.old.named(owed.element)
        if owed.end == "terminated":
            sentence = say("It does not give up {element}, as the case did.", element=element)
        else:
            sentence = say(
                "It does not get past {element}, as the case did; it waits at {places}.",
                element=element,
                places=self.waits(),
            )
        return Parted("OTHER", owed.element, sentence)

    def _has_no_place(self) -> None:
        """The case waits at an element that only its own version has."""
        for work in _open(self._old):
            if work.element not in self._pairing.images:
                raise Parted(
                    "CANNOT",
                    work.element,
                    say(
                        "The case waits at {element}, which is not in the proposed version.",
                        element=self._pairing.old.named(work.element),
                    ),
                )


def _open(twin: Twin) -> list[Work]:
    return [work for work in twin.work.values() if not isinstance(work, Incident)]


def _incidents(twin: Twin) -> list[Incident]:
    return [work for work in twin.work.values() if isinstance(work, Incident)]
