"""What was done in a sandbox becomes a scenario that comes out when it is played, in a file that is kept otherwise."""

from pathlib import Path
from typing import Any

import pytest

from engine.model import Resource
from kernel.errors import Conflict, Invalid
from processes import catalog, references, scenarios
from processes.sandbox import beginnings, opening, record, store
from processes.sandbox.beginnings import deployable
from processes.sandbox.record import Recorded
from processes.story import script
from processes.story.script import Story
from processes.story.stage import Theatre
from processes.studio import drafts, projects
from tests.processes.sandbox.conftest import DESIGNER, Studio, errand
from tests.processes.sandbox.test_trying_a_draft import APPROVE, START

WORLD = """# Ours.
process: errand
organisation:
  people: {employee: {name: Ann}, hr: {name: Bob, groups: [hr]}}   # two are enough
given: {at: 2026-11-02T09:00:00+08:00}

stories:
- name: There before   # indented less than ours
  steps:
  - start: employee
    variables: {who: x}
    expect: {open: [approve]}
"""
STEPS: list[dict[str, Any]] = [
    {"start": "employee", "values": {"what": "纸", "who": "王"}},
    {"wait": "P1D"},
    {"at": "2026-11-11T01:00:00Z"},
    APPROVE,
    {"job": "price", "fails": "busy"},
    {"retry": "price"},
    {"job": "price", "answers": {"priced": 12.5, "currency": "CNY"}},
    {"message": "answer", "key": "=who", "variables": {"heard": "好"}},
]


def files_of(studio: Studio, project: int) -> list[Resource]:
    with studio.house.database.transaction() as unit:
        return projects.resources(unit, project)


def write(studio: Studio, key: int, name: str, **more: Any) -> Recorded:
    return record.record(studio.stages, studio.house.engine, key, name, actor=DESIGNER, **more)


def plays(theatre: Theatre, story: Story, files: list[Resource], *before: list[Resource]) -> str:
    return scenarios.play(theatre, story, [*before, deployable(files)]).failure


@pytest.fixture(scope="module")
def theatre(server: str) -> Any:
    with Theatre(server).opened() as opened:
        yield opened


def test_steps_become_a_story_in_a_new_file(studio: Studio, theatre: Theatre) -> None:
    files = errand()
    project = studio.project(files)
    key, _ = opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)
    studio.step(key, *STEPS)
    found = write(studio, key, "纸买到了", requirements=["F1"], save=True)
    assert (
        found.yaml
        == """\
  - name: 纸买到了
    requirements: [F1]
    steps:
      - start: employee
        values: {what: 纸, who: 王}
        expect: {open: [approve], variables: {what: 纸, who: 王}}
      - wait: P1D
      - at: 2026-11-11T09:00:00+08:00
        expect: {passed: [remind, late, reminded_end], variables: {reminded: true}}
      - complete: approve
        as: hr
        values: {ok: true}
        expect: {closed: [approve], passed: [price], variables: {ok: true}}
      - job: price
        fails: busy
        expect: {incidents: [price]}
      - retry: price
      - job: price
        answers: {priced: 12.5, currency: CNY}
        expect: {passed: [hear], variables: {currency: CNY}}
      - message: answer
        key: =who
        variables: {heard: 好}
        expect: {ended: true, passed: [over], variables: {heard: 好}}
"""
    )
    saved = next(file for file in files_of(studio, project) if file.name == "scenarios.yaml")
    assert saved.content.decode() == found.content
    (story,) = script.read_bytes(saved.content, Path("scenarios.yaml"))
    assert (story.process, story.requirements, story.organisation["people"]["hr"]["name"]) == (
        "errand",
        ("F1",),
        "何芳",
    )
    assert plays(theatre, story, files) == ""


