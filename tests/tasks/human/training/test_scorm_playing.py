"""A package is played under a token of one visit; what it reports counts for that learner, and for nobody else."""

from typing import Any

import pytest

from hr.training.course import CourseText, Lesson, Stratum
from hr.training.tables import ScormState
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from tasks.human.training import learning, packages
from tasks.human.training.packages import Committed, Place
from tests.hr.training.scorm_packages import packed, v1_2
from tests.tasks.human.training.conftest import School, actor

HOST = "content.example"
ITEMS = (
    '<item identifier="i1" identifierref="r1"><title>一</title><adlcp:masteryscore>80</adlcp:masteryscore></item>'
    '<item identifier="i2" identifierref="r2"><title>二</title></item>'
)
RESOURCES = (
    '<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="a.html"/>'
    '<resource identifier="r2" type="webcontent" adlcp:scormtype="asset" href="b.html"/>'
)
PACKAGE = packed(v1_2(ITEMS, RESOURCES), a__html="<p>a</p>", b__html="<p>b</p>")


@pytest.fixture(scope="module", autouse=True)
def course(school: School) -> None:
    """A course of one package, which wants twenty seconds of attention besides."""
    with school.database.transaction() as unit:
        media = school.house.world.media.add(unit, "p.zip", PACKAGE, actor=actor("hr", "hr"), at=school.clock.now())
        lesson = Lesson(key="play", title="互动课", kind="scorm", scorm=media.hash, seconds=20)
    school.publish(CourseText(slug="played", title="互动课程", lessons=(lesson,), draw=(Stratum("easy", 1, 100),)))


class Player:
    """A learner who has the lesson open, and the package in it."""

    def __init__(self, school: School) -> None:
        self.school, self.login = school, school.learner()
        self.number = school.enrol(self.login, "played")
        self.open()

    def open(self) -> None:
        self.device = self.school.opened(self.login, self.number, "play")
        with self.school.database.transaction() as unit:
            who = actor(self.login)
            token = packages.token(self.school.house, unit, who, self.number, self.device.visit, HOST)
        self.place = Place(token, HOST, ip="10.1.2.3", agent="Mobile Safari")

    def page(self, key: str = "", place: Place | None = None) -> packages.Page:
        with self.school.database.transaction() as unit:
            return packages.page(self.school.house, unit, place or self.place, key)

    def commit(self, key: str, cmi: dict[str, Any], place: Place | None = None) -> Committed:
        with self.school.database.transaction() as unit:
            return packages.keep(self.school.house, unit, place or self.place, key, cmi)

    def finish(self, raw: str = "90") -> Committed:
        self.commit("i1", {"core": {"lesson_status": "completed", "score": {"raw": raw}, "total_time": "0000:05:00"}})
        return self.commit("i2", {})


@pytest.mark.requirement("F79")
def test_a_package_that_is_gone_through_completes_the_lesson_and_its_score_stands_in_the_evidence(
    school: School,
) -> None:
    player = Player(school)
    player.device.read(20.0)
    assert player.page().item.key == "i1"
    first = player.commit("i1", {"core": {"lesson_status": "passed", "score": {"raw": "85"}, "total_time": "0:05:00"}})
    assert (first.done, first.result.completed) == (False, False)
    assert player.page().item.key == "i2"
    last = player.commit("i2", {})
    assert (last.done, last.result.score, last.result.passed) == (True, 85, True)
    assert school.states(player.number) == ["done"]
    assert school.enrolment(player.number).status == "examining"
    told = [said for event, said in school.statements(player.number) if event == "completed"][0]
    assert (told["result"]["score"]["raw"], told["result"]["success"]) == (85, True)


def test_a_package_that_is_clicked_through_waits_for_the_seconds_of_the_lesson(school: School) -> None:
    player = Player(school)
    early = player.finish()
    assert (early.done, early.result.good) == (False, True)
    assert "20 more seconds" in str(early.missing)
    assert school.states(player.number) == ["open"]
    assert player.device.read(30.0).completed


def test_a_package_that_was_failed_does_not_complete_the_lesson(school: School) -> None:
    player = Player(school)
    player.device.read(20.0)
    found = player.finish(raw="79")
    assert (found.done, found.result.completed, found.result.passed) == (False, True, False)
    assert school.states(player.number) == ["open"]
    assert player.commit("i1", {"core": {"lesson_status": "completed", "score": {"raw": "80"}}}).done


