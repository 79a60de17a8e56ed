"""Makes a decision: what it requires first, each thing once (DMN 1.5, 10.4)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from feel.compiler import Env
from feel.dmn.elements import Decision, DecisionService, Drg, InputData, Knowledge
from feel.dmn.graph import Graph
from feel.dmn.sources import conform
from feel.dmn.trace import Inquiry, Note
from feel.run import Run
from feel.sentences import say
from feel.values.conform import coerce
from feel.values.host import adopt
from feel.values.model import Function, Value
from feel.values.types import FunctionOf, Type, resolve


class Evaluation:
    """The values found so far for one set of inputs. A decision that requires itself is null."""

    def __init__(self, model: Graph, run: Inquiry, inputs: Mapping[str, Any]) -> None:
        self._model = model
        self._run = run
        self._inputs = inputs
        self._beyond: Env | None = (model.functions, None, run) if model.functions else None
        self._found: dict[Drg, Value] = {}
        self._under_way: set[Drg] = set()

    def value(self, model: Graph, element: Drg) -> Value:
        """The value of an element of `model`, which may be an imported one."""
        found, run = self._found, self._run
        if element in found:
            return found[element]
        if element in self._under_way:
            run.warn("INVALID_EXPRESSION", 0, "'{name}' requires itself.", name=element.name)
            return None
        self._under_way.add(element)
        types, run.types = run.types, model.types
        run.enter()
        try:
            value = found[element] = _VALUES[type(element)](self, model, element)
        finally:
            run.leave()
            run.types = types
            self._under_way.discard(element)
        return value

    def know(self, element: Drg, value: Value) -> None:
        """Give an element its value beforehand."""
        self._found[element] = value

    def input_data(self, _model: Graph, element: InputData) -> Value:
        for key in (element.name, element.variable):
            if key in self._inputs:
                return conform(adopt(self._inputs[key]), element.type, self._run, element.place)
        if element.variable:
            self._run.warn("NO_VARIABLE_FOUND", 0, "The input '{name}' is not given.", name=element.name)
        return None

    def decision(self, model: Graph, element: Decision) -> Value:
        env = self._env(model, element.requires)
        run = self._run
        run.seen = None
        value = element.logic(env)
        if element.type is not None:
            value = conform(value, element.type, run, element.place)
        run.notes.append(Note(element, value, run.seen))
        run.seen = None
        return value

    def knowledge(self, model: Graph, element: Knowledge) -> Value:
        """The function sees what the model requires, and itself."""
        if element.logic is None:
            return None
        names: dict[str, Value] = {}
        function = _at_home(element.logic((names, self._beyond, self._run)), model.types)
        self._found[element] = function
        names.update(self._required(model, element.requires))
        names.setdefault(element.name, function)
        return function

    def service(self, model: Graph, element: DecisionService) -> Value:
        """A function of its input data and input decisions; its decisions are made anew for every call."""
        parameters = [found for href in element.input_data + element.input_decisions if (found := model.at(href))]
        outputs = [found for href in element.outputs if (found := model.at(href))]
        declared = resolve(element.type, model.types)
        type_ = declared.result if isinstance(declared, FunctionOf) else element.type

        place = say("service '{name}'", name=element.name)

        def call(run: Run, arguments: list[Value]) -> Value:
            inner = Evaluation(self._model, self._run, {})
            if len(arguments) != len(parameters):
                run.warn(
                    "FUNCTION_INVOCATION_FAILURE",
                    0,
                    "'{name}' needs {count} arguments.",
                    name=element.name,
                    count=len(parameters),
                )
                return None
            for (_, parameter), argument in zip(parameters, arguments, strict=True):
                value = coerce(argument, getattr(parameter, "type", None), run)
                if value is None and argument is not None:
                    run.warn(
                        "INVALID_TYPE",
                        0,
                        "The argument '{argument}' of '{name}' does not conform.",
                        argument=parameter.name,
                        name=element.name,
                    )
                    return None
                inner.know(parameter, value)
            values = {decision.name: inner.value(owner, decision) for owner, decision in outputs}
            result = next(iter(values.values())) if len(values) == 1 else values
            return conform(result, type_, run, place)

        names = tuple(parameter.name for _, parameter in parameters)
        return Function(name=element.name, parameters=names, call=call, types=(None,) * len(names))

    def _env(self, model: Graph, requires: tuple[str, ...]) -> Env:
        """Where a decision runs: what it requires, then all inputs, which Camunda's models read undeclared."""
        around: Env = (self._inputs, self._beyond, self._run)
        return (self._required(model, requires), around, self._run) if requires else around

    def _required(self, model: Graph, requires: tuple[str, ...]) -> dict[str, Value]:
        """The values of what is required by name; those of an imported model under the name of the import."""
        names: dict[str, Value] = {}
        for href in requires:
            found = model.at(href)
            if found is None:
                continue
            owner, element = found
            value = self.value(owner, element)
            prefix = next((name for name, imported in model.imports.items() if imported is owner), "")
            if owner is not model and prefix:
                names.setdefault(prefix, {})[element.name] = value
                continue
            names[element.name] = value
            if isinstance(element, Decision):
                names.setdefault(element.variable, value)
                names.setdefault(element.id, value)
        return names


def _at_home(function: Function, types: Mapping[str, Type]) -> Function:
    """The function of an imported model: wherever it is called, it knows the types of its own."""

    def call(run: Run, arguments: list[Value]) -> Value:
        before, run.types = run.types, types
        try:
            return function.call(run, arguments)
        finally:
            run.types = before

    return replace(function, call=call)


_VALUES: dict[type, Callable[..., Value]] = {
    InputData: Evaluation.input_data,
    Decision: Evaluation.decision,
    Knowledge: Evaluation.knowledge,
    DecisionService: Evaluation.service,
}
