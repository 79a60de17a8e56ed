"""What the processes have that a project calls and does not bring: its stories go on into them."""

from collections.abc import Iterable, Iterator

from engine.model import Resource
from engine.spiff.model import Model
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Refusal
from processes.hints.drawing import drawing


def elements(engine: Engine, unit: Unit, resources: Iterable[Resource]) -> frozenset[str]:
    """The ids of all nodes and flows of the deployed processes that the files call, and of those that these call."""
    drawn = [drawing(file) for file in resources if file.name.lower().endswith(".bpmn")]
    own = {id for one in drawn for id in one.processes}
    ahead = {one.extension(node, "calledElement").get("processId", "") for one in drawn for node in one.nodes}
    seen: set[str] = set()
    found: set[str] = set()
    while new := ahead - own - seen - {""}:
        seen |= new
        models = [model for id in new if (model := _deployed(engine, unit, id)) is not None]
        found.update(name for model in models for name in names(model))
        ahead = {reference.id for model in models for _, reference in model.calls}
    return frozenset(found)


def names(model: Model) -> Iterator[str]:
    """The ids of a process that a story may name."""
    yield from model.elements
    yield from (id for id, _, _ in model.flows)


def _deployed(engine: Engine, unit: Unit, process: str) -> Model | None:
    try:
        return engine.definitions.latest(unit, process).model
    except Refusal:  # lint says so
        return None
