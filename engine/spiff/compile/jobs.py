"""Elements with a job type to nodes."""

from engine.spiff.compile.draft import Draft
from engine.spiff.expression import Literal
from engine.spiff.nodes.jobs import JobTask
from kernel.text import say


def job_task(draft: Draft) -> JobTask:
    """Anything with `zeebe:taskDefinition`."""
    definition = draft.extensions.get("taskDefinition")
    if not definition.get("type"):
        draft.refuse(
            "missing-task-definition",
            say("No job type is given, so no handler can take it. Fill in the task definition's type."),
        )
    node = draft.make(JobTask)
    node.type = draft.expression(definition["type"], "type")
    node.retries = draft.expression(definition.get("retries") or "3", "retries")
    node.headers = draft.extensions.headers
    draft.model.job_types.append((draft.id, node.type.text if isinstance(node.type, Literal) else None))
    return node
