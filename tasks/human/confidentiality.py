"""What the confidentiality check of a case rests on, for its page: the records by what proves them, what is made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hr.training import enrolments
from kernel.actor import Actor
from kernel.db import Unit
from kernel.text import Text, say
from tasks.human import necessity

WAYS = {
    "exam": say("exam passed"),
    "import": say("taken over from before"),
    "declared": say("on the person's own word"),
    "waiver": say("waived"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A record: `number` is that of the training or agreement that proves it, `page` where it is seen, if it is.

    `way` says how a course came on record; `score` is of 100.
    """

    title: str
    at: datetime
    number: str = ""
    page: str = ""
    way: Text | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A course that is missing. `number` is that of its training, empty until it has begun; `status` how it stands.
    `page` is where the reader learns it, empty for everybody else.
    """

    title: str
    number: str = ""
    page: str = ""
    status: Text | None = None
    waivable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The finding of a case as it is now. `unsigned` are titles of agreements."""

    passed: bool
    at: datetime
    gaps: tuple[Gap, ...]
    unsigned: tuple[str, ...]
    proofs: tuple[Proof, ...]


_FOUND = "select employee, confidentiality from offboarding_case where number = %s and confidentiality is not null"
_CERTIFIED = "select enrolment, number from training_certificate where enrolment = any(%s)"
_LEARNING = """
select distinct on (title) title, number, status from enrolment
 where employee = %s and title = any(%s) order by title, assigned_at desc, number desc
"""


def of_case(unit: Unit, actor: Actor, number: str) -> Checked | None:
    """The finding for whoever may read it: the person and HR. None for others, and before the check has run."""
    if necessity.sight(unit, actor, number).roles.isdisjoint(necessity.OWN):
        return None
    row = unit.one(_FOUND, (number,))
    if row is None:
        return None
    employee, found = row
    titles = [gap["title"] for gap in found["missing"]]
    learning = {title: rest for title, *rest in unit.all(_LEARNING, (employee, titles))}
    own = actor.id == employee
    certified = dict(unit.all(_CERTIFIED, ([source["reference"] for source in found["sources"]],)))
    return Checked(
        passed=found["passed"],
        at=datetime.fromisoformat(found["checkedAt"]),
        gaps=tuple(_gap(title, learning.get(title), actor, own=own) for title in titles),
        unsigned=tuple(found["unsigned"]),
        proofs=tuple(_proof(source, certified, own=own) for source in found["sources"]),
    )


def _gap(title: str, training: list[str] | None, actor: Actor, *, own: bool) -> Gap:
    if training is None:
        return Gap(title=title)
    number, status = training
    return Gap(
        title=title,
        number=number,
        page=f"/learn/{number}" if own else "",
        status=enrolments.status_name(status),
        waivable=not own and actor.has("hr", "hr-head") and status in enrolments.OPEN,
    )


def _proof(source: Mapping[str, Any], certified: Mapping[str, str], *, own: bool) -> Proof:
    """An agreement is seen on its page; a training by its learner where it is learned, by HR as its certificate."""
    reference, way = source["reference"], source.get("by", "")
    page = f"/agreements/{reference}" if source["kind"] == "agreement" else ""
    if reference in certified:
        page = f"/learn/{reference}" if own else f"/training/certificates/{certified[reference]}.pdf"
    return Proof(
        title=source["title"],
        at=datetime.fromisoformat(source["at"]),
        number=reference,
        page=page if reference else "",
        way=WAYS.get(way),
        score=source.get("score"),
    )
