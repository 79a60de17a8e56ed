"""A signature moves the process on, and whoever called it, in the same commit; and nothing else completes its task."""

import json
from dataclasses import dataclass

import pytest

from engine import queries
from engine.commands import deploy, start, user_task
from engine.model import Resource
from kernel.actor import Actor, system
from kernel.errors import Conflict, Forbidden, NotFound
from tasks.human import delegation, inbox, submit, task
from tasks.human.signing import signing, turns
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user
from tests.tasks.human.signing.conftest import Room


def signature(id: str, form: str, **assigned: str) -> str:
    return user(
        id, extend(tag("userTask"), tag("formDefinition", formId=form), tag("assignmentDefinition", **assigned))
    )


CALLER = process(
    ENDS
    + f'<callActivity id="c">{extend(tag("calledElement", processId="agreement", propagateAllChildVariables="true"))}'
    "</callActivity>" + user("after", extend(tag("userTask"))),
    "s c after e",
    id="caller",
)
SIGNING = process(
    ENDS
    + signature("employee", "agreement-sign", assignee="zhao")
    + signature("manager", "agreement-sign", assignee="li")
    + signature("company", "agreement-seal", candidateGroups="seal"),
    "s employee manager company e",
    id="agreement",
)


def form(id: str) -> Resource:
    return Resource(f"{id}.form", json.dumps({"id": id, "type": "default", "components": []}).encode())


@dataclass
class Case:
    """A caller that waits for an agreement, which waits for its first signature."""

    room: Room
    caller: int
    instance: int
    number: str

    def open(self, instance: int) -> list[str]:
        return [
            element
            for (element,) in self.room.rows(
                "select element from user_task where instance_key = %s and state = 'CREATED'", (instance,)
            )
        ]

    def key(self) -> int:
        """The task that is open."""
        ((key,),) = self.room.rows(
            "select key from user_task where instance_key = %s and state = 'CREATED'", (self.instance,)
        )
        return int(key)


@pytest.fixture
def case(room: Room) -> Case:
    unit = room.database.once()
    forms = [form(id) for id in turns.FORMS]
    models = [Resource(f"{n}.bpmn", text.encode()) for n, text in enumerate((CALLER, SIGNING))]
    deploy.deploy(room.house.engine, unit, [*models, *forms], system("test"))
    caller = start.start(room.house.engine, unit, process_id="caller", actor=room.actor("chen")).instance_key
    ((instance,),) = room.rows("select key from instance where parent_key = %s", (caller,))
    number = room.prepare(instance_key=instance)
    return Case(room, caller, instance, number)


@pytest.mark.requirement("F70")
def test_the_caller_goes_on_in_the_commit_of_the_last_signature(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    room = case.room
    assert room.signed("zhao", case.number).next == ("李勇",)
    assert case.open(case.instance) == ["manager"]
    room.signed("li", case.number)
    code = room.code("chen", case.number)
    seen: list[list[str]] = []
    complete = user_task.complete

    def looked_at(*args: object, **named: object) -> object:
        done = complete(*args, **named)  # type: ignore[arg-type]
        with room.database.transaction() as other:  # another connection, before the commit
            seen.append([row[0] for row in other.all("select element from user_task where state = 'CREATED'")])
            seen.append([row[0] for row in other.all("select status from agreement")])
        return done

    monkeypatch.setattr(user_task, "complete", looked_at)
    signing.seal(room.house, room.actor("chen"), case.number, code)
    assert seen == [["company"], ["signing"]]
    assert case.open(case.caller) == ["after"]
    assert room.agreement(case.number).status == "sealed"
    assert queries.variables(room.database.once(), case.caller)["decision"] == "signed"


def test_a_failed_turn_leaves_nothing_signed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    room = case.room
    room.agree("zhao", case.number)
    room.read("zhao", case.number)
    code = room.code("zhao", case.number)
    before = room.untouched(case.number)

    def fall(*_: object, **__: object) -> None:
        raise Conflict("somebody else was faster")

    monkeypatch.setattr(user_task, "complete", fall)
    with pytest.raises(Conflict, match="faster"):
        room.sign("zhao", case.number, code)
    assert room.untouched(case.number) == before


def test_while_the_process_does_not_wait_nothing_is_signed(case: Case) -> None:
    room = case.room
    room.agree("zhao", case.number)
    room.read("zhao", case.number)
    code = room.code("zhao", case.number)
    key = case.key()
    room.rows("update user_task set state = 'CANCELED' where key = %s returning key", (key,))
    before = room.untouched(case.number)
    with pytest.raises(Conflict, match="does not wait for this signature"):
        room.sign("zhao", case.number, code)
    with pytest.raises(Conflict, match="does not wait for this signature"):
        signing.decline(room.house, room.visitor("zhao"), case.number, "no")
    assert room.untouched(case.number) == before


def test_declining_moves_the_process_on_with_the_reason(case: Case) -> None:
    room = case.room
    signing.decline(room.house, room.visitor("zhao"), case.number, "期限太长")
    told = queries.variables(room.database.once(), case.instance)
    assert (told["decision"], told["reason"]) == ("declined", "期限太长")
    assert room.agreement(case.number).status == "declined"


def test_its_task_is_completed_and_handed_on_in_no_other_way(case: Case) -> None:
    room, house, key = case.room, case.room.house, case.key()
    boss = Actor(id="boss", groups=frozenset({"hr", "hr-head", "admin"}))
    with room.database.transaction() as unit, pytest.raises(Forbidden, match="/sign/"):
        submit.submit(house, unit, room.actor("zhao"), key, {}, {})
    for who, act in ((boss, task.assign), (room.actor("zhao"), delegation.delegate)):
        with room.database.transaction() as unit, pytest.raises(Forbidden, match="nobody makes for another"):
            act(house, unit, who, key, "wu")
    for who in (boss, room.actor("zhao")):
        with room.database.transaction() as unit, pytest.raises(Forbidden, match="nobody makes for another"):
            task.release(house, unit, who, key)
    with room.database.transaction() as unit:
        seen = task.open_task(house, unit, room.actor("zhao"), key, "en")
        (row,) = inbox.inbox(unit, room.actor("zhao")).rows
        others = task.open_task(house, unit, boss, key, "en")
    assert (seen.signing, seen.may.complete, seen.form) == (case.number, False, None)
    assert (row.signing, row.subject and row.subject.name) == (case.number, "赵𬎆")
    assert (others.signing, others.may.assign) == ("", False)
    assert case.open(case.instance) == ["employee"]


def test_the_seal_is_for_its_holders_and_may_be_taken_by_one(case: Case) -> None:
    room = case.room
    room.signed("zhao", case.number)
    room.signed("li", case.number)
    with room.database.transaction() as unit:
        task.claim(room.house, unit, room.actor("wu"), case.key())
    with pytest.raises(Conflict, match="does not wait for this signature"):
        room.sealed(case.number, "chen")
    with pytest.raises(NotFound):
        signing.seal(room.house, Actor(id="boss", groups=frozenset({"admin", "hr"})), case.number, "123456")
    assert room.sealed(case.number, "wu").sealed
    assert room.rows("select login from agreement_signer where role = 'company'") == [("wu",)]


def test_what_is_withdrawn_is_told_to_the_process(case: Case) -> None:
    room = case.room
    signing.withdraw(room.house, room.actor("chen"), case.number, "文本有误")
    ((name, key),) = room.rows("select name, correlation_key from message")
    assert (name, key) == ("agreement-withdrawn", case.number)
