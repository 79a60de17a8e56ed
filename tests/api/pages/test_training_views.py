"""Training over HTTP for those who look after it: HR's completion, a manager's team, courses by hand, files."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from api.pages.training import chart
from engine.commands import deploy
from engine.model import Resource
from hr.people import accounts
from hr.training import enrolments, texts
from kernel.actor import system
from tasks.human.training.views import Month
from tests.api.company import served
from tests.api.pages.browsing import PASSWORD, Enters, entering
from tests.tasks.human.training.certified import certified, handed_in, passed
from tests.tasks.human.training.exam_hall import SLUG, Hall, hall

__all__ = ["hall"]

PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="t"><process id="training" isExecutable="true"><startEvent id="s"/>
<userTask id="learn"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="=employee.login"/>
</extensionElements></userTask><endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="learn"/>
<sequenceFlow id="b" sourceRef="learn" targetRef="e"/></process></definitions>"""


@pytest.fixture
def enters(hall: Hall) -> Iterator[Enters]:
    """Signs somebody in; their client sends the token that their pages carry. li leads sales and is nothing else."""
    with hall.database.transaction() as unit:
        unit.run("update account set password_hash = %s", (accounts.hash_password(PASSWORD),))
        unit.run("update account set groups = '{employee}' where login = 'li'")
    with served(hall.house) as site, entering(site) as found:
        yield found


