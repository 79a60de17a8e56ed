"""What a token waits for: fixed when it comes to the node, told to the outside, given up when the token leaves.

A wait is a list, as it stands in the state:

    ["t", due in epoch milliseconds, firings left, period]     ["m", message, correlation key]     ["s", signal]
    ["c", whether the condition holds now]     ["error" | "escalation", code or None]     ["cancel", None]
    ["-"] for a timer of several events that has had its last firing
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.model import Subscription, Timer
from engine.spiff.expression import FAILURES, LONGEST_NAME, Fault, is_short, name, shown
from engine.spiff.model import EventDefinition
from engine.spiff.runtime.token import FUTURE, ROOT, WAIT, WAITING, Token
from engine.spiff.scope import Scope
from engine.spiff.timers import Due, first_due
from engine.spiff.turn import Turn
from kernel.text import say

Wait = list[Any]
TOLD = "tms"  # the waits that the outside has to know of


def resolve(events: Iterable[EventDefinition], scope: Scope) -> list[Wait]:
    """The waits of an element, with due times and keys as the variables are now. Raises Fault; changes nothing."""
    return [RESOLVE.get(event.kind, _code)(event, scope) for event in events]


def _timer(event: EventDefinition, scope: Scope) -> Wait:
    assert event.expression is not None
    turn = scope.turn
    due = first_due(event.timer, event.expression(scope), turn.host.now(), turn.zone)
    if due is None:
        raise Fault(
            "EXTRACT_VALUE_ERROR", say("The cycle {text} never fires. Write R1 or more.", text=event.expression.text)
        )
    return ["t", _milliseconds(due.at), due.left, due.period]


def _message(event: EventDefinition, scope: Scope) -> Wait:
    key = "" if event.key is None else event.key(scope)
    if isinstance(key, bool) or not isinstance(key, str | int | float) or not is_short(str(key)):
        text = event.key.text if event.key else ""
        raise Fault(
            "EXTRACT_VALUE_ERROR",
            say(
                "The correlation key {text} gave {value}. Give a number, or a text of at most {most} bytes.",
                text=text,
                value=shown(key),
                most=LONGEST_NAME,
            ),
        )
    return ["m", _name(event, scope), str(key)]


def _signal(event: EventDefinition, scope: Scope) -> Wait:
    return ["s", _name(event, scope)]


def _condition(event: EventDefinition, scope: Scope) -> Wait:
    return ["c", holds(event, scope)]


def _code(event: EventDefinition, scope: Scope) -> Wait:
    return [event.kind, event.code]


RESOLVE = {"timer": _timer, "message": _message, "signal": _signal, "condition": _condition}


def _name(event: EventDefinition, scope: Scope) -> str:
    assert event.name is not None
    return name(event.name, scope, say("The name"))


def holds(event: EventDefinition, scope: Scope) -> bool:
    """Whether a conditional event's condition is true now; null, as while a variable is missing, is not."""
    assert event.expression is not None
    return event.expression(scope) is True


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def due_at(wait: Wait) -> datetime:
    return datetime.fromtimestamp(wait[1] / 1000, UTC)


def tell(token: Token, index: int, wait: Wait, turn: Turn) -> None:
    """Open the work that the outside has to know of."""
    element = token.task_spec.waiter(index)
    if wait[0] == "t":
        turn.open(Timer(token=token.id, index=index, element=element, due_at=due_at(wait)))
    elif wait[0] == "m":
        turn.open(
            Subscription(
                token=token.id, index=index, element=element, kind="message", name=wait[1], correlation_key=wait[2]
            )
        )
    elif wait[0] == "s":
        turn.open(Subscription(token=token.id, index=index, element=element, kind="signal", name=wait[1]))


