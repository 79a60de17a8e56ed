"""One instance on its way from one model to another: what goes on, what begins to listen, what stands against it.

Nothing is executed twice and nothing is executed anew. A step that waits goes on waiting as what the new model has in
its place, with its token, variables, due times and keys. What listens only comes and goes with the new model: what it
has lost is disarmed, what it has gained is armed with expressions as they are now. Then the instance is let go on, as
after any turn: a join that is complete by now fires, and so does a condition that holds by now.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model import Outcome, Reference
from engine.spiff.expression import FAILURES, as_fault
from engine.spiff.moves.likeness import called
from engine.spiff.moves.plan import Plan
from engine.spiff.moves.rows import Refused, Rows, listeners
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.jobs import JobTask
from engine.spiff.nodes.subprocess import EventSubProcess
from engine.spiff.nodes.user_task import PersonTask
from engine.spiff.runtime import Run
from engine.spiff.runtime.codec import build, read
from engine.spiff.runtime.instance import Instance
from engine.spiff.runtime.subscriptions import resolve, tell
from engine.spiff.runtime.token import ARRIVE, ENTER, FUTURE, LEAVE, ROOT, Token
from engine.spiff.turn import Host, Turn
from kernel.text import say

NOT_LISTENING = (ENTER, LEAVE, ARRIVE)  # steps at which an activity that stopped has no boundary events armed
Row = dict[str, Any]


class Migration:
    """Made from a running instance's state. Where `refusals` is empty, `finish` gives what to write.

    `used` are the mappings that live tokens took; `armed` and `disarmed` name what listens from now on or no longer.
    """

    def __init__(self, plan: Plan, state: bytes, host: Host) -> None:
        self.plan = plan
        self.turn = Turn(host)
        self.armed: list[str] = []
        self._rows = Rows(plan, self.turn)
        self._forms: dict[int, tuple[Reference | None, str | None]] = {}
        saved = self._rows.taken(read(state))
        self._given_up = len(self.turn.closed)
        if not self.refusals:
            self.instance = build(saved, plan.new, self.turn)
            self._tell_moves()
            self._listen()
            self._read_forms()

    @property
    def refusals(self) -> list[Refused]:
        return self._rows.refusals

    @property
    def used(self) -> Mapping[str, str]:
        return self._rows.used

    @property
    def disarmed(self) -> list[str]:
        return sorted(set(self._rows.disarmed))

    def _tell_moves(self) -> None:
        old, new = self.plan.old.process_id, self.plan.new.process_id
        self.turn.event("ELEMENT_MIGRATED", new, 0, {"from": old, "to": new})
        for token in _tokens(self.instance):
            if token.task_spec.announced(token):
                to = token.task_spec.name
                moved = {"from": self._rows.came_from[token.id], "to": to}
                self.turn.event("ELEMENT_MIGRATED", to, token.id, moved)

    # -- what the new model listens to beside

    def _listen(self) -> None:
        for token, index in self._rows.fresh:
            self._wait_beside(token, index)
        for scope in (self.instance, *self.instance.subprocesses.values()):
            self._arm_scope(scope)
        for token in list(_tokens(self.instance)):
            if isinstance(token.task_spec, Activity) and _listens(token):
                self._arm_boundaries(token)

    def _wait_beside(self, id: int, index: int) -> None:
        """An event-based gateway has a way more."""
        token = self.instance.find(id)
        assert token is not None
        internal, node = token.internal_data, token.task_spec
        waits = internal["w"] if "w" in internal else internal["h"]
        element = node.waiter(index)
        try:
            wait = resolve([node.events[index]], token.scope)[0]
        except FAILURES as failure:
            self._cannot_wait(element, node.name, id, failure)
            return
        waits[index] = ["c", False] if wait[0] == "c" else wait  # one that holds already fires when all is let go on
        self.armed.append(element)
        if "w" in internal:
            tell(token, index, waits[index], self.turn)
            self.instance.listen(token)

    def _arm_scope(self, scope: Any) -> None:
        """Event sub-processes that the new model adds, unless one that interrupts has ended all else in the scope."""
        owner = 0 if scope is self.instance else scope.owner.id
        element = self._rows.came_from[owner] if owner else self.plan.old.process_id
        if any(self._interrupts(token) for token in scope.tasks.values()):
            return
        for node in self._added(element, within=True):
            self._arm(node, scope, None, owner)

    def _interrupts(self, token: Any) -> bool:
        runs = token.id != ROOT and not token.triggered and isinstance(token.task_spec, EventSubProcess)
        return runs and bool(self.plan.old.nodes[self._rows.came_from[token.id]].interrupting)

    def _arm_boundaries(self, token: Token) -> None:
        for node in self._added(self._rows.came_from[token.id], within=False):
            if token.id in token.workflow.tasks:
                self._arm(node, token.workflow, token, token.id)

    def _added(self, element: str, *, within: bool) -> list[Any]:
        """What listens at an element in the new model and took nothing's place. A timer that is through stays so."""
        plan = self.plan
        target = plan.image(element)
        assert target is not None, "an active element without its place was refused"
        now = listeners(plan.new, target, within=within)
        kept = {plan.listener(node, now) for node in listeners(plan.old, element, within=within)}
        return [node for node in now if node.name not in kept]

    def _arm(self, node: Any, scope: Any, host: Token | None, id: int) -> None:
        try:
            waits = resolve(node.events, host.scope if host else scope.scope)
        except FAILURES as failure:
            self._cannot_wait(node.name, host.task_spec.name if host else scope.spec.name, id, failure)
            return
        self.armed.append(node.name)
        listener = scope.token(node, host, triggered=True)
        if host is not None:
            self.instance.arm(listener, waits)

    def _cannot_wait(self, element: str, host: str, token: int, failure: Exception) -> None:
        elements = self.plan.new.elements
        self._rows.refuse(
            host,
            token,
            say(
                "{element} is new at {host} and cannot begin to wait: {reason} Correct the variables or the model.",
                element=called(elements[element]),
                host=called(elements[host]),
                reason=as_fault(failure).sentence,
            ),
        )

    def _read_forms(self) -> None:
        """A user task shows the form of the new model from now on."""
        for token in _tokens(self.instance):
            if isinstance(token.task_spec, PersonTask) and "o" in token.internal_data:
                try:
                    self._forms[token.id] = token.task_spec.forms(token.scope)
                except FAILURES as failure:
                    self._rows.refuse(
                        token.task_spec.name,
                        token.id,
                        say(
                            "The form of {element} cannot be told: {reason} Correct the variables or the model.",
                            element=called(self.plan.new.elements[token.task_spec.name]),
                            reason=as_fault(failure).sentence,
                        ),
                    )

    # -- the end of the way

    def finish(self) -> tuple[Outcome, dict[str, list[Row]]]:
        """Let the instance go on. Gives the outcome, and the open work that goes on as rows for `store.moves`.

        The outcome closes work by the numbers that it has in the old model, as the rows of the database still do.
        """
        standing = self._standing()
        self._meet_again()
        self.instance.advance()
        outcome = Run(self.plan.new, self.instance).outcome()
        before = {(token, place): (token, index) for (token, index), (place, _) in self._rows.waits.items()}
        closed = outcome.closed
        outcome.closed = closed[: self._given_up] + [before.get(key, key) for key in closed[self._given_up :]]
        over = set(outcome.closed)
        left = {
            kind: [row for row in rows if (row["token"], row.get("index", 0)) not in over]
            for kind, rows in standing.items()
        }
        return outcome, left

    def _meet_again(self) -> None:
        """Those that wait for each other arrive anew: the new model may ask for fewer of them."""
        for scope in (self.instance, *list(self.instance.subprocesses.values())):
            for waiting in list(scope.joins.values()):
                met = list(waiting)
                waiting.clear()
                for token in met:
                    token._state = FUTURE
                    token.task_spec._update(token)

    def _standing(self) -> dict[str, list[Row]]:
        """The open work that goes on, by the part of the statement that takes it across."""
        found: dict[str, list[Row]] = {"tasks": [], "jobs": [], "waits": [], "incidents": []}
        for token in _tokens(self.instance):
            node, internal = token.task_spec, token.internal_data
            place = {"token": token.id, "element": node.name}
            if token.id in self._forms:
                found["tasks"].append(place | self._face(token))
            if isinstance(node, JobTask) and "o" in internal:
                found["jobs"].append(place)
            if "x" in internal or isinstance(node, JobTask):
                found["incidents"].append(place)
        for (token_id, index), (moved_to, element) in self._rows.waits.items():
            found["waits"].append({"token": token_id, "index": index, "place": moved_to, "element": element})
        return found

    def _face(self, token: Token) -> Row:
        """What a user task shows: name, form and headers are the new model's."""
        node = token.task_spec
        form, external_form = self._forms[token.id]
        return {
            "name": node.bpmn_name or node.name,
            "form": form.id if form else None,
            "binding": form.binding if form else None,
            "version_tag": form.version_tag if form else None,
            "external_form": external_form,
            "headers": node.headers,
        }


def _tokens(instance: Instance) -> Iterator[Token]:
    for scope in (instance, *instance.subprocesses.values()):
        for token in scope.tasks.values():
            if token.id != ROOT:
                yield token


def _listens(token: Token) -> bool:
    """Whether the boundary events of an activity are armed while its token stands here."""
    internal = token.internal_data
    step = token.stopped_at if "x" in internal else internal.get("z")
    waits_for_others = token in token.workflow.joins.get(token.task_spec.name, ())
    return not (token.triggered or "i" in internal or step in NOT_LISTENING or waits_for_others)
