"""Many agreements at once: sent to a list of people, sealed with one code; each once, whatever happens meanwhile."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.commands import deploy
from hr.agreements.batches import Progress, Wanted
from hr.people import accounts, staff
from kernel.actor import system
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from processes import catalog
from tasks.human import batches as asked
from tasks.human.batch_items import LEFT_ALONE_S, Batches
from tasks.human.signing import lists, signing
from tasks.worker import drain
from tests.tasks.human.signing.conftest import SOURCE, Room

ROOT = Path(__file__).resolve().parents[4]
SOON = 60.0
WITH_A_SUM = SOURCE.replace(
    "signers:", "fields:\n  - {key: allowance, label: 每月补贴, type: money}\nsigners:"
).replace("## 期限", "## 补贴\n\n甲方每月支付 {{ allowance }}。\n\n## 期限")
TWO = SOURCE.replace("  - {role: manager, place: 2, label: 见证（直属上级）}\n", "")
FORBIDDEN = SOURCE.replace("## 期限", "## 违约责任\n\n乙方泄密的，应当支付违约金十万元。\n\n## 期限")


class Office:
    """The room, with the shipped processes and what people do with batches."""

    def __init__(self, room: Room) -> None:
        self.room, self.house = room, room.house
        self.chore = Batches()
        with self.house.database.transaction() as unit:
            sources = catalog.gather([catalog.home()])
            deploy.deploy(self.house.engine, unit, [source.resource for source in sources], system("test"))

    def send(self, slug: str, people: list[Wanted], who: str = "chen", **more: object) -> int:
        with self.house.database.transaction() as unit:
            return asked.send(self.house, unit, self.room.actor(who), slug, people, **more)

    def work(self) -> int:
        """Upkeep until nothing is left that can be done now."""
        done = 0
        while ran := self.chore(self.house, lambda: False):
            done += ran
        return done

    def progress(self, key: int, who: str = "chen") -> Progress:
        with self.house.database.transaction() as unit:
            return asked.progress(self.house, unit, self.room.actor(who), key)

    def begin(self, numbers: list[str], who: str = "chen") -> int:
        lists.send(self.house, self.room.actor(who), numbers, "sms")
        return lists.begin(self.house, self.room.actor(who), numbers, self.room.received(), "保密协议")


@pytest.fixture
def office(room: Room) -> Office:
    return Office(room)


def people(*logins: str) -> list[Wanted]:
    return [Wanted(who=login) for login in logins]


@pytest.mark.requirement("F62")
def test_a_text_is_sent_to_a_list_of_people_and_each_is_asked(office, room):
    key = office.send("confidentiality", people("zhao", "QM4"))
    assert (office.progress(key).total, office.progress(key).waiting) == (2, 2)
    assert office.work() == 2
    assert [item.status for item in office.progress(key).items] == [None, None]
    assert office.progress(key).moving  # whoever looks on is shown the numbers as soon as there are some
    drain(office.house)
    done = office.progress(key)
    assert not done.moving
    assert (done.state, done.done, done.refused) == ("DONE", 2, 0)
    assert [(item.login, item.status) for item in done.items] == [("zhao", "signing"), ("wu", "signing")]
    rows = room.rows("select employee, batch_key, prepared_by from agreement order by employee")
    assert [row[:2] for row in rows] == [("wu", key), ("zhao", key)]
    assert all("xy" in item.agreement.lower() for item in done.items)


def test_values_are_for_all_or_of_each_and_what_is_wrong_is_told_at_the_person(office, room):
    room.publish("allowance", WITH_A_SUM)
    listed = [Wanted(who="zhao"), Wanted(who="wu", values={"allowance": "900"}), Wanted(who="li", values={"x": "1"})]
    key = office.send("allowance", listed)
    office.work()
    drain(office.house)
    states = {item.login: (item.state, str(item.sentence or "")) for item in office.progress(key).items}
    assert states["wu"] == ("DONE", "")
    assert states["zhao"][0] == "REFUSED"
    assert "每月补贴" in states["zhao"][1]
    assert "“x” was given" in states["li"][1]
    shared = office.send("allowance", people("zhao"), values={"allowance": "800"})
    office.work()
    assert office.progress(shared).done == 1


def test_who_cannot_be_sent_it_is_in_the_batch_with_the_sentence(office, room):
    with room.database.transaction() as unit:
        staff.leave(unit, "li", room.clock.now().date().replace(day=1))
    key = office.send("confidentiality", people("zhao", "nobody", "QM3", "li"))
    sentences = [str(item.sentence or "") for item in office.progress(key).items]
    assert sentences[0] == ""
    assert "login or the number nobody" in sentences[1]
    assert "赵𬎆 is in the list twice" in sentences[2]
    assert "李勇 left on 2026-11-01" in sentences[3]
    office.work()
    assert office.progress(key).done == 1


def test_nobody_is_asked_twice_for_the_same_text_and_nothing_unlawful_is_sent(office, room):
    room.prepare(employee="zhao")
    key = office.send("confidentiality", people("zhao"))
    room.publish("forbidden", FORBIDDEN)
    unlawful = office.send("forbidden", people("wu"))
    office.work()
    assert "waits for this person's signature already" in str(office.progress(key).items[0].sentence)
    assert office.progress(unlawful).refused == 1
    assert room.rows("select count(*) from agreement where slug = 'forbidden'") == [(0,)]


def test_only_hr_sends_and_only_hr_and_its_maker_see_a_batch(office):
    with pytest.raises(Forbidden, match="Only HR"):
        office.send("confidentiality", people("zhao"), who="wu")
    with pytest.raises(Invalid, match="from 1 to 5000"):
        office.send("confidentiality", [])
    with pytest.raises(NotFound):
        office.send("no-such-text", people("zhao"))
    key = office.send("confidentiality", people("zhao"))
    with pytest.raises(NotFound):
        office.progress(key, who="wu")


def test_what_is_left_of_a_batch_can_be_dropped_and_what_is_done_stays(office, room):
    key = office.send("confidentiality", people("zhao", "wu"))
    office.chore._item(office.house, key, 1)
    with room.database.transaction() as unit:
        asked.cancel(office.house, unit, room.actor("chen"), key)
    assert office.work() == 0
    found = office.progress(key)
    assert (found.state, found.done, found.waiting) == ("CANCELED", 1, 1)
    with pytest.raises(Conflict, match="over"), room.database.transaction() as unit:
        asked.cancel(office.house, unit, room.actor("chen"), key)


def sealable(room: Room, count: int) -> list[str]:
    """Agreements that one has signed and that wait for the seal."""
    room.publish("two", TWO)
    numbers = [room.prepare("two") for _ in range(count)]
    for number in numbers:
        room.signed("zhao", number)
    return numbers


def test_a_list_is_sealed_with_one_code_in_the_name_of_the_holder(office, room):
    numbers = sealable(room, 3)
    key = office.begin(numbers)
    assert office.work() == 3
    assert (office.progress(key).done, office.progress(key).state) == (3, "DONE")
    for number in numbers:
        assert room.agreement(number).status == "sealed"
        (sealed,) = [row for row in room.chain(number) if row.event == "sealed"]
        assert (sealed.actor, sealed.ip, sealed.detail["batch"]) == ("chen", "10.1.2.3", str(key))


def test_a_document_that_changed_since_it_was_listed_is_not_sealed(office, room):
    numbers = sealable(room, 2)
    key = office.begin(numbers)
    signing.seal(office.house, room.actor("chen"), numbers[0], room.code("chen", numbers[0]))
    office.work()
    found = {item.agreement: item for item in office.progress(key).items}
    assert found[numbers[0]].state == "REFUSED"
    assert found[numbers[1]].state == "DONE"
    assert [row.event for row in room.chain(numbers[0])].count("sealed") == 1


def test_who_holds_the_seal_no_more_seals_nothing_more(office, room):
    numbers = sealable(room, 1)
    key = office.begin(numbers)
    with room.database.transaction() as unit:
        unit.run("update account set groups = '{employee,hr}' where login = 'chen'")
    office.work()
    assert office.progress(key).refused == 1
    assert room.agreement(numbers[0]).status == "signing"
    with room.database.transaction() as unit:
        accounts.set_active(unit, "chen", False)
    sent = office.send("confidentiality", people("zhao"))
    office.work()
    assert "Only HR" in str(office.progress(sent).items[0].sentence)


class Away:
    """A time authority that is away, as often as it is told to."""

    name, trial = "away", True

    def __init__(self, real, times: int) -> None:
        self._real, self.times = real, times

    def stamp(self, request: bytes) -> bytes:
        if self.times > 0:
            self.times -= 1
            raise Unavailable("The time authority is away.")
        return self._real.stamp(request)


def test_while_the_time_authority_is_away_a_batch_waits_and_says_so(office, room):
    world = room.house.world
    away = Away(world.time, 1)
    house = replace(room.house, world=replace(world, keys=replace(world.seals, stamps=away)))
    numbers = sealable(room, 2)
    key = office.begin(numbers)
    now = [0.0]
    chore = Batches(now=lambda: now[0])
    assert chore(house, lambda: False) == 0
    found = office.progress(key)
    assert (found.waiting, found.refused, found.state) == (2, 0, "RUNNING")
    assert "away" in str(found.trouble)
    assert chore(house, lambda: False) == 0, "it is left alone for a while"
    now[0] += LEFT_ALONE_S
    assert chore(house, lambda: False) == 2
    assert office.progress(key).trouble is None
    assert office.progress(key).state == "DONE"


@contextmanager
def sealer(url: str, home: Path) -> Iterator[None]:
    """A worker that is killed at the end."""
    command = [sys.executable, "-m", "tests.tasks.human.signing.sealer", url, str(home)]
    child = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
    finally:
        child.kill()
        child.wait()


def test_a_batch_survives_workers_that_are_killed_and_seals_each_once(office, room, database_url, tmp_path):
    numbers = sealable(room, 5)
    key = office.begin(numbers)
    for enough in (1, 3):
        with sealer(database_url, tmp_path):
            end = time.monotonic() + SOON
            while office.progress(key).done < enough:
                assert time.monotonic() < end, f"nothing is sealed: {office.progress(key)}"
                time.sleep(0.02)
        assert office.progress(key).state == "RUNNING"
    office.work()
    assert office.progress(key).done == len(numbers)
    for number in numbers:
        assert [row.event for row in room.chain(number)].count("sealed") == 1
        assert room.agreement(number).status == "sealed"
