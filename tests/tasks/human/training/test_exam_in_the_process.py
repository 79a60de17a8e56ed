"""An exam that is graded moves its process on in the same commit, with what it brought."""

import json
from datetime import timedelta

import pytest

from engine import queries
from engine.commands import deploy, start, user_task
from engine.model import Resource
from kernel.actor import system
from kernel.errors import Conflict
from tasks.human.training import exam, turns
from tasks.human.training.exam import Lapsed
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall"]

TAKEN = extend(
    tag("userTask"), tag("formDefinition", formId=turns.EXAM_FORM), tag("assignmentDefinition", assignee="zhao")
)
TRAINING = process(
    ENDS + user("exam", TAKEN) + '<exclusiveGateway id="x"/>' + user("certify again", extend(tag("userTask"))),
    "s exam x {passed} certify e",
    "x {default} again e",
    id="training",
)


@pytest.fixture
def number(hall: Hall) -> str:
    """A training whose process waits for the exam."""
    form = json.dumps({"id": turns.EXAM_FORM, "type": "default", "components": []}).encode()
    files = [Resource("training.bpmn", TRAINING.encode()), Resource("exam.form", form)]
    unit = hall.database.once()
    deploy.deploy(hall.house.engine, unit, files, system("test"))
    key = start.start(hall.house.engine, unit, process_id="training", actor=hall.actor("chen")).instance_key
    return hall.enrol(instance=key)


def waits_for(hall: Hall) -> list[str]:
    return [element for (element,) in hall.rows("select element from user_task where state = 'CREATED'")]


def told(hall: Hall, number: str) -> dict[str, object]:
    key = hall.enrolment(number).instance_key
    assert key is not None
    return queries.variables(hall.database.once(), key)


@pytest.mark.requirement("F84")
def test_a_pass_and_a_fail_go_their_ways(hall: Hall, number: str) -> None:
    sitting = hall.sit(number)
    assert waits_for(hall) == ["exam"]
    hall.submit(sitting, hall.right(number))
    assert waits_for(hall) == ["certify"]
    assert told(hall, number) == {"passed": True, "score": 100}


def test_a_fail_leads_back_to_learning(hall: Hall, number: str) -> None:
    hall.submit(hall.sit(number), hall.right(number, but=hall.drawn(number)[:3]))
    assert waits_for(hall) == ["again"]
    assert told(hall, number) == {"passed": False, "score": 70}


def test_an_exam_whose_time_is_over_moves_the_process_on_by_itself(hall: Hall, number: str) -> None:
    hall.sit(number)
    hall.clock.advance(timedelta(minutes=31))
    assert Lapsed()(hall.house, lambda: False) == 1
    assert waits_for(hall) == ["again"]


def test_a_turn_that_fails_leaves_nothing_graded(hall: Hall, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = hall.sit(number)
    given, before = hall.right(number), hall.untouched(number)

    def fall(*_: object, **__: object) -> None:
        raise Conflict("somebody else was faster")

    with monkeypatch.context() as patched:
        patched.setattr(user_task, "complete", fall)
        with pytest.raises(Conflict, match="faster"):
            hall.submit(sitting, given)
    assert hall.untouched(number) == before
    assert hall.submit(sitting, given).score == 100


def test_while_the_process_does_not_wait_the_exam_is_kept_and_tried_again(hall: Hall, number: str) -> None:
    sitting = hall.sit(number)
    hall.save(sitting, hall.right(number))
    hall.rows("update user_task set state = 'CANCELED' returning key")
    before = hall.untouched(number)
    hall.clock.advance(timedelta(minutes=31))
    chore = Lapsed()
    assert chore(hall.house, lambda: False) == 0
    with pytest.raises(Conflict, match="does not wait for this step"):
        exam.start(hall.house, hall.actor("zhao"), number)
    assert hall.untouched(number) == before
    hall.rows("update user_task set state = 'CREATED' returning key")
    hall.clock.advance(timedelta(minutes=1))
    assert chore(hall.house, lambda: False) == 1
    assert hall.enrolment(number).score == 100
