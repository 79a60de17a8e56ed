"""A decision model as it is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from feel.dmn.elements import Decision, Drg
from feel.dmn.evaluate import Evaluation
from feel.dmn.graph import Graph
from feel.dmn.trace import Decided, Inquiry
from feel.dmn.xml import DmnError
from feel.errors import FeelError, FeelLimitExceeded
from feel.limits import Limits
from feel.run import Clock
from feel.sentences import Sentence, say
from feel.values.host import adopt
from feel.values.model import Function, Value


class Model(Graph):
    """One file, compiled, with the models that it imports. Ask it from any thread.

    `problems` are expressions that are not FEEL: they answer null, and a deployment should refuse them.
    """

    __slots__ = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of this file, in its order."""
        return tuple(element for element in self.elements.values() if isinstance(element, Decision))

    def find(self, key: str) -> Drg:
        """An element by its id, or else by its name. Raises DmnError where there is none."""
        found = self.elements.get(key)
        if found is None:
            found = next((element for element in self.elements.values() if element.name == key), None)
        if found is None:
            names = ", ".join(f"'{decision.id}'" for decision in self.decisions) or say("no decision")
            raise DmnError(
                say("The model '{name}' has no decision '{id}'. It has {known}.", name=self.name, id=key, known=names)
            )
        return found

    def decide(
        self,
        decision: str,
        inputs: Mapping[str, Any] | None = None,
        *,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> Decided:
        """Make a decision, given by id or name, with all that it requires.

        `inputs` holds the input data by name; expressions also see whatever else is in it. Raises DmnError for an
        unknown decision, FeelLimitExceeded and FeelAssertionFailed with the decision's name.
        """
        element = self.find(decision)
        run = Inquiry(limits, clock, self.types)
        evaluation = Evaluation(self, run, {} if inputs is None else inputs)
        try:
            value = evaluation.value(self, element)
        except (FeelError, RecursionError) as error:
            raise _named(say("Decision '{name}'", name=element.name), error) from error
        return _decided(value, run)

    def invoke(
        self, key: str, arguments: Sequence[Any], *, clock: Clock | None = None, limits: Limits | None = None
    ) -> Decided:
        """Call a decision service or a business knowledge model with arguments in the order of its parameters."""
        run = Inquiry(limits, clock, self.types)
        function = self.function(key, run)
        try:
            value = function.call(run, [adopt(argument) for argument in arguments])
        except (FeelError, RecursionError) as error:
            raise _named(f"'{key}'", error) from error
        return _decided(value, run)

    def parameters(self, key: str) -> tuple[str, ...]:
        """The parameters of a decision service or business knowledge model, in order."""
        return self.function(key, Inquiry(None, None, self.types)).parameters

    def function(self, key: str, run: Inquiry) -> Function:
        """A decision service or business knowledge model as a function value. Raises DmnError for anything else."""
        found = Evaluation(self, run, {}).value(self, self.find(key))
        if not isinstance(found, Function):
            raise DmnError(
                say("'{name}' cannot be called: it is neither a service nor a business knowledge model.", name=key)
            )
        return found


def _decided(value: Value, run: Inquiry) -> Decided:
    return Decided(value=value, notes=tuple(run.notes), warnings=tuple(run.warnings), failure_told=run.failure)


def _named(name: Sentence | str, error: FeelError | RecursionError) -> FeelError:
    """The same error, saying whose it is."""
    if isinstance(error, RecursionError):
        return FeelLimitExceeded(say("{place} is nested too deep to be made.", place=name))
    return type(error)(say("{place}: {sentence}", place=name, sentence=error.told))
