"""A project's scenarios are run and told, and its files published: what a designer sees of it, and what not."""

import threading
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from api import proposals, rehearsals
from engine.commands import deploy
from engine.model import Resource
from kernel.actor import Actor
from processes.studio import drafts, projects
from tasks.house import House
from tests.processes.proving import SIGNER, begin, form, model, stories, table

SignIn = Callable[[str], httpx.Client]
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))


@pytest.fixture
def project(house: House) -> int:
    """A project of a deployed process, with a long leave that waits for the boss."""
    files = [model(), table(), form()]
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, files, SIGNER)
        bases = {file.name: drafts.rules.digest(file.content) for file in files}
        key = projects.create(house.engine, unit, "请假", [*files, stories()], actor=DESIGNER, bases=bases)
    begin(house, 9, "apply")
    return key


def change(house: House, project: int, file: Resource) -> None:
    with house.database.transaction() as unit:
        expected = drafts.read(unit, project, file.name).digest
        drafts.save(house.engine, unit, project, file.name, file.content, expected=expected, actor=DESIGNER)


def done(kind: str) -> None:
    """Wait for what goes on in the background."""
    for thread in threading.enumerate():
        if thread.name.startswith(kind):
            thread.join()


def test_scenarios_are_run_in_the_background_and_what_came_of_each_is_kept(
    house: House, project: int, sign_in: SignIn
) -> None:
    designer = sign_in("designer")
    place = f"/studio/{project}/scenarios"
    assert "尚未运行" in designer.get(place).text
    assert designer.post(f"{place}/run").status_code == 303
    done("scenario_run")
    page = designer.get(place).text
    assert '<span class="chip ok">通过</span>' in page
    assert "<b>71 %</b>" in page
    assert "<b>57 %</b>" in page
    assert f'href="/studio/{project}/files/leave.bpmn#element=hr"' in page
    drawn = designer.get(f"{place}/leave/diagram").json()
    assert (drawn["visits"]["boss"], drawn["visits"]["x-boss"]) == (1, 1)
    assert drawn["missed"] == ["e", "hr", "boss-e", "hr-e", "x-hr"]
    assert drawn["never"] == "未走到"
    change(house, project, table(8))
    assert "通过，但文件已改动" in designer.get(place).text
    assert "此后有改动：leave.dmn" in designer.get(place).text
    designer.post(f"{place}/run", data={"name": "A long leave goes to the boss"})
    done("scenario_run")
    page = designer.get(place).text
    assert "第 2 步未通过" in page
    assert "预期 待办任务为 [&#39;boss&#39;]；实际 [&#39;hr&#39;]" in page
    assert house.database.once().one("select count(*) from scenario_run") == (2,)


def test_a_run_that_a_dead_process_left_is_begun_again_and_one_can_be_stopped(
    house: House, project: int, sign_in: SignIn
) -> None:
    unit = house.database.once()
    unit.run(
        "insert into scenario_run (key, project_key, state, files, created_by, created_at)"
        " values (7, %s, 'RUNNING', '{}', 'designer', %s)",
        (project, house.clock.now()),
    )
    designer = sign_in("designer")
    place = f"/studio/{project}/scenarios"
    told = designer.get(place, headers={"hx-request": "true"}).text
    assert 'role="progressbar"' in told
    assert designer.post(f"{place}/run", headers={"accept": "application/json"}).status_code == 409
    (again,) = rehearsals.take_up(house)
    again.join()
    assert unit.one("select state from scenario_run") == ("DONE",)
    assert designer.post(f"{place}/stop", headers={"accept": "application/json"}).status_code == 409
    unit.run("update scenario_run set state = 'RUNNING'")
    designer.post(f"{place}/stop")
    assert unit.one("select count(*) from scenario_run") == (0,)


def test_files_that_cannot_be_run_end_a_run_in_words(house: House, project: int, sign_in: SignIn) -> None:
    change(house, project, Resource("scenarios.yaml", b"stories: ["))
    designer = sign_in("designer")
    assert "scenarios.yaml 不是 YAML" in designer.get(f"/studio/{project}/scenarios").text
    broken = model().content.replace(b'targetRef="hr"', b'targetRef="nowhere"')
    change(house, project, Resource("leave.bpmn", broken))
    change(house, project, stories())
    designer.post(f"/studio/{project}/scenarios/run")
    done("scenario_run")
    page = designer.get(f"/studio/{project}/scenarios").text
    assert 'class="note bad"' in page
    assert "nowhere" in page
    page = designer.get(f"/studio/{project}/publish").text
    assert "请先改正错误" in page
    assert 'name="comment"' not in page


