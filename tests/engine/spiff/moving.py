"""Instances that are played, on their way to another model or changed by hand."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.model import Call, Outcome
from engine.spiff.model import Model
from engine.spiff.moves.migrate import Migration
from engine.spiff.moves.modify import modify
from engine.spiff.moves.orders import Activate, Modification, Move, Terminate
from engine.spiff.moves.plan import Plan
from tests.engine.spiff.play import Play, drawn, fingerprint

_IDS = re.compile(r'\b(id|sourceRef|targetRef|attachedToRef|default|activityRef)="([^"]*)"')


def migration(story: Play, xml: str | Model, names: Mapping[str, str]) -> Migration:
    model = xml if isinstance(xml, Model) else drawn(xml)
    return Migration(Plan(story.model, model, names), story.outcome.state, story)


def move(story: Play, xml: str | Model, **names: str) -> Outcome:
    """Take a story to another model. Its work is what the rows of a database would be afterwards."""
    found = migration(story, xml, names)
    assert found.refusals == []
    outcome, standing = found.finish()
    for key in outcome.closed:
        del story.work[key]
    rest = Outcome(**{name: getattr(outcome, name) for name in Outcome.__slots__} | {"closed": []})
    tokens = {row["token"]: row["element"] for kind in ("tasks", "jobs", "incidents") for row in standing[kind]}
    places = {(row["token"], row["index"]): (row["place"], row["element"]) for row in standing["waits"]}
    left = {}
    for (token, index), work in story.work.items():
        if (token, index) in places:
            place, element = places[token, index]
            left[token, place] = replace(work, element=element, index=place)
        else:
            called = names.get(work.element, work.element)  # a call is no row
            left[token, index] = replace(work, element=called if isinstance(work, Call) else tokens[token])
    story.work = left
    story.model = found.plan.new
    story.before = fingerprint(story.model)
    story.note(rest)
    story.outcome = outcome
    return outcome


def refused(story: Play, xml: str, **names: str) -> list[str]:
    """What stands against a move, as sentences."""
    before = story.outcome.state
    found = [str(refusal.sentence) for refusal in migration(story, xml, names).refusals]
    assert story.outcome.state == before
    return found


def renamed(xml: str, keep: str = "p") -> tuple[str, dict[str, str]]:
    """A copy of a drawing in which every element and flow has another id, and the ids by the old ones."""
    model = drawn(xml)
    ids = {id: f"{id}-new" for id in [*model.nodes, *(flow for flow, _, _ in model.flows)] if id != keep}

    def other(found: re.Match[str]) -> str:
        return f'{found[1]}="{ids.get(found[2], found[2])}"'

    return _IDS.sub(other, xml), ids


def change(story: Play, *orders: Activate | Move | Terminate) -> list[str]:
    """Change by hand where a story stands."""
    kinds: dict[str, Any] = {"activate": Activate, "move": Move, "terminate": Terminate}
    wanted = Modification(**{n: tuple(o for o in orders if isinstance(o, kind)) for n, kind in kinds.items()})
    run = story.kind.load(story.outcome.state, story.model, story)
    modify(run, wanted)
    story.note(run.outcome())
    return story.open
