"""How long the law wants cases kept, and what people keep beside a case that leaves with its process.

The comments of a case, who has read them, drafts, delegations and deliveries leave with the instances. The record of
the case, its evidence and its documents are HR's own, under a class of their own (`hr.privacy`): they stay until that
is due.
"""

from collections.abc import Sequence

from engine.ports import Floor
from kernel.db import Unit
from kernel.text import say
from tasks.human.start import OFFBOARDING

TWO_YEARS = 731  # days, a leap year among them
_KEPT = Floor(TWO_YEARS, say("Employment documents are kept for two years at least after the end (LCL 50 ¶3)."))
# The agreement itself, its file and its evidence are HR's own record and stay for as long as `keep_until` says.
_FLOORS = {process: _KEPT for process in (OFFBOARDING, "agreement", "agreement-filing")}

_OF_TASKS = "task_key in (select key from user_task where instance_key = any(%s::bigint[]))"
_REMOVE = (
    f"delete from task_draft where {_OF_TASKS}",
    f"delete from delegation where {_OF_TASKS}",
    "delete from case_read where instance_key = any(%s::bigint[])",
    "delete from case_comment where instance_key = any(%s::bigint[])",
    "delete from delivery where instance_key = any(%s::bigint[])",
)


def retention_floor(process_id: str) -> Floor | None:
    """`engine.ports.RetentionFloor`: the least time for the cases of a process."""
    return _FLOORS.get(process_id)


def remove(unit: Unit, instances: Sequence[int]) -> None:
    """`engine.ports.Removal`: what people kept by these instances."""
    for statement in _REMOVE:
        unit.run(statement, (list(instances),))
