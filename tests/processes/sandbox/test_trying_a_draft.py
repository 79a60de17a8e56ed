"""A draft is tried step by step on a stage of its own: what is seen, what is refused, what is undone."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import OperationalError

from engine.model import ModelRefused, Resource
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from processes.sandbox import forms, opening, store
from processes.sandbox.stages import Stages
from processes.story.overheard import Overheard
from processes.story.sight import Failed
from processes.studio import projects
from tasks.handlers.operation import World
from tasks.human.forms import FormRejected
from tests.conftest import drop
from tests.processes.sandbox.conftest import DESIGNER, Studio, errand

START: dict[str, Any] = {"start": "employee", "values": {"what": "纸", "who": "王"}}
APPROVE: dict[str, Any] = {"complete": "approve", "as": "hr", "values": {"ok": True}}


def names(waiting: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["kind"], one["element"]) for one in waiting]


def test_without_scenarios_there_is_a_small_organisation_and_a_working_day(studio: Studio) -> None:
    found = studio.view(studio.open(errand()))
    assert (found["state"], found["number"], found["now"]) == ("NONE", 0, "2026-11-09T01:00:00Z")
    assert [person["login"] for person in found["people"]] == [
        "department-head", "manager", "employee", "recipient", "hr-head", "hr", "administration", "finance", "it",
    ]  # fmt: skip
    assert (found["startForm"], found["starts"][0]["kind"], found["steps"]) == (True, "none", [])
    (drawn,) = found["diagrams"]
    assert (drawn["process"], drawn["file"], drawn["live"], drawn["passed"]) == ("errand", "errand.bpmn", {}, [])


def test_a_case_goes_through_form_timer_job_and_message(studio: Studio) -> None:
    key = studio.open(errand())
    begun = studio.step(key, START)
    assert [(task["element"], task["mayBe"]) for task in begun["tasks"]] == [("approve", ["hr-head", "hr"])]
    assert begun["variables"] == {"what": "纸", "who": "王"}
    (timer,) = begun["waiting"]
    late = studio.step(key, {"at": timer["dueAt"]})
    assert (late["now"], late["variables"]["reminded"]) == (timer["dueAt"], True)
    assert {"late", "remind", "reminded_end", "late_remind"} <= set(late["diagrams"][0]["passed"])
    assert late["diagrams"][0]["live"] == {"approve": 1}
    approved = studio.step(key, APPROVE)
    (job,) = approved["waiting"]
    assert (job["kind"], job["type"], job["handled"], job["example"]) == ("job", "ask-a-price", False, {"priced": 7})
    waits = studio.step(key, {"job": "price", "answers": {"priced": 9}})
    assert names(waits["waiting"]) == [("message", "hear")]
    assert (waits["variables"]["priced"], waits["waiting"][0]["key"]) == (9, "王")
    over = studio.step(key, {"message": "answer", "key": "=who", "variables": {"heard": "好"}})
    assert (over["state"], over["variables"]["heard"], over["stuck"]) == ("COMPLETED", "好", False)
    assert [step["sentence"] for step in over["steps"]] == [
        "张晓 发起流程", "时间来到 2026-11-11 09:00", "何芳 办结 审批", "询价 得到回答", "收到消息 answer",
    ]  # fmt: skip


def test_a_job_with_an_example_is_answered_by_it_unless_a_step_says_otherwise(studio: Studio) -> None:
    key = studio.open(errand())
    assert names(studio.step(key, START, APPROVE)["waiting"]) == [("job", "price")]
    assert studio.step(key, {"look": True})["variables"]["priced"] == 7
    studio.stages.back(key)
    failed = studio.step(key, {"job": "price", "fails": "系统正忙"})
    assert [(one["element"], one["message"]) for one in failed["incidents"]] == [("price", "系统正忙")]
    assert (failed["diagrams"][0]["incidents"], failed["stuck"]) == ({"price": 1}, True)
    assert names(studio.step(key, {"retry": "price"})["waiting"]) == [("job", "price")]
    ended = studio.step(key, {"job": "price", "throws": "NO"})
    assert (ended["state"], "refused_end" in ended["diagrams"][0]["passed"]) == ("COMPLETED", True)


def test_what_is_refused_changes_nothing_and_is_not_kept(studio: Studio) -> None:
    key = studio.open(errand())
    begun = studio.step(key, START)
    with pytest.raises(FormRejected) as refused:
        studio.step(key, {**APPROVE, "values": {}})
    assert list(refused.value.errors) == ["ok_field"]
    for step, kind in (
        ({"complete": "nowhere"}, Failed),
        ({**APPROVE, "as": "it"}, NotFound),
        ({**APPROVE, "as": "ghost"}, Invalid),
        ({"at": "2020-01-01T00:00Z"}, Invalid),
        ({"at": "soon"}, Invalid),
        ({"at": "=1 +"}, Invalid),
        ({"wait": "a while"}, Failed),
        ({"job": "price", "answers": {}}, Failed),
        ({"job": "price"}, Invalid),
        ({"system": "mars", "down": True}, Invalid),
        ({"system": "crm", "knows": {"employee": 5}}, Invalid),
        ({"fly": True}, Invalid),
        ({"complete": ["approve"]}, Invalid),
        ({**APPROVE, "index": "first"}, Invalid),
        ({**APPROVE, "values": {"ok": {"file": 5}}}, Invalid),
        ({**APPROVE, "values": {"file": "plan.pdf"}}, Invalid),
        ({"message": "answer", "variables": "=1"}, Invalid),
        ({"start": "hr", "variables": "x"}, Invalid),
        ({"set": {"file": "plan.pdf"}}, Invalid),
        ({"wait": "P99999Y"}, Invalid),
        ({"at": "9999-12-31T23:59:59+00:00"}, Invalid),
        ({"at": "0001-01-01T00:00"}, Invalid),
    ):
        with pytest.raises(kind):
            studio.step(key, step)
    assert studio.view(key) == begun
    assert studio.view(key, studio.another()) == begun


def test_a_step_that_half_happened_is_undone(studio: Studio) -> None:
    """The example is answered on the way to a completion that is refused: the answer has not happened either."""
    key = studio.open(errand())
    waits = studio.step(key, START, APPROVE)
    with pytest.raises(Failed):
        studio.step(key, {"complete": "approve", "as": "hr"})
    assert studio.view(key) == waits


def test_a_step_back_is_all_steps_but_the_last(studio: Studio) -> None:
    key = studio.open(errand())
    views = [studio.view(key), *(studio.step(key, step) for step in (START, {"wait": "P1D"}, APPROVE))]
    for expected in reversed(views[:-1]):
        studio.stages.back(key)
        assert studio.view(key) == expected
    with pytest.raises(Conflict):
        studio.stages.back(key)


def test_every_node_shows_the_same_and_catches_up(studio: Studio) -> None:
    """A restart, or another node: the stage is made again of what is kept, and the view is the same to the letter."""
    key, other = studio.open(errand()), studio.another()
    try:
        assert studio.step(key, START, {"wait": "P3D"}) == studio.view(key, other)
        assert studio.step(key, APPROVE, stages=other) == studio.view(key)
        studio.stages.back(key)
        changed = studio.step(key, {"set": {"who": "李"}})
        assert changed == studio.view(key, other)
        assert changed["variables"]["who"] == "李"
    finally:
        other.close()


def test_values_that_are_large_are_shown_in_part(studio: Studio) -> None:
    key = studio.open(errand())
    found = studio.step(key, {"start": "hr", "variables": {"long": "字" * 30_000, "huge": 2**70, "who": "x"}})
    assert (found["variables"]["huge"], found["variables"]["long"][-1], len(found["variables"]["long"])) == (
        2**70,
        "…",
        20_001,
    )


def test_two_browsers_at_once_take_turns(studio: Studio) -> None:
    key, came = studio.open(errand()), []

    def take() -> None:
        try:
            studio.stages.take(key, START, 0, actor=DESIGNER)
            came.append("done")
        except store.Moved:
            came.append("moved")

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["done", "moved", "moved", "moved"]
    assert studio.view(key)["number"] == 1


def test_a_form_is_what_its_person_gets_and_its_step_sends_it(studio: Studio) -> None:
    key = studio.open(errand())
    with studio.stages.shown(key) as shown:
        start = forms.of_start(shown, "employee")
    assert start.form is not None
    assert (start.form.id, start.form.data["who"], start.step) == ("wish", "张晓", {"start": "employee"})
    begun = studio.step(key, {**start.step, "values": {"what": "笔"}})
    task = begun["tasks"][0]
    with studio.stages.shown(key) as shown:
        asked = forms.of_task(shown, task["key"], "hr", "zh-CN")
        with pytest.raises(Refusal):
            forms.of_task(shown, task["key"], "it", "zh-CN")
        with pytest.raises(NotFound):
            forms.of_task(shown, "9.9", "hr", "zh-CN")
    assert asked.step == {"complete": "approve", "as": "hr"}
    assert studio.step(key, {**asked.step, "values": {"ok": True}})["tasks"] == []


def test_systems_go_down_variables_are_set_and_a_process_is_cancelled(studio: Studio) -> None:
    key = studio.open(errand())
    found = studio.step(key, {"system": "crm", "down": True}, START, {"set": {"who": "李"}}, {"cancel": True})
    assert {one["name"]: one["down"] for one in found["systems"]}["crm"] is True
    assert (found["variables"]["who"], found["state"]) == ("李", "TERMINATED")


def test_a_world_of_the_projects_scenarios_and_a_story_of_them(studio: Studio) -> None:
    told = b"""
