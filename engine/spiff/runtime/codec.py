"""The state of an instance as bytes, against a model that is kept elsewhere: one row for each live token.

A state is a JSON array that begins with its version. Loading a state and dumping it again gives the same bytes.

    [version, last token id, 0 running | 1 completed | 2 terminated, variables, compensations, rows, sub-scopes?]
    row        [token, parent or 0, element, task state, listens 0 | 1, internal data or 0?, own variables?]
    sub-scope  [owner token, compensations, rows]
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from engine.spiff.expression import Spent
from engine.spiff.model import Model
from engine.spiff.runtime.instance import Instance
from engine.spiff.runtime.token import READY, ROOT, WAITING, Token
from engine.spiff.scope import Scope
from engine.spiff.turn import Turn
from kernel.errors import Conflict
from kernel.text import say

VERSION = 1
SLOW = b" "  # before a state with integers that orjson would read as floats
LEAST_PARTS = 5  # up to the rows; sub-scopes follow where there are any
RUNNING, COMPLETED, TERMINATED = range(3)

Row = list[Any]


class Saved(NamedTuple):
    """A state taken apart, its rows and sub-scopes as above."""

    last_id: int
    over: int
    variables: dict[str, Any]
    compensations: list[Any]
    rows: list[Row]
    subs: Sequence[Sequence[Any]] = ()


def dump(instance: Instance) -> bytes:
    """The bytes that `load` brings back."""
    over = TERMINATED if instance.terminated else COMPLETED if instance.completed else RUNNING
    state = [VERSION, instance.last_id, over, instance.scope.own, instance.compensations, _rows(instance)]
    if instance.subprocesses:
        state.append([[owner, sub.compensations, _rows(sub)] for owner, sub in instance.subprocesses.items()])
    try:
        return orjson.dumps(state)
    except TypeError:  # orjson stops at 64-bit integers and at 254 levels
        return SLOW + json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(scope: Any) -> list[list[Any]]:
    rows = []
    for token in scope.tasks.values():
        if token.id == ROOT:
            continue
        parent = 0 if token._parent == ROOT else token._parent
        row = [token.id, parent, token.task_spec.name, token._state, 1 if token.triggered else 0]
        own = token.scope.own if token.scope.id == token.id else None
        if token.internal_data or own is not None:
            row.append(token.internal_data or 0)
        if own is not None:
            row.append(own)
        rows.append(row)
    return rows


def load(state: bytes, model: Model, turn: Turn) -> Instance:
    """The instance as it was. Raises Conflict for a damaged state, another version's, or another model's."""
    return build(read(state), model, turn)


def build(saved: Saved, model: Model, turn: Turn) -> Instance:
    """The instance that these parts describe. Raises Conflict for an element that the model does not have."""
    instance = Instance(model, turn, saved.variables, saved.last_id)
    instance.completed = saved.over != RUNNING
    instance.terminated = saved.over == TERMINATED
    instance.compensations = saved.compensations
    _fill(instance, saved.rows, instance)
    for owner, compensations, rows in saved.subs:
        _fill_sub(instance, owner, compensations, rows)
    if instance.halted:
        instance.stand_still()
    return instance


def read(state: bytes) -> Saved:
    """The parts of a state. Raises Conflict for a damaged one, or another version's."""
    version: Any = None
    parts: list[Any] = []
    try:
        version, *parts = json.loads(state) if state[:1] == SLOW else orjson.loads(state)
    except (ValueError, TypeError):
        parts = []
    if isinstance(version, int) and version != VERSION:
        raise Conflict(
            say("The state has version {version}; this program reads {ours}. Update it.", version=version, ours=VERSION)
        )
    if len(parts) < LEAST_PARTS:
        raise Conflict(say("The saved state of this instance is damaged. Restore it from a snapshot."))
    return Saved(*parts)


def _fill_sub(instance: Instance, owner: int, compensations: list[Any], rows: list[list[Any]]) -> None:
    token = instance.find(owner)
    assert token is not None, "a sub-scope without its activity"
    sub = instance.open_sub_scope(token, instance.model.scopes[token.task_spec.inside], token.scope)
    sub.compensations = compensations
    _fill(sub, rows, instance)


def _fill(scope: Any, rows: list[list[Any]], instance: Instance) -> None:
    nodes = scope.model.nodes
    for row in rows:
        if row[2] not in nodes:
            raise Conflict(
                say("The instance waits at {element}, which its model does not have. Migrate it first.", element=row[2])
            )
        token = _token(scope, nodes[row[2]], row)
        if "w" in token.internal_data:
            instance.listen(token)
        if token._state == READY:
            instance.ready.append(token)
        elif token._state == WAITING:
            _await(instance, scope, token)


def _await(instance: Instance, scope: Any, token: Token) -> None:
    """Bring back what a token waits for beside events: an incident, the end of one about a budget, other tokens."""
    internal = token.internal_data
    if "x" in internal:
        instance.halted |= internal["x"][1] in Spent.KINDS
    elif "z" in internal:
        instance.held += (token,)
    elif "w" not in internal:
        scope.joins.setdefault(token.task_spec.name, []).append(token)


def _token(scope: Any, node: Any, row: list[Any]) -> Token:
    id, parent, _, state, listens, *rest = row
    owner = scope.tasks[parent or ROOT]
    inner = parent and not listens and owner.task_spec is node
    token = Token(scope, node, owner, owner.scope if inner else scope.scope, bool(listens), id, state)
    if rest and rest[0]:
        token.internal_data = rest[0]
    if len(rest) > 1:
        token.scope = Scope(id, token.scope, scope.scope.turn, rest[1])
    return token
