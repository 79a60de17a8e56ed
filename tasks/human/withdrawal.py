"""Taking a resignation back: the employee asks, HR agrees, and case and process end together.

A resignation that has reached the company takes effect by itself (LCL 37): neither an administrator's click nor the
company alone undoes it, and from the last day on it is over. With the consent of both it may be taken back until then.
Both acts stand in the evidence of the case, each in the name of who did it.
"""

from engine.commands import operate
from hr.evidence import log
from hr.offboarding import cases as records
from hr.offboarding.tables import Case
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import say
from tasks.house import House
from tasks.human import conversation, find
from tasks.human.start import OFFBOARDING, policy

AGREES = ("hr", "hr-head")
ASKED = "withdrawal.asked"
# A leaving in the tree of an instance, by its case or by its process.
_LEAVING = """select coalesce(c.number, i.key::text) from instance i
  left join offboarding_case c on c.instance_key = i.key
  where i.root_key = %s and (i.process_id = %s or c.number is not null) limit 1"""


def refuse_cancel(unit: Unit, instance_key: int) -> None:
    """`engine.ports.CancelCheck`: an instance that an open case hangs on is not ended from outside. Raises Conflict."""
    row = unit.one("select number from offboarding_case where instance_key = %s and status = 'open'", (instance_key,))
    if row is not None:
        raise Conflict(
            say(
                "Instance {key} carries the open case {number}. Ending it would undo no resignation (LCL 37) and leave "
                "the person without a certificate (LCL 50). Where the employee takes the resignation back and HR "
                "agrees, record that on the page of the case: case and process then end together.",
                key=instance_key,
                number=row[0],
            ),
            number=row[0],
        )


def refuse_suspend(unit: Unit, instance_key: int) -> None:
    """`engine.ports.SuspendCheck`: the statutory clock of a leaving never stops, nor does the case. Raises Conflict."""
    row = unit.one(_LEAVING, (instance_key, OFFBOARDING))
    if row is not None:
        raise Conflict(
            say(
                "Instance {key} carries the leaving {number}, whose statutory clock never stops: the resignation takes "
                "effect by itself (LCL 37), and on the last day wages are paid in one lump (Interim Wage Provisions 9) "
                "and the certificate is issued whatever is open (LCL 50), so nothing of it can be held back. Hand its "
                "tasks to others, or resolve what has stopped.",
                key=instance_key,
                number=row[0],
            ),
            number=row[0],
        )


def step(house: House, unit: Unit, actor: Actor, case: Case) -> str:
    """What this person may do now towards a withdrawal: `withdrawal`, `withdrawal-agreed`, or nothing."""
    if case.status != "open" or _over(house, case):
        return ""
    asked = _asked(unit, case.number)
    if actor.id == case.employee:
        return "" if asked else "withdrawal"
    return "withdrawal-agreed" if asked and actor.has(*AGREES) else ""


def ask(house: House, unit: Unit, actor: Actor, number: str, reason: str) -> None:
    """The employee asks to take the resignation back; HR reads it in the conversation of the case.

    Raises Forbidden for anyone else, Invalid without a reason, Conflict once the last day has come or it was asked.
    """
    root = find.case(unit, actor, number)
    case = _open(house, unit, root.number, reason)
    if actor.id != case.employee:
        raise Forbidden(say("Only the employee takes a resignation back; HR then agrees."))
    if _asked(unit, root.number):
        raise Conflict(say("The withdrawal of {number} was asked for already; it is for HR to agree.", number=number))
    log.append(unit, root.number, ASKED, actor, house.clock.now(), reason=reason)
    said = say("I ask to take my resignation back: {reason}", reason=reason)
    conversation.add(house, unit, actor, root.key, said.within(house.settings.language))


def agree(house: House, unit: Unit, actor: Actor, number: str, reason: str) -> None:
    """HR agrees: the case is withdrawn and its process ended, in one transaction.

    Raises Forbidden for who is not HR and for the leaver, Invalid without a reason, Conflict where nobody asked or the
    last day has come. What systems outside were told (customers moved in CRM) is given back by hand.
    """
    root = find.case(unit, actor, number)
    case = _open(house, unit, root.number, reason)
    if not actor.has(*AGREES) or actor.id == case.employee:
        raise Forbidden(say("HR agrees to a withdrawal, and nobody to their own."))
    if not _asked(unit, root.number):
        raise Conflict(say("The employee has not asked to take the resignation of {number} back.", number=number))
    records.withdraw(unit, root.number, reason=reason, clock=house.clock, actor=actor)
    operate.cancel(house.engine, unit, root.key, actor=actor, reason=reason)


def _open(house: House, unit: Unit, number: str, reason: str) -> Case:
    case = records.still_open(unit, number)
    if not reason:
        raise Invalid(say("Say why: it is written into the record."))
    if _over(house, case):
        raise Conflict(
            say(
                "The last day {day} of {number} has come: the contract has ended and the certificate is due (LCL 50). "
                "Who stays on is hired anew.",
                day=case.leaving_on.isoformat(),
                number=number,
            )
        )
    return case


def _over(house: House, case: Case) -> bool:
    return policy(house).day_of(house.clock.now()) >= case.leaving_on


def _asked(unit: Unit, number: str) -> bool:
    asked = "select 1 from evidence where subject = %s and event = %s limit 1"
    return unit.one(asked, (number, ASKED)) is not None
