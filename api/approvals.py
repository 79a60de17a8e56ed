"""A second person's approval of what is to be published."""

from api.proposals import Proposed, check_current, check_proved, claimed
from api.publishers import may_publish, publishers
from engine import audit
from kernel.actor import Actor
from kernel.errors import Forbidden
from kernel.text import Text, say
from tasks.house import House

_APPROVED = "update proposal set approved_by = %s, approved_at = %s where key = %s"


def hindrance(house: House, found: Proposed, actor: Actor) -> Text | None:
    """Why someone cannot approve a proposal; None where they can."""
    if not may_publish(house, actor):
        return say("Only those who may publish can approve: {groups}.", groups=", ".join(sorted(publishers(house))))
    if actor.id == found.created_by:
        return say("You proposed this yourself: somebody else has to approve it.")
    if actor.id in found.edited_by:
        return say("You changed these files since they were last published: somebody else has to approve them.")
    return None


def approve(house: House, key: int, *, actor: Actor) -> None:
    """Approve a proved proposal: never by who proposed it or changed its files. The audit log keeps who and when.

    Raises NotFound, Forbidden with the reason, and Conflict where there is no proof to approve or the files of the
    project have changed since. A proof that is done again has to be approved again.
    """
    with house.database.transaction() as unit:
        found = claimed(unit, key)
        if (why := hindrance(house, found, actor)) is not None:
            raise Forbidden(why)
        check_proved(found)
        check_current(unit, found)
        unit.run(_APPROVED, (actor.id, house.clock.now(), key))
        audit.note(
            unit,
            house.engine,
            actor,
            entity="RESOURCE",
            operation="EVALUATE",
            entity_key=key,
            what="APPROVED",
            proposal=str(key),
            files=list(found.files),
            proposed_by=found.created_by,
        )