def words(page: str) -> str:
    """What stands on a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def tiles(page: str) -> dict[str, str]:
    """The numbers at the top of a page by their names."""
    top = page.partition('class="tiles"')[2].partition("</ul>")[0]
    return {name: number for number, name in re.findall(r"<b>([^<]+)</b><span>([^<]+)</span>", top)}


def rows(page: str) -> list[str]:
    """The lines of the last table of a page, in words."""
    body = page.rpartition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", f"<tr{row}").split()) for row in body.split("<tr")[1:]]


def several(hall: Hall) -> dict[str, str]:
    """zhao passed, wu is late, zhang has time: numbers by login."""
    numbers = {"zhao": passed(hall, "zhao"), "wu": hall.enrol("wu", learned=False)}
    hall.clock.advance(timedelta(days=15))
    return numbers | {"zhang": hall.enrol("zhang")}


@pytest.mark.requirement("F85")
def test_hr_sees_completion_by_department_course_and_time(hall: Hall, enters: Enters) -> None:
    several(hall)
    hr = enters("chen")
    page = hr.get("/training").text
    assert tiles(page) == {"完成率": "33%", "已通过": "1", "待完成": "1", "已逾期": "1", "已豁免": "0"}
    assert len(rows(page)) == 3
    assert tiles(hr.get("/training?department=office").text)["已通过"] == "1"  # sales is below it
    assert tiles(hr.get("/training?since=2026-11-10").text) == {
        "完成率": "0%", "已通过": "0", "待完成": "1", "已逾期": "0", "已豁免": "0",
    }  # fmt: skip
    assert tiles(hr.get("/training?until=2026-11-02").text)["完成率"] == "50%"
    assert tiles(hr.get("/training?since=0001-01-01&until=9999-12-31").text)["完成率"] == "33%"
    assert tiles(hr.get("/training?course=no-such").text)["完成率"] == "—"
    refused = hr.get("/training?since=soon")
    assert refused.status_code == 400
    assert "soon 不是日期" in refused.text


def test_the_list_is_searched_by_state_and_word_without_loading_the_page_again(hall: Hall, enters: Enters) -> None:
    numbers = several(hall)
    hr = enters("chen")
    (late,) = rows(hr.get("/training?state=overdue").text)
    assert "吴芳" in late
    part = hr.get("/training", params={"q": numbers["zhao"]}, headers={"hx-request": "true"}).text
    assert "<html" not in part
    (only,) = rows(part)
    assert "赵𬎆" in only
    assert "100" in only
    assert "没有符合条件的培训" in hr.get("/training?q=nobody-at-all").text


def test_a_waived_training_counts_as_complete_and_an_ended_one_does_not_count(hall: Hall, enters: Enters) -> None:
    passed(hall, "zhao")
    for login, how in (("wu", enrolments.waive), ("zhang", enrolments.end)):
        number = hall.enrol(login)
        with hall.database.transaction() as unit:
            how(unit, enrolments.find(unit, number), "产假", actor=hall.actor("chen"), clock=hall.clock)
    assert tiles(enters("chen").get("/training").text)["完成率"] == "100%"


def test_the_table_to_take_along_holds_every_line_and_no_formula(hall: Hall, enters: Enters) -> None:
    several(hall)
    hall.database.once().run("update employee set name = '=cmd()' where login = 'wu'")
    answer = enters("chen").get("/training/table.csv?course=" + SLUG)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 4
    assert lines[0][:6] == ["编号", "工号", "员工", "部门", "课程", "指派原因"]
    assert "'=cmd()" in [line[2] for line in lines]
    passed_one = next(line for line in lines if line[2] == "赵𬎆")
    assert (passed_one[1], passed_one[4], passed_one[10]) == ("QM5", "客户信息保密", "100")


@pytest.mark.requirement("F112")
def test_a_manager_sees_those_below_with_dates_and_without_scores(hall: Hall, enters: Enters) -> None:
    number = hall.enrol("zhao")
    handed_in(hall, number, wrong=1)
    certified(hall, "wu")
    hall.enrol("chen", learned=False)
    li = enters("li")
    page = li.get("/training/team").text
    assert tiles(page) == {"已逾期": "0", "待完成": "0", "证书将到期": "0", "已通过": "2"}
    assert "陈涛" not in words(page)
    assert not re.search(r"\b(90|100)\b", words(page))
    hall.clock.advance(timedelta(days=300))
    assert tiles(li.get("/training/team").text)["证书将到期"] == "1"
    (soon,) = rows(li.get("/training/team?state=expiring").text)
    assert "吴芳" in soon
    assert "/training/team" in li.get("/inbox").text


def test_who_leads_nobody_is_told_so_and_has_no_way_there(hall: Hall, enters: Enters) -> None:
    wu = enters("wu")
    assert "没有下属" in words(wu.get("/training/team").text)
    assert "/training/team" not in wu.get("/inbox").text


@pytest.mark.requirement("F112")
def test_others_see_neither_completion_nor_files_of_others(hall: Hall, enters: Enters) -> None:
    paper = certified(hall, "zhao")
    wu, zhao = enters("wu"), enters("zhao")
    for url in ("/training", "/training/table.csv", "/training/assign", f"/training/courses/{SLUG}/evidence.zip"):
        assert wu.get(url).status_code == 403, url
    for url in (f"/training/certificates/{paper}.pdf", "/training/people/zhao/evidence.zip"):
        assert wu.get(url).status_code == 404, url
        assert zhao.get(url).status_code == 200, url
    assert zhao.get(f"/training/certificates/{paper}.pdf").content.startswith(b"%PDF-")
    shelf = zhao.get("/learn").text
    assert f'href="/training/certificates/{paper}.pdf"' in shelf
    assert 'href="/training/people/zhao/evidence.zip"' in shelf
    assert enters("li").get(f"/training/certificates/{paper}.pdf").status_code == 404


@pytest.mark.requirement("F76")
def test_hr_gives_a_course_to_a_department_and_each_gets_a_process(hall: Hall, enters: Enters) -> None:
    engine = hall.house.engine
    with hall.database.transaction() as unit:
        deploy.deploy(engine, unit, [Resource(name="training.bpmn", content=PROCESS)], system("test"))
    hall.enrol("wu", learned=False)
    hr = enters("chen")
    assert "客户信息保密" in hr.get("/training/assign").text
    form = {"course": SLUG, "login": ["zhao", "wu", "zhang", "zhao"], "days": "7"}
    answer = hr.post("/training/assign", data=form)
    assert answer.headers["location"] == f"/training?course={SLUG}"
    started = hall.rows("select count(*), min(started_by) from instance where process_id = 'training'")
    assert started == [(2, "chen")]
    assert {login for (login,) in hall.rows("select assignee from user_task")} == {"zhao", "zhang"}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"login": ["zhao"]}, "请先选择课程"),
        ({"course": SLUG}, "还没有选择任何人"),
        ({"course": SLUG, "login": ["zhao"], "days": "soon"}, "不是天数"),
        ({"course": SLUG, "login": ["zhao"], "days": "9999"}, "365"),
        ({"course": SLUG, "login": ["zhao"], "days": "9" * 5000}, "不是天数"),
        ({"course": "no-such-course", "login": ["zhao"]}, "没有课程"),
        ({"course": SLUG, "login": ["nobody"]}, "nobody"),
    ],
)
def test_what_cannot_be_assigned_is_refused_in_words_and_nothing_begins(
    form: dict[str, object], sentence: str, hall: Hall, enters: Enters
) -> None:
    answer = enters("chen").post("/training/assign", data=form)
    assert answer.status_code in (400, 404)
    assert sentence in answer.text
    assert hall.rows("select count(*) from instance") == [(0,)]


def test_a_course_that_is_taught_no_more_is_not_assigned(hall: Hall, enters: Enters) -> None:
    with hall.database.transaction() as unit:
        texts.archive(unit, SLUG, actor=hall.actor("chen"), clock=hall.clock)
    answer = enters("chen").post("/training/assign", data={"course": SLUG, "login": ["zhao"]})
    assert answer.status_code == 409
    assert "尚未发布" in answer.text


def test_the_chart_ends_with_a_round_number_and_shows_the_smallest_bar() -> None:
    drawn = chart.of(
        [Month(day=date(2026, 10, 1), assigned=137, passed=1), Month(day=date(2026, 11, 1), assigned=0, passed=0)]
    )
    assert (drawn.top, drawn.empty) == (200, False)
    assert drawn.bars[0].heights == (68.5, 2)
    assert drawn.bars[1].heights == (0, 0)
    assert chart.of([]).empty
    assert [chart.of([Month(day=date(2026, 11, 1), assigned=n, passed=0)]).top for n in (0, 1, 3, 7, 10, 11)] == [
        2,
        2,
        4,
        10,
        10,
        20,
    ]
