"""Change where an instance stands, by hand: activate elements, move tokens, terminate them.

First all that is activated gets its tokens, then what is terminated goes, so that the instance does not end in between.
Only then do tokens move. A scope whose last token was terminated is terminated too, at the end the instance itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model import Values
from engine.spiff.expression import FAILURES, as_fault
from engine.spiff.moves.likeness import called
from engine.spiff.moves.orders import Modification, Move
from engine.spiff.nodes.events import BoundaryEvent, StartEvent
from engine.spiff.runtime import Run
from engine.spiff.runtime.token import FINISHED, ROOT, STARTED, Token
from kernel.errors import Conflict, Invalid
from kernel.text import Text, say


def modify(run: Run, wanted: Modification) -> None:
    """Do it, and let the instance go on. Raises Invalid for what the model does not have or cannot begin with, Conflict
    for what the instance does not allow as it stands. Then the run is of no more use.
    """
    change = _Change(run)
    moved = [(move, change.tokens(move.source)) for move in wanted.move]
    ended = [token for order in wanted.terminate for token in change.tokens(order.what)]
    for order in wanted.activate:
        change.activate(order.element, order.variables, change.scope_for(order.element, order.ancestor))
    for move, tokens in moved:
        for token in tokens:
            change.activate(move.target, move.variables, change.scope_beside(token, move))
    for token in [token for _, tokens in moved for token in tokens] + ended:
        change.end(token)
    run.advance()


class _Change:
    def __init__(self, run: Run) -> None:
        self.model = run.model
        self.instance = run.instance

    def called(self, id: str) -> str:
        return called(self.model.elements[id])

    # -- where

    def path(self, element: str) -> list[str]:
        """The sub-processes around an element, the innermost first."""
        if element not in self.model.nodes:
            raise Invalid(
                say(
                    "{process} has no element {element}. Choose one of its diagram.",
                    process=self.model.process_id,
                    element=element,
                )
            )
        found = []
        scope = self.model.elements[element].scope
        while scope != self.model.process_id:
            found.append(scope)
            scope = self.model.elements[scope].scope
        return found

    def scope_for(self, element: str, ancestor: int | None) -> Any:
        """The running scope in which an element is activated, or what is missing around it."""
        path = self.path(element)
        if ancestor is not None:
            return self._chosen(element, path, ancestor)
        for around in path:
            running = [sub for sub in self.instance.subprocesses.values() if sub.owner.task_spec.name == around]
            if len(running) > 1:
                raise Conflict(
                    say(
                        "{scope} around {element} runs {count} times. Say in which of its steps: {tokens}.",
                        scope=self.called(around),
                        element=self.called(element),
                        count=len(running),
                        tokens=", ".join(str(sub.owner.id) for sub in running),
                    )
                )
            if running:
                return running[0]
        return self.instance

    def scope_beside(self, token: Token, move: Move) -> Any:
        """The running scope in which the target of a move is activated."""
        path, scope = self.path(move.target), token.workflow
        if isinstance(move.ancestor, int):
            return self._chosen(move.target, path, move.ancestor)
        if move.ancestor == "parent":
            return self._chosen(move.target, path, 0 if scope is self.instance else scope.owner.id)
        while scope is not self.instance and scope.owner.task_spec.name not in path:
            scope = scope.parent_workflow
        return scope

    def _chosen(self, element: str, path: list[str], ancestor: int) -> Any:
        if not ancestor:
            return self.instance
        scope = self.instance.subprocesses.get(ancestor)
        if scope is None or scope.owner.task_spec.name not in path:
            raise Conflict(
                say(
                    "Step {token} is no sub-process around {element} that is active. Choose one that is, or none.",
                    token=ancestor,
                    element=self.called(element),
                )
            )
        return scope

    # -- activating

    def activate(self, element: str, variables: Mapping[str, Values], scope: Any) -> None:
        """Put a token there, with what is missing around it: sub-processes without their start events."""
        path = self.path(element)
        self._check(element, path, variables)
        outer = path if scope is self.instance else path[: path.index(scope.owner.task_spec.name)]
        self._set_variables(scope, path[len(outer) :], variables)
        opened = []
        for around in reversed(outer):
            scope = self._open(scope, around, variables.get(around, {}))
            opened.append(scope)
        self._put(scope, element, variables.get(element, {}))
        for sub in opened:
            for listener in sub.spec.event_subprocesses:
                if not sub.completed:
                    sub.token(listener, triggered=True)

    def _check(self, element: str, path: list[str], variables: Mapping[str, Values]) -> None:
        node = self.model.nodes[element]
        if isinstance(node, StartEvent | BoundaryEvent) or node.is_listener:
            raise Invalid(
                say(
                    "{element} begins by an event, not by hand. Activate what comes after it.",
                    element=self.called(element),
                )
            )
        for scope in variables:
            if scope not in ("", element, *path):
                raise Invalid(
                    say(
                        "Variables are given for {scope}, which is neither {element} nor around it. Give them for one "
                        "of these, or for the process.",
                        scope=scope,
                        element=self.called(element),
                    )
                )

    def _set_variables(self, scope: Any, running: list[str], variables: Mapping[str, Values]) -> None:
        """Those of the process and of the sub-processes that run already."""
        for around in running:
            if around in variables:
                scope.owner.open_scope().assign_all(variables[around])
            scope = scope.parent_workflow
        self.instance.scope.assign_all(variables.get("", {}))

    def _token(self, scope: Any, id: str, values: Values) -> Token:
        node = self.model.nodes[id]
        token = Token(scope, node, scope.task_tree, scope.scope)
        node.announce(token)
        if values:
            token.open_scope().assign_all(values)
        return token

    def _put(self, scope: Any, id: str, values: Values) -> None:
        token = self._token(scope, id, values)
        token.task_spec.attempt(token)

    def _open(self, scope: Any, id: str, values: Values) -> Any:
        """A sub-process begins, with its mappings and boundary events, and nothing in it yet."""
        node = self.model.nodes[id]
        if node.loop is not None:
            raise Conflict(self._repeats(id))
        if node.is_listener:
            raise Conflict(
                say(
                    "{scope} begins by its event, not by hand. Nothing inside can be activated before.",
                    scope=self.called(id),
                )
            )
        token = self._token(scope, id, values)
        try:
            node.enter(token)
        except FAILURES as failure:
            raise Conflict(
                say(
                    "{scope} cannot begin: {reason} Set the variables along, or correct the model.",
                    scope=self.called(id),
                    reason=as_fault(failure).sentence,
                )
            ) from failure
        if token._state & FINISHED:
            raise Conflict(
                say(
                    "{scope} is interrupted by a boundary event as soon as it begins. Set the variables along.",
                    scope=self.called(id),
                )
            )
        token._state = STARTED
        spec = self.model.scopes[node.inside]
        if spec.adhoc is not None:
            token.internal_data["todo"] = []
        return self.instance.open_sub_scope(token, spec, token.open_scope())

    def _repeats(self, id: str) -> Text:
        return say(
            "{scope} repeats, so nothing inside can be activated while none of its runs is chosen. Activate {scope} as "
            "a whole, or choose a run that is active.",
            scope=self.called(id),
        )

    # -- terminating

    def tokens(self, what: str | int) -> list[Token]:
        """The tokens that are named. Raises Conflict where there are none."""
        if isinstance(what, int):
            token = self.instance.find(what)
            if token is None or token.triggered:
                raise Conflict(
                    say("Step {token} is not active any more. Reload and look where the case stands.", token=what)
                )
            return [token]
        self.path(what)
        found = [token for token in self._standing() if token.task_spec.name == what and not token.inner]
        if not found:
            raise Conflict(
                say("Nothing is active at {element}. Reload and look where the case stands.", element=self.called(what))
            )
        return found

    def _standing(self) -> Iterator[Token]:
        for scope in (self.instance, *self.instance.subprocesses.values()):
            yield from (token for token in scope.tasks.values() if token.id != ROOT and not token.triggered)

    def end(self, token: Token) -> None:
        """Terminate a token, and what is left empty by that. One that is gone by now went with what lay around it."""
        scope = token.workflow
        if token.id not in scope.tasks:
            return
        above = None if token._parent == ROOT else token.parent
        iteration = token.inner
        token.cancel()
        if above is None:
            self._emptied(scope)
        elif iteration:
            self._iteration_gone(above)
        else:
            above.task_spec.child_ended(above, token)  # it was undoing something: whoever began that goes on

    def _iteration_gone(self, body: Token) -> None:
        """The others go on, and the activity ends with the last of them; where none is left, it is terminated."""
        body.internal_data["mi"][2] += 1
        tasks = body.workflow.tasks
        if all(tasks[child].triggered for child in body._children):
            self.end(body)

    def _emptied(self, scope: Any) -> None:
        if scope.alive or scope.completed:
            return
        if scope is not self.instance:
            self.end(scope.owner)
            return
        scope.terminated = scope.completed = True
        scope.clear()
        scope.turn.event("ELEMENT_TERMINATED", self.model.process_id, 0)
