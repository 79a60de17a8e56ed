"""The functions of SpiffWorkflow that this package runs or stands on, each with a hash of its source in version 3.2.0.

A test compares them with what is installed, and another watches that no function beside them is called. So a new
version is met with open eyes: where a function has changed, read it, put our subclass right, then write its new hash.
"""

import hashlib
import importlib
import inspect
from typing import Any

VERSION = "3.2.0"
RELIED_UPON = {
    "bpmn.specs.bpmn_process_spec:BpmnProcessSpec._add_notify": "749fc73f",
    "bpmn.specs.bpmn_task_spec:BpmnTaskSpec.__init__": "1345082e",
    "bpmn.specs.control:BpmnStartTask.__init__": "973bf9e0",
    "bpmn.specs.mixins.bpmn_spec_mixin:BpmnSpecMixin.__init__": "ab73ceb4",
    "bpmn.workflow:BpmnWorkflow.depth": "bc3d2710",
    "specs.StartTask:StartTask.__init__": "473a4ae1",
    "specs.WorkflowSpec:WorkflowSpec.__init__": "fdb80d81",
    "specs.WorkflowSpec:WorkflowSpec._add_notify": "2522e219",
    "specs.base:TaskSpec.__init__": "df987d58",
    "specs.base:TaskSpec._connect_notify": "5495e015",
    "specs.base:TaskSpec.connect": "80f6471c",
    "task:Task._ready": "4c051bb2",
    "task:Task.complete": "3ad34f7a",
    "task:Task.has_state": "51bfc706",
    "task:Task.parent": "70a7622f",
    "task:Task.run": "976c46e2",
    "util.event:Event.__init__": "55fbad35",
    "util.task:TaskState": "cacbcef6",
}


def source_hash(path: str) -> str:
    """The hash of a function or class by its place within SpiffWorkflow, such as `task:Task.run`."""
    module, _, names = path.partition(":")
    found: Any = importlib.import_module(f"SpiffWorkflow.{module}")
    for name in names.split("."):
        found = found.__dict__[name] if isinstance(found, type) else getattr(found, name)
    code: Any = found.fget if isinstance(found, property) else found
    source = inspect.getsource(code)
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def changed() -> list[str]:
    """The functions whose source differs from the one relied upon."""
    return [path for path, pinned in RELIED_UPON.items() if source_hash(path) != pinned]
