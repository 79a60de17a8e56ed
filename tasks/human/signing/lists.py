"""One code for many seals: the holder sees a list, and the code is bound to these very documents in this order."""

from collections.abc import Sequence

from hr.agreements import acts, batches, will
from hr.agreements.batches import Listed
from hr.agreements.signers import SEAL, Standing
from hr.agreements.will import Act
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import Text, say
from tasks.house import House
from tasks.human.signing import codes, visitors
from tasks.human.signing.codes import MINUTES, Sent


def send(house: House, actor: Actor, numbers: Sequence[str], channel: str) -> Sent:
    """Send the code for sealing these agreements.

    Raises Forbidden for who does not hold the seal, Conflict where one of them does not wait for it, else as
    `codes.send`.
    """
    with house.database.transaction() as unit:
        found, listed = _listed(house, unit, actor, numbers)

        def words(code: str, _: Standing) -> Text:
            return say(
                "{code} is your code to set the company's seal on {count} agreements. It works for {minutes} minutes. "
                "Give it to nobody.",
                code=code,
                count=len(listed),
                minutes=MINUTES,
            )

        draft = codes.drafted(
            house, unit, found, actor, _act(found, actor, listed), channel, words, list=batches.list_hash(listed)
        )
    return codes.handed_over(house, draft)


def begin(house: House, actor: Actor, numbers: Sequence[str], code: str, title: str) -> int:
    """Begin a batch that seals these agreements, with the code that was sent for this very list. Gives its key.

    Raises Invalid for a code that does not fit, which is counted, else as `send`.
    """
    now = house.clock.now()
    with house.database.transaction() as unit:
        found, listed = _listed(house, unit, actor, numbers)
        verdict = codes.check(house, unit, _act(found, actor, listed), code, now)
        if verdict.code_id is not None:
            will.use(unit, verdict.code_id, now)
            acts.note(unit, found, "code.checked", actor, now, list=batches.list_hash(listed))
            key = house.engine.keys.next()
            batches.seal(unit, key, listed, title=title, actor=actor, clock=house.clock)
            return key
        if verdict.spent:
            acts.note(unit, found, "code.wrong", actor, now, purpose="sign")
    raise Invalid(verdict.refusal or say("The code does not fit."))


def _listed(house: House, unit: Unit, actor: Actor, numbers: Sequence[str]) -> tuple[Standing, list[Listed]]:
    """The first of them as it stands, and all as they are listed."""
    if not actor.has(SEAL):
        raise Forbidden(say("Only who holds the company's seal sets it."))
    if not numbers:
        raise Invalid(say("Choose the agreements that are to be sealed."))
    waiting = set(visitors.waiting(unit, visitors.by_login(actor), house.clock.now()))
    gone = [number for number in numbers if number not in waiting]
    if gone:
        raise Conflict(say("{number} does not wait for the seal any more. Look at the list again.", number=gone[0]))
    found = [visitors.standing(unit, visitors.by_login(actor), number) for number in dict.fromkeys(numbers)]
    listed = [
        Listed(number=one.agreement.number, document=one.agreement.current_hash, login=one.agreement.employee)
        for one in found
    ]
    return found[0], listed


def _act(found: Standing, actor: Actor, listed: Sequence[Listed]) -> Act:
    assert found.signer.id is not None
    return Act(signer_id=found.signer.id, holder=actor.id, purpose="sign", document_hash=batches.list_hash(listed))
