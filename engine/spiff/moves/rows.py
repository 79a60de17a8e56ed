"""The rows of a saved state, taken from one model to another. What cannot be taken is told, all of it at once."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from engine.spiff.model import Model
from engine.spiff.moves.likeness import called, difference
from engine.spiff.moves.plan import Plan
from engine.spiff.nodes.gateways import EventBasedGateway
from engine.spiff.runtime.codec import Row, Saved
from engine.spiff.runtime.subscriptions import TOLD
from engine.spiff.turn import Turn
from kernel.text import Text, say

UNTOLD = ("error", "escalation", "cancel")  # waits that nothing outside knows of: they follow the new model
SPENT = ["-"]  # a wait that is over


class Refused(NamedTuple):
    """Why an instance cannot move: the element that stands against it, its first token there, and the sentence."""

    element: str
    token: int
    sentence: Text


class Rows:
    """Takes the rows across and keeps what the rest of a migration has to know.

    `came_from` has the old element of each token. `waits` tells where the timers and subscriptions that go on are now:
    (token, index) leads to the new index and the element. `fresh` are waits of event-based gateways that are new.
    """

    def __init__(self, plan: Plan, turn: Turn) -> None:
        self.plan = plan
        self.turn = turn
        self.refusals: list[Refused] = []
        self.came_from: dict[int, str] = {}
        self.waits: dict[tuple[int, int], tuple[int, str]] = {}
        self.fresh: list[tuple[int, int]] = []
        self.disarmed: list[str] = []
        self.used: dict[str, str] = {}
        self._judged: dict[str, str | None] = {}
        self._listening: dict[tuple[int, int, str], str] = {}  # host, scope and new listener: the old one

    def taken(self, saved: Saved) -> Saved:
        """The state in the words of the new model. Only good where nothing was refused."""
        old = self.plan.old
        compensations = self._records(saved.compensations)
        rows = self._rows(old.process_id, 0, saved.rows)
        subs = []
        for owner, records, inside in saved.subs:
            scope = self.came_from[owner]
            subs.append([owner, self._records(records), self._rows(scope, owner, inside)])
        return saved._replace(compensations=compensations, rows=rows, subs=subs)

    def refuse(self, element: str, token: int, sentence: Text) -> None:
        self.refusals.append(Refused(element, token, sentence))

    def _rows(self, scope: str, owner: int, rows: list[Row]) -> list[Row]:
        hosts = {row[0]: row[2] for row in rows}
        kept = []
        for row in rows:
            self.came_from[row[0]] = row[2]
            internal = row[5] if len(row) > 5 and row[5] else {}
            if row[4]:
                target = self._listener(row, internal, hosts.get(row[1], scope), owner)
            else:
                target = self.target(row[2], row[0])
            if target is not None:
                self._remember(row[0], row[2], target, internal)
                row[2] = target
                kept.append(row)
        return kept

    # -- what is active

    def target(self, element: str, token: int) -> str | None:
        """Where the tokens at an active element go on. The first that cannot is told."""
        if element not in self._judged:
            target, why = self._judge(element)
            self._judged[element] = target
            if target is not None:
                self.used[element] = target
            if why is not None:
                self.refuse(element, token, why)
        return self._judged[element]

    def _judge(self, element: str) -> tuple[str | None, Text | None]:
        plan = self.plan
        named = plan.named.get(element)
        target = named or element
        if target not in plan.new.elements:
            return None, say(
                "The case is at {element}, which the new version does not have. Map it to an element of the same kind, "
                "or wait until the case is past it.",
                element=called(plan.old.elements[element]),
            )
        why = difference(plan.old, element, plan.new, target) or self._elsewhere(element, target)
        if why is None and named is None:
            why = say(
                "The case is at {element}, and the plan does not say where that goes on. Map it to {target}, which is "
                "of the same kind.",
                element=called(plan.old.elements[element]),
                target=called(plan.new.elements[target]),
            )
        return (target, None) if why is None else (None, why)

    def _elsewhere(self, element: str, target: str) -> Text | None:
        plan = self.plan
        if plan.keeps_scope(element, target):
            return None
        was, now = plan.old.elements[element], plan.new.elements[target]
        return say(
            "{element} lies in {scope}, and {target} in {other}. A step that is active moves neither into a "
            "sub-process nor out of one. Map it, and what lies around it, to the same place, or wait until the case is "
            "past it.",
            element=called(was),
            scope=called(plan.old.elements[was.scope]),
            target=called(now),
            other=called(plan.new.elements[now.scope]),
        )

    # -- what listens

    def _listener(self, row: Row, internal: dict[str, Any], host: str, owner: int) -> str | None:
        """Where a boundary event or event sub-process goes on listening; None where it listens no longer."""
        token, parent, element = row[:3]
        plan, new_host = self.plan, self.plan.image(host)
        among = listeners(plan.new, new_host, within=not parent) if new_host else []
        target = plan.listener(plan.old.nodes[element], among)
        if element in plan.named and new_host:
            why = self._cannot_listen(element, plan.named[element], target, new_host)
            if why is not None:
                self.refuse(element, token, why)
                return None
        if target is None:
            self._disarm(token, element, internal)
            return None
        other = self._listening.setdefault((parent, owner, target), element)
        if other != element:
            self.refuse(
                element,
                token,
                say(
                    "{element} and {other} both listen, and the plan maps them to {target}. Map one of them elsewhere.",
                    element=called(plan.old.elements[element]),
                    other=called(plan.old.elements[other]),
                    target=called(plan.new.elements[target]),
                ),
            )
        return target

    def _cannot_listen(self, element: str, named: str, target: str | None, host: str) -> Text | None:
        plan = self.plan
        why = difference(plan.old, element, plan.new, named)
        if why is None and target is None:
            why = say(
                "{element} listens, and the plan maps it to {target}, which does not belong to {host}. Map it to one "
                "that does, or leave it out: then it listens no longer.",
                element=called(plan.old.elements[element]),
                target=called(plan.new.elements[named]),
                host=called(plan.new.elements[host]),
            )
        return why

    def _disarm(self, token: int, element: str, internal: dict[str, Any]) -> None:
        self.disarmed.append(element)
        for index, wait in enumerate(internal.get("w", ())):
            self._give_up(token, index, wait)
        if "x" in internal:
            self.turn.close(token)
            self.turn.event("INCIDENT_RESOLVED", element, token)

    def _give_up(self, token: int, index: int, wait: list[Any]) -> None:
        if wait[0] in TOLD:
            self.turn.close(token, index)

    # -- what a token remembers

    def _remember(self, token: int, element: str, target: str, internal: dict[str, Any]) -> None:
        """Put what a token keeps into the words of the new model."""
        if "f" in internal:
            internal["f"] = self._way(token, element, internal["f"])
        if internal.get("todo"):
            internal["todo"] = self._todo(token, element, target, internal["todo"])
        if "r" in internal:
            internal["r"] = self._records(internal["r"], token)
        for key in ("w", "h"):
            if key in internal:
                internal[key] = self._wait(token, element, target, internal[key], told=key == "w")

    def _way(self, token: int, join: str, flow: str) -> str:
        found = self.plan.way(join, flow)
        if found is None:
            self.refuse(
                join,
                token,
                say(
                    "A token that came by the flow {flow} waits at {element} for others, and in the new version no "
                    "flow leads there from the same element. Map that flow to one that leads there, or wait until the "
                    "gateway is through.",
                    flow=flow,
                    element=called(self.plan.old.elements[join]),
                ),
            )
        return found or flow

    def _todo(self, token: int, element: str, target: str, names: list[str]) -> list[str]:
        """What an ad-hoc sub-process still has to start."""
        activities = self.plan.new.scopes[target].adhoc.activities
        found: list[str] = []
        for name in names:
            image = self.plan.image(name)
            if image is not None and image in activities:
                found.append(image)
            else:
                self.refuse(
                    element,
                    token,
                    say(
                        "{element} has still to start {name}, which the new version does not have. Map it to another "
                        "activity inside, or wait until it is through.",
                        element=called(self.plan.old.elements[element]),
                        name=called(self.plan.old.elements[name]),
                    ),
                )
        return found

    def _wait(self, token: int, element: str, target: str, waits: list[Any], *, told: bool) -> list[Any]:
        """The waits in the order of the new element's events: due times and keys stay, codes follow the new model."""
        node = self.plan.new.nodes[target]
        made: list[Any] = [None] * len(node.events)
        for index, place in enumerate(self._places(element, node)):
            wait = waits[index]
            if place is None:
                if told:
                    self._give_up(token, index, wait)
                self.disarmed.append(self.plan.old.nodes[element].waiter(index))
                continue
            made[place] = [wait[0], node.events[place].code] if wait[0] in UNTOLD else wait
            if told and wait[0] in TOLD:
                self.waits[token, index] = place, node.waiter(place)
        self.fresh += [(token, place) for place, wait in enumerate(made) if wait is None]
        return [SPENT if wait is None else wait for wait in made]

    def _places(self, element: str, node: Any) -> list[int | None]:
        """For each event of the old element its place among those of the new one."""
        before = self.plan.old.nodes[element]
        if not isinstance(before, EventBasedGateway):
            return list(range(len(node.events)))
        after = list(_numbered(flow.target.name for flow in node.branch))
        images = ((self.plan.image(name) or "", nth) for name, nth in _numbered(f.target.name for f in before.branch))
        return [after.index(way) if way in after else None for way in images]

    def _records(self, records: list[Any], token: int = 0) -> list[Any]:
        """What can still be undone: by the handler that the activity has in the new version."""
        return [self._record(record, token) for record in records]

    def _record(self, record: list[Any], token: int) -> list[Any]:
        activity, handler, inside = record
        target = self.plan.image(activity)
        undoes = self._handler(activity, target, handler) if target and handler else None
        if target is None or (handler and undoes is None):
            self.refuse(
                activity,
                token,
                say(
                    "{element} is completed and can still be undone, and the new version has nothing that undoes it. "
                    "Map it to an activity with a compensation handler, or leave the case on its version.",
                    element=called(self.plan.old.elements[activity]),
                ),
            )
            return record
        return [target, undoes, self._records(inside, token) if inside else inside]

    def _handler(self, activity: str, target: str, handler: str) -> str | None:
        found: str | None
        if self.plan.old.nodes[activity].handler == handler:
            found = self.plan.new.nodes[target].handler
        else:
            scope = self.plan.new.scopes.get(target)
            found = None if scope is None else scope.compensation_handler
        return found


def listeners(model: Model, host: str, *, within: bool) -> list[Any]:
    """The nodes that listen at an activity, or within a scope while it runs."""
    if not within:
        return list(model.nodes[host].boundaries)
    spec = model.spec if host == model.process_id else model.scopes.get(host)
    return list(spec.event_subprocesses) if spec is not None else []


def _numbered(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each name with how often it came before."""
    seen: dict[str, int] = {}
    for name in names:
        yield name, seen.get(name, 0)
        seen[name] = seen.get(name, 0) + 1
