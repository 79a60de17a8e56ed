"""A course that is learned, examined and certified, on the parts of the exam hall."""

from tasks.handlers import training_certificate
from tasks.human.training.exam import Attempt
from tests.tasks.human.training.exam_hall import Hall


def passed(hall: Hall, login: str = "zhao") -> str:
    """Someone who has passed the exam with everything right; the number of the training."""
    number = hall.enrol(login)
    done = handed_in(hall, number, login)
    assert done.passed
    return number


def handed_in(hall: Hall, number: str, login: str = "zhao", *, wrong: int = 0) -> Attempt:
    """The next attempt, with so many questions left without an answer."""
    sitting = hall.sit(number, login)
    left_out = hall.drawn(number, sitting.attempt)[:wrong]
    return hall.submit(sitting, hall.right(number, sitting.attempt, but=left_out), login)


def certified(hall: Hall, login: str = "zhao") -> str:
    """Someone who has passed and holds the certificate; its number."""
    return certify(hall, passed(hall, login))


def certify(hall: Hall, number: str, *, last: bool = False) -> str:
    """What the job of the process does: seal outside of any transaction, record within one."""
    world = hall.house.world
    made = training_certificate.make(world, number, last=last)
    with hall.database.transaction() as unit:
        return training_certificate.record(unit, world, number, made, hall.actor("chen")).number