def test_a_story_is_added_and_not_a_byte_of_the_file_is_disturbed(studio: Studio, theatre: Theatre) -> None:
    for ending in ("\n", "", "\n# the end\n", "\nx: 1\n".replace("x: 1", "systems: {scim: {}}")):
        told = WORLD.rstrip("\n") + ending
        for content in (told, told.replace("\n", "\r\n")):
            files = [*errand(), Resource("scenarios.yaml", content.encode())]
            key = studio.open(files)
            studio.step(key, START)
            found = write(studio, key, "Added")
            at = found.content.index("- name: Added")
            rest = (
                found.content[:at]
                + found.content[at + len(found.yaml.replace("\n", "\r\n" if "\r" in content else "\n")) :]
            )
            assert rest.replace("\r\n", "\n").rstrip("\n") == content.replace("\r\n", "\n").rstrip("\n")
            assert ("\r\n" in found.content) == ("\r\n" in content)
            assert found.content.count("\r\n") in (0, found.content.count("\n"))
    before, added = script.read_bytes(found.content.encode(), Path("scenarios.yaml"))
    assert (before.name, added.name) == ("There before", "Added")
    assert (plays(theatre, before, files), plays(theatre, added, files)) == ("", "")


def test_a_world_that_is_another_one_comes_along(studio: Studio, theatre: Theatre) -> None:
    """The story that the sandbox began in changed a person and the hour: so does what is recorded of it."""
    given = "  given: {at: 2027-01-04T09:00:00+08:00, people: {hr: {name: Rob}}, variables: {level: 3}}\n"
    told = WORLD.replace("  steps:\n", f"{given}  steps:\n")
    files = [*errand(), Resource("scenarios.yaml", told.encode())]
    key = studio.open(files, story="There before")
    found = write(studio, key, "Again")
    assert (
        "  given: {at: '2027-01-04T09:00:00+08:00', people: {hr: {name: Rob}}, variables: {level: 3}}\n" in found.yaml
    )
    *_, story = script.read_bytes(found.content.encode(), Path("scenarios.yaml"))
    assert story.organisation["people"]["hr"] == {"name": "Rob", "groups": ["hr"]}
    assert plays(theatre, story, files) == ""


def test_an_instant_of_the_case_is_told_by_its_name(studio: Studio) -> None:
    key = studio.open(errand())
    due = {"plan": {"due": "2026-11-20T09:00:00+08:00", "again": "2026-11-21T09:00:00+08:00"}, "same": ["x"]}
    twice = {"one": "2026-12-01T00:00:00Z", "other": {"one": "2026-12-01T08:00:00+08:00"}}
    word = {"in": {"if": "2026-12-02T09:00:00+08:00"}}
    studio.step(key, START, {"set": {**due, **twice, **word}}, {"at": "2026-11-20T01:00:00Z"})
    studio.step(key, {"at": "2026-12-01T00:00:00Z"}, {"at": "2026-12-02T01:00:00Z"})
    found = write(studio, key, "Told by name")
    assert "- at: =plan.due\n" in found.yaml
    assert "- at: 2026-12-01T08:00:00+08:00\n" in found.yaml
    assert "- at: 2026-12-02T09:00:00+08:00\n" in found.yaml


ODD = [
    "two\nlines: of\n  text\n",
    "no",
    "yes",
    "2026-11-02",
    "2026-02-30",
    "2026-11-02T09:00:00+08:00",
    "12",
    "1e3",
    "",
    " x ",
    "- a",
    "# b",
    "{c}",
    "a: b",
    "'q'",
    '"dq"',
    "\u2028",
    "=",
    "=x",
    "✍",
    "é\x85",
    "@a",
    "%b",
    "null",
    "~",
    "0x1f",
    "𬎆",
]


def test_whatever_people_type_is_written_so_that_it_is_read_again(studio: Studio) -> None:
    typed = {"text": ODD, "no": {"on": ODD[0], "a b": None, "深": [1, 1.5, True, None, {}, []]}}
    for name in ODD[:1] + ODD[9:16]:
        key = studio.open([*errand(), Resource("scenarios.yaml", WORLD.encode())])
        studio.step(key, {"start": "employee", "variables": {**typed, "who": "x"}})
        found = write(studio, key, f"{name} is its name")
        *_, story = script.read_bytes(found.content.encode(), Path("scenarios.yaml"))
        assert story.name == f"{name} is its name".strip()
        assert story.steps[0].details["variables"] == {**typed, "who": "x"}


