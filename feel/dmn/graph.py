"""A decision model as it is put together: its elements, its types, and the models that it imports."""

from dataclasses import dataclass, field

from feel.dmn.elements import Drg
from feel.dmn.sources import Problem
from feel.functions import Functions
from feel.values.types import Type


@dataclass(slots=True, kw_only=True, eq=False)
class Graph:
    """The decision requirements graph of one file. `imports` are by the name that the file gives them,
    `functions` those of the application."""

    id: str
    name: str
    namespace: str
    functions: Functions | None = None
    types: dict[str, Type] = field(default_factory=dict)
    elements: dict[str, Drg] = field(default_factory=dict)
    imports: dict[str, "Graph"] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def at(self, href: str) -> "tuple[Graph, Drg] | None":
        """What an href means, here or in an imported model; null where there is no such element."""
        namespace, _, key = href.rpartition("#")
        owner = self if namespace in ("", self.namespace) else self._imported(namespace)
        element = owner.elements.get(key) if owner else None
        return (owner, element) if owner and element else None

    def _imported(self, namespace: str) -> "Graph | None":
        return next((model for model in self.imports.values() if model.namespace == namespace), None)