class Subscriptions:
    """The part of an instance that knows who waits. `waiting` holds every token with waits, by its id."""

    turn: Turn
    waiting: dict[int, Token]
    conditions: dict[int, Token]

    def arm(self, token: Token, waits: list[Wait]) -> None:
        """Start to wait. A condition that holds already fires at once."""
        token.internal_data["w"] = waits
        if token._state == FUTURE:
            token._state = WAITING
        self.listen(token)
        for index, wait in enumerate(waits):
            tell(token, index, wait, self.turn)
        for index, wait in enumerate(waits):
            if wait[0] == "c" and wait[1] and token.id in self.waiting:
                token.task_spec.caught(token, index, {})

    def listen(self, token: Token) -> None:
        """Index a token that waits."""
        self.waiting[token.id] = token
        if any(wait[0] == "c" for wait in token.internal_data["w"]):
            self.conditions[token.id] = token

    def disarm(self, token: Token) -> None:
        """Wait no longer."""
        for index, wait in enumerate(token.internal_data.pop("w", ())):
            if wait[0] in TOLD:
                self.turn.close(token.id, index)
        self.waiting.pop(token.id, None)
        self.conditions.pop(token.id, None)

    def stop_waiting(self, token: Token, failure: Exception) -> None:
        """What a token waits for cannot be waited for, or leads to what cannot be. Its waits are kept for a retry: due
        times as they were, so that no clock is set back, keys as they were, and what a condition was seen to be.
        """
        waits = token.internal_data["w"]
        self.disarm(token)
        token.internal_data["h"] = waits
        token.park(WAIT, failure)

    def wait_again(self, token: Token) -> None:
        """Take up the waits that an incident has stopped. What has come due meanwhile fires now."""
        token.internal_data["w"] = token.internal_data.pop("h")
        self.listen(token)
        for index, wait in enumerate(token.internal_data["w"]):
            tell(token, index, wait, self.turn)

    def rearm(self, token: Token, index: int) -> None:
        """A listener that does not interrupt has fired: it goes on listening, a timer only while its cycle lasts."""
        waits = token.internal_data["w"]
        if waits[index][0] == "t" and not self.next_firing(token, index):
            self.turn.close(token.id, index)
            waits[index] = ["-"]
            if all(wait == ["-"] for wait in waits):
                token.workflow.remove(token)

    def next_firing(self, token: Token, index: int) -> bool:
        """Move a cycle to its next due time. False where this firing was the last."""
        wait = token.internal_data["w"][index]
        due = Due(due_at(wait), wait[2], wait[3]).next(self.turn.host.now(), self.turn.zone)
        if due is None:
            return False
        self.turn.close(token.id, index)
        wait[1:] = [_milliseconds(due.at), due.left, due.period]
        tell(token, index, wait, self.turn)
        return True

    def set_due(self, wait: Wait, at: datetime) -> datetime:
        """Another instant for a timer; of a cycle for its next firing, and those after are counted from there."""
        wait[1] = _milliseconds(at)
        return due_at(wait)

    def check_conditions(self) -> None:
        """Fire every conditional event whose condition has become true."""
        for token in list(self.conditions.values()):
            for index in range(len(token.internal_data.get("w", ()))):
                if token.id in self.conditions:
                    self._check(token, index)

    def _check(self, token: Token, index: int) -> None:
        wait = token.internal_data["w"][index]
        if wait[0] != "c":
            return
        try:
            now = holds(token.task_spec.events[index], watched(token))
        except FAILURES as failure:
            self.stop_waiting(token, failure)
            return
        before, wait[1] = wait[1], now
        if now and not before:
            token.task_spec.caught(token, index, {})

    def broadcast(self, name: str, variables: dict[str, Any]) -> None:
        """A signal reaches everyone in this instance who listens now, once each."""
        hits = [
            (token, index)
            for token in list(self.waiting.values())
            for index, wait in enumerate(token.internal_data["w"])
            if wait[0] == "s" and wait[1] == name
        ]
        for token, index in hits:
            if token.id in self.waiting:
                token.task_spec.caught(token, index, variables)

    def listener(self, tokens: Sequence[Token], kind: str, code: str | None) -> tuple[Token, int] | None:
        """The listener for an error or escalation: one for that very code before one for any."""
        found = [
            (wait[1] is None, token, index)
            for token in tokens
            if token.triggered and token.id in self.waiting
            for index, wait in enumerate(token.internal_data["w"])
            if wait[0] == kind and wait[1] in (None, code)
        ]
        return min(found, key=lambda hit: hit[0])[1:] if found else None


def watched(token: Token) -> Scope:
    """The variables that a token's events see: its activity's for a boundary event, else its scope's."""
    owner = token.parent
    scope: Scope = owner.scope if token.triggered and owner.id != ROOT else token.workflow.scope
    return scope
