"""A model played by the library as it is shipped, from the same drawings that ours plays.

All that is added is its own point of extension: a leading `=` makes an expression, anything else is a text.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

Story = TypeVar("Story", bound=Callable[..., None])
__all__ = ["NoneEventDefinition", "Stock", "fault", "parse"]


def fault(*ids: str) -> Callable[[Story], Story]:
    """The faults of `faults.LISTED` that a story shows."""

    def mark(story: Story) -> Story:
        story.faults = ids  # type: ignore[attr-defined]  # read by the test that none is missing
        return story

    return mark


class Dialect(TaskDataEnvironment):
    """Expressions with `=` in front are Python's, since the library has no other; the rest are texts."""

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        text = expression.strip()
        return super().evaluate(text[1:], context, external_context) if text.startswith("=") else text


def parse(xml: str) -> tuple[Any, Any]:
    """The library's specification of process p, and those of its sub-processes."""
    parser = BpmnParser(validator=None)
    parser.add_bpmn_str(xml.encode())
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


class Stock:
    """An instance, run until it waits."""

    def __init__(self, xml: str | tuple[Any, Any], steps: int = 0, **variables: Any) -> None:
        spec, inside = parse(xml) if isinstance(xml, str) else xml
        self.workflow = BpmnWorkflow(spec, inside, script_engine=PythonScriptEngine(environment=Dialect()))
        for task in (self.workflow.task_tree, self.workflow.get_next_task(spec_name="Start")):
            task.data.update(variables)
        self.steps = 0
        self.most = steps
        self.go()

    def go(self) -> None:
        self.workflow.do_engine_steps(will_complete_task=self._count if self.most else None)

    def _count(self, task: Any) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TimeoutError

    @property
    def open(self) -> list[str]:
        """What stands ready for someone to do it."""
        return sorted(task.task_spec.name for task in self.workflow.get_tasks(state=TaskState.READY, manual=True))

    @property
    def ended(self) -> bool:
        return bool(self.workflow.completed)

    def ready(self, element: str) -> Any:
        return self.workflow.get_next_task(state=TaskState.READY, spec_name=element)

    def do(self, element: str, **variables: Any) -> list[str]:
        task = self.ready(element)
        task.data.update(variables)
        task.run()
        self.go()
        return self.open

    def send(self) -> list[str]:
        """The message of the drawings."""
        self.workflow.send_event(BpmnEvent(MessageEventDefinition("msg"), payload={}, correlations={}))
        self.go()
        return self.open

    @property
    def listens(self) -> list[str]:
        return sorted(event.name or "" for event in self.workflow.waiting_events())
