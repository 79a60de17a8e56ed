"""Elements with a job type to nodes."""

from engine.spiff.compile.draft import Draft, brief
from engine.spiff.expression import Literal
from engine.spiff.nodes.jobs import JobTask
from engine.spiff.numbers import whole_number
from kernel.text import say

MOST_RETRIES = 1_000


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
    if isinstance(node.retries, Literal) and whole_number(node.retries.text, MOST_RETRIES) is None:
        draft.refuse(
            "retries",
            say(
                "The retries are {text}. Write a number from 0 to {most}.",
                text=brief(node.retries.text),
                most=MOST_RETRIES,
            ),
        )
    node.headers = draft.extensions.headers
    draft.model.job_types.append((draft.id, node.type.text if isinstance(node.type, Literal) else None))
    return node