def test_what_cannot_be_recorded_is_told(studio: Studio) -> None:
    key = studio.open([*errand(), Resource("scenarios.yaml", WORLD.encode())])
    with pytest.raises(Conflict):
        write(studio, key, "Nothing yet")
    studio.step(key, START)
    with pytest.raises(Invalid):
        write(studio, key, "  ")
    with pytest.raises(Conflict):
        write(studio, key, "There before")
    flat = "process: errand\ngiven: {at: 2026-11-02}\nstories: [{name: flat, steps: [{wait: P1D}]}]\n"
    other = studio.open([*errand(), Resource("scenarios.yaml", flat.encode())])
    studio.step(other, {"wait": "P1D"})
    with pytest.raises(Invalid):
        write(studio, other, "Into a list in brackets")
    assert "Into another" in write(studio, other, "Into another", file="scenarios-2.yaml").content
    with studio.house.database.transaction() as unit:
        project = store.read(unit, other).project
        latin = "# Ümlaut\nstories: []\n".encode("latin-1")
        drafts.save(studio.house.engine, unit, project, "scenarios-3.yaml", latin, expected=None, actor=DESIGNER)
    with pytest.raises(Invalid, match="no YAML"):
        write(studio, other, "Into a file in another encoding", file="scenarios-3.yaml")


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    project = studio.project([*errand(), Resource("scenarios.yaml", WORLD.encode())])
    key, _ = opening.begin(studio.stages, studio.house.engine, project, "errand", actor=DESIGNER)
    studio.step(key, START)
    observed = record._observed

    def meanwhile(*given: Any) -> Any:
        with studio.house.database.transaction() as unit:
            digest = drafts.read(unit, project, "scenarios.yaml").digest
            theirs = (WORLD + "# theirs\n").encode()
            drafts.save(
                studio.house.engine,
                unit,
                project,
                "scenarios.yaml",
                theirs,
                expected=digest,
                actor=DESIGNER,
                comment="x",
            )
        return observed(*given)

    monkeypatch.setattr(record, "_observed", meanwhile)
    with pytest.raises(drafts.Changed):
        write(studio, key, "Late", save=True)


def varied(stories: list[Story]) -> list[Story]:
    """Some of them that have a step of every kind between them, with every detail."""
    chosen, seen = [], set[tuple[str, ...]]()
    for story in stories:
        kinds = {(step.action, *sorted(step.details)) for step in story.steps}
        if not kinds <= seen:
            chosen.append(story)
            seen |= kinds
    return chosen


def test_each_kind_of_step_of_shipped_stories_can_be_done_again_and_recorded(studio: Studio, theatre: Theatre) -> None:
    """The steps of shipped stories as steps of a sandbox: what is recorded of them comes out on the same files."""
    house, folder = studio.house, catalog.home() / "offboarding"
    with house.database.transaction() as unit:
        project = projects.adopt(house.engine, unit, "offboarding", actor=DESIGNER)
        assert project is not None
        files = projects.resources(unit, project)
    there = script.read(folder / catalog.STORIES)
    told = varied(there)
    beside = [[source.resource for source in catalog.gather([other])] for other in references.called(folder)]
    for story in told:
        with house.database.transaction() as unit:
            began, _ = beginnings.begin(files, story.process, house.clock.now(), story=story.name)
            key, _ = store.add(house.engine, unit, project, began, store.Files(files, beside), actor=DESIGNER)
            for step in story.steps:
                at = house.clock.now()
                store.add_step(house.engine, unit, key, step.number, step.written(), at, actor=DESIGNER)
        write(studio, key, f"{story.name} again", save=True)
    with house.database.transaction() as unit:
        content = drafts.read(unit, project, catalog.STORIES).content
    assert content.startswith((folder / catalog.STORIES).read_bytes())
    again = script.read_bytes(content, Path(catalog.STORIES))[len(there) :]
    assert [story.name for story in again] == [f"{story.name} again" for story in told]
    assert [(story.name, plays(theatre, story, files, *beside)) for story in again] == [
        (story.name, "") for story in again
    ]
    assert sum(len(step.expect) > 0 for story in again for step in story.steps) > sum(len(s.steps) for s in again) / 2