@pytest.mark.requirement("F80")
def test_a_package_goes_on_where_it_was_left_on_another_device(school: School) -> None:
    player = Player(school)
    left = {
        "core": {
            "lesson_status": "incomplete",
            "lesson_location": "slide-7",
            "exit": "suspend",
            "session_time": "00:03:00",
            "total_time": "0000:03:00",
            "student_name": "",
        },
        "suspend_data": "state\0of\0it",
        "objectives": {},
    }
    player.commit("i1", left)
    before = player.place
    player.open()
    begun = player.page("i1").begin
    assert begun["core"] == {
        "student_id": player.number,
        "credit": "credit",
        "entry": "resume",
        "lesson_status": "incomplete",
        "lesson_location": "slide-7",
        "total_time": "0000:03:00",
    }
    assert (begun["suspend_data"], begun["student_data"]) == ("stateofit", {"mastery_score": "80"})
    for refused in (lambda: player.page("i1", before), lambda: player.commit("i1", left, before)):
        with pytest.raises(Refusal, match="another window or on another device"):
            refused()


def test_what_comes_after_the_lesson_is_done_is_taken_for_kept_and_changes_nothing(school: School) -> None:
    player = Player(school)
    player.device.read(20.0)
    assert player.finish().done
    late = player.commit("i1", {"core": {"lesson_status": "failed", "score": {"raw": "0"}}})
    assert (late.done, late.result.score) == (True, 90)
    assert player.page("i1").results["i1"].score == 90


def test_a_token_is_of_one_visit_one_host_and_for_a_while(school: School) -> None:
    player, other = Player(school), Player(school)
    mine = player.place.token
    visit, until, proof = mine.split(".")
    forged = [
        Place(f"{other.place.token.split('.')[0]}.{until}.{proof}", HOST),
        Place(f"{visit}.{int(until, 16) + 9:08x}.{proof}", HOST),
        Place(f"{visit}.{until}.{'0' * 40}", HOST),
        Place(mine, "127.0.0.1:8080"),
        Place("", HOST),
    ]
    for place in forged:
        with pytest.raises(NotFound):
            player.commit("i1", {}, place)
    with school.database.transaction() as unit, pytest.raises(NotFound):
        packages.token(school.house, unit, actor(other.login), player.number, player.device.visit, HOST)
    kept = school.clock.now()
    school.clock.set(kept.replace(day=kept.day + 1))
    with pytest.raises(NotFound):
        player.page()
    school.clock.set(kept)


def test_what_is_no_data_model_is_not_kept(school: School) -> None:
    player = Player(school)
    deep: dict[str, Any] = {}
    for _ in range(20):
        deep = {"a": deep}
    for key, cmi in (("i9", {}), ("i1", deep)):
        with pytest.raises(Invalid, match="cannot be read"):
            player.commit(key, cmi)
    with school.database.transaction() as unit:
        assert unit.session.get(ScormState, (player.number, 1, "play")) is None


def test_a_lesson_without_a_package_has_no_address(school: School) -> None:
    lesson = Lesson(key="read", title="图文课", kind="text", body="不外传。" * 30)
    school.publish(CourseText(slug="plain", title="图文课程", lessons=(lesson,), draw=(Stratum("easy", 1, 100),)))
    login = school.learner()
    number = school.enrol(login, "plain")
    device = school.opened(login, number, "read")
    with school.database.transaction() as unit, pytest.raises(NotFound, match="has no package"):
        packages.token(school.house, unit, actor(login), number, device.visit, HOST)


def test_nobody_reports_for_a_training_that_was_ended(school: School) -> None:
    player = Player(school)
    with school.database.transaction() as unit:
        enrolment = learning.own(unit, actor(player.login), player.number, locked=True)
        learning.enrolments.waive(unit, enrolment, "转岗", actor=actor("hr", "hr"), clock=school.clock)
    with pytest.raises((Conflict, NotFound), match="let off"):
        player.finish()


def test_a_page_is_told_no_name(school: School) -> None:
    player = Player(school)
    begun = player.page("i1").begin
    assert player.login not in str(begun)
    assert "学员" not in str(begun)
