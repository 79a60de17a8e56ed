"""What a designer called the processes and steps that the engine knows by id."""

from dataclasses import dataclass

from api.pages.views import Cell
from engine import queries
from engine.turn import Engine
from kernel.db import Unit
from kernel.text import Text


@dataclass(frozen=True, slots=True)
class Names:
    """Cells with a name above and the id, small, below it."""

    engine: Engine
    unit: Unit

    def process(self, definition_key: int, instance_key: int) -> Cell:
        """A process, which leads to the instance whose key stands below."""
        loaded = self.engine.definitions.get(self.unit, definition_key)
        name = Text(loaded.name or loaded.id)
        return Cell(value=name, href=f"/admin/instances/{instance_key}", below=str(instance_key), clip=True)

    def element(self, definition_key: int, element: str) -> Cell:
        """A step; the id alone where it has no name."""
        found = self.engine.definitions.get(self.unit, definition_key).model.elements.get(element)
        if found is None or not found.name:
            return Cell(value=element, clip=True)
        return Cell(value=Text(found.name), below=element, clip=True)

    def kind(self, definition_key: int, element: str) -> str:
        """The BPMN tag of a step, empty where the model has no such step."""
        found = self.engine.definitions.get(self.unit, definition_key).model.elements.get(element)
        return found.type if found is not None else ""

    def definition_of(self, instance_key: int) -> int:
        """The key of the definition that an instance runs."""
        return queries.instance(self.unit, instance_key).definition_key
