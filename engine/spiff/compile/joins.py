"""Joins that can never go on, as far as that is sure whatever the variables say.

Two proofs, both over the flows of one scope.

*Too few tokens.* Give every token a worth: what it can bring, at most, to the join that is looked at. A token that
comes to the join brings one. An exclusive or event-based gateway passes a token on by one way, so its worth is that of
the best way; a split by all ways or by any of them, at most their sum; a join, which makes one token of as many as it
has ways in, a share of what lies behind it. A worth never grows while tokens move, so no more tokens come to the join,
before it has fired for the first time, than the worth of the one token that a scope starts with. Is that less than the
ways in of a parallel join, or than the startQuantity of an activity, then the first firing never comes. What could
make tokens without end, such as a non-interrupting boundary event, is worth more than any number.

*Two inclusive joins.* Let a node send tokens by all its ways, one of which leads straight to the join A by its flow a,
and another straight to the join B by b; straight means by nodes with one way in, one way out and nothing attached. Let
B lead to A, but not to a except through A, and A to B likewise; and let no token come to A or B by another flow unless
A or B has fired. Then A does not fire while B's token stands at B or is on its way there, since that token can still
come to an empty flow of A and to no filled one (BPMN 2.0.2, table 13.3). Nor does B. So neither is the first to fire.

A right model has no such join: what lies behind it is never run. Both proofs look at all runs that the flows allow,
which are more than the conditions leave, so there is no false alarm. Where a proof would take too long, none is tried.
"""

from collections.abc import Iterator
from itertools import combinations
from math import inf
from typing import Any