process: errand
organisation: {people: {ann: {name: Ann}, bob: {name: Bob, groups: [hr]}}}
given: {at: 2026-11-02T09:00+08:00, variables: {who: x}}
stories:
  - name: Approved
    given: {people: {ann: {name: Anna}}}
    steps:
      - start: ann
        variables: {what: y}
        expect: {open: [approve]}
      - complete: approve
        as: bob
        values: {ok: true}
        expect: {variables: {priced: 8}}
"""
    files = [*errand(), Resource("scenarios.yaml", told)]
    plain = studio.view(studio.open(files))
    assert ([person["name"] for person in plain["people"]], plain["now"]) == (["Ann", "Bob"], "2026-11-02T01:00:00Z")
    project = studio.project(files)
    key, failed = opening.begin(
        studio.stages, studio.house.engine, project, "errand", story="Approved", at="2026-12-01T10:00", actor=DESIGNER
    )
    assert failed is not None
    assert (failed.step.number, "priced = 8" in str(failed)) == (2, True)
    played = studio.view(key)
    assert (played["number"], played["story"], played["now"]) == (2, "Approved", "2026-12-01T02:00:00Z")
    assert [person["name"] for person in played["people"]] == ["Anna", "Bob"]
    with pytest.raises(NotFound):
        opening.begin(studio.stages, studio.house.engine, project, "errand", story="Gone", actor=DESIGNER)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (lambda: [Resource("errand.bpmn", errand()[0].content.replace(b'"approve"', b'"begin"'))], ModelRefused),
        (lambda: [*errand(), Resource("scenarios.yaml", b"stories: [")], Invalid),
        (lambda: [*errand(), Resource("scenarios.yaml", b"organisation: 5\nstories: [{name: a}]")], Invalid),
        (lambda: errand()[1:], NotFound),
    ],
)
def test_what_cannot_be_tried_is_told_and_not_kept(
    studio: Studio, files: Callable[[], list[Resource]], why: type[Refusal]
) -> None:
    project = studio.project(files())
    with pytest.raises(why):
        opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)
    with studio.house.database.transaction() as unit:
        assert store.listed(unit, project) == []


@pytest.mark.parametrize("person", ["5", "{groups: [kings]}", "{department: nowhere}", "{department: d, hired: soon}",
                                    "{department: d, level: 7}", "{groups: 5}"])  # fmt: skip
def test_people_that_cannot_be_hired_are_told(studio: Studio, person: str) -> None:
    told = f"""
