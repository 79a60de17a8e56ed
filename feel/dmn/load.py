"""Reads a decision model and compiles it."""

from collections.abc import Iterable

from feel.dmn.boxed import boxed, function, logic_of
from feel.dmn.elements import KINDS, Decision, DecisionService, Drg, InputData, Knowledge
from feel.dmn.model import Model
from feel.dmn.sources import Problem, Sources
from feel.dmn.types import item_type, prefixed, reference
from feel.dmn.xml import DmnError, Element, child, children, local, name, read
from feel.functions import Functions
from feel.sentences import say
from feel.values.types import FunctionOf, Type, resolve

_NAMED = frozenset(
    {
        "itemComponent",
        "variable",
        "informationItem",
        "import",
        "output",
        "column",
    }
)


def load(content: bytes, imported: Iterable[bytes] = (), *, functions: Functions | None = None) -> Model:
    """Compile a DMN file. `imported` are the files that it may import, found among them by namespace.

    `functions` are those of the application, which every expression of the model may call.
    Raises DmnError where the file is no decision model; an expression that is not FEEL is one of `Model.problems`.
    """
    files = {root.get("namespace") or "": root for root in map(read, imported)}
    return _Library(files, functions).model(read(content))


class _Library:
    """The files at hand, each compiled once."""

    def __init__(self, files: dict[str, Element], functions: Functions | None) -> None:
        self._files = files
        self._functions = functions
        self._models: dict[str, Model] = {}

    def model(self, root: Element) -> Model:
        namespace = root.get("namespace") or ""
        if namespace in self._models:
            return self._models[namespace]
        model = Model(
            id=root.get("id") or "", name=root.get("name") or "", namespace=namespace, functions=self._functions
        )
        self._models[namespace] = model
        for declared in children(root, "import"):
            self._import(model, declared)
        _Compiler(model, root, self._names_of(root)).compile()
        return model

    def _import(self, model: Model, declared: Element) -> None:
        """Other languages than DMN are not imported; a DMN file that is missing is a problem of the model."""
        namespace, alias = declared.get("namespace") or "", declared.get("name") or ""
        if namespace in self._files:
            model.imports[alias] = self.model(self._files[namespace])
        elif "DMN" in (declared.get("importType") or ""):
            told = say("The file of {namespace} is not at hand.", namespace=namespace)
            model.problems.append(Problem("", say("Import '{name}'", name=alias), None, told))

    def _names_of(self, root: Element, seen: frozenset[str] = frozenset()) -> set[str]:
        """Every name that expressions of the file may use, those of imported files with it."""
        names: set[str] = set()
        for element in root.iter():
            if local(element) in _NAMED and element.get("name"):
                names.add(name(element))
            if element.get("iteratorVariable"):
                names.add(str(element.get("iteratorVariable")))
        for declared in children(root, "import"):
            namespace = declared.get("namespace") or ""
            if namespace in self._files and namespace not in seen:
                names |= self._names_of(self._files[namespace], seen | {namespace})
        return names


class _Compiler:
    """Fills a model from its file."""

    def __init__(self, model: Model, root: Element, names: set[str]) -> None:
        self._model = model
        self._root = root
        self._sources = Sources(names, model.problems, model.functions)

    def compile(self) -> None:
        self._types()
        for element in children(self._root):
            read_element = _READERS.get(local(element))
            if read_element is not None:
                key = element.get("id") or name(element)
                if key in self._model.elements:
                    raise DmnError(say("Two elements of the model have the id '{id}'.", id=key))
                self._model.elements[key] = read_element(self, element, key)

    def _types(self) -> None:
        types = self._model.types
        for alias, imported in self._model.imports.items():
            prefix = f"{alias}." if alias else ""
            types.update({prefix + key: prefixed(t, prefix, set(imported.types)) for key, t in imported.types.items()})
        for item in children(self._root, "itemDefinition"):
            key = item.get("name") or ""
            sources = self._sources.within(key)
            types[key] = item_type(item, sources.tests, key)

    def _variable_type(self, element: Element) -> Type | None:
        variable = child(element, "variable")
        return reference(variable.get("typeRef")) if variable is not None else None

    def input_data(self, element: Element, key: str) -> Drg:
        variable = child(element, "variable")
        return InputData(
            id=key,
            name=name(element),
            variable=(name(variable) or name(element)) if variable is not None else "",
            type=self._variable_type(element),
            place=say("input '{name}'", name=name(element)),
        )

    def decision(self, element: Element, key: str) -> Drg:
        label, logic, variable = name(element), logic_of(element), child(element, "variable")
        place = say("decision '{name}'", name=label)
        return Decision(
            id=key,
            name=label,
            variable=name(variable) if variable is not None and variable.get("name") else label,
            kind=KINDS.get(local(logic), "UNKNOWN") if logic is not None else "UNSPECIFIED",
            type=self._variable_type(element),
            place=place,
            requires=_requirements(element),
            logic=boxed(logic, self._sources.within(key), place),
        )

    def knowledge(self, element: Element, key: str) -> Drg:
        label, logic = name(element), child(element, "encapsulatedLogic")
        type_ = self._variable_type(element)
        result = None if isinstance(resolve(type_, self._model.types), FunctionOf) else type_
        sources, place = self._sources.within(key), say("knowledge '{name}'", name=label)
        return Knowledge(
            id=key,
            name=label,
            requires=_requirements(element),
            logic=function(logic, sources, place, result) if logic is not None else None,
        )

    def service(self, element: Element, key: str) -> Drg:
        return DecisionService(
            id=key,
            name=name(element),
            type=self._variable_type(element),
            input_data=_hrefs(element, "inputData"),
            input_decisions=_hrefs(element, "inputDecision"),
            outputs=_hrefs(element, "outputDecision"),
        )


def _requirements(element: Element) -> tuple[str, ...]:
    required = children(element, "informationRequirement", "knowledgeRequirement")
    return tuple(href for requirement in required for href in _hrefs(requirement))


def _hrefs(element: Element, *names: str) -> tuple[str, ...]:
    return tuple(str(inner.get("href")) for inner in children(element, *names) if inner.get("href"))


_READERS = {
    "inputData": _Compiler.input_data,
    "decision": _Compiler.decision,
    "businessKnowledgeModel": _Compiler.knowledge,
    "decisionService": _Compiler.service,
}