from engine.spiff.compile.reach import from_the_ends, predecessors, successors
from engine.spiff.compile.report import Report
from engine.spiff.model import ProcessSpec
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.events import BoundaryEvent, StartEvent
from engine.spiff.nodes.gateways import (
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from engine.spiff.nodes.throw import EndEvent
from kernel.text import say

MOST_VISITS = 100_000  # of nodes, in the proofs for one scope: a fraction of a second
CLOSE = 1e-6  # what shares of a token may differ by
ROUNDS = 3  # by which a worth has settled, unless it grows for ever


def check_joins(spec: ProcessSpec, report: Report) -> None:
    """Warn of joins to which too few tokens come; refuse inclusive joins that wait for each other."""
    if spec.adhoc is not None:
        return  # an activity of an ad-hoc sub-process can be started as often as the model says
    nodes = spec.nodes
    _check_counts(nodes, report)
    _check_pairs(nodes, report)


# -- too few tokens


def _check_counts(nodes: list[Any], report: Report) -> None:
    before, order, visits = predecessors(nodes), from_the_ends(nodes), 0
    starts = [node.name for node in nodes if isinstance(node, StartEvent)]
    for node in nodes:
        needed = _needed(node)
        if needed < 2 or visits > MOST_VISITS:
            continue
        above = _above(node, before)
        visits += ROUNDS * len(above)
        worth = _worth(node, [other for other in order if other.name in above])
        most = max((worth.get(start, 0.0) for start in starts), default=inf)
        if 0 < most < needed - CLOSE:
            _tell_too_few(node, needed, int(most + CLOSE), report)


def _needed(node: Any) -> int:
    """How many tokens have to come before the node goes on for the first time."""
    if isinstance(node, ParallelGateway):
        return len({flow.id for flow in node.incoming})
    return node.start_quantity if isinstance(node, Activity) and node.incoming else 1


def _above(node: Any, before: dict[str, list[Any]]) -> set[str]:
    """The nodes from which a token can come to one."""
    seen, ahead = {node.name}, [node]
    while ahead:
        for other in before.get(ahead.pop().name, ()):
            if other.name not in seen:
                seen.add(other.name)
                ahead.append(other)
    return seen


def _worth(join: Any, nodes: list[Any]) -> dict[str, float]:
    """The worth of a token that comes to a node; `nodes` are those that lead to the join, the last first."""
    worth = {join.name: 1.0}
    for _ in range(ROUNDS):
        grew = False
        for node in nodes:
            found = _at(node, worth) if node is not join else 1.0
            if found > worth.get(node.name, 0.0) + CLOSE:
                worth[node.name], grew = found, True
        if not grew:
            return worth
    return {node.name: inf for node in nodes}


def _at(node: Any, worth: dict[str, float]) -> float:
    behind = [worth.get(flow.target.name, 0.0) for flow in node.flows]
    one_way = isinstance(node, ExclusiveGateway | EventBasedGateway)
    found = max(behind, default=0.0) if one_way else sum(behind)
    if isinstance(node, ParallelGateway):
        found /= max(1, len({flow.id for flow in node.incoming}))
    for boundary in node.boundaries:
        along = worth.get(boundary.name, 0.0)
        found = max(found, along) if boundary.interrupting else found + (inf if along else 0.0)
    return found


def _tell_too_few(node: Any, needed: int, most: int, report: Report) -> None:
    if isinstance(node, ParallelGateway):
        sentence = say(
            "{element} waits for {needed} tokens, one on each way in, and never gets more than {most}. Join ways of "
            "which only one is taken by an exclusive gateway.",
            element=node.name,
            needed=needed,
            most=most,
        )
    else:
        sentence = say(
            "{element} waits for {needed} tokens (startQuantity), and never gets more than {most}. Lower it.",
            element=node.name,
            needed=needed,
            most=most,
        )
    report.add(node.name, "join-stuck", sentence, error=False)


# -- two inclusive joins


def _check_pairs(nodes: list[Any], report: Report) -> None:
    joins = {node.name for node in nodes if _is_inclusive_join(node)}
    if len(joins) < 2:
        return
    visits = 0
    entries = [node for node in nodes if isinstance(node, StartEvent)]
    for node in nodes:
        for one, other in _sent_together(node, joins):
            if visits > MOST_VISITS:
                return
            if _ahead_of(one, other) and _ahead_of(other, one):
                visits += len(nodes)
                if _only_through(entries, one, other):
                    _tell_pair(one[0], other[0], report)
            visits += 1


def _is_inclusive_join(node: Any) -> bool:
    return isinstance(node, InclusiveGateway) and not isinstance(node, ComplexGateway) and len(node.incoming) > 1


def _sent_together(node: Any, joins: set[str]) -> Iterator[tuple[tuple[Any, str], tuple[Any, str]]]:
    """Pairs of joins, each with its flow, to which a node sends tokens at the same time and straight."""
    if len(node.flows) < 2 or not _sends_all(node):
        return
    sent = [found for flow in node.flows if (found := _straight(flow, joins)) is not None]
    for one, other in combinations(sent, 2):
        if one[0] is not other[0]:
            yield one, other


def _sends_all(node: Any) -> bool:
    chooses = isinstance(node, ExclusiveGateway | EventBasedGateway | InclusiveGateway)
    return not chooses and node.default is None and all(flow.condition is None for flow in node.flows)


def _straight(flow: Any, joins: set[str]) -> tuple[Any, str] | None:
    """The join that a flow leads to, and the flow by which; None where there is a choice on the way, or no join."""
    while flow.target.name not in joins:
        node = flow.target
        if len(node.incoming) != 1 or len(node.flows) != 1 or node.boundaries or node.flows[0].condition is not None:
            return None
        if isinstance(node, EndEvent | BoundaryEvent) or (isinstance(node, Activity) and node.start_quantity > 1):
            return None
        flow = node.flows[0]
    return flow.target, flow.id


def _ahead_of(one: tuple[Any, str], other: tuple[Any, str]) -> bool:
    """Whether a token at the other join keeps this one from firing on its own flow."""
    join, own = one
    hits = join.reach.get(other[0].name)
    return bool(hits) and own not in hits


def _only_through(entries: list[Any], one: tuple[Any, str], other: tuple[Any, str]) -> bool:
    """Whether every flow into the two but their own is fed only after one of them has fired."""
    stop = {one[0].name, other[0].name}
    seen, ahead = set(stop), list(entries)
    while ahead:
        node = ahead.pop()
        if node.name not in seen:
            seen.add(node.name)
            ahead += successors(node)
    fed = seen - stop
    return all(flow.id == own or flow.source.name not in fed for join, own in (one, other) for flow in join.incoming)


def _tell_pair(one: Any, other: Any, report: Report) -> None:
    report.add(
        one.name,
        "joins-wait",
        say(
            "{one} and {other} are inclusive joins that wait for each other: a token at either can still come to the "
            "other. Take one of the ways between them away, or join by an exclusive gateway.",
            one=one.name,
            other=other.name,
        ),
    )
