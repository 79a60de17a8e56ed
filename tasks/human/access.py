"""Who may see, claim and complete a task, and who may see a case. What a person may not see is not found."""

from collections.abc import Sequence
from typing import Protocol

from kernel.actor import Actor
from kernel.db import Unit

# HR reads every case, to guide it; administrators do, to mend it.
READERS = ("hr", "hr-head", "admin")
ASSIGNERS = ("hr", "hr-head", "admin")


class Open(Protocol):
    """What access asks of a task."""

    @property
    def assignee(self) -> str | None: ...
    @property
    def candidate_groups(self) -> Sequence[str]: ...
    @property
    def candidate_users(self) -> Sequence[str]: ...


def is_candidate(actor: Actor, task: Open) -> bool:
    """The task is offered to a group of the actor, or to the actor by name."""
    return actor.has(*task.candidate_groups) or actor.id in task.candidate_users


def may_see(actor: Actor, task: Open, takes_part: bool = False) -> bool:
    """The assignee, whoever it is offered to, those who took part in it, and the readers of all cases."""
    return takes_part or actor.id == task.assignee or is_candidate(actor, task) or actor.has(*READERS)


def may_complete(actor: Actor, task: Open) -> bool:
    """The assignee alone; anyone it is offered to while nobody has taken it."""
    return actor.id == task.assignee if task.assignee else is_candidate(actor, task)


def may_claim(actor: Actor, task: Open) -> bool:
    return task.assignee is None and is_candidate(actor, task)


_TAKES_PART = """
select exists (select from offboarding_case c where c.instance_key = %(instance)s
                and (c.employee = %(login)s or c.recipient = %(login)s or c.facts -> 'manager' ->> 'login' = %(login)s))
    or exists (select from instance i join user_task t on t.instance_key = i.key
                where i.root_key = %(instance)s and (t.assignee = %(login)s or t.ended_by = %(login)s))
    or exists (select from instance i join user_task t on t.instance_key = i.key
                where i.root_key = %(instance)s and t.state = 'CREATED'
                  and (t.candidate_groups && %(groups)s::text[] or %(login)s = any(t.candidate_users)))
    or exists (select from instance i join user_task t on t.instance_key = i.key
                 join delegation d on d.task_key = t.key
                where i.root_key = %(instance)s and d.owner = %(login)s and d.returned_at is null
                  and t.assignee = d.delegate)
"""


def may_see_case(unit: Unit, actor: Actor, root_key: int) -> bool:
    """The person it is about, whoever has or had a task in it, and the readers of all cases."""
    if actor.has(*READERS):
        return True
    args = {"instance": root_key, "login": actor.id, "groups": sorted(actor.groups)}
    return bool(unit.one(_TAKES_PART, args)[0])


def has_given(unit: Unit, actor: Actor, key: int) -> bool:
    """The task is with a colleague whom the actor gave it to, and stays answerable for it."""
    found = unit.one(
        "select from delegation d join user_task t on t.key = d.task_key and t.assignee = d.delegate"
        " where d.task_key = %s and d.owner = %s and d.returned_at is null limit 1",
        (key, actor.id),
    )
    return found is not None
