"""Whose act a job carries out: who completed the form that it works on, with the address that the act came from."""

from hr.people import accounts
from kernel.actor import Actor, system
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks.handlers.operation import Job

_DOER = """
select j.actor, j.actor_kind, j.ip from user_task t
  join journal j on j.instance_key = t.instance_key and j.token = t.token and j.kind = 'USER_TASK_COMPLETED'
 where t.instance_key = %s and t.state = 'COMPLETED' and t.form_id = %s
 order by j.seq desc limit 1
"""


def last_to_complete(unit: Unit, job: Job, form: str) -> Actor | None:
    """Who completed the latest task with this form in the job's instance; None if nobody has."""
    found = unit.one(_DOER, (job.instance_key, form))
    if found is None:
        return None
    login, kind, ip = found
    account = accounts.find(unit, login) if kind == "person" else None
    groups = frozenset(account.groups) if account else frozenset()
    return Actor(id=login, kind=kind, name=account.name if account else login, groups=groups, ip=ip)


def required(unit: Unit, job: Job, form: str) -> Actor:
    """As `last_to_complete`. Raises Invalid where nobody has completed such a task."""
    doer = last_to_complete(unit, job, form)
    if doer is None:
        raise Invalid(
            say(
                "{type} at {element} has nobody to act for: no task with the form {form} was completed in this case.",
                type=job.type,
                element=job.element,
                form=form,
            )
        )
    return doer


def or_system(unit: Unit, job: Job, form: str) -> Actor:
    """As `last_to_complete`; the product itself where nobody has."""
    return last_to_complete(unit, job, form) or system(job.type)
