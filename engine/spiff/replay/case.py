"""One case replayed: its own version and the proposed one side by side, act by act, until their ways part.

The case's own version runs along because it knows where every token of the journal is: an answer is given to the token
of the proposed version that stands in the same place. It is also the proof of the replay itself: where it does not do
what the journal tells, no word is said about the proposed version.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from engine.model import Call, Incident, Job, Subscription, Timer, Values
from engine.spiff.model import Model
from engine.spiff.replay import acts as journal
from engine.spiff.replay.acts import Act, Line, Remembered
from engine.spiff.replay.judge import Judge
from engine.spiff.replay.ledger import passages
from engine.spiff.replay.pairing import Pairing
from engine.spiff.replay.places import Places, instant
from engine.spiff.replay.twin import Answer, Place, Scene, Twin
from engine.spiff.replay.words import Parted, Replayed, minute
from kernel.errors import Refusal
from kernel.text import say

MOST_ACTS = 5_000
MOST_FIRINGS = 200  # of timers that only the proposed version has, between two acts
SECONDS = 5.0


def replay(
    lines: Sequence[Line],
    old: Model,
    new: Model,
    images: Mapping[str, str],
    *,
    decide: Answer,
    zone: tzinfo,
    returns: Mapping[int, Values],
    seconds: float = SECONDS,
) -> Replayed:
    """What a case would do on another version, given the same from outside at the same times.

    `lines` is its journal from the beginning, `old` the version that it ran on, `images` maps elements of that to those
    of `new`. `decide` answers the decisions of `new`; `returns` has the variables of called processes by the token of
    the call. It stops after so many `seconds` of the processor, and says so. Nothing is written, nothing is called.
    """
    acts = journal.read(lines)
    replayed = _Replay(Pairing(old, new, images), decide, zone, returns)
    done, until = 0, time.thread_time() + seconds
    try:
        for done, act in enumerate(acts):
            if done >= MOST_ACTS or time.thread_time() > until:
                raise Parted("CANNOT", act.element, say("The case is too long to be replayed to its end."))
            replayed.do(act)
        done = len(acts)
        replayed.judge.standing()
    except Parted as parted:
        return Replayed(
            verdict=parted.verdict,
            element=parted.element,
            sentence=parted.sentence,
            beside=tuple(replayed.judge.ledger.beside),
            acts=done,
        )
    return Replayed(verdict="SAME", beside=tuple(replayed.judge.ledger.beside), acts=done)


class _Replay:
    def __init__(self, pairing: Pairing, decide: Answer, zone: tzinfo, returns: Mapping[int, Values]) -> None:
        self._pairing = pairing
        self._remembered = Remembered()
        self._returns = returns
        self._old = Twin(pairing.old.model, Scene(self._remembered.answer, zone))
        self._new = Twin(pairing.new.model, Scene(decide, zone))
        self._places = Places(pairing, self._old, self._new)
        self.judge = Judge(pairing, self._old, self._new)

    def do(self, act: Act) -> None:
        """Let both live through an act, and compare. Raises Parted."""
        if act.kind in journal.CUTS:
            told = say("The case was changed by hand at {at}; what came after cannot be replayed.", at=minute(act.at))
            raise Parted("CANNOT", act.element, told)
        if act.kind != journal.START:
            self._let_time_pass(act.at)
        self._remembered.recall(act)
        self._old.scene.at = self._new.scene.at = act.at
        try:
            happened = HANDLERS[act.kind](self, act)
        except Refusal as refusal:
            raise Parted("CANNOT", act.element, say("{reason}", reason=refusal.message)) from refusal
        if happened:
            self._compare(act)

    def _compare(self, act: Act) -> None:
        assert self._old.outcome is not None
        told = passages((line.kind, line.element, line.token) for line in act.lines)
        done = passages((event.kind, event.element, event.token) for event in self._old.outcome.events)
        if told != done:
            raise Parted(
                "CANNOT",
                act.element,
                say(
                    "From {at} on the journal tells something else than the case's own version does today, so that "
                    "nothing can be said of another version.",
                    at=minute(act.at),
                ),
            )
        self.judge.turned(done)

    # -- acts: each is done to both; False where it moves no token

    def _start(self, act: Act) -> bool:
        begun = journal.beginning(act)
        old, new = self._pairing.old.model, self._pairing.new.model
        plain = old.spec.plain_start
        start: str | None = None
        if plain is None or plain.name != begun.element:
            start = self._pairing.images.get(begun.element)
            if start is None or all(known.element != start for known in new.starts):
                raise self._places.gone(begun.element)
        self._old.begin(begun.variables, begun.element, begun.payload)
        self._new.begin(begun.variables, start, begun.payload)
        return True

    def _answered(self, act: Act) -> bool:
        kind = journal.ANSWERS[act.kind]
        place = self._places.of_replay(act, lambda work: isinstance(work, kind))
        work = self._new.work[place]
        if isinstance(work, Job) and work.type != act.data["type"]:
            raise Parted(
                "CANNOT",
                act.element,
                say(
                    "{element} asks a worker for {now}; what is known is the answer of one for {was}.",
                    element=self._pairing.new.named(work.element),
                    now=work.type,
                    was=act.data["type"],
                ),
            )
        if act.kind == "JOB_ERROR_THROWN":
            return self._both("throw_error", act, place, act.data["code"], act.data["message"], act.variables)
        return self._both("complete", act, place, act.variables)

    def _returned(self, act: Act) -> bool:
        place = self._places.of_replay(act, lambda work: isinstance(work, Call))
        self._check_called(act, place)
        if act.kind == "CALL_THREW":
            if act.data["kind"] == "error":
                return self._both("throw_error", act, place, act.data["code"], act.data["message"], act.variables)
            return self._both("throw_escalation", act, place, act.data["code"], act.variables)
        if act.token not in self._returns:
            told = say("What the process called by {element} gave back is not kept any more.", element=act.element)
            raise Parted("CANNOT", act.element, told)
        return self._both("call_ended", act, place, self._returns[act.token])

    def _check_called(self, act: Act, place: Place) -> None:
        was, now = self._old.work.get((act.token, 0)), self._new.work[place]
        if isinstance(was, Call) and isinstance(now, Call) and was.process.id != now.process.id:
            raise Parted(
                "CANNOT",
                act.element,
                say(
                    "{element} calls {now}; what is known is what {was} gave back.",
                    element=self._pairing.new.named(now.element),
                    now=now.process.id,
                    was=was.process.id,
                ),
            )

    def _fired(self, act: Act) -> bool:
        due = instant(act.data["due_at"])
        old = self._places.of_case(act, Timer, lambda work: minute(work.due_at) == minute(due))
        new = self._places.of_replay(act, lambda work: isinstance(work, Timer), old)
        was, now = self._old.work[old], self._new.work[new]
        assert isinstance(was, Timer)
        assert isinstance(now, Timer)
        if act.kind == "TIMER_FIRED" and now.due_at > act.at and now.due_at != was.due_at:
            raise self._other_time(now, was)
        return self._both("trigger", act, new, old=old)

    def _heard(self, act: Act) -> bool:
        old = self._places.of_case(act, Subscription, lambda work: work.name == act.data["name"])
        new = self._places.of_replay(act, lambda work: isinstance(work, Subscription), old)
        was, now = self._old.work[old], self._new.work[new]
        assert isinstance(was, Subscription)
        assert isinstance(now, Subscription)
        if (was.kind, was.name, was.correlation_key) != (now.kind, now.name, now.correlation_key):
            raise Parted(
                "OTHER",
                act.element,
                say(
                    "{element} waits for {now} with the key {key}, and what came was {was} with the key {other}.",
                    element=self._pairing.new.named(now.element),
                    now=now.name,
                    key=now.correlation_key or "-",
                    was=was.name,
                    other=was.correlation_key or "-",
                ),
            )
        return self._both("trigger", act, new, act.variables, old=old)

    def _moved_timer(self, act: Act) -> bool:
        before = instant(act.data["from"])
        old = self._places.of_case(act, Timer, lambda work: work.due_at == before)
        new = self._places.of_replay(act, lambda work: isinstance(work, Timer), old)
        return self._both("move_timer", act, new, instant(act.data["to"]), old=old)

    def _failed(self, act: Act) -> bool:
        old = next((place for place in self._old.work if place[0] == act.token), (act.token, 0))
        new = self._places.of_replay(act, lambda work: not isinstance(work, Incident), old)
        return self._both("fail", act, new, act.data["kind"], act.data["message"])

    def _retried(self, act: Act) -> bool:
        if journal.is_of_a_job(act):
            return False
        place = self._places.of_replay(act, lambda work: isinstance(work, Incident))
        return self._both("retry", act, place)

    def _variables_set(self, act: Act) -> bool:
        local, scope = bool(act.data.get("local")), self._places.scope(act.token)
        self._old.turn("set_variables", act.variables, act.token, local)
        self._new.turn("set_variables", act.variables, scope, local)
        return True

    def _canceled(self, act: Act) -> bool:
        self._old.turn("cancel")
        self._new.turn("cancel")
        return True

    def _both(self, command: str, act: Act, new: Place, *args: Any, old: Place | None = None) -> bool:
        """The same command to both; those about events name their event by its index too."""
        wide = 2 if command in ("trigger", "move_timer") else 1
        self._old.turn(command, *(old or (act.token, 0))[:wide], *args)
        self._new.turn(command, *new[:wide], *args)
        return True

    # -- time

    def _let_time_pass(self, until: datetime) -> None:
        """Fire what comes due in the proposed version before an act, and is not still to come in the case."""
        awaited: set[Place] = set()
        for _ in range(MOST_FIRINGS):
            due = [
                (work.due_at, place)
                for place, work in self._new.work.items()
                if isinstance(work, Timer) and work.due_at <= until and place not in awaited
            ]
            if not due:
                return
            self._come_due(*min(due), awaited)
        told = say(
            "More than {most} timers of the proposed version fire before {at}.", most=MOST_FIRINGS, at=minute(until)
        )
        raise Parted("CANNOT", "", told)

    def _come_due(self, at: datetime, place: Place, awaited: set[Place]) -> None:
        timer, was = self._new.work[place], self._places.timer_of_case(place)
        if was is None:
            self._new.scene.at = at
            self._new.turn("trigger", *place)
            self.judge.turned(())
        elif was.due_at > at:
            assert isinstance(timer, Timer)
            raise self._other_time(timer, was)
        else:
            awaited.add(place)

    def _other_time(self, timer: Timer, was: Timer) -> Parted:
        return Parted(
            "OTHER",
            was.element,
            say(
                "{element} is due at {due}, in the case it was at {was}.",
                element=self._pairing.new.named(timer.element),
                due=minute(timer.due_at),
                was=minute(was.due_at),
            ),
        )


HANDLERS: Mapping[str, Callable[[_Replay, Act], bool]] = {
    journal.START: _Replay._start,
    journal.FAILED: _Replay._failed,
    **dict.fromkeys(journal.ANSWERS, _Replay._answered),
    **dict.fromkeys(journal.RETURNS, _Replay._returned),
    **dict.fromkeys(journal.FIRES, _Replay._fired),
    **dict.fromkeys(journal.HEARS, _Replay._heard),
    "TIMER_MOVED": _Replay._moved_timer,
    "VARIABLES_SET": _Replay._variables_set,
    "INCIDENT_RETRIED": _Replay._retried,
    "INSTANCE_CANCELED": _Replay._canceled,
}