process: errand
given: {{at: 2026-11-02T09:00+08:00}}
organisation: {{departments: {{d: {{}}}}, people: {{ann: {person}}}}}
stories: [{{name: a, steps: [{{cancel: true}}]}}]
"""
    project = studio.project([*errand(), Resource("scenarios.yaml", told.encode())])
    with pytest.raises(Refusal):
        opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)


def test_nothing_real_is_touched(studio: Studio) -> None:
    """The product has the rows of the sandbox afterwards and nothing else; the stage has none of its systems."""
    house = studio.house
    tables = [
        name
        for (name,) in house.database.once().all(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_name not like 'sandbox%%'"
        )
    ]

    def content() -> dict[str, str]:
        unit = house.database.once()
        return {t: unit.one(f"select md5(string_agg(t::text, '' order by t::text)) from \"{t}\" t")[0] for t in tables}

    project = studio.project(errand())
    before = content()
    key, _ = opening.begin(studio.stages, house.engine, project, "errand", actor=DESIGNER)
    studio.step(key, START, {"wait": "P30D"}, APPROVE, {"look": True}, {"message": "answer", "key": "王"})
    assert content() == before
    with studio.stages.shown(key) as shown:
        stage = shown.stage.house
        assert stage.database.url != house.database.url
        assert stage.settings.home != house.settings.home
        assert stage.world.lrs is None  # statements of the stage go nowhere
        known = World.__dataclass_fields__.keys() - {"keys", "lrs"}
        systems = {name: getattr(stage.world, name) for name in World.__dataclass_fields__ if name in known}
        assert [name for name, system in systems.items() if type(system) is Overheard] == [*systems][5:]
        assert len(systems) == 5 + 8
        seals = stage.world.seals
        assert (seals.events, seals.company, seals.trial.database) == (None, None, stage.database)


def test_stages_that_nobody_uses_are_put_away_and_made_again(studio: Studio) -> None:
    small = studio.another(most_live=1)
    try:
        first, second = (studio.open(errand()) for _ in range(2))
        begun = studio.step(first, START)
        assert studio.view(first, small) == begun
        studio.view(second, small)
        assert small.live == {second}
        assert studio.view(first, small) == begun
    finally:
        small.close()
    idle = studio.another(idle_s=0.05)
    try:
        studio.view(first, idle)
        while idle.live:
            threading.Event().wait(0.02)
        assert studio.view(first, idle) == begun
    finally:
        idle.close()


def test_a_stage_whose_database_is_gone_is_made_again(studio: Studio, server: str) -> None:
    key = studio.open(errand())
    begun = studio.step(key, START)
    with studio.stages.shown(key) as shown:
        drop(server, str(conninfo_to_dict(shown.stage.house.database.url)["dbname"]))
    with pytest.raises((psycopg.OperationalError, OperationalError)):
        studio.view(key)
    assert studio.view(key) == begun


def test_the_oldest_of_a_project_make_room(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT", 2)
    project, keys = studio.project(errand()), []
    for _ in range(3):
        keys.append(opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)[0])
    with studio.house.database.transaction() as unit:
        assert [one.key for one in store.listed(unit, project)] == keys[:0:-1]
    with pytest.raises(NotFound):
        studio.view(keys[0])


def test_a_sandbox_takes_so_many_steps(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "STEPS_MOST", 1)
    key = studio.open(errand())
    studio.step(key, START)
    with pytest.raises(Conflict):
        studio.step(key, APPROVE)


RING = '<boundaryEvent id="ring" attachedToRef="approve" cancelActivity="false"><timerEventDefinition id="rt">' \
    "<timeCycle>R/PT1S</timeCycle></timerEventDefinition></boundaryEvent><endEvent id=\"rung\"/>"  # fmt: skip


def test_a_step_that_runs_away_ends_in_words(studio: Studio) -> None:
    hasty = studio.another(step_most_s=0.5)
    try:
        key = studio.open(errand(more=RING, flows=(("ring", "rung"),)))
        begun = studio.step(key, START)
        with pytest.raises(Invalid) as given_up:
            studio.step(key, {"wait": "P1Y"}, stages=hasty)
        assert "seconds" in str(given_up.value)
        assert studio.view(key, hasty) == begun
    finally:
        hasty.close()


def test_a_file_that_was_changed_since_is_tried_as_it_was(studio: Studio) -> None:
    files = errand()
    project = studio.project(files)
    key, _ = opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)
    with studio.house.database.transaction() as unit:
        from processes.studio import drafts

        entry = next(one for one in projects.read(unit, project).files if one.name == "wish.form")
        drafts.save(
            studio.house.engine, unit, project, "wish.form", b'{"type": "default", "id": "wish", "components": []}',
            expected=entry.digest, actor=DESIGNER,
        )  # fmt: skip
        assert {file.name: file.content for file in store.files(unit, key).project} == {
            f.name: f.content for f in files
        }
    assert isinstance(studio.stages, Stages)
    with pytest.raises(FormRejected):
        studio.step(key, {"start": "employee", "values": {}})