def test_letters_that_no_database_keeps_do_not_leave_a_run_without_an_end(
    house: House, project: int, sign_in: SignIn
) -> None:
    named = stories().content.replace(b"A long leave goes to the boss", b'"A long \\0leave"')
    assert named != stories().content
    designer, place, unit = sign_in("designer"), f"/studio/{project}/scenarios", house.database.once()
    change(house, project, Resource("scenarios.yaml", named))
    designer.post(f"{place}/run")
    done("scenario_run")
    assert unit.one("select state from scenario_run") == ("DONE",)
    change(house, project, Resource("scenarios.yaml", named.replace(b"start:", b"begin:")))
    designer.post(f"{place}/run")
    done("scenario_run")
    assert unit.all("select state from scenario_run order by created_at, key")[-1] == ("FAILED",)


def test_what_would_change_is_told_proved_and_published(house: House, project: int, sign_in: SignIn) -> None:
    designer, place = sign_in("designer"), f"/studio/{project}/publish"
    assert "没有可发布的变化" in designer.get(place).text
    change(house, project, table(6))
    renamed = Resource("leave.bpmn", model().content.replace("备案".encode(), "存档".encode()))
    change(house, project, renamed)
    page = designer.get(place).text
    assert "<del>备案</del> → <ins>存档</ins>" in page
    assert "leave 将成为版本 2" in page
    assert "没有变化，不产生新版本：leave.form" in page
    both = designer.get(f"{place}/compare/leave.bpmn").json()
    assert both["before"]["marks"] == both["after"]["marks"] == {"hr": "changed"}
    assert designer.get(f"{place}/compare/leave.form").status_code == 404
    assert designer.post(place, headers={"accept": "application/json"}).status_code == 400
    proposed = designer.post(place, data={"comment": "六天以上找上级"}).headers["location"]
    done("proposal")
    page = designer.get(proposed).text
    assert "1 / 1" in page
    assert "可以发布" in page
    assert designer.get(place).text.count("六天以上找上级") == 1
    for real in ("L-9", "9 days", "'long'", "/admin/"):  # nothing of a case, and no way to one
        assert real not in page
    assert designer.post(f"{proposed}/publish").status_code == 303
    page = designer.get(proposed).text
    assert "运行中的案件留在原版本" in page
    assert "/admin/migrations" not in page
    assert "/admin/migrations/new?source=" in sign_in("admin").get(proposed).text
    assert "没有可发布的变化" in designer.get(place).text


def test_a_scenario_that_fails_asks_for_a_reason(house: House, project: int, sign_in: SignIn) -> None:
    change(house, project, table(8))
    designer = sign_in("designer")
    proposed = designer.post(f"/studio/{project}/publish", data={"comment": "八天"}).headers["location"]
    done("proposal")
    page = designer.get(proposed).text
    assert "有 1 个场景未通过" in page
    assert 'name="reason"' in page
    assert designer.post(f"{proposed}/publish", headers={"accept": "application/json"}).status_code == 409
    assert designer.post(f"{proposed}/publish", data={"reason": "场景过时"}).status_code == 303


def test_changed_files_make_a_proposal_void(house: House, project: int, sign_in: SignIn) -> None:
    change(house, project, table(6))
    designer = sign_in("designer")
    proposed = designer.post(f"/studio/{project}/publish", data={"comment": "六天"}).headers["location"]
    done("proposal")
    change(house, project, table(7))
    page = designer.get(proposed).text
    assert "验证与批准均已失效" in page
    assert "可以发布" not in page
    assert designer.post(f"{proposed}/publish", headers={"accept": "application/json"}).status_code == 409


@pytest.fixture
def house_of_two(application: FastAPI, house: House) -> House:
    """The same house, where a second person has to approve."""
    application.state.house = replace(house, settings=replace(house.settings, publish_approval=True))
    found: House = application.state.house
    return found


def test_a_second_person_approves_on_the_page(house_of_two: House, project: int, sign_in: SignIn) -> None:
    change(house_of_two, project, table(6))
    designer, admin = sign_in("designer"), sign_in("admin")
    proposed = designer.post(f"/studio/{project}/publish", data={"comment": "六天"}).headers["location"]
    done("proposal")
    assert "这是您自己提交的" in designer.get(proposed).text
    assert designer.post(f"{proposed}/approve", headers={"accept": "application/json"}).status_code == 403
    assert designer.post(f"{proposed}/publish", headers={"accept": "application/json"}).status_code == 409
    assert admin.post(f"{proposed}/approve").status_code == 303
    page = designer.get(proposed).text
    assert "批准" in page
    assert "可以发布" in page
    assert designer.post(f"{proposed}/publish").status_code == 303
    (told,) = proposals.of_project(house_of_two.database.once(), project)
    assert (told.state, told.approved_by) == ("PUBLISHED", "admin")
