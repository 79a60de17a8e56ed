"""The evidence of training as people ask for it: one person's, for them and for HR, or a whole course's, for HR.

Each chain's head is stamped first, outside of any transaction, so that the package proves all of it.
"""

from collections.abc import Callable

from hr.evidence import anchors, log
from hr.training import dossier, exams, statements
from hr.training.report import Rows
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, evidence
from tasks.human.training import exam

AGAIN = 3  # times that the heads are stamped which move meanwhile


def of_person(house: House, actor: Actor, login: str) -> bytes:
    """Everything that proves one person's training; having it becomes evidence itself.

    For HR the courses come along as they were taught, with the keys of their questions. Raises NotFound for whoever is
    neither the person nor HR, Unavailable while no time authority answers, Conflict where the person learns on and on,
    and for themselves while they sit an exam: the statements hold what was right in those before it.
    """
    hr = actor.has(*access.READERS)
    if login != actor.id and not hr:
        raise NotFound(say("There is no employee with the login {login}.", login=login))
    if not hr:
        _refuse_while_sitting(house, login)

    def gather(unit: Unit) -> Rows:
        return dossier.of_person(unit, house.world.files, login, source=hr)

    rows = _anchored(house, lambda unit: dossier.numbers(unit, login=login), gather)
    made = _composed(house, rows)
    with house.database.transaction() as unit:
        for one in rows.learned:
            subject = statements.subject(one.enrolment.number)
            log.append(unit, subject, "downloaded", actor, house.clock.now(), package=True)
    return made


def of_course(house: House, actor: Actor, slug: str) -> bytes:
    """Everything that proves who was taught a course; having it becomes evidence of the course.

    Raises Forbidden for whoever is not HR, NotFound for a course that nobody was given, Unavailable and Conflict as
    `of_person`.
    """
    if not actor.has(*access.READERS):
        raise Forbidden(say("The evidence of a whole course is for HR."))
    rows = _anchored(house, lambda unit: dossier.numbers(unit, slug=slug), lambda unit: dossier.of_course(unit, slug))
    made = _composed(house, rows)
    with house.database.transaction() as unit:
        log.append(unit, f"course/{slug}", "downloaded", actor, house.clock.now(), package=True)
    return made


def _refuse_while_sitting(house: House, login: str) -> None:
    with house.database.transaction() as unit:
        found = dossier.numbers(unit, login=login)
    for number in found:
        exam.lapse(house, number)
    with house.database.transaction() as unit:
        if exams.sat_by(unit, login):
            raise Conflict(say("You have an exam under way. Your evidence can be had again when it is over."))


def _anchored(house: House, numbers: Callable[[Unit], list[str]], gather: Callable[[Unit], Rows]) -> Rows:
    """The rows, once the last event of every chain among them bears a stamp."""
    for _ in range(AGAIN):
        with house.database.transaction() as unit:
            found = [anchors.head(unit, statements.subject(number)) for number in numbers(unit)]
        for head in found:
            if head is not None:
                evidence.anchor(house, head)
        with house.database.transaction() as unit:
            rows = gather(unit)
        if all(one.anchors and one.anchors[-1].sequence == one.events[-1].sequence for one in rows.learned):
            return rows
    raise Conflict(say("Somebody is learning right now, so there is more with every second. Try again in a minute."))


def _composed(house: House, rows: Rows) -> bytes:
    settings = house.settings
    return dossier.compose(
        rows,
        evidence.seal(house),
        organisation=settings.organisation,
        zone=settings.zone,
        verify_url=f"{settings.public_url}/verify" if settings.public_url else "",
        at=house.clock.now(),
    )
