"""Files are proved before they are published: what stories and cases do on them, and which cases could not move."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from engine.commands import operate
from engine.model import Resource
from kernel.db import Database
from kernel.errors import Invalid
from kernel.text import LANGUAGES
from processes.catalog import Source
from processes.proof import Case, Proof, Stopped, lines, prove, rehearsal
from processes.proof.standing import standing
from tasks.house import House
from tests.processes.proving import SIGNER, form, model, opened, stories, table


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    with opened(database, tmp_path) as found:
        yield found


def cases(proof: Proof) -> dict[str, Case]:
    return {case.business_id or "": case for case in proof.processes[0].cases}


def test_the_same_files_change_nothing_and_play_their_stories(house: House) -> None:
    heard: list[tuple[int, int]] = []
    proof = prove(house, [model(), table(), form(), stories()], told=lambda done, total: heard.append((done, total)))
    (found,) = proof.processes
    assert (found.process_id, found.name, found.version, found.finished, found.running) == ("leave", "请假", 1, 3, 1)
    (scenario,) = found.scenarios
    assert (scenario.name, scenario.failure) == ("A long leave goes to the boss", "")
    assert {id: (case.verdict, case.stuck) for id, case in cases(proof).items()} == dict.fromkeys(
        ("L-7", "L-8", "L-2", "L-9"), ("SAME", ())
    )
    assert proof.passed
    assert heard[0] == (0, 5)
    assert heard[-1] == (5, 5)


def test_nothing_of_the_house_is_written(house: House) -> None:
    tables = ("journal", "instance", "definition", "deployment", "resource", "user_task", "variable", "follow_up")
    unit = house.database.once()

    def content() -> list[str]:
        return [unit.one(f"select md5(string_agg(t::text, '' order by t::text)) from {t} t")[0] for t in tables]

    before = content()
    prove(house, [model(last="head"), table(3), form(), stories()])
    assert content() == before


def test_a_changed_table_sends_cases_another_way_and_fails_its_story(house: House) -> None:
    proof = prove(house, [table(8), stories()])
    found = cases(proof)
    assert {id: case.verdict for id, case in found.items()} == {
        "L-7": "OTHER",
        "L-8": "OTHER",
        "L-2": "SAME",
        "L-9": "SAME",
    }
    assert found["L-7"].element == "x"
    assert str(found["L-7"].sentence) == (
        'At x it goes on to 备案 (hr) instead of 上级审批 (boss): =level = "long" decides, '
        "and level is 'short', in the case 'long'."
    )
    assert not proof.passed
    assert "expected open tasks ['boss']" in str(proof.processes[0].failed[0].failure)


def test_a_running_case_at_a_removed_element_cannot_migrate(house: House) -> None:
    proof = prove(house, [_without_boss()])
    waiting = cases(proof)["L-9"]
    assert waiting.verdict == "OTHER"
    assert waiting.stuck[0].element == "boss"
    assert proof.processes[0].immovable == (waiting,)


def _without_boss() -> Resource:
    text = model().content.decode()
    start, end = text.index('<userTask id="boss"'), text.index('<userTask id="hr"')
    text = text[:start] + text[end:]
    text = text.replace('<sequenceFlow id="boss-e" sourceRef="boss" targetRef="e"/>', "")
    return Resource("leave.bpmn", text.replace('targetRef="boss"', 'targetRef="hr"').encode())


def test_a_renamed_element_is_found_again_by_its_name(house: House) -> None:
    proof = prove(house, [model(last="head"), table(), form()])
    assert {case.verdict for case in cases(proof).values()} == {"SAME"}
    assert not proof.processes[0].immovable
    assert str(proof.processes[0].unplayed).startswith("No scenario is known")


def test_a_new_step_that_nobody_answered_stops_the_replay(house: House) -> None:
    proof = prove(house, [model(gate="check"), table(), form()])
    assert {(case.verdict, case.element) for case in cases(proof).values()} == {("CANNOT", "check")}


def test_another_form_changes_no_way(house: House) -> None:
    proof = prove(house, [form('{"type": "textfield", "id": "f1", "key": "why", "label": "原因"}'), stories()])
    assert {case.verdict for case in cases(proof).values()} == {"SAME"}
    assert proof.passed
    assert proof.standing.keys() == {"form leave"}


def test_a_case_changed_by_hand_is_replayed_with_what_was_set(house: House) -> None:
    unit = house.database.once()
    (key,) = unit.one("select key from instance where business_id = 'L-9'")
    operate.set_variables(house.engine, unit, key, {"days": 1}, actor=SIGNER)
    assert cases(prove(house, [model(), table(), form()]))["L-9"].verdict == "SAME"


def test_the_sample_prefers_different_ways_and_takes_the_newest(house: House) -> None:
    proof = prove(house, [model(), table(), form()], sample=2)
    assert [case.business_id for case in proof.processes[0].cases] == ["L-2", "L-8", "L-9"]
    assert prove(house, [model(), table(), form()], sample=0).processes[0].cases == ()


def test_files_with_errors_are_told_and_nothing_is_played(house: House) -> None:
    broken = model().content.replace(b'targetRef="hr"', b'targetRef="nowhere"')
    proof = prove(house, [Resource("leave.bpmn", broken), stories()])
    assert proof.refused
    assert not proof.passed
    assert proof.processes == ()


def test_what_cannot_be_proved_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match="Give a number from 0 to"):
        prove(house, [model()], sample=-1)
    with pytest.raises(Invalid, match="cannot be published"):
        prove(house, [stories()])
    with pytest.raises(Invalid, match="is no YAML"):
        prove(house, [model(), Resource("scenarios.yaml", b"stories: [")])


def test_a_proof_stops_when_it_is_told_to(house: House) -> None:
    with pytest.raises(Stopped):
        prove(house, [model(), table(), form()], stopped=lambda: True)


def test_a_proof_comes_back_as_it_was_kept_and_reads_in_both_languages(house: House) -> None:
    proof = prove(house, [table(8), stories()])
    kept = Proof.from_json(json.loads(json.dumps(proof.to_json())))
    assert kept == proof
    for language in LANGUAGES:
        assert lines(kept, language) == lines(proof, language)
    assert lines(proof, "zh-CN") != lines(proof, "en")


def test_a_server_that_gives_no_database_is_told(house: House, server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop role if exists jiaojie_poor")
        connection.execute("create role jiaojie_poor")
    files = [model(), table(), form()]
    stands = standing(house.engine.definitions, house.database.once(), [Source(Path(f.name), f) for f in files])
    told = rehearsal.stories([stories()], frozenset({"leave"}))["leave"]
    played, why = rehearsal.play(told, stands, f"{server} options='-c role=jiaojie_poor'", lambda: None)
    assert played == []
    assert "were not run" in str(why)
    assert "CREATEDB" in str(why)
