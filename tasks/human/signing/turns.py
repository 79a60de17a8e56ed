"""The task in the process that goes with a signature: completed with it, in the same commit, and in no other way."""

from engine.commands import user_task
from engine.turn import LIVE
from hr.agreements.signers import COMPANY, SEAL, Standing
from hr.agreements.tables import Agreement
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import Text, say
from tasks.house import House

SIGN_FORM = "agreement-sign"
SEAL_FORM = "agreement-seal"
FORMS = (SIGN_FORM, SEAL_FORM)

_MINE = """
select key from user_task where instance_key = %(instance)s and state = 'CREATED' and form_id = %(form)s
   and assignee = %(login)s order by key limit 1
"""
_SEALS = """
select key from user_task where instance_key = %(instance)s and state = 'CREATED' and form_id = %(form)s
   and (assignee = %(login)s or (assignee is null and %(group)s = any(candidate_groups))) order by assignee, key limit 1
"""


def task_of(unit: Unit, found: Standing, login: str) -> int | None:
    """The open task of this signature, None where there is none or the agreement stands alone."""
    sealing = found.signer.role == COMPANY
    args = {
        "instance": found.agreement.instance_key,
        "form": SEAL_FORM if sealing else SIGN_FORM,
        "login": login,
        "group": SEAL,
    }
    row = unit.one(_SEALS if sealing else _MINE, args)
    return row[0] if row else None


def over(unit: Unit, agreement: Agreement) -> Text | None:
    """Why nobody signs an agreement whose process is over, which ends in minutes; None while it goes on, or stands
    alone.
    """
    if agreement.instance_key is None:
        return None
    row = unit.one("select state from instance where key = %s", (agreement.instance_key,))
    if row is not None and row[0] in LIVE:
        return None
    return say(
        "The process of {number} has ended, so nobody signs it any more. Ask HR for a new agreement.",
        number=agreement.number,
    )


def complete(house: House, unit: Unit, found: Standing, actor: Actor, decision: str, reason: str = "") -> None:
    """Move the process on in this transaction, and whoever called it. Raises Conflict while it has no such task."""
    if found.agreement.instance_key is None:
        return
    key = task_of(unit, found, actor.id)
    if key is None:
        raise Conflict(
            over(unit, found.agreement)
            or say(
                "The process of {number} does not wait for this signature at the moment. Reload the page in a minute; "
                "nothing was signed.",
                number=found.agreement.number,
            )
        )
    told = {"decision": decision} | ({"reason": reason} if reason else {})
    user_task.complete(house.engine, unit, key, variables=told, actor=actor, answer_callers=True)


def agreement_of(unit: Unit, key: int) -> str:
    """The agreement that a task of signing belongs to; empty for every other task."""
    row = unit.one(
        "select a.number from user_task t join agreement a on a.instance_key = t.instance_key"
        " where t.key = %s and t.form_id = any(%s) order by a.number desc limit 1",
        (key, list(FORMS)),
    )
    return row[0] if row else ""
