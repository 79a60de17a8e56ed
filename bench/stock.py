"""SpiffWorkflow as it is shipped, doing the same as `bench.turn` and `bench.timers`, by its own parser, executor and
serializer.
"""

import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

Start = Callable[[], BpmnWorkflow]


def compiled(text: str, case: dict[str, Any]) -> Start:
    """A process, as a function that begins an instance of it with these data."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(text.encode())))
    spec, called = parser.get_spec("p"), parser.get_subprocess_specs("p")

    def begin() -> BpmnWorkflow:
        workflow = BpmnWorkflow(spec, called)
        workflow.task_tree.data.update(case)
        workflow.do_engine_steps()
        return workflow

    return begin


def saved_each_step(text: str, case: dict[str, Any], steps: int, instances: int = 20) -> float:
    """Instances a CPU second, each of so many user tasks in a row, saved and restored at each."""
    begin, serializer = compiled(text, case), serializer_of_its_own()
    began = time.process_time()
    for _ in range(instances):
        state = serializer.serialize_json(begin())
        for n in range(steps):
            workflow = serializer.deserialize_json(state)
            complete_one(workflow, {"step": n})
            state = serializer.serialize_json(workflow)
        assert workflow.completed
    return instances / (time.process_time() - began)


def parallel_blocks(text: str, case: dict[str, Any]) -> tuple[float, int]:
    """ms to begin, and bytes of the state then; once, for it is long."""
    begin, serializer = compiled(text, case), serializer_of_its_own()
    began = time.process_time()
    workflow = begin()
    took = (time.process_time() - began) * 1000
    return took, len(serializer.serialize_json(workflow).encode())


def timers_looked_at(text: str, waiting: int, tried: int = 200) -> float:
    """ms of the processor to learn that none of so many waiting cases is due, from `tried` of them.

    The library keeps no due times beside its states: whoever asks restores each case and has it look.
    """
    begin, serializer = compiled(text, {}), serializer_of_its_own()
    state = serializer.serialize_json(begin())
    began = time.process_time()
    for _ in range(tried):
        workflow = serializer.deserialize_json(state)
        workflow.refresh_timers()
        assert not workflow.completed
    return (time.process_time() - began) * 1000 * waiting / tried


def timers_fired(text: str, tried: int = 200) -> float:
    """Due cases a CPU second: restored, fired, run to their end and saved."""
    begin, serializer = compiled(text, {}), serializer_of_its_own()
    state = serializer.serialize_json(begin())
    time.sleep(0.01)  # the timer of the text is due by then
    began = time.process_time()
    for _ in range(tried):
        workflow = serializer.deserialize_json(state)
        workflow.refresh_timers()
        workflow.do_engine_steps()
        assert workflow.completed
        serializer.serialize_json(workflow)
    return tried / (time.process_time() - began)


def serializer_of_its_own() -> BpmnWorkflowSerializer:
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())


def complete_one(workflow: BpmnWorkflow, values: dict[str, Any]) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data.update(values)
    task.run()
    workflow.do_engine_steps()
