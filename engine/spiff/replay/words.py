"""How far a replay came, and the sentence for where it parts from the case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.model import Incident, Value
from engine.spiff.expression import shown
from engine.spiff.replay.ledger import Conflict
from engine.spiff.replay.pairing import Pairing
from engine.spiff.replay.twin import Twin
from kernel.text import Text, listed, say

Verdict = Literal["SAME", "OTHER", "CANNOT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """SAME way to the end, ANOTHER way from `element` on, or a case that CANNOT be replayed beyond it, told in words.

    `element` is an id of the case's version, or of the proposed one where it is new; `beside` are elements of the
    proposed version that the replay passed and that the case's version does not have. `acts` of the case were done.
    """

    verdict: Verdict
    element: str = ""
    sentence: Text | None = None
    beside: tuple[str, ...] = ()
    acts: int = 0


class Parted(Exception):
    """The replay goes no further together with the case."""

    def __init__(self, verdict: Verdict, element: str, sentence: Text) -> None:
        self.verdict: Verdict = verdict
        self.element = element
        self.sentence = sentence
        super().__init__(str(sentence))


def other_way(pairing: Pairing, conflict: Conflict, old: Twin, new: Twin) -> Parted:
    """An element is left by other flows: which, and where conditions chose them, by which values."""
    element = pairing.new.named(conflict.new.element)
    to = _targets(pairing.new.target(flow) for flow in conflict.takes)
    instead = _targets(pairing.old.target(flow) for flow in conflict.took)
    condition = _deciding(pairing, conflict)
    if condition is None:
        sentence = say(
            "From {element} it goes on to {to} instead of {instead}.", element=element, to=to, instead=instead
        )
        return Parted("OTHER", conflict.old.element, sentence)
    now = new.seen_at(conflict.new.element, conflict.new.nth)
    then = old.seen_at(conflict.old.element, conflict.old.nth)
    values = [_value(name, now, then) for name in sorted(condition.names)]
    sentence = say(
        "At {element} it goes on to {to} instead of {instead}: {condition} decides, and {values}.",
        element=element,
        to=to,
        instead=instead,
        condition=condition.text,
        values=listed(values) if values else say("it reads no variable"),
    )
    return Parted("OTHER", conflict.old.element, sentence)


def unanswered(pairing: Pairing, new: Twin) -> Parted | None:
    """The first place where the replay waits for somebody or something that the case knows nothing of, if it does."""
    for work in new.work.values():
        if work.element not in pairing.sources and not isinstance(work, Incident):
            element = pairing.new.named(work.element)
            told = say("It waits at {element}, which is new: nothing in the case answers it.", element=element)
            return Parted("CANNOT", work.element, told)
    return None


def _targets(names: Iterable[str]) -> Text:
    found = [Text("{name}", {"name": name}) for name in names]
    return listed(found) if found else say("nothing")


def _deciding(pairing: Pairing, conflict: Conflict) -> Any:
    """The condition of the flow that is taken now; where that is the default, the one of the flow that was."""
    flows = pairing.new.model.nodes[conflict.new.element].flows
    taken = [flow.condition for flow in flows if flow.id in conflict.takes]
    wanted = {target for flow in conflict.took for target in pairing.old.leads(flow)}
    missed = [flow.condition for flow in flows if pairing.new.leads(flow.id) & wanted]
    return next((condition for condition in (*taken, *missed) if condition is not None), None)


def _value(name: str, now: Mapping[str, Value], then: Mapping[str, Value]) -> Text:
    value, before = shown(now.get(name)), shown(then.get(name))
    if value == before:
        return say("{name} is {value}", name=name, value=value)
    return say("{name} is {value}, in the case {before}", name=name, value=value, before=before)


def named_each(names: Sequence[str]) -> Text:
    """Names one after another; of many the first few."""
    few = [Text("{name}", {"name": name}) for name in dict.fromkeys(names)]
    return listed([*few[:FEW], say("and others")] if len(few) > FEW else few) if few else say("nothing")


FEW = 5


def minute(at: datetime) -> str:
    """An instant as sentences show it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}Z"
